"""Whole rounds lived through by a crowd that answers at random: no stall, no error, every invariant after every act."""

import os
from datetime import date
from random import Random

import pytest
from sqlalchemy import select

from tests.people import CHEAP_HASH
from tests.pool import settle_pool
from tests.robot.robot import Crowd
from workflows.database import atomic
from workflows.models import Grant, Unit, User
from workflows.policy import UNIT_ROLES

USUAL = "2" if os.environ.get("HUITOU_TEST_DATABASE_URL") else "1"  # another life on each kind of database
SEEDS = [int(seed) for seed in os.environ.get("ROBOT_SEEDS", USUAL).split(",")]
MOST_DAYS = 700
ENDED = {"archived", "cancelled"}


def settle_every_unit(sessions):
    """Somebody for each part in every unit: the crowd may inspect any of them."""
    with atomic(sessions) as session:
        taken = set(session.scalars(select(Grant.scope_id).where(Grant.role == "unit_liaison")))
        for unit in session.scalars(select(Unit).where(Unit.id.not_in(taken), Unit.kind != "org_department")).all():
            for role in UNIT_ROLES:
                login = f"{unit.code.lower()}-{role}"
                user = User(login=login, staff_no=login, name=login, unit_id=unit.id, password_hash=CHEAP_HASH)
                user.grants = [Grant(role=role, scope="unit", scope_id=unit.id)]
                session.add(user)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_round_is_driven_to_its_archive(desk, settings, region, now, seed):
    settle_pool(desk.sessions, region, now)
    settle_every_unit(desk.sessions)
    crowd = Crowd(desk, settings, date(2026, 3, 2), Random(seed))
    crowd.starts("officer", "round_planning")
    for _ in range(MOST_DAYS):
        while crowd.works():
            pass
        states = set(crowd.cases().values())
        if states and states <= ENDED:
            return
        if not states and not crowd.open_tasks():
            crowd.starts("officer", "round_planning")  # the council would have none of it, or nothing was chosen
        crowd.is_sound("the day is over", wholly=True)
        crowd.sleeps_until_something_happens()
    raise AssertionError(crowd.log[-10:])
