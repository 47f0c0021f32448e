"""An operator mends the cause and sets what failed going again; who is no operator may not."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.scheduler.stories import FRAGILE, begin, lose_calendar, publish, restore_calendar
from tests.workflows.situations import case_of
from workflows.commands.guard import GivenUp, lost_tries
from workflows.commands.incidents import Settled, StillStopped, note_sweep_failure, resolve_incident, retry_incident
from workflows.commands.messages import MOST_ATTEMPTS, postpone_message
from workflows.commands.stepping import open_incident
from workflows.commands.timers import claim_due_timers, fire_timer
from workflows.database import atomic
from workflows.models import Deadline, HistoryEntry, Incident, Message, ProcessInstance, Task
from workflows.policy import NotAllowed
from workflows.records import incidents, messages
from workflows.refusal import Refusal

MINUTE = timedelta(minutes=1)


@pytest.fixture
def due(now):
    return now + timedelta(days=10)


@pytest.fixture
def stopped(desk, region, now, due) -> tuple[int, int]:
    """An instance that could not go on when its timer was due, because the working-day table was gone."""
    publish(desk, "fragile", FRAGILE, now)
    (instance_id,) = desk.act(begin, process="fragile", count=1, now=now)
    lose_calendar(desk.sessions)
    with atomic(desk.sessions) as session:
        instance = session.get_one(ProcessInstance, instance_id)
        incident = open_incident(session, instance, kind="timer", element="ten_days", message="无工作日历", now=due)
        session.flush()
        return instance_id, incident.id


def status(desk, instance_id) -> str:
    with desk.sessions() as session:
        return session.get_one(ProcessInstance, instance_id).status


def test_a_retry_after_mending_goes_on_where_it_stopped(desk, region, stopped, due):
    instance_id, incident_id = stopped
    restore_calendar(desk.sessions, due)
    assert desk.act(retry_incident, incident_id=incident_id, actor=region.admin, now=due)
    assert status(desk, instance_id) == "running"
    with desk.sessions() as session:
        assert session.scalars(select(Task.element)).one() == "look"
        incident = session.get_one(Incident, incident_id)
        assert (incident.resolved_at, incident.resolved_by_id) == (due, region.admin.user_id)
    with pytest.raises(Settled):
        desk.act(retry_incident, incident_id=incident_id, actor=region.admin, now=due)


def test_a_retry_that_fails_again_leaves_everything_stopped_and_says_why(desk, region, stopped, due):
    instance_id, incident_id = stopped
    assert not desk.act(retry_incident, incident_id=incident_id, actor=region.designer, now=due)
    assert status(desk, instance_id) == "incident"
    with desk.sessions() as session:
        incident = session.get_one(Incident, incident_id)
        assert (incident.resolved_at, incident.retries) == (None, 1)
        assert "reckon" in incident.message
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "retry_incident")).one()
        assert (entry.summary, entry.actor_id) == ("重试未成功", region.designer.user_id)
        assert session.scalars(select(Task)).all() == []


@pytest.mark.parametrize("person", ["officer", "chief", "deputy", "auditor", "liaison"])
def test_only_operators_retry_and_resolve(desk, region, stopped, due, person):
    _, incident_id = stopped
    with pytest.raises(NotAllowed):
        desk.act(retry_incident, incident_id=incident_id, actor=region.actors[person], now=due)
    with pytest.raises(NotAllowed):
        desk.act(resolve_incident, incident_id=incident_id, note="好了", actor=region.actors[person], now=due)


def test_an_instance_that_took_its_process_down_three_times_waits_for_a_person(desk, region, stopped, due):
    instance_id, incident_id = stopped
    restore_calendar(desk.sessions, due)
    with atomic(desk.sessions) as session:
        session.get_one(ProcessInstance, instance_id).status = "running"
    for n in range(3):
        mark = desk.guard_dir / f"{instance_id}.{_dead_process()}.{n}"
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    ((timer_id, token),) = desk.act(claim_due_timers, now=due)
    with pytest.raises(GivenUp):
        desk.act(fire_timer, timer_id=timer_id, token=token, now=due)
    with atomic(desk.sessions) as session:
        session.get_one(ProcessInstance, instance_id).status = "incident"
    assert desk.act(retry_incident, incident_id=incident_id, actor=region.admin, now=due)
    assert lost_tries(desk.guard_dir, instance_id) == []


def test_an_incident_is_not_declared_settled_while_its_instance_stands(desk, region, stopped, due):
    instance_id, incident_id = stopped
    with pytest.raises(StillStopped):
        desk.act(resolve_incident, incident_id=incident_id, note="好了", actor=region.admin, now=due)
    with atomic(desk.sessions) as session:
        session.get_one(ProcessInstance, instance_id).status = "cancelled"
    with pytest.raises(Refusal, match="说明"):
        desk.act(resolve_incident, incident_id=incident_id, note=" ", actor=region.admin, now=due)
    desk.act(resolve_incident, incident_id=incident_id, note="案件已中止", actor=region.admin, now=due)
    with desk.sessions() as session:
        assert session.get_one(Incident, incident_id).resolved_at == due


def test_a_message_given_up_is_an_incident_and_can_be_sent_again(desk, region, now):
    with atomic(desk.sessions) as session:
        message = messages.send(session, name="case.fed_back", key="XR-1", now=now)
        session.flush()
        message_id = message.id
    for _ in range(MOST_ATTEMPTS):
        desk.act(postpone_message, message_id=message_id, error="坏了", now=now)
    with desk.sessions() as session:
        assert session.get_one(Message, message_id).status == "failed"
        incident = session.scalars(select(Incident)).one()
        assert incident.element == f"message:{message_id}"
    assert desk.act(retry_incident, incident_id=incident.id, actor=region.admin, now=now)
    with desk.sessions() as session:
        again = session.get_one(Message, message_id)
        assert (again.status, again.attempts, again.next_at) == ("pending", 0, now)


def test_messages_given_up_while_the_instance_stood_still_follow(desk, region, stopped, due):
    instance_id, incident_id = stopped
    restore_calendar(desk.sessions, due)
    with atomic(desk.sessions) as session:
        key = session.get_one(ProcessInstance, instance_id).key
        for name in ("deadline.met", "case.fed_back"):
            messages.send(session, name=name, key=key, now=due).status = "failed"
    assert desk.act(retry_incident, incident_id=incident_id, actor=None, now=due)
    with desk.sessions() as session:
        found = dict(session.execute(select(Message.name, Message.status)).all())
    assert found == {"deadline.met": "pending", "case.fed_back": "failed"}


def test_what_no_retry_can_mend_stays_open(desk, region, now):
    with atomic(desk.sessions) as session:
        incident = incidents.open_incident(session, kind="file", element="file:ab", message="材料损坏", now=now)
        session.flush()
        incident_id = incident.id
    assert not desk.act(retry_incident, incident_id=incident_id, actor=region.admin, now=now)
    desk.act(resolve_incident, incident_id=incident_id, note="已从备份恢复", actor=region.admin, now=now)


def test_a_deadline_that_cannot_be_seen_to_is_pushed_back_ever_longer(desk, region, now):
    deadline_id = _deadline(desk, region, now)
    waits = []
    moment = now
    for _ in range(10):
        desk.act(note_sweep_failure, deadline_id=deadline_id, error="坏了", now=moment)
        with desk.sessions() as session:
            next_at = session.get_one(Deadline, deadline_id).next_at
        waits.append(int((next_at - moment) / MINUTE))
        moment = next_at
    assert waits == [1, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    with desk.sessions() as session:
        incident = session.scalars(select(Incident)).one()
    assert desk.act(retry_incident, incident_id=incident.id, actor=region.admin, now=moment)
    with desk.sessions() as session:
        assert session.get_one(Deadline, deadline_id).next_at == moment


def _deadline(desk, region, now) -> int:
    case_id = case_of(desk.sessions, region, now)
    with atomic(desk.sessions) as session:
        deadline = Deadline(
            subject_no="XR-12-04-001", rule="T10", title="报送整改方案", case_id=case_id, unit_id=region.unit_a_id,
            amount=15, amount_unit="workday", anchor_label="反馈", anchor_at=now, calendar_version=1, words="…",
            original_due_at=now, due_at=now, opened_at=now, next_at=now,
        )  # fmt: skip
        session.add(deadline)
        session.flush()
        return deadline.id


def _dead_process() -> int:
    """The number of a process that has ended."""
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    return pid
