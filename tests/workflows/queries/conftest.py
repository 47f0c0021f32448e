"""Cases at the stages that the questions are asked about."""

from datetime import datetime

import pytest

from tests.people import Region
from tests.workflows.operations.story import Story
from workflows.commands.desk import Desk


@pytest.fixture
def story(desk: Desk, region: Region, now: datetime) -> Story:
    """Nothing has happened yet."""
    return Story(desk, region, now)


@pytest.fixture
def rectifying(story: Story) -> Story:
    """Two findings of unit A are fed back, acknowledged and planned; each has its own process."""
    return story.registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()
