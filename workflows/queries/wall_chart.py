"""挂图作战 (S96): units by city × the months in which their findings fall due, each finding with its light.  Reads only.

A finding stands in the month in which it is due, a closed one in the month of its closure.  Months long past and far
ahead are one column each.  The counts are taken over all units; the findings themselves only for the units of a page.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from workflows.models import Deadline, Finding, InspectionCase, Unit
from workflows.policy import Actor
from workflows.queries.finding_filters import CLOSED, REGION, Filters, conditions, joined, shows
from workflows.queries.ledger import OPEN
from workflows.queries.scope import visible_cases
from workflows.workdays import closing_day, local_date

BEFORE, AHEAD = 3, 8
"""Months shown one by one before the present one, and after it."""
EARLIER, LATER, UNDATED = "更早", "以后", "未定"
LIGHTS = ("red", "yellow", "green", "none", "closed")
REGION_NAME = "区直单位"
PAGE_SIZE = 40  # units


@dataclass(frozen=True)
class Mark:
    """A finding on the wall: its number and title, its light, and the day it stands for."""

    finding_no: str
    title: str
    light: str
    day: date | None


@dataclass(frozen=True)
class Line:
    """A unit: its marks by column, how many of its findings show which light, and how many are not closed."""

    unit_id: int
    code: str
    unit: str
    city_id: int
    marks: Mapping[str, Sequence[Mark]]
    lights: Mapping[str, int]
    open: int


@dataclass(frozen=True)
class Group:
    """A city (REGION: the region's own units) with the lines of this page, and its numbers over all pages."""

    city_id: int
    name: str
    units: int
    open: int
    red: int
    lines: Sequence[Line]


@dataclass(frozen=True)
class Chart:
    """One page of the wall; `lights`, `units` and `findings` count over all pages."""

    columns: Sequence[str]
    groups: Sequence[Group]
    lights: Mapping[str, int]
    units: int
    page: int
    pages: int

    @property
    def lines(self) -> list[Line]:
        """The units of this page."""
        return [line for group in self.groups for line in group.lines]


def wall_chart(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, page: int = 1, size: int = PAGE_SIZE
) -> Chart:
    """The findings of the filters in the cases the person sees; two statements, whatever their number."""
    rows = _counted(session, actor, filters, now)
    pages = max(1, -(-len(rows) // size))
    page = min(max(page, 1), pages)
    here = rows[(page - 1) * size : page * size]
    months = _months(local_date(now))
    marks = _marks(session, actor, filters, [row.unit_id for row in here], months, now)
    lines = [_line(row, marks[row.unit_id]) for row in here]
    used = {column for row in marks.values() for column in row}
    columns = [name for name in (EARLIER, *months, LATER, UNDATED) if name in used or name in months]
    counts = {light: sum(getattr(row, light) for row in rows) for light in LIGHTS}
    return Chart(columns, _groups(rows, lines), counts, len(rows), page, pages)


def kinds(session: Session, actor: Actor) -> list[str]:
    """The kinds of unit of which the person sees a case."""
    seen = select(InspectionCase.unit_id).where(visible_cases(actor))
    return list(session.scalars(select(Unit.kind).where(Unit.id.in_(seen)).distinct().order_by(Unit.kind)))


def _counted(session: Session, actor: Actor, filters: Filters, now: datetime) -> list[Any]:
    """A row a unit with its numbers: the region's own units first, then city by city; most red first."""
    city = aliased(Unit)
    at = case((Unit.city_id.is_not(None), Unit.city_id), (Unit.kind == "prefecture_city", Unit.id), else_=REGION)
    counts = [func.count(case((shows(light, now), 1))).label(light) for light in LIGHTS]
    counts.append(func.count(case((Finding.status.in_(OPEN), 1))).label("open"))
    named = (Unit.id.label("unit_id"), Unit.code, Unit.name, at.label("city_id"))
    query = (
        joined(select(*named, func.coalesce(city.name, Unit.name).label("city_name"), *counts))
        .outerjoin(city, Unit.city_id == city.id)
        .where(*conditions(actor, filters, now))
        .group_by(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.city_id, city.name)
    )
    rows = list(session.execute(query))
    rows.sort(key=lambda row: (row.city_id, -row.red, -row.open, row.name))
    return rows


def _marks(
    session: Session, actor: Actor, filters: Filters, units: Collection[int], months: Sequence[str], now: datetime
) -> dict[int, dict[str, list[Mark]]]:
    """Unit id → column → its marks by day."""
    query = (
        joined(
            select(
                Unit.id, Finding.finding_no, Finding.title, Finding.status, Finding.closed_at, Deadline.due_at,
                case(*((shows(light, now), light) for light in LIGHTS), else_="none").label("light"),
            )
        )
        .where(*conditions(actor, filters, now), Unit.id.in_(units))
        .order_by(func.coalesce(Deadline.due_at, Finding.closed_at), Finding.finding_no)
    )  # fmt: skip
    found: dict[int, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for unit_id, number, title, status, closed_at, due_at, light in session.execute(query):
        day = local_date(closed_at) if status in CLOSED and closed_at else closing_day(due_at) if due_at else None
        found[unit_id][_column(day, months)].append(Mark(number, title, light, day))
    return found


def _line(row: Any, marks: Mapping[str, Sequence[Mark]]) -> Line:
    counts = {light: getattr(row, light) for light in LIGHTS}
    return Line(row.unit_id, row.code, row.name, row.city_id, marks, counts, row.open)


def _groups(rows: Sequence[Any], lines: Sequence[Line]) -> list[Group]:
    """The lines by city, with what the whole city has."""
    found = []
    for city_id in dict.fromkeys(line.city_id for line in lines):
        all_ = [row for row in rows if row.city_id == city_id]
        name = REGION_NAME if city_id == REGION else all_[0].city_name
        own = [row for row in all_ if row.unit_id == city_id]
        found.append(
            Group(
                city_id, own[0].name if own else name, len(all_),
                sum(row.open for row in all_), sum(row.red for row in all_),
                [line for line in lines if line.city_id == city_id],
            )
        )  # fmt: skip
    return found


def _months(today: date) -> list[str]:
    first = today.year * 12 + today.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(first - BEFORE, first + AHEAD + 1)]


def _column(day: date | None, months: Sequence[str]) -> str:
    if day is None:
        return UNDATED
    name = f"{day.year}-{day.month:02}"
    return EARLIER if name < months[0] else LATER if name > months[-1] else name
