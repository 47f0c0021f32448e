"""回头看: one row a cycle, one item a finding looked at again."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base


class Revisit(Base):
    """A cycle: scheduled → on_site → assessed → refed_back → following → zeroed."""

    __tablename__ = "revisits"
    __table_args__ = (UniqueConstraint("case_id", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    cycle: Mapped[int]
    status: Mapped[str]
    occasion: Mapped[str] = mapped_column(default="")
    occasion_ref: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date | None]
    team: Mapped[list[str]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    items: Mapped[list["RevisitItem"]] = relationship(back_populates="revisit")


class RevisitItem(Base):
    """A finding at a revisit: consolidated, not_in_place or rebound, with the new requirement if any (S103)."""

    __tablename__ = "revisit_items"
    __table_args__ = (UniqueConstraint("revisit_id", "finding_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revisit_id: Mapped[int] = mapped_column(ForeignKey("revisits.id"))
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    result: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    new_requirement: Mapped[str] = mapped_column(default="")
    new_due_date: Mapped[date | None]

    revisit: Mapped[Revisit] = relationship(back_populates="items")
