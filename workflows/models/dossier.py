"""The dossier of a case before entry: what was asked of whom and came in, the baseline, the analysis, plan, checklist."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionCase
from workflows.models.organisation import Unit, User


class IntelSource(Base):
    """情况来源: a configurable kind of information about a unit (S9–S15); `provider_unit_id` is asked for it."""

    __tablename__ = "intel_sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    seq: Mapped[int]
    confidential: Mapped[bool] = mapped_column(default=False)
    provider_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    is_active: Mapped[bool] = mapped_column(default=True)

    provider_unit: Mapped[Unit | None] = relationship()


class IntelRequest(Base):
    """情况提请: one source asked about one case.  `status`: asked, overdue (T01 passed unanswered), supplied."""

    __tablename__ = "intel_requests"
    __table_args__ = (UniqueConstraint("case_id", "source_type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    source_type: Mapped[str]
    source_name: Mapped[str]
    provider_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    window_start: Mapped[date]
    window_end: Mapped[date]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    supplied_at: Mapped[datetime | None]
    supplied_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    status: Mapped[str]
    nothing_to_report: Mapped[str] = mapped_column(default="")

    case: Mapped[InspectionCase] = relationship()
    provider_unit: Mapped[Unit | None] = relationship()


class IntelItem(Base):
    """情况条目.  `body` is sealed text where the source is confidential; `outside_window` as of the window (S8)."""

    __tablename__ = "intel_items"
    __table_args__ = (Index("ix_intel_items_case_source", "case_id", "source_type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("intel_requests.id"))
    source_type: Mapped[str]
    title: Mapped[str]
    occurred_on: Mapped[date]
    body: Mapped[str] = mapped_column(default="")
    reliability: Mapped[str] = mapped_column(default="")
    first_hand: Mapped[bool] = mapped_column(default=False)
    outside_window: Mapped[bool] = mapped_column(default=False)
    selection_related: Mapped[bool] = mapped_column(default=False)
    concrete: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]


class BaselineMetric(Base):
    """底数: one figure about the unit (S17); without a value while it is missing."""

    __tablename__ = "baseline_metrics"
    __table_args__ = (UniqueConstraint("case_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    code: Mapped[str]
    name: Mapped[str]
    seq: Mapped[int]
    value: Mapped[float | None]
    as_of: Mapped[date | None]
    first_hand: Mapped[bool] = mapped_column(default=False)
    required: Mapped[bool] = mapped_column(default=True)


class DossierNote(Base):
    """活情况: a dated remark in the dossier, with its author and where it comes from (S16); never changed."""

    __tablename__ = "dossier_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    source: Mapped[str]
    text: Mapped[str]

    by: Mapped[User] = relationship()


class Analysis(Base):
    """分析研判 of a case (S18) or of a whole round (S19): direction, focus [{code, text, category, why}], signature."""

    __tablename__ = "analyses"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_rounds.id"), index=True)
    version_no: Mapped[int] = mapped_column(default=1)
    direction: Mapped[str]
    differences: Mapped[str] = mapped_column(default="")
    focus: Mapped[list[Any]] = mapped_column(default=list)
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    drafted_at: Mapped[datetime]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None]

    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])


class FocusSet(Base):
    """重点集: a named list of focuses such as 六个突出关注 (S55)."""

    __tablename__ = "focus_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    items: Mapped[list["FocusItem"]] = relationship(back_populates="focus_set", order_by="FocusItem.seq")


class FocusItem(Base):
    """One focus of a set, linked to a category of findings."""

    __tablename__ = "focus_items"
    __table_args__ = (UniqueConstraint("focus_set_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    focus_set_id: Mapped[int] = mapped_column(ForeignKey("focus_sets.id"))
    seq: Mapped[int]
    text: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    chain: Mapped[str] = mapped_column(default="")

    focus_set: Mapped[FocusSet] = relationship(back_populates="items")


class WorkPlan(Base):
    """检查工作方案 of a case, a row a version.  `status`: draft, approved, superseded; `focus_sets` holds set codes.

    `checklist_delta`: {dropped: {code: reason}, added: [{section, chain, category, text}]} against the template.
    """

    __tablename__ = "work_plans"
    __table_args__ = (UniqueConstraint("case_id", "version_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    version_no: Mapped[int]
    tasks: Mapped[str]
    methods: Mapped[str]
    requirements: Mapped[str]
    schedule: Mapped[list[Any]] = mapped_column(default=list)
    focus_sets: Mapped[list[str]] = mapped_column(default=list)
    checklist_delta: Mapped[dict[str, Any]] = mapped_column(default=dict)
    analysis_id: Mapped[int | None] = mapped_column(ForeignKey("analyses.id"))
    entry_date: Mapped[date]
    status: Mapped[str]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    drafted_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]

    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])


class ChecklistItem(Base):
    """检查清单: one question to settle on site.  `origin`: template, focus_set, analysis, plan or note.

    `dropped_reason` marks an item of the template that this unit's plan leaves out (S20); it needs no answer.
    `answer` is "" while open, else issue, no_issue or na.
    """

    __tablename__ = "checklist_items"
    __table_args__ = (UniqueConstraint("case_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    code: Mapped[str]
    seq: Mapped[int]
    text: Mapped[str]
    section: Mapped[str]
    chain: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    from_template: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str]
    dropped_reason: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    na_reason: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
