"""整改成效 (S101): how well rectification works, over the cases a person sees.  Counts; judges nobody."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from workflows.models import (
    Finding,
    InspectionCase,
    InstitutionCause,
    Measure,
    TrainingAttendance,
    Verification,
)
from workflows.policy import Actor
from workflows.policy.transitions import SETTLED_FINDINGS
from workflows.queries.scope import visible_cases

TOLD = (
    "fed_back", "acknowledged", "rectifying", "pending_verification", "verified", "continuing", "closed",
    "consolidated", "reopened", "archived",
)  # fmt: skip


@dataclass(frozen=True)
class Ratio:
    """One figure: what it measures, the two counts behind it, and whether more of it is better."""

    code: str
    title: str
    part: int
    whole: int
    note: str
    more_is_better: bool = True

    @property
    def percent(self) -> float | None:
        """None when there is nothing to count yet."""
        return round(100 * self.part / self.whole, 1) if self.whole else None


def quality(session: Session, actor: Actor) -> list[Ratio]:
    """The quality figures, in the order people read them."""
    return [*_findings(session, actor), *_verifications(session, actor), *_lasting(session, actor)]


def _findings(session: Session, actor: Actor) -> list[Ratio]:
    told = Finding.status.in_(TOLD)
    whole = _count(session, actor, told)
    settled = Finding.status.in_(SETTLED_FINDINGS & set(TOLD))
    closed = _count(session, actor, settled)
    fresh = _count(session, actor, and_(told, Finding.recurrence_count > 0))
    good = _count(session, actor, and_(settled, Finding.effect_grade == "good"))
    return [
        Ratio("closure_rate", "销号率", closed, whole, "已销号问题 ÷ 已反馈问题"),
        Ratio("good_rate", "成效优良率", good, closed, "成效等次为“好”的问题 ÷ 已销号问题"),
        Ratio("recurrence_rate", "问题反复率", fresh, whole, "反复出现的问题 ÷ 已反馈问题", more_is_better=False),
    ]


def _verifications(session: Session, actor: Actor) -> list[Ratio]:
    first = select(func.min(Verification.id)).group_by(Verification.finding_id, Verification.round_no)
    seen = (
        select(func.count())
        .select_from(Verification)
        .join(Finding, Finding.id == Verification.finding_id)
        .join(InspectionCase, InspectionCase.id == Finding.case_id)
        .where(visible_cases(actor))
    )
    firsts = seen.where(Verification.id.in_(first))
    passed = session.scalar(firsts.where(Verification.result == "pass")) or 0
    whole = session.scalar(firsts) or 0
    false = session.scalar(seen.where(Verification.false_rectify)) or 0
    everything = session.scalar(seen) or 0
    return [
        Ratio("first_pass_rate", "一次验收通过率", passed, whole, "首次验收即通过 ÷ 首次验收"),
        Ratio("false_rate", "虚假整改率", false, everything, "发现虚假整改的验收 ÷ 全部验收", more_is_better=False),
    ]


def _lasting(session: Session, actor: Actor) -> list[Ratio]:
    rooted = and_(Finding.status.in_(TOLD), Finding.root_cause != "")
    answered = and_(rooted, Finding.id.in_(select(InstitutionCause.finding_id)))
    established = select(Measure.finding_id).where(Measure.institutions_n > 0)
    places = session.scalar(select(func.count()).select_from(TrainingAttendance)) or 0
    came = session.scalar(select(func.count()).where(TrainingAttendance.attended)) or 0
    told = _count(session, actor, Finding.status.in_(TOLD))
    return [
        Ratio("answered_rate", "根源建制率", _count(session, actor, answered), _count(session, actor, rooted),
              "有制度对应的问题根源 ÷ 已剖析的问题根源"),
        Ratio("institution_rate", "建章立制率",
              _count(session, actor, and_(Finding.status.in_(TOLD), Finding.id.in_(established))), told,
              "建立或修订制度的问题 ÷ 已反馈问题"),
        Ratio("training_rate", "培训覆盖率", came, places, "已参加人次 ÷ 应参加人次"),
    ]  # fmt: skip


def _count(session: Session, actor: Actor, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Finding).join(InspectionCase, InspectionCase.id == Finding.case_id)
    return session.scalar(query.where(visible_cases(actor), which)) or 0
