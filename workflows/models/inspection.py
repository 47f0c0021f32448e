"""Rounds of inspection, and the case: one unit in one round."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.organisation import Unit, User

if TYPE_CHECKING:
    from workflows.models.finding import Finding


class InspectionRound(Base):
    """轮次.  `kind`: regular, key_task, targeted, revisit_campaign, inbound.  `focus_sets`: names of the sets (S55)."""

    __tablename__ = "inspection_rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    linked_tour_round: Mapped[str] = mapped_column(default="")
    key_task_name: Mapped[str] = mapped_column(default="")
    focus_sets: Mapped[list[str]] = mapped_column(default=list)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    concentrated_rule: Mapped[str] = mapped_column(default="T13.tour")


class InspectionCase(Base):
    """案: the state machine of domain/3 §3.4; from the council's approval on it is driven by P04–P10."""

    __tablename__ = "inspection_cases"
    __table_args__ = (UniqueConstraint("round_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("inspection_rounds.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    source_level: Mapped[str] = mapped_column(default="own")
    status: Mapped[str] = mapped_column(index=True)
    entry_date: Mapped[date | None]
    exit_date: Mapped[date | None]
    council_date: Mapped[date | None]
    feedback_date: Mapped[date | None]
    concentrated_end: Mapped[date | None]
    revisit_cycle: Mapped[int] = mapped_column(default=0)
    open_count: Mapped[int] = mapped_column(default=0)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    zeroed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    round: Mapped[InspectionRound] = relationship()
    unit: Mapped[Unit] = relationship()
    officer: Mapped[User | None] = relationship()
    findings: Mapped[list["Finding"]] = relationship(back_populates="case", order_by="Finding.seq")


class Watch(Base):
    """我关注的: a person follows a case."""

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("user_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
