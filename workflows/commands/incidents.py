"""Tries a stopped instance, mail or message again, or declares an incident settled.

An operator does it after mending the cause; for causes that pass by themselves the clock does it, with growing delay.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from workflows.commands import guard
from workflows.commands.desk import Work
from workflows.commands.stepping import advance, locked_instance
from workflows.database import savepoint
from workflows.models import Deadline, Incident, Message, MessageWait, OutboxItem, ProcessInstance
from workflows.operations.context import Context
from workflows.policy import Actor
from workflows.records import history
from workflows.records.incidents import open_incident
from workflows.refusal import Refusal

# What may have passed by itself.  An instance that took its process down three times waits for a person.
RETRIED_BY_CLOCK = ("timer", "message")
MOST_RETRIES = 5
FIRST_DELAY = timedelta(minutes=10)
RESENT: dict[str, type[OutboxItem] | type[Message]] = {"outbox": OutboxItem, "message": Message}
OPERATORS = ("sys_admin", "process_designer")


class Settled(Refusal):
    """The incident is already settled."""

    rule = "incident_settled"


class StillStopped(Refusal):
    """The incident's instance has not gone on yet."""

    rule = "incident_open"


def retry_incident(work: Work, *, incident_id: int, actor: Actor | None, now: datetime) -> bool:
    """Sets what failed going again; True when it went.  A step that fails again leaves the incident open.

    Roles: sys_admin or process_designer; `actor` None is the clock.
    """
    if actor is not None:
        actor.require_role(*OPERATORS, act="重试异常流程", rule="incident")
    incident = _locked(work, incident_id)
    error = _try_again(work, incident, now)
    incident.retries += 1
    if error:
        incident.message = error[:2000]
    else:
        incident.resolved_at, incident.resolved_by_id = now, actor.user_id if actor else None
    _record(
        work, incident, "retry_incident", "重试未成功" if error else "重试成功，恢复运行", actor, now, error=error
    )
    return not error


def resolve_incident(work: Work, *, incident_id: int, note: str, actor: Actor, now: datetime) -> None:
    """Declares an incident settled without another try; refused while its instance stands still."""
    actor.require_role(*OPERATORS, act="处理系统异常", rule="incident")
    if not note.strip():
        raise Refusal("须说明处理情况。", rule="reason_required")
    incident = _locked(work, incident_id)
    if incident.instance_id and locked_instance(work.session, incident.instance_id).status == "incident":
        raise StillStopped("该流程仍未恢复运行，请排除原因后重试。")
    incident.resolved_at, incident.resolved_by_id = now, actor.user_id
    _record(work, incident, "resolve_incident", f"异常已处理：{note.strip()[:200]}", actor, now)


def note_sweep_failure(work: Work, *, deadline_id: int, error: str, now: datetime) -> None:
    """A deadline the clock cannot see to: an incident, and another look after a minute, then ever later, up to an hour."""
    session = work.session
    deadline = session.get_one(Deadline, deadline_id, with_for_update=True)
    element = f"deadline:{deadline_id}"
    query = select(Incident).where(Incident.element == element, Incident.resolved_at.is_(None)).limit(1)
    incident = session.scalar(query) or open_incident(
        session, kind="deadline", element=element, message=f"期限“{deadline.title}”的预警处理失败：{error}", now=now,
        case_id=deadline.case_id, finding_id=deadline.finding_id,
    )  # fmt: skip
    deadline.next_at = now + min(max(now - incident.opened_at, timedelta(minutes=1)), timedelta(hours=1))


def next_retry_at(opened_at: datetime, retries: int) -> datetime:
    """When the clock tries again: 10, 30, 70, 150, 310 minutes after the incident was opened."""
    return opened_at + FIRST_DELAY * ((2 << retries) - 1)


def _locked(work: Work, incident_id: int) -> Incident:
    query = select(Incident).where(Incident.id == incident_id).with_for_update()
    incident = work.session.scalars(query.execution_options(populate_existing=True)).one()
    if incident.resolved_at is not None:
        raise Settled("该异常已处理完毕，无需重试。")
    return incident


def _try_again(work: Work, incident: Incident, now: datetime) -> str:
    """What went wrong again; empty when it went."""
    if incident.instance_id is not None:
        return _wake(work, incident.instance_id, now)
    kind, _, number = incident.element.partition(":")
    if kind == "deadline":
        work.session.execute(update(Deadline).where(Deadline.id == int(number)).values(next_at=now))
        return ""
    if kind not in RESENT:
        return f"该异常须人工处理：{incident.message}"
    table = RESENT[kind]
    again = update(table).where(table.id == int(number), table.status == "failed")
    work.session.execute(again.values(status="pending", attempts=0, next_at=now))
    return ""


def _wake(work: Work, instance_id: int, now: datetime) -> str:
    session = work.session
    instance = locked_instance(session, instance_id)
    if instance.status != "incident":
        return ""  # it has been set going, or ended, in another way
    guard.forget(work.guard_dir, instance_id)
    try:
        with savepoint(session):
            instance.status = "running"
            _step(work, instance, now)
    except Exception as error:  # the try has failed, not this command: the failure is its result
        session.info.clear()  # what the step had kept there (chains, messages) was undone with it
        return str(error) or type(error).__name__
    _send_again(work, instance, now)
    return ""


def _step(work: Work, instance: ProcessInstance, now: datetime) -> None:
    context = Context(work.session, instance, now)
    advance(
        work,
        instance,
        context,
        lambda: work.engine.wake(instance.model_digest, instance.state, surroundings=context),
    )
    work.session.flush()


def _send_again(work: Work, instance: ProcessInstance, now: datetime) -> None:
    """Messages given up while the instance stood still."""
    awaited = select(MessageWait.name).where(MessageWait.instance_id == instance.id)
    work.session.execute(
        update(Message)
        .where(Message.status == "failed", Message.key == instance.key, Message.name.in_(awaited))
        .values(status="pending", attempts=0, next_at=now)
    )


def _record(
    work: Work, incident: Incident, action: str, summary: str, actor: Actor | None, now: datetime, **details: Any
) -> None:
    instance = work.session.get(ProcessInstance, incident.instance_id) if incident.instance_id else None
    history.record(
        work.session, action=action, summary=summary, now=now, actor=actor,
        case_id=instance.case_id if instance else None, finding_id=instance.finding_id if instance else None,
        object_kind="incident", object_id=incident.id, details={"kind": incident.kind, **details},
    )  # fmt: skip
