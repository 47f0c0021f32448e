"""一报告两评议: the ranked list of a year, the years of one unit, the indicator of the region (S1, S56, S57, S59).

Reads what was imported; the arithmetic stands in `policy.report_reviews`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Finding, InspectionCase, InspectionRound, ReportReview, Unit
from workflows.policy import Actor
from workflows.policy.report_reviews import Ballots, Votes, consecutive_bottom, credibility
from workflows.policy.vocabulary import UNIT_KIND
from workflows.queries.scope import not_recused, sees_region, visible_cases

YEARS_SHOWN = 5


@dataclass(frozen=True)
class YearOfUnit:
    """One unit in one year: rates as shares of 1, the indicator 0–100, and the change against the year before."""

    review: ReportReview
    overall_rate: float
    supervision_rate: float
    fix_rate: float
    approval_rate: float | None
    indicator: float
    change: float | None
    bottom_years: int


@dataclass(frozen=True)
class AfterCheck:
    """评议变化 (S59): the indicator of the last year before a check and of the first year after it."""

    case: InspectionCase
    before_year: int
    before: float
    after_year: int | None
    after: float | None

    @property
    def change(self) -> float | None:
        """after − before; None while there are no votes after the check."""
        return None if self.after is None else round(self.after - self.before, 1)


def votes_of(row: ReportReview) -> Votes:
    """A row as the arithmetic wants it."""
    return Votes(
        row.unit_id,
        row.unit.peer_group or row.unit.kind,
        Ballots(row.overall_good, row.overall_fair, row.overall_average, row.overall_bad),
        Ballots(row.supervision_good, row.supervision_fair, row.supervision_average, row.supervision_bad),
        Ballots(row.last_year_fix_good, row.last_year_fix_fair, row.last_year_fix_average, row.last_year_fix_bad),
        row.newly_promoted_approve / row.newly_promoted_n if row.newly_promoted_n else None,
    )


def years(session: Session) -> list[int]:
    """The years there are votes of, newest first."""
    return list(session.scalars(select(ReportReview.year).distinct().order_by(ReportReview.year.desc())))


def group_name(unit: Unit) -> str:
    """What people call the unit's peer group."""
    return UNIT_KIND.get(unit.peer_group or unit.kind, unit.peer_group or unit.kind)


def ranked(session: Session, actor: Actor, year: int) -> list[YearOfUnit]:
    """The units of a year the person may see, by peer group and place."""
    found = [each for unit in _by_unit(session, actor).values() for each in unit if each.review.year == year]
    return sorted(found, key=lambda each: (group_name(each.review.unit), each.review.rank, each.review.unit.code))


def of_unit(session: Session, actor: Actor, unit: Unit) -> list[YearOfUnit]:
    """The years of one unit, oldest first."""
    return _by_unit(session, actor, unit).get(unit.id, [])


def region_trend(session: Session, actor: Actor) -> list[tuple[int, float, int]]:
    """(year, mean indicator, number of units), oldest first, over the units the person may see."""
    by_year: dict[int, list[float]] = defaultdict(list)
    for unit in _by_unit(session, actor).values():
        for each in unit:
            by_year[each.review.year].append(each.indicator)
    shown = sorted(by_year.items())[-YEARS_SHOWN:]
    return [(year, round(sum(values) / len(values), 1), len(values)) for year, values in shown]


def after_checks(session: Session, actor: Actor, *, unit: Unit | None = None) -> list[AfterCheck]:
    """Each check of a unit with votes before it, newest first: what the vote after it says."""
    history = _by_unit(session, actor, unit)
    query = (
        select(InspectionCase, InspectionRound.starts_on)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .where(visible_cases(actor), InspectionCase.status.not_in(("proposed", "cancelled")))
        .where(InspectionCase.unit_id.in_(history))
        .options(joinedload(InspectionCase.unit), joinedload(InspectionCase.round))
        .order_by(InspectionCase.case_no.desc())
    )
    rows = session.execute(query).all()
    found = (_after(case, case.entry_date or starts, history[case.unit_id]) for case, starts in rows)
    return [each for each in found if each is not None]


def _after(case: InspectionCase, day: date, known: list[YearOfUnit]) -> AfterCheck | None:
    """Votes are held at a year's end: those of the check's own year come after it."""
    before = [each for each in known if each.review.year < day.year]
    after = [each for each in known if each.review.year >= day.year]
    if not before:
        return None
    return AfterCheck(
        case,
        before[-1].review.year,
        before[-1].indicator,
        after[0].review.year if after else None,
        after[0].indicator if after else None,
    )


def _by_unit(session: Session, actor: Actor, unit: Unit | None = None) -> dict[int, list[YearOfUnit]]:
    """Unit id → its years, oldest first: everything for those who read the region, else the units of visible cases."""
    query = select(ReportReview).options(joinedload(ReportReview.unit))
    query = query.where(not_recused(ReportReview.unit_id, actor))
    if unit is not None:
        query = query.where(ReportReview.unit_id == unit.id)
    if not sees_region(actor):
        query = query.where(ReportReview.unit_id.in_(select(InspectionCase.unit_id).where(visible_cases(actor))))
    rows: dict[int, list[ReportReview]] = defaultdict(list)
    for row in session.scalars(query.order_by(ReportReview.unit_id, ReportReview.year)):
        rows[row.unit_id].append(row)
    gravest = _severities(session, rows)
    return {unit_id: _years(known, gravest) for unit_id, known in rows.items()}


def _severities(session: Session, units: Iterable[int]) -> Mapping[tuple[int, int], list[str]]:
    """(unit id, year of the feedback) → severities of the findings fed back then."""
    query = (
        select(InspectionCase.unit_id, InspectionCase.feedback_date, Finding.severity)
        .join(Finding, Finding.case_id == InspectionCase.id)
        .where(InspectionCase.unit_id.in_(list(units)))
    )
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for unit_id, day, severity in session.execute(query):
        if day is not None:
            found[(unit_id, day.year)].append(severity)
    return found


def _years(rows: list[ReportReview], gravest: Mapping[tuple[int, int], list[str]]) -> list[YearOfUnit]:
    bottoms = {row.year: row.bottom_band for row in rows}
    found: list[YearOfUnit] = []
    for row in rows:
        votes = votes_of(row)
        indicator = credibility(votes, gravest.get((row.unit_id, row.year), ()))
        earlier = next((each.indicator for each in found if each.review.year == row.year - 1), None)
        found.append(
            YearOfUnit(
                row,
                votes.overall.good_rate,
                votes.supervision.good_rate,
                votes.last_year_fix.good_rate,
                votes.approval_rate,
                indicator,
                None if earlier is None else round(indicator - earlier, 1),
                consecutive_bottom(bottoms, row.year),
            )
        )
    return found
