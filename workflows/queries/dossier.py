"""案卷 (P02a): what is known about a unit before its inspection, for those who prepare it; bodies stay sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import (
    Analysis,
    BaselineMetric,
    ChecklistItem,
    DossierNote,
    Finding,
    InspectionCase,
    IntelItem,
    IntelRequest,
    IntelSource,
    ReportReview,
    Unit,
    WorkPlan,
)
from workflows.policy import Actor, NotAllowed
from workflows.policy.baseline import BASELINE
from workflows.policy.checklist import TEMPLATE
from workflows.policy.clearance import may_open_sealed, may_read_dossier
from workflows.queries import cases, preparation
from workflows.queries.task_facts import place_of_case

OPEN_UNTIL_EXIT = frozenset(
    {"approved", "intel_collecting", "analysed", "plan_approved", "team_ready", "trained", "notified", "onsite"}
)
"""States in which the dossier still lives: notes and items may be added until the team has left (S16)."""
UNDETERMINED = ("draft", "team_review", "fact_check", "under_objection", "not_upheld")


@dataclass(frozen=True)
class SourceTab:
    """One kind of source with what was asked and what came in; `request` is None where nobody was asked."""

    code: str
    name: str
    confidential: bool
    request: IntelRequest | None
    items: Sequence[IntelItem]


@dataclass(frozen=True)
class Hit:
    """A focus of the analysis and the determined findings of its category (S21)."""

    text: str
    category: str
    findings: Sequence[str]


@dataclass(frozen=True)
class Dossier:
    """Everything the page of a dossier shows."""

    case: InspectionCase
    window_start: date | None
    sources: Sequence[SourceTab]
    votes: Sequence[ReportReview]
    steps: Sequence[preparation.Step]
    percent: int
    metrics: Sequence[BaselineMetric]
    missing: Sequence[str]
    notes: Sequence[DossierNote]
    analyses: Sequence[Analysis]
    plans: Sequence[WorkPlan]
    hits: Sequence[Hit]
    is_open: bool
    may_open: bool

    @property
    def hit_rate(self) -> float | None:
        """发现命中率: focuses that led to at least one determined finding ÷ focuses; None without a focus."""
        return sum(bool(hit.findings) for hit in self.hits) / len(self.hits) if self.hits else None


@dataclass(frozen=True)
class Line:
    """One row of the comparison: an item of the template, of this unit, or of both.  kind: same, dropped or own."""

    kind: str
    item: ChecklistItem


@dataclass(frozen=True)
class Checklist:
    """A unit's checklist beside the template (S20); `covered` counts the items answered."""

    case: InspectionCase
    lines: Sequence[Line]
    template_size: int
    own: int
    dropped: int
    covered: int
    due: int


def find(session: Session, actor: Actor, case_no: str) -> InspectionCase:
    """The case, if the person may read its dossier.  Raises NoResultFound, or NotAllowed for who sees only the case."""
    case = cases.find(session, actor, case_no)
    if not may_read_dossier(actor, place_of_case(case)):
        raise NotAllowed("案卷只供检查组和干部监督处查阅。", rule="dossier")
    return case


def dossier(session: Session, actor: Actor, case_no: str) -> Dossier:
    """The dossier of a case; raises as `find` does."""
    case = find(session, actor, case_no)
    requests = session.scalars(select(IntelRequest).where(IntelRequest.case_id == case.id)).all()
    found = preparation.steps(session, case)
    analyses = _of_case(session, Analysis, case, Analysis.version_no.desc())
    missing = preparation.missing_metrics(session, case)
    return Dossier(
        case=case,
        window_start=min((request.window_start for request in requests), default=None),
        sources=_tabs(session, case, requests),
        votes=session.scalars(
            select(ReportReview).where(ReportReview.unit_id == case.unit_id).order_by(ReportReview.year.desc())
        ).all(),
        steps=found,
        percent=preparation.completeness(found),
        metrics=_of_case(session, BaselineMetric, case, BaselineMetric.seq),
        missing=[metric.name for metric in BASELINE if metric.code in missing],
        notes=session.scalars(
            select(DossierNote)
            .where(DossierNote.case_id == case.id)
            .options(joinedload(DossierNote.by))
            .order_by(DossierNote.at.desc(), DossierNote.id.desc())
        ).all(),
        analyses=analyses,
        plans=_of_case(session, WorkPlan, case, WorkPlan.version_no.desc()),
        hits=hits(session, case),
        is_open=case.status in OPEN_UNTIL_EXIT,
        may_open=may_open_sealed(actor, place_of_case(case)),
    )


def hits(session: Session, case: InspectionCase) -> list[Hit]:
    """Each focus of the signed analysis with the numbers of the determined findings it led to, by category.

    A finding of a sub-category (C05a) answers a focus on its parent (C05).
    """
    analysis = preparation.signed_analysis(session, case)
    if analysis is None:
        return []
    query = select(Finding.finding_no, Finding.category).where(
        Finding.case_id == case.id, Finding.status.not_in(UNDETERMINED)
    )
    found = session.execute(query.order_by(Finding.finding_no)).all()
    return [
        Hit(row["text"], row["category"], [number for number, leaf in found if leaf.startswith(row["category"])])
        for row in analysis.focus
    ]


def checklist(session: Session, actor: Actor, case_no: str) -> Checklist:
    """The checklist of a case, each item marked as the template's, left out here, or this unit's own."""
    case = find(session, actor, case_no)
    items = _of_case(session, ChecklistItem, case, ChecklistItem.seq)
    lines = [Line(_kind(item), item) for item in items]
    asked = [item for item in items if not item.dropped_reason]
    return Checklist(
        case=case,
        lines=lines,
        template_size=len(TEMPLATE),
        own=sum(line.kind == "own" for line in lines),
        dropped=sum(line.kind == "dropped" for line in lines),
        covered=sum(bool(item.answer) for item in asked),
        due=len(asked),
    )


def sources(session: Session) -> list[IntelSource]:
    """Every source, active or not, in the order they are asked."""
    query = select(IntelSource).options(joinedload(IntelSource.provider_unit)).order_by(IntelSource.seq)
    return list(session.scalars(query))


def providers(session: Session) -> list[tuple[int, str]]:
    """The units that may be named as a source's provider."""
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.is_active).order_by(Unit.code))
    return [(row.id, row.name) for row in rows]


def _tabs(session: Session, case: InspectionCase, requests: Sequence[IntelRequest]) -> list[SourceTab]:
    """Active sources, and those of the past that this case has asked or heard of."""
    items = _of_case(session, IntelItem, case, IntelItem.occurred_on.desc())
    asked = {request.source_type: request for request in requests}
    known = asked.keys() | {item.source_type for item in items}
    return [
        SourceTab(
            source.code, source.name, source.confidential, asked.get(source.code),
            [item for item in items if item.source_type == source.code],
        )
        for source in sources(session)
        if source.is_active or source.code in known
    ]  # fmt: skip


def _kind(item: ChecklistItem) -> str:
    if item.dropped_reason:
        return "dropped"
    return "same" if item.from_template else "own"


def _of_case(session: Session, table: Any, case: InspectionCase, order: Any) -> list[Any]:
    return list(session.scalars(select(table).where(table.case_id == case.id).order_by(order)))
