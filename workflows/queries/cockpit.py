"""领导驾驶舱: the state of rectification at a glance, in a handful of statements; every number has its list.

Counts through the actor's scope and derives everything when asked; nothing is stored, nobody is judged.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import Deadline, Finding, InspectionCase, Unit
from workflows.policy import Actor
from workflows.policy.indicators import conversions, month_ends
from workflows.queries import figures, overdue
from workflows.queries.figure_subjects import SUBJECTS
from workflows.queries.finding_filters import STAGES, Filters
from workflows.queries.ledger import OPEN
from workflows.workdays import Calendar, end_of_day, local_date

HEADLINES = ("told", "open", "settled", "overdue", "units", "units_zeroed", "closed_original", "closed_current")
LEVELS = (1, 2, 3, 4)
MONTHS, UNITS, LONGEST = 12, 20, 10


@dataclass(frozen=True)
class Point:
    """How many findings were told and not yet closed at the end of a day."""

    day: date
    open: int


@dataclass(frozen=True)
class HeatRow:
    """A unit's open findings by main category."""

    unit_id: int
    unit: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Of all categories."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Cockpit:
    """Everything on the page.  `late`: the numbers of the overdue monitor; `more_units`: left off the heat map."""

    numbers: Mapping[str, int]
    late: Mapping[str, int]
    funnel: Mapping[int, int]
    conversion: Mapping[int, float | None]
    burn_down: Sequence[Point]
    heat: Sequence[HeatRow]
    more_units: int
    longest: Sequence[tuple[Deadline, InspectionCase, Unit, Finding | None]]


def cockpit(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar, units: int = UNITS
) -> Cockpit:
    """The cockpit over a place and a period: eight statements, whatever the number of cases."""
    narrowed = figures.place_and_period(filters)
    within = overdue.Filters(
        city=filters.city, kind=filters.kind, round_id=filters.round_id, year=filters.year, unit_id=filters.unit_id
    )
    numbers = figures.counts(session, actor, HEADLINES, narrowed, now=now)
    reached = funnel(session, actor, narrowed)
    heat = heat_map(session, actor, narrowed)
    return Cockpit(
        numbers=numbers,
        late=overdue.numbers(session, actor, within, now=now, calendar=calendar),
        funnel=reached,
        conversion=conversions(reached),
        burn_down=burn_down(session, actor, narrowed, now=now),
        heat=heat[:units],
        more_units=max(len(heat) - units, 0),
        longest=overdue.longest(session, actor, within, now=now, most=LONGEST),
    )


def funnel(session: Session, actor: Actor, filters: Filters) -> dict[int, int]:
    """Level → how many deadlines have ever reached it (the facts level1 to level4): one statement."""
    subject = SUBJECTS["deadline"]
    wanted = figures.conditions(subject, actor, filters)
    query = subject.source(select(Deadline.level, func.count())).where(*wanted, Deadline.level >= LEVELS[0])
    highest = dict(session.execute(query.group_by(Deadline.level)).all())
    return {level: sum(number for at, number in highest.items() if at >= level) for level in LEVELS}


def burn_down(session: Session, actor: Actor, filters: Filters, *, now: datetime) -> list[Point]:
    """Open findings at the ends of the last months and now: one statement.

    A closure counts from the day of the present closure; a finding reopened since counts as open all along.
    """
    subject = SUBJECTS["case"]
    days = month_ends(local_date(now), MONTHS)
    columns: list[Any] = [
        func.count(case((_was_open(day), 1))).label(f"at{number}") for number, day in enumerate(days[:-1])
    ]
    columns.append(func.count(case((Finding.status.in_(OPEN), 1))).label("now"))
    query = subject.source(select(*columns)).join(Finding, Finding.case_id == InspectionCase.id)
    wanted = figures.conditions(subject, actor, filters)
    lasting = or_(
        Finding.status.in_(OPEN), Finding.closed_at > end_of_day(days[0])
    )  # no other was open on any of them
    row = session.execute(query.where(*wanted, Finding.status.in_(STAGES["told"]), lasting)).one()
    return [Point(day, number) for day, number in zip(days, row, strict=True)]


def heat_map(session: Session, actor: Actor, filters: Filters) -> list[HeatRow]:
    """Open findings by unit and main category, the fullest unit first: one statement."""
    subject = SUBJECTS["case"]
    main = func.substr(Finding.category, 1, 1)
    query = subject.source(select(Unit.id, Unit.name, main, func.count())).join(
        Finding, Finding.case_id == InspectionCase.id
    )
    wanted = figures.conditions(subject, actor, filters)
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    rows = session.execute(query.where(*wanted, Finding.status.in_(OPEN)).group_by(Unit.id, Unit.name, main))
    for unit_id, unit, category, number in rows:
        found[unit_id, unit][category] = number
    heat = [HeatRow(unit_id, unit, counts) for (unit_id, unit), counts in found.items()]
    return sorted(heat, key=lambda row: (-row.total, row.unit_id))


def _was_open(day: date) -> Any:
    closed_later = Finding.closed_at > end_of_day(day)
    return and_(InspectionCase.feedback_date <= day, or_(Finding.status.in_(OPEN), closed_later))
