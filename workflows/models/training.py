"""Policy training (P12): the year's plan, its sessions, and who came and what they learned."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.organisation import User


class TrainingPlan(Base):
    """年度培训计划.  `matrix` holds a row a cell of organisation tier × level: curriculum and planned number (S115)."""

    __tablename__ = "training_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_no: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    five_year_item: Mapped[str]
    matrix: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    drafted_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    effect: Mapped[str] = mapped_column(default="")
    evaluated_at: Mapped[datetime | None]

    sessions: Mapped[list["TrainingSession"]] = relationship(back_populates="plan", order_by="TrainingSession.seq")


class TrainingSession(Base):
    """办班: a class, a lecture or whatever else the plan names (S111–S113), for one tier and level.

    `part_no` counts the sessions of one audience too large for a single one; `round_no` how often it was held.
    """

    __tablename__ = "training_sessions"
    __table_args__ = (UniqueConstraint("plan_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_no: Mapped[str] = mapped_column(unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plans.id"))
    seq: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    two_regulations: Mapped[bool] = mapped_column(default=False)
    org_tier: Mapped[str]
    level: Mapped[str]
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    clauses: Mapped[list[str]] = mapped_column(default=list)
    part_no: Mapped[int] = mapped_column(default=1)
    round_no: Mapped[int] = mapped_column(default=0)
    status: Mapped[str]

    plan: Mapped[TrainingPlan] = relationship(back_populates="sessions")
    attendances: Mapped[list["TrainingAttendance"]] = relationship(
        back_populates="session", order_by="TrainingAttendance.id"
    )


class TrainingAttendance(Base):
    """One person who must attend a session: came or not, and the scores before and after along three abilities (S116)."""

    __tablename__ = "training_attendances"
    __table_args__ = (UniqueConstraint("session_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_sessions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    attended: Mapped[bool] = mapped_column(default=False)
    attended_on: Mapped[date | None]
    scores_before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    scores_after: Mapped[dict[str, Any]] = mapped_column(default=dict)

    session: Mapped[TrainingSession] = relationship(back_populates="attendances")
    user: Mapped[User] = relationship()
