"""Hands what leaves the system to a sender: at least once, under one key, so that twice does no harm.

Nothing is sent inside a transaction.  The edge claims an item in one act, sends it with no transaction open, and
notes the outcome in another.  It knows neither SMTP nor HTTP.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from workflows.commands.desk import Work
from workflows.models import Incident, OutboxItem
from workflows.records import incidents

MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=2)
WORDS = {"mail": "邮件", "webhook": "即时消息"}


@dataclass(frozen=True)
class Delivery:
    """One item to be sent now.  `attempt` is the fence: a later claim has a higher one."""

    item_id: int
    idempotency_key: str
    recipient: str
    subject: str
    body: str
    attempt: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


def claim_delivery(work: Work, *, item_id: int, now: datetime) -> Delivery | None:
    """Takes a due item for two minutes; None when somebody else has it, or it is sent.  Counts as an attempt."""
    item = _locked(work, item_id)
    if item.status != "pending" or item.next_at > now:
        return None
    item.attempts += 1
    item.next_at = now + LEASE
    return Delivery(
        item.id, item.idempotency_key, item.recipient, item.subject, item.body, item.attempts, dict(item.facts)
    )


def note_sent(work: Work, *, item_id: int, now: datetime) -> None:
    """The receiving server has taken it; that holds whoever has claimed the item since."""
    item = _locked(work, item_id)
    item.status, item.sent_at, item.last_error = "sent", now, ""


def postpone_delivery(work: Work, *, delivery: Delivery, error: str, now: datetime) -> None:
    """Tries again after 1, 2, 4, 8 minutes; after the fifth try it is set aside as an incident.

    A sender whose lease has run out, and whose item another has claimed, changes nothing.
    """
    item = _locked(work, delivery.item_id)
    if item.status != "pending" or item.attempts != delivery.attempt:
        return
    item.last_error = error[:2000]
    item.next_at = now + timedelta(minutes=2 ** (item.attempts - 1))
    if item.attempts >= MOST_ATTEMPTS:
        item.status = "failed"
        words = WORDS.get(item.channel, item.channel)
        incidents.open_incident(
            work.session, kind="outbox", element=f"outbox:{item.id}",
            message=f"致{item.recipient}的{words}“{item.subject}”多次发送失败：{error}", now=now,
        )  # fmt: skip


def hold_deliveries(work: Work, *, channel: str, now: datetime) -> int:
    """Sets due items aside where the channel is not configured: the in-app notice has been given.  How many."""
    held = (
        update(OutboxItem)
        .where(OutboxItem.status == "pending", OutboxItem.channel == channel, OutboxItem.next_at <= now)
        .values(status="held")
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], work.session.execute(held)).rowcount


def note_outage(work: Work, *, channel: str, error: str, now: datetime) -> None:
    """The channel as a whole is out of reach: one incident however long it lasts; the items wait as they are."""
    if _outages(work, channel):
        return
    incidents.open_incident(
        work.session, kind="outage", element=f"channel:{channel}",
        message=f"{WORDS.get(channel, channel)}通道无法连接，待发通知已保留：{error}", now=now,
    )  # fmt: skip


def note_channel_back(work: Work, *, channel: str, now: datetime) -> None:
    """Something has been taken again: the outage is over."""
    for incident in _outages(work, channel):
        incident.resolved_at = now


def _outages(work: Work, channel: str) -> list[Incident]:
    element = f"channel:{channel}"
    query = select(Incident).where(Incident.element == element, Incident.resolved_at.is_(None)).with_for_update()
    return list(work.session.scalars(query))


def _locked(work: Work, item_id: int) -> OutboxItem:
    query = select(OutboxItem).where(OutboxItem.id == item_id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).one()
