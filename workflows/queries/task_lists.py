"""What a list of tasks may be asked for: filters, orders and groups, as the address of the inbox spells them.

Knows the columns of a task and the rows around it, not who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal

from workflows.database import UtcDateTime
from workflows.models import Deadline, Finding, InspectionCase, Task, Unit
from workflows.queries.paging import LATEST, PAGE_SIZE, Order
from workflows.queries.search import Asked, found_in
from workflows.workdays import end_of_day, local_date

TABS = ("todo", "claimable", "started", "watched", "done")
WHENS = ("overdue", "today", "week", "marked")
GROUPS = ("case", "unit", "process")
MOST_KEYS = 3
due_moment = func.coalesce(Deadline.due_at, Task.due_at, literal(LATEST, UtcDateTime))


@dataclass(frozen=True)
class Filters:
    """What the address of the inbox asks for.

    `sort` names columns, most important first, each with its own direction: "unit", "unit.up,due.down".
    `group` puts the rows of one case, unit or process together, before any of that.
    """

    tab: str = "todo"
    text: str = ""
    case_no: str = ""
    unit_id: int | None = None
    process: str = ""
    when: str = ""
    unclaimed: bool = False
    snoozed: bool = False
    sort: str = "due"
    descending: bool | None = None
    group: str = ""
    after: str = ""
    size: int = PAGE_SIZE

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab keeps rows out."""
        asked = (self.text.strip(), self.case_no, self.unit_id, self.process, self.when, self.unclaimed, self.snoozed)
        return any(asked)


@dataclass(frozen=True)
class Key:
    """One column to sort by."""

    name: str
    down: bool


ORDERS: Mapping[str, Order] = {
    "due": Order(due_moment, lambda task: due_of(task) or LATEST, "期限"),
    "opened": Order(Task.opened_at, lambda task: task.opened_at, "到达时间", descending=True),
    "done": Order(Task.done_at, lambda task: task.done_at, "办理时间", descending=True),
    "title": Order(Task.title, lambda task: task.title, "事项"),
    "case": Order(
        func.coalesce(InspectionCase.case_no, ""), lambda task: task.case.case_no if task.case else "", "案件"
    ),
    "unit": Order(func.coalesce(Unit.name, ""), lambda task: task.unit.name if task.unit else "", "单位"),
    "process": Order(Task.process_id, lambda task: task.process_id, "流程"),
}


def due_of(task: Task) -> datetime | None:
    """When the task is due now: its deadline moves, the moment noted at its opening does not."""
    return task.deadline.due_at if task.deadline else task.due_at


def keys_of(filters: Filters) -> list[Key]:
    """The columns to sort by, the group first; a finished task has a day it was done, an open one a day it is due."""
    usual, other = ("done", "due") if filters.tab == "done" else ("due", "done")
    named = [_key(part) for part in filters.sort.split(",")]
    known = [key for key in named if key.name in ORDERS and key.name not in (other, filters.group)]
    if known and filters.descending is not None:
        known[0] = Key(known[0].name, filters.descending)
    chosen = list({key.name: key for key in reversed(known)}.values())[::-1][:MOST_KEYS]
    rest = chosen or [Key(usual, ORDERS[usual].descending)]
    return [Key(filters.group, False), *rest] if filters.group in GROUPS else rest


def spelled(keys: list[Key]) -> str:
    """Sort keys as the address spells them."""
    return ",".join(f"{key.name}.{'down' if key.down else 'up'}" for key in keys)


def resorted(keys: list[Key], name: str) -> str:
    """The order after a click on a column's heading: it leads now, what led before breaks its ties."""
    if keys and keys[0].name == name:
        return spelled([Key(name, not keys[0].down), *keys[1:]])
    return spelled([Key(name, ORDERS[name].descending), *(key for key in keys if key.name != name)][:MOST_KEYS])


def conditions(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """What the rows must fulfil, over Task joined with its deadline, case, unit and finding."""
    wanted = {
        "case": (filters.case_no, InspectionCase.case_no == filters.case_no),
        "unit": (filters.unit_id, Task.unit_id == filters.unit_id),
        "process": (filters.process, Task.process_id == filters.process),
        "unclaimed": (filters.unclaimed, Task.assignee_id.is_(None)),
    }
    found = [condition for asked, condition in wanted.values() if asked]
    if filters.text.strip():
        columns = (Task.title, InspectionCase.case_no, Finding.finding_no, Finding.title, Unit.name)
        found.append(found_in(Asked.of(filters.text), *columns, initials=[Unit.initials]))
    if filters.when in WHENS:
        found.append(is_when(filters.when, now))
    return found


def is_when(name: str, now: datetime) -> ColumnElement[bool]:
    """One of the quick choices as a condition."""
    today = local_date(now)
    return {
        "overdue": due_moment <= now,
        "today": and_(due_moment > now, due_moment <= end_of_day(today)),
        "week": and_(due_moment > now, due_moment <= end_of_day(today + timedelta(days=7))),
        "marked": Finding.watch.is_(True),
    }[name]


def _key(text: str) -> Key:
    name, _, way = text.strip().partition(".")
    usual = name in ORDERS and ORDERS[name].descending
    return Key(name, {"up": False, "down": True}.get(way, usual))
