"""What is due: the ids each job of the clock has to see to.  One look at an index each, whatever the table's size."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select
from sqlalchemy.orm import Session

from workflows.models import (
    ClockBeat,
    Deadline,
    Digest,
    Incident,
    Message,
    Notification,
    OutboxItem,
    ProcessInstance,
    Timer,
)


def due_timers(session: Session, now: datetime, limit: int) -> list[int]:
    """Waiting timers of running instances that nobody has leased.  The literal lets the partial index answer."""
    query = (
        select(Timer.id)
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(Timer.state == literal_column("0"), Timer.due_at <= now)
        .where(or_(Timer.lease_until.is_(None), Timer.lease_until <= now))
        .where(ProcessInstance.status == "running")
        .order_by(Timer.due_at, Timer.id)
    )
    return list(session.scalars(query.limit(limit)))


def due_deadlines(session: Session, now: datetime, limit: int) -> list[int]:
    """Deadlines with a letter, a level or an alarm to come, earliest first."""
    query = select(Deadline.id).where(Deadline.next_at <= now).order_by(Deadline.next_at, Deadline.id)
    return list(session.scalars(query.limit(limit)))


def due_messages(session: Session, now: datetime, limit: int) -> list[int]:
    """Messages between instances that were not delivered right after their commit, in the order of sending."""
    query = select(Message.id).where(Message.status == "pending", Message.next_at <= now)
    return list(session.scalars(query.order_by(Message.next_at, Message.id).limit(limit)))


def due_deliveries(session: Session, channel: str, now: datetime, limit: int) -> list[int]:
    """What is to be sent by this channel, or whose sender was lost on the way."""
    query = select(OutboxItem.id).where(
        OutboxItem.status == "pending", OutboxItem.next_at <= now, OutboxItem.channel == channel
    )
    return list(session.scalars(query.order_by(OutboxItem.next_at, OutboxItem.id).limit(limit)))


def digest_readers(session: Session, day: date, limit: int) -> list[int]:
    """Who has something for this day's digest, or an earlier one's, and has had no digest today."""
    had = exists().where(Digest.user_id == Notification.user_id, Digest.day == day)
    query = select(Notification.user_id).where(waits_for_digest(day), ~had).distinct()
    return list(session.scalars(query.order_by(Notification.user_id).limit(limit)))


def waits_for_digest(day: date) -> ColumnElement[bool]:
    """A condition over Notification: it belongs in a digest of this day or before, and is in none yet."""
    return and_(Notification.digest_on.is_not(None), Notification.digest_id.is_(None), Notification.digest_on <= day)


def open_incidents(session: Session, kinds: tuple[str, ...]) -> list[tuple[int, datetime, int]]:
    """(id, opened_at, tries since) of the open incidents of these kinds."""
    query = select(Incident.id, Incident.opened_at, Incident.retries).where(
        Incident.resolved_at.is_(None), Incident.kind.in_(kinds)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Incident.id))]


def last_beat(session: Session, job: str) -> datetime | None:
    """When a job of the clock last said that it ran."""
    return session.scalar(select(ClockBeat.ran_at).where(ClockBeat.job == job))
