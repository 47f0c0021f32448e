"""Timers fire once, whoever looks and however often; what fails is pushed back and, in the end, an incident."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.scheduler.stories import FRAGILE, PATIENT, begin, publish
from workflows.commands.desk import Desk
from workflows.commands.timers import claim_due_timers, fire_timer
from workflows.models import Task, Timer

TEN_DAYS = timedelta(days=10)


@pytest.fixture
def patient(desk: Desk, now: datetime) -> list[int]:
    publish(desk, "patient", PATIENT, now)
    return desk.act(begin, process="patient", count=3, now=now)


def test_a_due_timer_is_claimed_and_fired(desk, patient, now):
    due = now + TEN_DAYS
    assert desk.act(claim_due_timers, now=due - timedelta(seconds=1)) == []
    claims = desk.act(claim_due_timers, now=due)
    assert len(claims) == 3
    assert [desk.act(fire_timer, timer_id=i, token=t, now=due) for i, t in claims] == [True] * 3
    with desk.sessions() as session:
        assert [task.element for task in session.scalars(select(Task))] == ["look"] * 3
        assert {timer.state for timer in session.scalars(select(Timer))} == {1}
