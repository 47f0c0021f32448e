"""甘特: deadlines as bars from anchor to due, on a scale on which a day off is narrow.  Reads only; draws nothing.

A row is a finding's own limit, or a limit of the case itself; the overview has one row a case.  What the picture needs
is here as days; where a day lies on the paper is `Scale`'s affair.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import Deadline, DeadlineChange, Finding, InspectionCase, InspectionRound, Unit
from workflows.policy import Actor
from workflows.queries import lights
from workflows.queries.finding_filters import STAGES, Filters, conditions, joined, shows
from workflows.queries.scope import visible_cases
from workflows.workdays import Calendar, closing_day, local_date

PAGE_SIZE = 40
ZOOMS = {"day": (14, 5), "week": (6, 2), "month": (3, 1)}
"""Width of a working day and of a day off, in pixels."""
ZOOM_WORDS = {"day": "按日", "week": "按周", "month": "按月"}
MOST_DAYS = {"day": 190, "week": 400, "month": 800}
BEFORE = {"day": 30, "week": 90, "month": 200}
"""Days shown before today, where there is anything to show."""


@dataclass(frozen=True)
class Bar:
    """One row: what it is, and its days.  `extended_to` differs from `due` where more time was given."""

    unit: str
    unit_id: int
    case_no: str
    subject_no: str
    title: str
    light: str
    begins: date
    due: date
    extended_to: date
    done: date | None
    pauses: Sequence[tuple[date, date | None]]
    deadline_id: int | None = None
    is_finding: bool = False
    number: int = 0


@dataclass(frozen=True)
class Gantt:
    """One page of rows; `total` counts all."""

    bars: Sequence[Bar]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Scale:
    """Days → pixels.  A working day is wide, a day off narrow, so lengths compare working days."""

    first: date
    edges: Sequence[int]
    off: Sequence[bool]

    @property
    def width(self) -> int:
        """Of the whole picture."""
        return self.edges[-1]

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.first + timedelta(days=len(self.off) - 1)

    def left(self, day: date) -> int:
        """Where the day begins; what lies outside is at the edge."""
        return self.edges[min(max((day - self.first).days, 0), len(self.off))]

    def right(self, day: date) -> int:
        """Where the day ends."""
        return self.left(day + timedelta(days=1))

    def day_at(self, pixel: int) -> date:
        """The day on which a pixel lies."""
        return self.first + timedelta(days=bisect_right(self.edges, pixel) - 1)

    def shades(self) -> list[tuple[int, int, date, date]]:
        """(left, width, first, last) of each run of days off."""
        found: list[tuple[int, int, date, date]] = []
        begin: int | None = None
        for number, is_off in enumerate((*self.off, False)):
            if is_off and begin is None:
                begin = number
            elif not is_off and begin is not None:
                days = self.first + timedelta(days=begin), self.first + timedelta(days=number - 1)
                found.append((self.edges[begin], self.edges[number] - self.edges[begin], *days))
                begin = None
        return found

    def months(self) -> list[tuple[int, int, str]]:
        """(left, width, name) of each month shown."""
        found: dict[str, tuple[int, int]] = {}
        for number in range(len(self.off)):
            day = self.first + timedelta(days=number)
            left, _ = found.get(f"{day:%Y-%m}", (self.edges[number], 0))
            found[f"{day:%Y-%m}"] = (left, self.edges[number + 1] - left)
        return [(left, width, name) for name, (left, width) in found.items()]

    def ticks(self) -> list[tuple[int, str]]:
        """(left, words) of the first working day of each week."""
        found, weeks = [], set()
        for number, is_off in enumerate(self.off):
            day = self.first + timedelta(days=number)
            if not is_off and (week := day.isocalendar()[:2]) not in weeks:
                weeks.add(week)
                found.append((self.edges[number], str(day.day)))
        return found


def scale(bars: Sequence[Bar], calendar: Calendar, *, now: datetime, zoom: str) -> Scale:
    """The days from the first anchor (at most `BEFORE` today) to the last due day, today always among them."""
    today = local_date(now)
    first = max(min([*(bar.begins for bar in bars), today]), today - timedelta(days=BEFORE[zoom]))
    ends = [day for bar in bars for day in (bar.due, bar.extended_to, bar.done or bar.due)]
    first -= timedelta(days=first.weekday())
    last = min(max([*ends, today + timedelta(days=14)]) + timedelta(days=7), first + timedelta(days=MOST_DAYS[zoom]))
    work, rest = ZOOMS[zoom]
    off = [not calendar.is_workday(first + timedelta(days=number)) for number in range((last - first).days + 1)]
    return Scale(first, [0, *accumulate(rest if is_off else work for is_off in off)], off)


def overview(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, page: int = 1, size: int = PAGE_SIZE
) -> Gantt:
    """A row a case: from the feedback to the last due day of its findings.  Two statements."""
    wanted = conditions(actor, filters, now)
    reds = func.count(case((shows("red", now), 1))).label("red")
    open_ = func.count(case((Finding.status.in_(STAGES["open"]), 1))).label("open")
    query = (
        joined(
            select(
                InspectionCase.case_no, InspectionCase.feedback_date, InspectionCase.zeroed_at, Unit.id, Unit.name,
                InspectionRound.name, func.min(Deadline.anchor_at), func.max(Deadline.original_due_at),
                func.max(Deadline.due_at), reds, open_, func.count(),
            )
        )
        .where(*wanted, Deadline.id.is_not(None))
        .group_by(
            InspectionCase.id, InspectionCase.case_no, InspectionCase.feedback_date, InspectionCase.zeroed_at, Unit.id,
            Unit.name, InspectionRound.name,
        )
        .order_by(reds.desc(), func.max(Deadline.due_at), InspectionCase.case_no)
    )  # fmt: skip
    total = session.scalar(
        joined(select(func.count(func.distinct(InspectionCase.id)))).where(*wanted, Deadline.id.is_not(None))
    )
    pages, page = _paged(total or 0, page, size)
    rows = session.execute(query.offset((page - 1) * size).limit(size))
    return Gantt([_case_bar(tuple(row), now) for row in rows], total or 0, page, pages)


def rows(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    case_no: str = "",
    unit_id: int | None = None,
    with_done: bool = False,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Gantt:
    """A row a limit of one case or one unit: newest of each subject and rule, the case's own before the findings'."""
    other = Deadline.__table__.alias("newer")
    newer = (
        select(func.max(other.c.seq))
        .where(other.c.subject_no == Deadline.subject_no, other.c.rule == Deadline.rule, other.c.voided_at.is_(None))
        .correlate(Deadline)
        .scalar_subquery()
    )
    wanted = [visible_cases(actor), Deadline.voided_at.is_(None), Deadline.seq == newer]
    wanted += [InspectionCase.case_no == case_no] if case_no else []
    wanted += [Deadline.unit_id == unit_id] if unit_id else []
    if not with_done:
        ended = Finding.status.in_(lights.ENDED)
        wanted += [Deadline.met_at.is_(None), or_(Deadline.finding_id.is_(None), ~ended)]
    source = (
        select(Deadline, Finding.title, Finding.status, InspectionCase.case_no, Unit.name)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .join(Unit, Deadline.unit_id == Unit.id)
        .outerjoin(Finding, Deadline.finding_id == Finding.id)
        .where(*wanted)
    )
    total = session.scalar(select(func.count()).select_from(source.with_only_columns(Deadline.id).subquery())) or 0
    pages, page = _paged(total, page, size)
    order = (InspectionCase.case_no, Deadline.finding_id.is_not(None), Deadline.subject_no, Deadline.anchor_at)
    found = session.execute(source.order_by(*order, Deadline.id).offset((page - 1) * size).limit(size)).all()
    pauses = _pauses(session, [row[0].id for row in found])
    return Gantt([_limit_bar(row, pauses, now) for row in found], total, page, pages)


def _paged(total: int, page: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-total // size))
    return pages, min(max(page, 1), pages)


def _case_bar(row: tuple[Any, ...], now: datetime) -> Bar:
    case_no, told, zeroed, unit_id, unit, round_, anchor, original, due, red, open_, number = row
    light = "red" if red else "closed" if not open_ else lights.light_of_due(due, now)
    return Bar(
        unit, unit_id, case_no, case_no, round_, light, told or local_date(anchor), closing_day(original),
        closing_day(due), local_date(zeroed) if zeroed and not open_ else None, (), number=number,
    )  # fmt: skip


def _limit_bar(row: Any, pauses: dict[int, list[tuple[date, date | None]]], now: datetime) -> Bar:
    limit, title, status, case_no, unit = row
    own = limit.finding_id is not None and limit.rule == lights.FINDING_RULE
    light = lights.finding_light(status, limit, now) if own else lights.light_of(limit, now)
    return Bar(
        unit, limit.unit_id, case_no, limit.subject_no, title if own else limit.title, light,
        local_date(limit.anchor_at), closing_day(limit.original_due_at), closing_day(limit.due_at),
        local_date(limit.met_at) if limit.met_at else None, pauses[limit.id], limit.id, limit.finding_id is not None,
    )  # fmt: skip


def _pauses(session: Session, ids: list[int]) -> dict[int, list[tuple[date, date | None]]]:
    """Deadline id → its pauses as days; one that lasts has no end."""
    query = (
        select(DeadlineChange.deadline_id, DeadlineChange.kind, DeadlineChange.at)
        .where(DeadlineChange.deadline_id.in_(ids), DeadlineChange.kind.in_(("paused", "resumed")))
        .order_by(DeadlineChange.id)
    )
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for deadline_id, kind, at in session.execute(query):
        if kind == "paused":
            found[deadline_id].append((local_date(at), None))
        elif found[deadline_id]:
            found[deadline_id][-1] = (found[deadline_id][-1][0], local_date(at))
    return found
