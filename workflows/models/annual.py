"""年度考核参考 (P13) and what superiors fed back to the region itself (P14)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionRound
from workflows.models.organisation import Unit


class AssessmentReference(Base):
    """A unit's reference sheet for a year (S107).  `grade_by_rule` is D11's word, `grade` the division's.

    `status`: drafted, graded, approved, sent, answered.  `adopted` is None until the assessment office has answered.
    """

    __tablename__ = "assessment_references"
    __table_args__ = (UniqueConstraint("unit_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    year: Mapped[int] = mapped_column(index=True)
    numbers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    grade_by_rule: Mapped[str]
    grade: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    sent_at: Mapped[datetime | None]
    adopted: Mapped[bool | None]
    adopted_note: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()


class InboundDocument(Base):
    """上级反馈: a document of superiors whose findings the region answers for (S2)."""

    __tablename__ = "inbound_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_level: Mapped[str]
    doc_no: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    received_on: Mapped[date]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_rounds.id"))
    findings_n: Mapped[int] = mapped_column(default=0)
    reports: Mapped[list[Any]] = mapped_column(default=list)
    registered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    round: Mapped[InspectionRound | None] = relationship()
