"""What each kind of grant lets its holder see of cases and tasks."""

import pytest
from sqlalchemy import select

from tests.people import recuse
from workflows.models import InspectionCase, Task
from workflows.policy import Actor, Holding
from workflows.queries.scope import claimable_tasks, visible_cases, visible_tasks


def _sees(session, actor) -> bool:
    return session.scalar(select(InspectionCase.id).where(visible_cases(actor))) is not None


def _holder(role: str, scope: str, scope_id: int) -> Actor:
    return Actor(9_999, "某人", 1, (Holding(role, scope, scope_id),))


@pytest.mark.parametrize(("scope", "sees"), [("unit", True), ("city", True), ("case", True), ("round", True)])
def test_a_grant_shows_the_cases_in_its_scope_and_no_others(session, rectifying, region, scope, sees):
    case = rectifying.case()
    city_id = session.get(InspectionCase, case.id).unit.city_id
    here = {"unit": case.unit_id, "city": city_id, "case": case.id, "round": case.round_id}[scope]
    assert _sees(session, _holder("team_member", scope, here)) is sees
    assert not _sees(session, _holder("team_member", scope, here + 1_000))


def test_a_unit_is_told_from_the_feedback_on(session, story, region):
    story.registered({})
    assert not _sees(session, region.principal)
    assert _sees(session, region.chief)
    story.told()
    session.rollback()
    assert _sees(session, region.principal)
    assert not _sees(session, region.principal_b)


def test_a_suspended_case_shows_only_if_it_had_been_fed_back(desk, session, rectifying, region):
    case = session.scalars(select(InspectionCase)).one()
    case.status = "suspended"
    session.flush()
    assert _sees(session, region.principal)
    case.feedback_date = None
    session.flush()
    assert not _sees(session, region.principal)


def test_recusal_hides_everything_of_the_unit(desk, session, rectifying, region, now):
    officer = recuse(desk.sessions, region, "officer", region.unit_a_id, now)
    assert not _sees(session, officer)
    assert session.scalar(select(Task.id).where(visible_tasks(officer), Task.unit_id == region.unit_a_id)) is None


def test_task_readers_see_a_case_through_their_own_tasks_only(session, rectifying, region):
    assert not _sees(session, region.verifier)
    rectifying.implemented(rectifying.finding().finding_no)
    session.rollback()
    assert _sees(session, region.verifier)
    task = rectifying.tasks("verify")[0]
    session.get(Task, task.id).assignee_id = region.verifier2.user_id
    session.flush()
    assert not _sees(session, region.verifier)
    assert _sees(session, region.verifier2)


def test_nobody_without_grants_sees_anything(session, rectifying):
    nobody = Actor(9_999, "无授权", 1)
    assert not _sees(session, nobody)
    assert session.scalar(select(Task.id).where(visible_tasks(nobody))) is None


def test_the_unit_never_reads_the_supervisors_working_tasks(session, story, region):
    story.registered({}).told().owned().drafted()
    story.does("principal", "sign_plan", decision="approve", reason="同意报送。")
    review = story.tasks("review_plan")[0]
    seen = set(session.scalars(select(Task.id).where(visible_tasks(region.principal))))
    assert review.id not in seen
    assert {task.id for task in story.tasks("sign_plan")} <= seen
    assert review.id in set(session.scalars(select(Task.id).where(claimable_tasks(region.officer))))


def test_a_claimed_task_is_no_longer_claimable(session, rectifying, region):
    task = rectifying.tasks("implement_measures")[0]
    session.get(Task, task.id).assignee_id = region.owner.user_id
    session.flush()
    assert task.id not in set(session.scalars(select(Task.id).where(claimable_tasks(region.owner))))
