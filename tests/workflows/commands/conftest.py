"""A case at work: two findings of unit A are fed back and planned."""

import pytest

from tests.people import Region
from tests.workflows.operations.story import Story
from workflows.commands.desk import Desk


@pytest.fixture
def rectifying(desk: Desk, region: Region, now) -> Story:
    """Two findings of unit A are fed back, acknowledged and planned; each has its own process."""
    story = Story(desk, region, now)
    return story.registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()
