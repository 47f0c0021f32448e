"""The golden scenarios of the domain, lived through over HTTP and the clock."""

import pytest

pytest.register_assert_rewrite("tests.journeys.region", "tests.journeys.persons")
