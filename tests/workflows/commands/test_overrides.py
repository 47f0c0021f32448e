"""A rule is set aside only with a reason, somebody else's approval, once, and on the record."""

import pytest
from sqlalchemy import select

from tests.workflows.situations import case_of
from workflows.commands.overrides import AlreadyDecided, AlreadyRequested, decide_override, request_override
from workflows.database import atomic
from workflows.models import Grant, HistoryEntry, Notification
from workflows.policy import Actor, Holding, NotAllowed
from workflows.records.overrides import use_override
from workflows.refusal import Refusal


@pytest.fixture
def case_a(desk, region, now) -> int:
    return case_of(desk.sessions, region, now)


def ask(desk, actor, case_id, now, *, reason="突发事件须提前离场"):
    return desk.act(
        request_override, rule="S26", object_kind="case", object_id=case_id, case_id=case_id, reason=reason,
        actor=actor, now=now,
    )  # fmt: skip


def use(desk, case_id, now, rule="S26") -> bool:
    with atomic(desk.sessions) as session:
        return use_override(session, rule, "case", case_id, now)


def test_an_approved_override_holds_once_and_is_recorded(desk, region, case_a, now):
    override = ask(desk, region.leader, case_a, now)
    assert not use(desk, case_a, now)
    desk.act(decide_override, override_id=override.id, approved=True, actor=region.deputy, now=now)
    assert not use(desk, case_a, now, rule="S27")
    assert use(desk, case_a, now)
    assert not use(desk, case_a, now)
    with desk.sessions() as session:
        acts = session.scalars(select(HistoryEntry.action).where(HistoryEntry.case_id == case_a)).all()
        assert acts == ["request_override", "decide_override", "use_override"]
        told = session.execute(select(Notification.user_id, Notification.title).order_by(Notification.id)).all()
        assert [user_id for user_id, _ in told] == [region.deputy.user_id, region.leader.user_id]


def test_a_rejected_override_does_not_hold_and_may_be_asked_for_again(desk, region, case_a, now):
    override = ask(desk, region.leader, case_a, now)
    with pytest.raises(Refusal, match="说明理由"):
        desk.act(decide_override, override_id=override.id, approved=False, actor=region.deputy, now=now)
    desk.act(decide_override, override_id=override.id, approved=False, note="理由不足", actor=region.deputy, now=now)
    assert not use(desk, case_a, now)
    with pytest.raises(AlreadyDecided):
        desk.act(decide_override, override_id=override.id, approved=True, actor=region.deputy, now=now)
    ask(desk, region.leader, case_a, now)


def test_nobody_approves_his_own_request(desk, region, case_a, now):
    with atomic(desk.sessions) as session:
        session.add(Grant(user_id=region.chief.user_id, role="deputy_minister", scope="region", scope_id=0))
    both = Actor(
        region.chief.user_id, region.chief.name, region.chief.unit_id,
        (*region.chief.holdings, Holding("deputy_minister", "region")),
    )  # fmt: skip
    override = ask(desk, both, case_a, now)
    with pytest.raises(NotAllowed, match="不得审批本人"):
        desk.act(decide_override, override_id=override.id, approved=True, actor=both, now=now)
    with desk.sessions() as session:
        told = session.scalars(select(Notification.user_id)).all()
        assert told == [region.deputy.user_id]


@pytest.mark.parametrize("person", ["liaison", "principal", "verifier", "designer", "admin"])
def test_only_supervision_and_teams_ask(desk, region, case_a, now, person):
    with pytest.raises(NotAllowed):
        ask(desk, region.actors[person], case_a, now)


@pytest.mark.parametrize("person", ["chief", "officer", "council", "leader", "admin"])
def test_only_a_deputy_minister_decides(desk, region, case_a, now, person):
    override = ask(desk, region.officer, case_a, now)
    with pytest.raises(NotAllowed):
        desk.act(decide_override, override_id=override.id, approved=True, actor=region.actors[person], now=now)
    assert not use(desk, case_a, now)
    with desk.sessions() as session:
        denied = session.scalars(select(HistoryEntry).where(HistoryEntry.denied)).one()
        assert denied.actor_id == region.actors[person].user_id


def test_a_request_needs_a_reason_and_is_made_once(desk, region, case_a, now):
    with pytest.raises(Refusal, match="理由"):
        ask(desk, region.leader, case_a, now, reason="  ")
    ask(desk, region.leader, case_a, now)
    with pytest.raises(AlreadyRequested):
        ask(desk, region.officer, case_a, now)
