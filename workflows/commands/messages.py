"""Carries a message to the instance that waits for it, or starts the process that begins with it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.commands.stepping import advance, locked_instance, start_instance
from workflows.models import Message, MessageWait, ModelVersion, ProcessInstance
from workflows.operations.context import Context
from workflows.records.incidents import open_incident

MOST_ATTEMPTS = 5
KEPT_FOR = timedelta(days=400)  # a message nobody waits for yet stays deliverable this long


def deliver_message(work: Work, *, message_id: int, now: datetime) -> str:
    """Delivers one message; returns its new status.  A message already delivered is left alone."""
    session = work.session
    message = session.scalars(
        select(Message).where(Message.id == message_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if message.status not in ("pending", "unclaimed"):
        return message.status
    message.attempts += 1
    waiting = session.scalar(
        select(MessageWait.instance_id)
        .where(MessageWait.name == message.name, MessageWait.key == message.key)
        .order_by(MessageWait.instance_id)
        .limit(1)
    )
    if waiting is not None:
        _hand_over(work, message, waiting, now)
    elif model := _started_by(session, message.name):
        _start(work, message, model, now)
    else:
        message.status, message.next_at = "unclaimed", now + KEPT_FOR
        return message.status
    message.status, message.delivered_at = "delivered", now
    return message.status


def postpone_message(work: Work, *, message_id: int, error: str, now: datetime) -> None:
    """Notes a failed delivery and tries again after 1, 2, 4 … minutes; after five tries it has failed."""
    message = work.session.get_one(Message, message_id)
    message.attempts += 1
    message.last_error = error[:2000]
    message.next_at = now + timedelta(minutes=2 ** min(message.attempts, 10))
    if message.attempts >= MOST_ATTEMPTS:
        message.status = "failed"
        open_incident(
            work.session, kind="message", element=f"message:{message.id}",
            message=f"消息“{message.name}”（{message.key}）多次投递失败：{error}", now=now,
            case_id=message.case_id, finding_id=message.finding_id,
        )  # fmt: skip


def _hand_over(work: Work, message: Message, instance_id: int, now: datetime) -> None:
    instance = locked_instance(work.session, instance_id)
    context = Context(work.session, instance, now)
    advance(
        work,
        instance,
        context,
        lambda: work.engine.deliver(
            instance.model_digest,
            instance.state,
            message=message.name,
            payload=message.payload,
            surroundings=context,
        ),
    )


def _started_by(session: Session, name: str) -> ModelVersion | None:
    active = session.scalars(select(ModelVersion).where(ModelVersion.status == "active"))
    return next((model for model in active if name in model.start_messages), None)


def _start(work: Work, message: Message, model: ModelVersion, now: datetime) -> None:
    running = select(ProcessInstance.id).where(
        ProcessInstance.key == message.key,
        ProcessInstance.process_id == model.process_id,
        ProcessInstance.status.in_(("running", "incident")),
    )
    if work.session.scalar(running.limit(1)) is not None:
        return  # one running instance a key: the case already has this process
    start_instance(
        work,
        model=model,
        key=message.key,
        data=dict(message.payload),
        now=now,
        actor=None,
        message=message.name,
        case_id=message.case_id,
        finding_id=message.finding_id,
        unit_id=message.unit_id,
    )
