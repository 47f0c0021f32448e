"""指标读数: the value of every indicator of the catalogue over a place and a period, with the counts it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflows.policy import Actor
from workflows.policy.indicators import percent
from workflows.queries import accountability_statistics, figures, overdue, workload
from workflows.queries.figure_facts import FACTS
from workflows.queries.finding_filters import Filters
from workflows.queries.kpi_catalogue import INDICATORS, Indicator
from workflows.queries.kpi_measures import Asked, measures
from workflows.workdays import Calendar

ELSEWHERE = ("unattended", "accountable", "handling")
"""Parts that have a page and a count of their own."""


@dataclass(frozen=True)
class Reading:
    """An indicator with its value; `part` and `whole` are the counts, None where it has none."""

    indicator: Indicator
    value: float | None
    part: int | None = None
    whole: int | None = None


def readings(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar
) -> Sequence[Reading]:
    """Every indicator the person is told of, in the order of the catalogue."""
    narrowed = figures.place_and_period(filters)
    names = {name for row in INDICATORS for name in (row.part, row.whole, row.sample) if name in FACTS}
    told = {name for name in names if figures.is_told(actor, name)}
    counts = dict(figures.counts(session, actor, sorted(told), narrowed, now=now))
    values = measures(Asked(session, actor, narrowed, now))
    found = [_reading(row, counts, values) for row in INDICATORS if row.part not in ELSEWHERE]
    shown = {row.indicator.code: row for row in found if row is not None}
    shown |= _elsewhere(session, actor, narrowed, now=now, calendar=calendar)
    return [shown[row.code] for row in INDICATORS if row.code in shown]


def _reading(row: Indicator, counts: Mapping[str, int], values: Mapping[str, float | None]) -> Reading | None:
    """None for an indicator of which the person is not told."""
    if row.sample:
        return Reading(row, values[row.code], whole=counts[row.sample]) if row.sample in counts else None
    if row.part not in counts:
        return None
    if not row.whole:
        return Reading(row, counts[row.part], part=counts[row.part])
    return Reading(row, percent(counts[row.part], counts[row.whole]), counts[row.part], counts[row.whole])


def _elsewhere(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar
) -> Mapping[str, Reading]:
    rows = {row.part: row for row in INDICATORS if row.part in ELSEWHERE}
    within = overdue.Filters(
        city=filters.city, kind=filters.kind, round_id=filters.round_id, year=filters.year, unit_id=filters.unit_id
    )
    unattended = overdue.numbers(session, actor, within, now=now, calendar=calendar)["unattended"]
    hours, done = workload.handling(session, actor, filters, now=now)
    found = {
        "unattended": Reading(rows["unattended"], unattended, part=unattended),
        "handling": Reading(rows["handling"], hours, whole=done),
    }
    if actor.has_role(*accountability_statistics.STATISTICS_READERS):
        persons = accountability_statistics.statistics(session, actor, filters, since=None, until=None)
        found["accountable"] = Reading(rows["accountable"], len(persons.rows), part=len(persons.rows))
    return {reading.indicator.code: reading for reading in found.values()}
