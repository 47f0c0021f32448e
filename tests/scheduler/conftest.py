"""Instances that wait for the clock."""

from datetime import datetime, timedelta

import pytest

from tests.scheduler.stories import FRAGILE, PATIENT, begin, publish
from workflows.commands.desk import Desk


@pytest.fixture
def due(now: datetime) -> datetime:
    """When the timers of both stories are due."""
    return now + timedelta(days=10)


@pytest.fixture
def patient(desk: Desk, now: datetime) -> list[int]:
    """Three instances that want somebody to look after ten days."""
    publish(desk, "patient", PATIENT, now)
    return desk.act(begin, process="patient", count=3, now=now)


@pytest.fixture
def fragile(desk: Desk, now: datetime) -> int:
    """An instance whose step after ten days needs the working-day table."""
    publish(desk, "fragile", FRAGILE, now)
    return desk.act(begin, process="fragile", count=1, now=now)[0]
