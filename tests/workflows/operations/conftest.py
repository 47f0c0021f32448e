"""Cases at the stages where the stories of these tests begin.  Whatever they complete is held against the budget."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.people import Region
from tests.statements import counted_completions
from tests.workflows.operations.story import Story
from workflows.commands.desk import Desk


@pytest.fixture(autouse=True)
def within_the_budget(desk: Desk) -> Iterator[None]:
    """Fails the story that completed a task of a core process with more statements than it may take."""
    with counted_completions() as seen:
        yield
    assert not seen.over_budget()


@pytest.fixture
def story(desk: Desk, region: Region, now: datetime) -> Story:
    """Nothing has happened yet."""
    return Story(desk, region, now)


@pytest.fixture
def two_findings(story: Story) -> Story:
    """The council has approved two findings of unit A."""
    return story.registered({}, {"title": "公示不规范", "category": "C08"})


@pytest.fixture
def fed_back(two_findings: Story) -> Story:
    """Both findings are fed back and acknowledged."""
    return two_findings.told().owned()


@pytest.fixture
def rectifying(fed_back: Story) -> Story:
    """The plan is approved; each finding has its own process."""
    return fed_back.planned()
