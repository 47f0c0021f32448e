"""Findings, the measures against them, and every act on their way to closure."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionCase


class Finding(Base):
    """问题: the state machine of domain/3 §3.4.  `text` and `opinion` are frozen once fed back.

    `category_label` is what the category was called on the day (S42); `conduct_on` the day of the conduct, on which
    every clause was in force unless `clause_reason` says why it is cited all the same (S3).
    """

    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_case_status", "case_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    wp_id: Mapped[int | None] = mapped_column(ForeignKey("working_papers.id"))
    seq: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
    category: Mapped[str]
    category_label: Mapped[str] = mapped_column(default="")
    chain: Mapped[str]
    severity: Mapped[str]
    nature: Mapped[str] = mapped_column(default="individual")
    rectify_type: Mapped[str]
    violation_appointment: Mapped[bool] = mapped_column(default=False)
    is_typical: Mapped[bool] = mapped_column(default=False)
    recurrence_of_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    recurrence_count: Mapped[int] = mapped_column(default=0)
    watch: Mapped[bool] = mapped_column(default=False)
    clauses: Mapped[list[str]] = mapped_column(default=list)
    clause_reason: Mapped[str] = mapped_column(default="")
    conduct_on: Mapped[date | None]
    opinion: Mapped[str]
    root_cause: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    round_no: Mapped[int] = mapped_column(default=1)
    return_count: Mapped[int] = mapped_column(default=0)
    text_hash: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")
    effect_grade: Mapped[str] = mapped_column(default="")
    next_check_date: Mapped[date | None]
    closed_no: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    secrecy_level: Mapped[str] = mapped_column(default="internal")

    case: Mapped[InspectionCase] = relationship(back_populates="findings")
    recurrence_of: Mapped["Finding | None"] = relationship(remote_side=[id])
    measures: Mapped[list["Measure"]] = relationship(back_populates="finding", order_by="Measure.seq")


class FindingPerson(Base):
    """责任人: somebody named as responsible for a finding (required for 违规用人, S58)."""

    __tablename__ = "finding_persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    name: Mapped[str]
    post: Mapped[str] = mapped_column(default="")
    mgmt_level: Mapped[str] = mapped_column(default="")
    responsibility: Mapped[str]


class Acknowledgement(Base):
    """认领: the unit's principal accepts a finding, or refuses it with a comment (S77) that is ruled on (S76)."""

    __tablename__ = "acknowledgements"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    accepted: Mapped[bool]
    comment: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    ruling: Mapped[str] = mapped_column(default="")
    reply: Mapped[str] = mapped_column(default="")
    ruled_at: Mapped[datetime | None]


class RectificationPlan(Base):
    """整改方案 of a case and a round of rectification; a returned plan stays, a new version is added."""

    __tablename__ = "rectification_plans"
    __table_args__ = (UniqueConstraint("case_id", "round_no", "version_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    round_no: Mapped[int]
    version_no: Mapped[int]
    status: Mapped[str]
    meeting_date: Mapped[date | None]
    leading_group: Mapped[str] = mapped_column(default="")
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    review: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Measure(Base):
    """整改措施.  `completion` is the unit's own word; status `accepted` is the supervisor's."""

    __tablename__ = "measures"
    __table_args__ = (UniqueConstraint("finding_id", "round_no", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("rectification_plans.id"))
    round_no: Mapped[int] = mapped_column(default=1)
    seq: Mapped[int]
    goal: Mapped[str] = mapped_column(default="")
    content: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(default=list)
    leader: Mapped[str]
    department: Mapped[str]
    owner: Mapped[str]
    partner: Mapped[str] = mapped_column(default="")
    due_date: Mapped[date]
    completion: Mapped[str] = mapped_column(default="not_done")
    progress: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="draft")
    institutions_n: Mapped[int] = mapped_column(default=0)
    persons_n: Mapped[int] = mapped_column(default=0)
    amount_wan: Mapped[float] = mapped_column(default=0.0)
    document_ref: Mapped[str] = mapped_column(default="")

    finding: Mapped[Finding] = relationship(back_populates="measures")


class ProgressReport(Base):
    """月报 or a report of progress on one measure."""

    __tablename__ = "progress_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    period: Mapped[str]
    text: Mapped[str]
    percent: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class Verification(Base):
    """验收: pass, return or continue, by somebody who did not implement (three parties)."""

    __tablename__ = "verifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    round_no: Mapped[int]
    method: Mapped[str]
    parties: Mapped[list[Any]] = mapped_column(default=list)
    checked: Mapped[str] = mapped_column(default="")
    result: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    false_rectify: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class ClosureRecord(Base):
    """销号单: immutable; `snapshot` is the reconciled ledger row, chained by hash (S97)."""

    __tablename__ = "closure_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    closure_no: Mapped[str] = mapped_column(unique=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    round_no: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class ExtensionRequest(Base):
    """延期: who asked for which new date, and who decided (T26; 1st by the division, 2nd by the deputy)."""

    __tablename__ = "extension_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    nth: Mapped[int]
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    reason: Mapped[str]
    status: Mapped[str]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(default="")
