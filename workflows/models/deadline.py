"""Time limits as data: the rules, the working-day table with its versions, and each deadline with its changes."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base

if TYPE_CHECKING:
    from workflows.models.forecast import DeadlineForecast
    from workflows.models.supervision import Letter


class TimeLimitRule(Base):
    """A row of the register T01–T27; a changed limit is a new row with a later `valid_from`."""

    __tablename__ = "time_limit_rules"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    amount: Mapped[int]
    unit: Mapped[str]
    roll: Mapped[str]
    basis: Mapped[str]
    source: Mapped[str]
    responsible_role: Mapped[str] = mapped_column(default="unit_liaison")
    escalates: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")


class CalendarVersion(Base):
    """A version of the working-day table; the one with the highest number is in force."""

    __tablename__ = "calendar_versions"

    number: Mapped[int] = mapped_column(primary_key=True)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    last_certain_year: Mapped[int]
    note: Mapped[str]


class CalendarDay(Base):
    """A day that breaks the Monday–Friday rule.  A row holds from its version on until a later one replaces it."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("day", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    version: Mapped[int] = mapped_column(ForeignKey("calendar_versions.number"))
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")


class Deadline(Base):
    """期限: rule + anchor + calendar version → due moment.  The subject is a finding, else the case.

    `next_at` is the next moment at which the clock has something to do (a letter, a level, the T27 alarm).
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("subject_no", "rule", "seq"),
        Index("ix_deadlines_next_at", "next_at"),
        Index("ix_deadlines_open_due", "met_at", "due_at"),
        Index("ix_deadlines_finding_rule", "finding_id", "rule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_no: Mapped[str]
    rule: Mapped[str]
    seq: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    responsible_role: Mapped[str] = mapped_column(default="unit_liaison")
    escalates: Mapped[bool] = mapped_column(default=False)
    amount: Mapped[int]
    amount_unit: Mapped[str]
    anchor_label: Mapped[str]
    anchor_at: Mapped[datetime]
    calendar_version: Mapped[int]
    words: Mapped[str]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    original_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    paused_since: Mapped[datetime | None]
    paused_days: Mapped[int] = mapped_column(default=0)
    extension_count: Mapped[int] = mapped_column(default=0)
    extension_asked: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    level: Mapped[int] = mapped_column(default=0)
    last_act_at: Mapped[datetime | None]
    unattended_alarm_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]

    changes: Mapped[list["DeadlineChange"]] = relationship(back_populates="deadline", order_by="DeadlineChange.id")
    letters: Mapped[list["Letter"]] = relationship(back_populates="deadline", order_by="Letter.id")
    forecast: Mapped["DeadlineForecast | None"] = relationship(viewonly=True)


class DeadlineChange(Base):
    """One change of a deadline; original, extensions, pauses and recalculations reconcile to `due_at`."""

    __tablename__ = "deadline_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    calendar_version: Mapped[int]
    words: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    deadline: Mapped[Deadline] = relationship(back_populates="changes")
