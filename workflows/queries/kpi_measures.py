"""Indicators that are measured rather than counted: means and medians over the rows of a sample, a statement each."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from workflows.deadlines.moments import overdue_days
from workflows.models import (
    Analysis,
    CampaignUnit,
    Deadline,
    Feedback,
    Finding,
    InspectionCase,
    ReportReview,
    TrainingAttendance,
)
from workflows.policy import CASE_READERS, Actor
from workflows.policy.indicators import mean, median, percent
from workflows.policy.vocabulary import SEVERITY
from workflows.queries import figures
from workflows.queries.figure_facts import FACTS
from workflows.queries.figure_subjects import SUBJECTS
from workflows.queries.finding_facts import UNDETERMINED
from workflows.queries.finding_filters import Filters
from workflows.workdays import local_date


@dataclass(frozen=True)
class Asked:
    """Who measures what, and when."""

    session: Session
    actor: Actor
    filters: Filters
    now: datetime

    def rows(self, fact: str, *columns: Any) -> Sequence[Any]:
        """The columns of the rows behind a fact: the same rows as its list shows."""
        subject = SUBJECTS[FACTS[fact].subject]
        wanted = figures.conditions(subject, self.actor, self.filters)
        query = subject.source(select(*columns)).where(*wanted, FACTS[fact].condition(self.now, self.actor))
        return self.session.execute(query).all()


def measures(asked: Asked) -> dict[str, float | None]:
    """Indicator code → value; None where there is nothing to measure."""
    found: dict[str, float | None] = {}
    for measure in MEASURES:
        found |= measure(asked)
    return found


def _overdue_days(asked: Asked) -> Mapping[str, float | None]:
    rows = asked.rows("overdue", Deadline.due_at)
    return {"overdue_days": mean([overdue_days(due_at, asked.now) for (due_at,) in rows])}


def _durations(asked: Asked) -> Mapping[str, float | None]:
    days: dict[str, list[int]] = defaultdict(list)
    rows = asked.rows("stage_finding", Finding.severity, InspectionCase.feedback_date, Finding.closed_at)
    for severity, told_on, closed_at in rows:
        days[severity].append((local_date(closed_at) - told_on).days)
    return {f"duration_{severity}": median(days[severity]) for severity in SEVERITY}


def _channel_gap(asked: Asked) -> Mapping[str, float | None]:
    rows = asked.rows("both_channels", InspectionCase.id)
    query = select(Feedback.case_id, Feedback.channel, func.min(Feedback.held_on)).where(
        Feedback.revisit_cycle == 0, Feedback.channel.in_(("one_to_one", "circular"))
    )
    held: dict[int, list[date]] = defaultdict(list)
    for case_id, _channel, day in asked.session.execute(query.group_by(Feedback.case_id, Feedback.channel)):
        held[case_id].append(day)
    return {"channel_gap": median([abs((held[number][0] - held[number][1]).days) for (number,) in rows])}


def _scores(asked: Asked) -> Mapping[str, float | None]:
    rows = asked.rows("campaign_scored", CampaignUnit.score_before, CampaignUnit.score_after)
    return {"score_before": mean([row[0] for row in rows]), "score_after": mean([row[1] for row in rows])}


def _training_rise(asked: Asked) -> Mapping[str, float | None]:
    rows = asked.rows("attended", TrainingAttendance.scores_before, TrainingAttendance.scores_after)
    rises = [after[name] - before[name] for before, after in rows for name in after if name in before]
    return {"training_rise": mean(rises)}


def _targeting(asked: Asked) -> Mapping[str, float | None]:
    """S21: of the focuses of the newest signed analysis of each case, those that led to a determined finding."""
    if not asked.actor.has_role(*CASE_READERS):
        return {"targeting": None}
    newest: dict[int, Sequence[Any]] = {}
    signed = (Analysis.case_id == InspectionCase.id, Analysis.signed_at.is_not(None))
    subject = SUBJECTS["case"]
    wanted = figures.conditions(subject, asked.actor, asked.filters)
    query = subject.source(select(InspectionCase.id, Analysis.focus)).join(Analysis, and_(*signed)).where(*wanted)
    for case_id, focus in asked.session.execute(query.order_by(Analysis.version_no)):
        newest[case_id] = focus
    found: dict[int, set[str]] = defaultdict(set)
    leaves = select(Finding.case_id, Finding.category).where(Finding.status.not_in(UNDETERMINED)).distinct()
    for case_id, category in asked.session.execute(leaves):
        found[case_id].add(category)
    hits = [
        any(leaf.startswith(focus["category"]) for leaf in found[case_id])
        for case_id, focuses in newest.items()
        for focus in focuses
    ]
    return {"targeting": percent(sum(hits), len(hits))}


def _review_delta(asked: Asked) -> Mapping[str, float | None]:
    """Per case: the rate of the first votes after the year of its feedback, less that of the last before it."""
    if not asked.actor.has_role(*CASE_READERS):
        return {"review_delta": None}
    votes: dict[int, dict[int, float]] = defaultdict(dict)
    for row in asked.session.scalars(select(ReportReview)):
        ballots = row.overall_good + row.overall_fair + row.overall_average + row.overall_bad
        votes[row.unit_id][row.year] = 100 * row.overall_good / ballots if ballots else 0.0
    changes = []
    for unit_id, told_on in asked.rows("reviewed", InspectionCase.unit_id, InspectionCase.feedback_date):
        years = votes[unit_id]
        before = max(year for year in years if year < told_on.year)
        after = min(year for year in years if year > told_on.year)
        changes.append(years[after] - years[before])
    return {"review_delta": mean(changes)}


MEASURES: Sequence[Callable[[Asked], Mapping[str, float | None]]] = (
    _overdue_days, _durations, _channel_gap, _scores, _training_rise, _targeting, _review_delta,
)  # fmt: skip
