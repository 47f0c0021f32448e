"""Hands mails of the outbox to a sender: at least once, under one Message-ID, so that twice does no harm.

Nothing is sent inside a transaction.  The edge claims an item in one act, sends it with no transaction open, and
notes the outcome in another.  It does not know SMTP.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from workflows.commands.desk import Work
from workflows.models import OutboxItem
from workflows.records import incidents

MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Mail:
    """One mail to be sent now."""

    item_id: int
    idempotency_key: str
    recipient: str
    subject: str
    body: str


def claim_mail(work: Work, *, item_id: int, now: datetime) -> Mail | None:
    """Takes a due item for two minutes; None when somebody else has it, or it is sent.  Counts as an attempt."""
    item = _locked(work, item_id)
    if item.status != "pending" or item.next_at > now:
        return None
    item.attempts += 1
    item.next_at = now + LEASE
    return Mail(item.id, item.idempotency_key, item.recipient, item.subject, item.body)


def note_mail_sent(work: Work, *, item_id: int, now: datetime) -> None:
    """The mail server has accepted the mail."""
    item = _locked(work, item_id)
    item.status, item.sent_at, item.last_error = "sent", now, ""


def postpone_mail(work: Work, *, item_id: int, error: str, now: datetime) -> None:
    """Tries again after 1, 2, 4, 8 minutes; after the fifth try the mail has failed and is an incident."""
    item = _locked(work, item_id)
    if item.status != "pending":
        return
    item.last_error = error[:2000]
    item.next_at = now + timedelta(minutes=2 ** (item.attempts - 1))
    if item.attempts >= MOST_ATTEMPTS:
        item.status = "failed"
        incidents.open_incident(
            work.session, kind="outbox", element=f"outbox:{item.id}",
            message=f"致{item.recipient}的邮件“{item.subject}”多次发送失败：{error}", now=now,
        )  # fmt: skip


def hold_mail(work: Work, *, now: datetime) -> int:
    """Sets due mails aside where no mail server is configured: the in-app notice has been given.  How many."""
    held = (
        update(OutboxItem)
        .where(OutboxItem.status == "pending", OutboxItem.next_at <= now)
        .values(status="held")
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], work.session.execute(held)).rowcount


def _locked(work: Work, item_id: int) -> OutboxItem:
    query = select(OutboxItem).where(OutboxItem.id == item_id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).one()
