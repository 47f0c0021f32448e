"""办理周期: how many working days each stage takes, by percentile, and how much was done in time.  Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from workflows.models import Deadline, Finding, InspectionCase, InspectionRound, RectificationPlan
from workflows.policy import CASE_READERS, Actor
from workflows.policy.indicators import percent, quantiles
from workflows.queries import figures
from workflows.queries.figure_subjects import SUBJECTS
from workflows.queries.finding_filters import CLOSED, Filters, timing
from workflows.queries.kpi_measures import Asked
from workflows.workdays import Calendar, local_date

BEFORE_FEEDBACK = ("stage_onsite", "stage_council", "stage_feedback")
"""Stages of which the inspected side is not told."""
STAGES: Mapping[str, tuple[str, str, Any, Any]] = {
    "stage_onsite": ("进驻检查", "进驻 → 离点", InspectionCase.entry_date, InspectionCase.exit_date),
    "stage_council": ("认定审定", "离点 → 部务会审定", InspectionCase.exit_date, InspectionCase.council_date),
    "stage_feedback": ("反馈", "部务会审定 → 反馈", InspectionCase.council_date, InspectionCase.feedback_date),
    "stage_plan": ("整改方案", "反馈 → 方案批准", InspectionCase.feedback_date, RectificationPlan.approved_at),
    "stage_finding": ("整改销号", "反馈 → 问题销号", InspectionCase.feedback_date, Finding.closed_at),
    "stage_verification": ("验收", "提交验收 → 验收完成", Deadline.opened_at, Deadline.met_at),
    "stage_zero": ("清零见底", "反馈 → 清零见底", InspectionCase.feedback_date, InspectionCase.zeroed_at),
}
"""Fact → stage, from what to what, and the two columns between which the working days are counted."""


@dataclass(frozen=True)
class StageTime:
    """One stage: over how many it was measured, and its percentiles in working days."""

    fact: str
    title: str
    span: str
    number: int
    days: Mapping[str, float | None]


@dataclass(frozen=True)
class OnTime:
    """A round's closed findings, and how many were done by the original and by the present due moment."""

    round_id: int
    name: str
    settled: int
    original: int
    current: int

    @property
    def original_percent(self) -> float | None:
        """Against the due moment as first set."""
        return percent(self.original, self.settled)

    @property
    def current_percent(self) -> float | None:
        """Against the due moment as it stands, extensions included."""
        return percent(self.current, self.settled)


def stages(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar
) -> Sequence[StageTime]:
    """Every stage the person is told of: one statement each."""
    asked = Asked(session, actor, figures.place_and_period(filters), now)
    told = actor.has_role(*CASE_READERS)
    return [
        _stage(asked, calendar, fact, *words) for fact, words in STAGES.items() if told or fact not in BEFORE_FEEDBACK
    ]


def on_time(session: Session, actor: Actor, filters: Filters) -> Sequence[OnTime]:
    """The on-time figures by round, newest first: one statement."""
    subject = SUBJECTS["finding"]
    query = subject.source(
        select(
            InspectionRound.id, InspectionRound.name, func.count(), func.count(case((timing("original"), 1))),
            func.count(case((timing("current"), 1))),
        )
    )  # fmt: skip
    wanted = figures.conditions(subject, actor, figures.place_and_period(filters))
    grouped = query.where(*wanted, Finding.status.in_(CLOSED)).group_by(
        InspectionRound.id, InspectionRound.name, InspectionRound.starts_on
    )
    rows = session.execute(grouped.order_by(InspectionRound.starts_on.desc(), InspectionRound.id))
    return [OnTime(*row) for row in rows]


def _stage(asked: Asked, calendar: Calendar, fact: str, title: str, span: str, first: Any, last: Any) -> StageTime:
    rows = asked.rows(fact, first, last)
    days = [max(calendar.workdays_between(_day(began), _day(ended)), 0) for began, ended in rows]
    return StageTime(fact, title, span, len(days), quantiles(days))


def _day(moment: date | datetime) -> date:
    return local_date(moment) if isinstance(moment, datetime) else moment
