"""What leaves the system: in-app notifications and the outbox of mails, delivered later, once in effect."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base

_UNDIGESTED = text("digest_on IS NOT NULL AND digest_id IS NULL")


class Notification(Base):
    """An in-app notice to one person; with `digest_on` it waits for the digest of that working day."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user_read", "user_id", "read_at"),
        Index("ix_notifications_digest", "digest_on", sqlite_where=_UNDIGESTED, postgresql_where=_UNDIGESTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    digest_on: Mapped[date | None]
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"))


class Digest(Base):
    """每日汇总: one a person and working day, whatever the number of clocks."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("user_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    day: Mapped[date]
    sent_at: Mapped[datetime]


class OutboxItem(Base):
    """A delivery to the outside by `channel` (mail, webhook).  `idempotency_key` makes sending twice harmless."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_next", "status", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


class NumberSeries(Base):
    """The last number given in a series that must have no gaps (notices, closures, referrals, circulars)."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class ClockBeat(Base):
    """When each job of the clock last ran, for the operators' page and `doctor`."""

    __tablename__ = "clock_beats"

    job: Mapped[str] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
