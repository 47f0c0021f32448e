"""Journeys begin on 1 September 2026, a Tuesday, unless the scenario says otherwise.

Whatever a journey completes is held against the budget of statements.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select

from tests.journeys.chapters import Told
from tests.people import Region
from tests.statements import counted_completions
from workflows.commands.desk import Desk
from workflows.models import Unit
from workflows.settings import Settings

Begin = Callable[..., Told]


@pytest.fixture(autouse=True)
def within_the_budget(desk: Desk) -> Iterator[None]:
    """Fails the journey that completed a task of a core process with more statements than it may take."""
    with counted_completions() as seen:
        yield
    assert not seen.over_budget()


@pytest.fixture
def begin(desk: Desk, settings: Settings, region: Region) -> Begin:
    """`begin("2026-09-21", on_pages=True)`: nothing has happened yet."""

    def begun(day: str = "2026-09-01", *, on_pages: bool = False) -> Told:
        told = Told(desk, settings, region, date.fromisoformat(day), on_pages=on_pages)
        with desk.sessions() as session:
            city = session.scalars(select(Unit.id).where(Unit.code == "QL")).one()
        told.grants("liaison", "unit_liaison", unit_id=city)  # circulars go to the city too: somebody must answer
        return told

    return begun
