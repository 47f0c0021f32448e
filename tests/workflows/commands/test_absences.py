"""外出委托: who may stand in, what he may do and in whose name, and that it ends with the absence."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.people import recuse
from tests.workflows.operations.story import Story
from workflows.commands.absences import declare_absence, end_absence
from workflows.commands.recusals import declare_recusal
from workflows.commands.tasks import claim_task, complete_task
from workflows.models import Absence, HistoryEntry, Participation, Task, User
from workflows.policy import NotAllowed, Place
from workflows.policy.absences import AbsenceRefused
from workflows.queries import inbox
from workflows.queries.people import actor_of
from workflows.queries.scope import candidate_tasks
from workflows.workdays import local_date


@pytest.fixture
def story(rectifying) -> Story:
    return rectifying


@pytest.fixture
def away(desk, story, region):
    """`away("chief", "officer", days=3)`: the first is away, the second stands in."""

    def declared(who: str, substitute: str, *, days: int = 3, after: int = 0, roles=()) -> Absence:
        first = local_date(story.now) + timedelta(days=after)
        return desk.act(
            declare_absence, substitute_id=region.actors[substitute].user_id, first_day=first,
            last_day=first + timedelta(days=days), roles=roles, actor=region.actors[who], now=story.now,
        )  # fmt: skip

    return declared


def _actor(story: Story, region, name: str):
    with story.desk.sessions() as session:
        return actor_of(session, region.actors[name].user_id, story.now)


def _answer(task: Task) -> dict:
    rows = [
        row | {"progress": "已经办理完成。", "completion": "done", "document_ref": "文"}
        for row in task.context["task"]["measures"]
    ]
    return {"measures": rows}


def test_the_substitute_acts_and_both_are_named(story, region, away, desk, session):
    away("owner", "liaison")
    task = story.tasks("implement_measures")[0]
    acting = _actor(story, region, "liaison")
    assert acting.stands_in_for == {region.owner.user_id}
    desk.act(complete_task, task_id=task.id, answer=_answer(task), actor=acting, now=story.now)
    entry = session.scalars(
        select(HistoryEntry).where(HistoryEntry.action == "complete_task", HistoryEntry.object_id == task.id)
    ).one()
    assert (entry.actor_id, entry.on_behalf_of_id) == (region.liaison.user_id, region.owner.user_id)
    parts = session.scalars(select(Participation.user_id).where(Participation.part == "implementer"))
    assert set(parts) == {region.liaison.user_id, region.owner.user_id}


def test_what_the_absent_one_had_claimed_can_be_finished(story, region, away, desk):
    task = story.tasks("implement_measures")[0]
    desk.act(claim_task, task_id=task.id, actor=region.owner, now=story.now)
    away("owner", "liaison")
    desk.act(
        complete_task, task_id=task.id, answer=_answer(task), actor=_actor(story, region, "liaison"), now=story.now
    )
    assert story.tasks("check_by_leader")


def test_neither_plays_a_second_part(story, region, away, desk):
    """The leader's check after one's own implementing: not by the substitute for him, not by the absent one."""
    task = story.tasks("implement_measures")[0]
    desk.act(complete_task, task_id=task.id, answer=_answer(task), actor=region.owner, now=story.now)
    away("unit_leader", "owner")
    check = story.tasks("check_by_leader")[0]
    with pytest.raises(NotAllowed, match="制衡"):
        desk.act(claim_task, task_id=check.id, actor=_actor(story, region, "owner"), now=story.now)


def test_the_absent_ones_own_parts_bind_the_substitute(story, region, away, desk, session):
    away("owner", "liaison")
    task = story.tasks("implement_measures")[0]
    desk.act(
        complete_task, task_id=task.id, answer=_answer(task), actor=_actor(story, region, "liaison"), now=story.now
    )
    away("unit_leader", "principal")
    first = session.scalars(select(Absence.id).order_by(Absence.id)).first()
    desk.act(end_absence, absence_id=first, actor=region.owner, now=story.now)
    check = story.tasks("check_by_leader")[0]
    for name in ("liaison", "owner"):
        with pytest.raises(NotAllowed):
            desk.act(claim_task, task_id=check.id, actor=_actor(story, region, name), now=story.now)
    desk.act(claim_task, task_id=check.id, actor=_actor(story, region, "principal"), now=story.now)


def test_where_the_absent_one_is_recused_nobody_stands_in(story, region, away, desk, session):
    away("verifier", "member")
    desk.act(declare_recusal, unit_code="QL-LC", reason="relative", actor=region.verifier, now=story.now)
    acting = _actor(story, region, "member")
    here, there = Place(unit_id=region.unit_a_id), Place(unit_id=region.unit_b_id)
    assert not acting.holds("verifier", here)
    assert acting.holds("verifier", there)
    story.implemented(story.finding().finding_no)
    task = story.tasks("verify")[0]
    assert task.id not in session.scalars(select(Task.id).where(candidate_tasks(acting))).all()
    with pytest.raises(NotAllowed):
        desk.act(claim_task, task_id=task.id, actor=acting, now=story.now)


def test_the_substitutes_own_recusal_holds(story, region, away, desk):
    away("verifier", "member")
    recuse(desk.sessions, region, "member", region.unit_a_id, story.now)
    assert not _actor(story, region, "member").holds("verifier", Place(unit_id=region.unit_a_id))


def test_what_the_absent_one_had_claimed_stands_among_the_substitutes_own(story, region, away, desk):
    task = story.tasks("implement_measures")[0]
    desk.act(claim_task, task_id=task.id, actor=region.owner, now=story.now)
    away("owner", "liaison")
    with story.desk.sessions() as session:
        for name, shown in (("liaison", True), ("principal", False)):
            actor = actor_of(session, region.actors[name].user_id, story.now)
            ids = session.scalars(select(Task.id).where(inbox.in_tab(actor, "todo"))).all()
            assert (task.id in ids) == shown


def test_lent_tasks_stand_in_the_substitutes_list(story, region, away):
    away("owner", "liaison")
    with story.desk.sessions() as session:
        acting = actor_of(session, region.liaison.user_id, story.now)
        found = inbox.inbox(session, acting, inbox.Filters(tab="claimable"), now=story.now)
    assert {item.task.element for item in found.items} >= {"implement_measures"}


def test_only_the_roles_that_were_chosen_and_only_in_those_days(story, region, away):
    away("chief", "officer", after=2, days=1, roles=["supervision_chief"])
    assert not _actor(story, region, "officer").stands_in_for
    story.later(days=2)
    assert _actor(story, region, "officer").has_role("supervision_chief")
    story.later(days=2)
    assert not _actor(story, region, "officer").stands_in_for


def test_what_is_not_a_task_is_done_in_person(story, region, away, desk):
    """The chief registers recusals for others; who stands in for him does not."""
    away("chief", "officer")
    with desk.sessions() as session:
        staff_no = session.get_one(User, region.council.user_id).staff_no
    with pytest.raises(NotAllowed):
        desk.act(
            declare_recusal, unit_code="QL-LC", reason="relative", staff_no=staff_no, actor=_actor(story, region, "officer"),
            now=story.now,
        )  # fmt: skip


def test_it_ends_early_at_once(story, region, away, desk):
    row = away("owner", "liaison")
    with pytest.raises(NotAllowed, match="委托人本人"):
        desk.act(end_absence, absence_id=row.id, actor=region.liaison, now=story.now)
    desk.act(end_absence, absence_id=row.id, actor=region.owner, now=story.now)
    assert not _actor(story, region, "liaison").stands_in_for
    with pytest.raises(AbsenceRefused, match="已经结束"):
        desk.act(end_absence, absence_id=row.id, actor=region.owner, now=story.now)


def test_what_cannot_be_declared(story, region, away):
    with pytest.raises(AbsenceRefused, match="本单位"):
        away("owner", "owner_b")
    with pytest.raises(AbsenceRefused, match="不能是本人"):
        away("owner", "owner")
    with pytest.raises(AbsenceRefused, match="不能早于开始"):
        away("owner", "liaison", days=-1)
    with pytest.raises(AbsenceRefused, match="已过"):
        away("owner", "liaison", after=-9)
    with pytest.raises(AbsenceRefused, match="不超过90日"):
        away("owner", "liaison", days=90)
    with pytest.raises(AbsenceRefused, match="不能委托"):
        away("owner", "liaison", roles=["supervision_chief"])
    with pytest.raises(AbsenceRefused, match="不能委托"):
        away("auditor", "security")


def test_no_chain_and_no_double(story, region, away):
    away("owner", "liaison")
    with pytest.raises(AbsenceRefused, match="不能重复登记"):
        away("owner", "principal", after=1)
    with pytest.raises(AbsenceRefused, match=r"受.*委托代行职责"):
        away("liaison", "principal")
    with pytest.raises(AbsenceRefused, match="也已登记外出"):
        away("principal", "owner")
    away("owner", "principal", after=10)
