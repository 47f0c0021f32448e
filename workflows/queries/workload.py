"""工作量: tasks by person and by queue: open, overdue, done in a period, and how long they took.  Reads only.

Only steps of processes and tasks given by hand count; the tasks are those the person may open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from workflows.models import InspectionCase, InspectionRound, Task, Unit, User
from workflows.policy import Actor
from workflows.policy.indicators import median, quantiles
from workflows.queries.finding_filters import Filters, in_city, in_year
from workflows.queries.paging import PAGE_SIZE
from workflows.queries.scope import Condition, visible_tasks

DAYS = 90
PERIODS = (7, 30, 90, 365)
STATES = {"open": "待办", "overdue": "超期待办", "done": "期内办结"}


@dataclass(frozen=True)
class Queue:
    """Which tasks: of a role, of a person (0: nobody has taken them), in one of STATES."""

    role: str = ""
    person: int | None = None
    state: str = "open"
    days: int = DAYS


@dataclass
class Load:
    """The tasks of one person or one queue.  `hours`: how long each of those done took."""

    key: Any
    name: str
    unit: str = ""
    open: int = 0
    overdue: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Done in the period."""
        return len(self.hours)

    @property
    def median(self) -> float | None:
        """Hours from taking to completion."""
        return _rounded(median(self.hours))

    @property
    def p95(self) -> float | None:
        """Hours within which nineteen of twenty were done."""
        return _rounded(quantiles(self.hours)["P95"])


@dataclass(frozen=True)
class Workload:
    """Both tables."""

    people: Sequence[Load]
    queues: Sequence[Load]


def workload(session: Session, actor: Actor, filters: Filters, *, now: datetime, days: int = DAYS) -> Workload:
    """Loads by person and by role, the fullest first: three statements."""
    people: dict[int, Load] = {}
    queues: dict[str, Load] = {}
    waiting = _tasks(
        actor, filters, Task.role, Task.assignee_id, func.count(), func.count(case((Task.due_at <= now, 1)))
    ).where(Task.status == "open")
    for role, person, number, late in session.execute(waiting.group_by(Task.role, Task.assignee_id)):
        for load in (
            queues.setdefault(role, Load(role, role)),
            people.setdefault(person or 0, Load(person or 0, "")),
        ):
            load.open += number
            load.overdue += late
    for role, person, hours in _handled(session, actor, filters, now, days):
        queues.setdefault(role, Load(role, role)).hours.append(hours)
        people.setdefault(person, Load(person, "")).hours.append(hours)
    _name(session, people)
    return Workload(_fullest(people.values()), _fullest(queues.values()))


def handling(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, days: int = DAYS
) -> tuple[float | None, int]:
    """Median hours a task took in the last days, and over how many tasks."""
    hours = [row[2] for row in _handled(session, actor, filters, now, days)]
    return _rounded(median(hours)), len(hours)


def tasks(
    session: Session, actor: Actor, filters: Filters, queue: Queue, *, now: datetime, after: int = 0
) -> tuple[Sequence[Task], int, int]:
    """The tasks behind a number, newest first: rows, the id behind which the next page begins (0: none), their number."""
    wanted = [_in_state(queue.state, now, queue.days)]
    if queue.role:
        wanted.append(Task.role == queue.role)
    if queue.person is not None:
        holder = Task.done_by_id if queue.state == "done" else Task.assignee_id
        wanted.append(holder == queue.person if queue.person else holder.is_(None))
    page = _tasks(actor, filters, Task).where(*wanted, *([Task.id < after] if after else []))
    loaded = page.options(
        joinedload(Task.assignee), joinedload(Task.done_by), joinedload(Task.unit), joinedload(Task.case)
    )
    rows = session.scalars(loaded.order_by(Task.id.desc()).limit(PAGE_SIZE + 1)).all()
    total = session.scalar(_tasks(actor, filters, func.count()).where(*wanted)) or 0
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else 0, total


def _handled(
    session: Session, actor: Actor, filters: Filters, now: datetime, days: int
) -> Sequence[tuple[str, int, float]]:
    """Role, person and hours of every task done in the period."""
    columns = (
        Task.role,
        func.coalesce(Task.done_by_id, 0),
        func.coalesce(Task.claimed_at, Task.opened_at),
        Task.done_at,
    )
    query = _tasks(actor, filters, *columns).where(_in_state("done", now, days))
    return [
        (role, person, max((done - began).total_seconds() / 3600, 0.0))
        for role, person, began, done in session.execute(query)
    ]


def _tasks(actor: Actor, filters: Filters, *columns: Any) -> Any:
    """Visible tasks with unit, case and round, narrowed to place and period."""
    query = (
        select(*columns)
        .select_from(Task)
        .outerjoin(Unit, Task.unit_id == Unit.id)
        .outerjoin(InspectionCase, Task.case_id == InspectionCase.id)
        .outerjoin(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .where(visible_tasks(actor), Task.kind.in_(("step", "ad_hoc")))
    )
    return query.where(*_place_and_period(filters))


def _place_and_period(filters: Filters) -> list[Condition]:
    found = [in_city(filters.city)] if filters.city is not None else []
    if filters.kind:
        found.append(Unit.kind == filters.kind)
    if filters.unit_id is not None:
        found.append(Task.unit_id == filters.unit_id)
    if filters.round_id is not None:
        found.append(InspectionCase.round_id == filters.round_id)
    if filters.year:
        found.append(in_year(filters.year))
    return found


def _in_state(state: str, now: datetime, days: int) -> Condition:
    if state == "done":
        since = now - timedelta(days=days)
        return and_(Task.status == "done", Task.done_at > since, Task.done_at <= now)
    waiting = Task.status == "open"
    return and_(waiting, Task.due_at <= now) if state == "overdue" else waiting


def _name(session: Session, people: Mapping[int, Load]) -> None:
    query = select(User.id, User.name, Unit.name).join(Unit, User.unit_id == Unit.id)
    for number, name, unit in session.execute(query.where(User.id.in_([each for each in people if each]))):
        people[number].name, people[number].unit = name, unit


def _fullest(loads: Any) -> list[Load]:
    return sorted(loads, key=lambda load: (-load.overdue, -load.open, -load.done, str(load.key)))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
