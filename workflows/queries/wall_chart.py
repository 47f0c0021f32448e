"""挂图作战 (S96): units × the months in which their findings fall due, each finding with its light.  Reads only.

A finding stands in the month in which it is due, a closed one in the month of its closure.  Months long past and far ahead
are one column each.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from workflows.models import Deadline, Finding, InspectionCase, Unit
from workflows.policy import Actor
from workflows.queries import lights
from workflows.queries.ledger import OPEN
from workflows.queries.scope import visible_cases
from workflows.workdays import closing_day, local_date

BEFORE, AHEAD = 3, 8
"""Months shown one by one before the present one, and after it."""
EARLIER, LATER, UNDATED = "更早", "以后", "未定"
CLOSED = ("closed", "consolidated", "archived")


@dataclass(frozen=True)
class Mark:
    """A finding on the wall: its number and title, its light, and the day it stands for."""

    finding_no: str
    title: str
    light: str
    day: date | None


@dataclass(frozen=True)
class Line:
    """A unit: its marks by column, the open ones counted."""

    unit: str
    marks: Mapping[str, Sequence[Mark]]
    open: int


@dataclass(frozen=True)
class Chart:
    """The wall: columns in order, the units with most red first, and how many show which light."""

    columns: Sequence[str]
    lines: Sequence[Line]
    lights: Mapping[str, int]


def wall_chart(
    session: Session, actor: Actor, *, now: datetime, round_id: int | None = None, with_closed: bool = False
) -> Chart:
    """The findings fed back in the cases the person sees; one statement."""
    shown = (*OPEN, *CLOSED) if with_closed else OPEN
    query = (
        select(Finding, Unit.name, Deadline)
        .join(InspectionCase, Finding.case_id == InspectionCase.id)
        .join(Unit, InspectionCase.unit_id == Unit.id)
        .outerjoin(Deadline, and_(Deadline.finding_id == Finding.id, lights.latest_of_findings()))
        .where(visible_cases(actor), Finding.status.in_(shown))
        .order_by(Finding.finding_no)
    )
    if round_id is not None:
        query = query.where(InspectionCase.round_id == round_id)
    months = _months(local_date(now))
    marks: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for finding, unit, deadline in session.execute(query):
        day = _day(finding, deadline)
        light = lights.finding_light(finding.status, deadline, now)
        marks[unit][_column(day, months)].append(Mark(finding.finding_no, finding.title, light, day))
    used = {column for row in marks.values() for column in row}
    columns = [name for name in (EARLIER, *months, LATER, UNDATED) if name in used or name in months]
    lines = [_line(unit, row) for unit, row in marks.items()]
    lines.sort(key=lambda line: (-_red(line), -line.open, line.unit))
    return Chart(columns, lines, Counter(mark.light for line in lines for mark in _all(line)))


def _months(today: date) -> list[str]:
    first = today.year * 12 + today.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(first - BEFORE, first + AHEAD + 1)]


def _day(finding: Finding, deadline: Deadline | None) -> date | None:
    if finding.status in CLOSED and finding.closed_at:
        return local_date(finding.closed_at)
    return closing_day(deadline.due_at) if deadline else None


def _column(day: date | None, months: Sequence[str]) -> str:
    if day is None:
        return UNDATED
    name = f"{day.year}-{day.month:02}"
    return EARLIER if name < months[0] else LATER if name > months[-1] else name


def _line(unit: str, marks: Mapping[str, Sequence[Mark]]) -> Line:
    return Line(unit, marks, sum(mark.light != "closed" for row in marks.values() for mark in row))


def _all(line: Line) -> list[Mark]:
    return [mark for row in line.marks.values() for mark in row]


def _red(line: Line) -> int:
    return sum(mark.light == "red" for mark in _all(line))
