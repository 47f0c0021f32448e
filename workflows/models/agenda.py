"""日历: what people put into it themselves, who may fetch it from outside, and proposals for the working-day table."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionRound
from workflows.models.organisation import Unit


class Occasion(Base):
    """A shared entry: an occasion (S102), a meeting, a sensitive period, or a joint milestone of a round with the tour.

    It lasts from `starts_on` to `ends_on`, both included.  A cancelled one stays, struck out.  `sequence` counts changes.
    """

    __tablename__ = "occasions"
    __table_args__ = (Index("ix_occasions_days", "starts_on", "ends_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_rounds.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")

    round: Mapped[InspectionRound | None] = relationship()
    unit: Mapped[Unit | None] = relationship()


class CalendarFeed(Base):
    """订阅: the secret address of one person's calendar; only its hash is kept, a new one makes the old one worthless."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class CalendarProposal(Base):
    """A new version of the working-day table that waits for a second person: proposed → published | rejected.

    `days`: [ISO day, is a working day, name]; `version` is the one it became.
    """

    __tablename__ = "calendar_proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[list[Any]]
    last_certain_year: Mapped[int]
    note: Mapped[str]
    status: Mapped[str] = mapped_column(default="proposed", index=True)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(default="")
    version: Mapped[int | None] = mapped_column(ForeignKey("calendar_versions.number"))
