"""Moments and local days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.workdays import closing_day, due_text, end_of_day, local_date, local_time, start_of_day

days = st.dates(date(1992, 1, 1), date(2100, 1, 1))


def test_a_day_ends_at_24_00_in_shanghai() -> None:
    assert end_of_day(date(2026, 10, 22)) == datetime(2026, 10, 22, 16, tzinfo=UTC)


@given(days)
def test_24_00_is_the_next_midnight_but_closes_its_own_day(day: date) -> None:
    end = end_of_day(day)
    assert end == start_of_day(day + timedelta(days=1))
    assert end.tzinfo is UTC
    assert local_date(end) == day + timedelta(days=1)
    assert closing_day(end) == day
    assert local_date(end - timedelta(microseconds=1)) == day
    assert due_text(end) == f"{day.isoformat()} 24:00"


def test_another_moment_is_shown_with_its_time_and_closes_the_day_it_lies_in() -> None:
    moment = datetime(2026, 9, 26, 2, 30, tzinfo=UTC)
    assert due_text(moment) == "2026-09-26 10:30"
    assert closing_day(moment) == date(2026, 9, 26)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        local_time(datetime(2026, 1, 1))  # noqa: DTZ001  the point of the test
