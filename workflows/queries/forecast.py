"""临期风险 as a person sees it: the open deadlines of his cases by risk, and how far the version in use can be trusted.

A hint, never a verdict: no other query and no command decides anything by it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from workflows.forecast.reliability import Backtest, backtest_from
from workflows.models import Deadline, DeadlineForecast, Finding, ForecastVersion, InspectionCase, Unit
from workflows.policy import Actor
from workflows.queries.paging import PAGE_SIZE, Order, fetch
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains
from workflows.workdays import local_date

HIGH, MIDDLE = 0.5, 0.25
LEVELS: Mapping[str, tuple[float, float]] = {"high": (HIGH, 1.01), "middle": (MIDDLE, HIGH), "low": (0.0, MIDDLE)}
LEVEL_WORDS = {"high": "较高（五成以上）", "middle": "中等（两成半至五成）", "low": "较低（不足两成半）"}
BY_RISK = Order(DeadlineForecast.probability, lambda row: row.probability, "风险", descending=True)


@dataclass(frozen=True)
class Filters:
    """What the address asks for."""

    level: str = ""
    unit_id: int | None = None
    rule: str = ""
    text: str = ""


@dataclass(frozen=True)
class RiskRow:
    """An open deadline with what was reckoned of it; `reasons`: (raises the risk, sentence), weightiest first."""

    deadline: Deadline
    case: InspectionCase
    unit: Unit
    finding: Finding | None
    probability: float
    reasons: list[tuple[bool, str]]


@dataclass(frozen=True)
class AtRisk:
    """One page of the list, and how many there are at each level."""

    rows: list[RiskRow]
    next: str
    total: int
    levels: Mapping[str, int]


def at_risk(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, after: str = "", size: int = PAGE_SIZE
) -> AtRisk:
    """The highest risk first: three statements."""
    running, wanted = [visible_cases(actor), _runs(now)], _conditions(filters)
    query = _joined(select(DeadlineForecast)).where(*running, *wanted)
    page = fetch(
        session, query, order=BY_RISK, id_=DeadlineForecast.deadline_id, after=after, size=size,
        row_id=lambda row: int(row.deadline_id),
    )  # fmt: skip
    of_level = [func.count().filter(_is_level(name)).label(name) for name in LEVELS]
    all_wanted = func.count().filter(*wanted) if wanted else func.count()
    numbers = session.execute(_joined(select(*of_level, all_wanted.label("total"))).where(*running)).one()
    return AtRisk(
        _rows(session, page.rows), page.next, numbers.total, {name: getattr(numbers, name) for name in LEVELS}
    )


def of_deadlines(session: Session, deadline_ids: Collection[int], now: datetime) -> dict[int, DeadlineForecast]:
    """What was reckoned of these deadlines, which the caller has found in the person's scope; one statement."""
    if not deadline_ids:
        return {}
    query = (
        select(DeadlineForecast)
        .join(Deadline, Deadline.id == DeadlineForecast.deadline_id)
        .where(DeadlineForecast.deadline_id.in_(deadline_ids), _runs(now))
    )
    return {row.deadline_id: row for row in session.scalars(query)}


def told(reasons: list[Any], most: int = 4) -> list[tuple[bool, str]]:
    """Kept reasons as (raises the risk, sentence)."""
    return [(weight > 0, sentence) for _, weight, sentence in reasons[:most]]


def newest(session: Session) -> ForecastVersion | None:
    """The version in use."""
    return session.scalars(select(ForecastVersion).order_by(ForecastVersion.number.desc()).limit(1)).first()


def versions(session: Session, most: int = 12) -> list[ForecastVersion]:
    """The last versions, newest first."""
    return list(session.scalars(select(ForecastVersion).order_by(ForecastVersion.number.desc()).limit(most)))


def tested(version: ForecastVersion) -> Backtest | None:
    """The back-test that was made when the version was fitted."""
    return backtest_from(version.backtest) if version.backtest else None


def needs_fit(session: Session, now: datetime) -> bool:
    """Whether this month has no version yet."""
    found = newest(session)
    today = local_date(now)
    return found is None or local_date(found.fitted_at).replace(day=1) < today.replace(day=1)


def is_due(session: Session, now: datetime) -> bool:
    """Whether today has no reckoning yet.  Where there is no version, one is tried once the first deadlines have ended."""
    last = session.scalar(select(func.max(DeadlineForecast.at)))
    return needs_fit(session, now) or last is None or local_date(last) < local_date(now)


def _runs(now: datetime) -> ColumnElement[bool]:
    """Still to be missed: what was met, voided, paused or overdue since the reckoning is no matter of risk any more."""
    return and_(
        Deadline.met_at.is_(None),
        Deadline.voided_at.is_(None),
        Deadline.paused_since.is_(None),
        Deadline.due_at > now,
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.level in LEVELS:
        found.append(_is_level(filters.level))
    if filters.unit_id is not None:
        found.append(Deadline.unit_id == filters.unit_id)
    if filters.rule:
        found.append(Deadline.rule == filters.rule)
    if filters.text:
        found.append(contains(filters.text, Deadline.subject_no, Deadline.title, Finding.title, Unit.name))
    return found


def _is_level(name: str) -> ColumnElement[bool]:
    low, high = LEVELS[name]
    return and_(DeadlineForecast.probability >= low, DeadlineForecast.probability < high)


def _joined(query: Any) -> Any:
    return (
        query.select_from(DeadlineForecast)
        .join(Deadline, Deadline.id == DeadlineForecast.deadline_id)
        .join(InspectionCase, InspectionCase.id == Deadline.case_id)
        .join(Unit, Unit.id == Deadline.unit_id)
        .outerjoin(Finding, Finding.id == Deadline.finding_id)
    )


def _rows(session: Session, found: Any) -> list[RiskRow]:
    query = _joined(select(Deadline, InspectionCase, Unit, Finding)).where(
        Deadline.id.in_([row.deadline_id for row in found])
    )
    belongings = {
        deadline.id: (deadline, case, unit, finding) for deadline, case, unit, finding in session.execute(query)
    }
    return [RiskRow(*belongings[row.deadline_id], row.probability, told(row.reasons)) for row in found]
