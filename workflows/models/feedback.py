"""The two channels of feedback: to the unit, and the circular to the whole region."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base


class Feedback(Base):
    """反馈.  `channel`: one_to_one, unified, circular, copy_leader; one row a channel and revisit cycle."""

    __tablename__ = "feedbacks"
    __table_args__ = (UniqueConstraint("case_id", "channel", "revisit_cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    channel: Mapped[str]
    revisit_cycle: Mapped[int] = mapped_column(default=0)
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    attendees: Mapped[str] = mapped_column(default="")
    document_no: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    recorded_at: Mapped[datetime]


class Circular(Base):
    """通报, issued to every unit (S90; kind revisit: S104)."""

    __tablename__ = "circulars"

    id: Mapped[int] = mapped_column(primary_key=True)
    circular_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(index=True)


class CircularReceipt(Base):
    """A unit's reading of a circular and its self-check answer (有则改之，无则加勉, S92).  `answer`: has, none or ""."""

    __tablename__ = "circular_receipts"
    __table_args__ = (UniqueConstraint("circular_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circular_id: Mapped[int] = mapped_column(ForeignKey("circulars.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reminded_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    self_check: Mapped[str] = mapped_column(default="")
    measures: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
