"""我的待办: the five tabs of the inbox, their counts and one page of rows.  Reads tables only, never a state."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, raiseload, with_expression

from workflows.models import (
    Deadline,
    Draft,
    ExtensionRequest,
    Finding,
    HistoryEntry,
    InspectionCase,
    ModelVersion,
    Snooze,
    Task,
    Unit,
    User,
    Watch,
)
from workflows.policy import Actor
from workflows.queries import lights
from workflows.queries.paging import Page, fetch
from workflows.queries.scope import claimable_tasks, own_tasks, visible_tasks
from workflows.queries.task_lists import (
    ORDERS,
    TABS,
    WHENS,
    Filters,
    conditions,
    due_moment,
    due_of,
    is_when,
    keys_of,
)

__all__ = ["ORDERS", "TABS", "WHENS", "Filters", "due_of"]  # what other lists of tasks need of the inbox
MOST_AT_ONCE = 500  # tasks that one act on many may name


@dataclass(frozen=True)
class Item:
    """One row: the task, when it is due now, and its light."""

    task: Task
    due_at: datetime | None
    light: str


@dataclass(frozen=True)
class Choice:
    """A value of a filter with its words and the number of rows behind it."""

    value: str
    words: str
    count: int

    @property
    def pair(self) -> tuple[str, str]:
        return self.value, self.words


@dataclass(frozen=True)
class Inbox:
    """One page of the inbox."""

    items: list[Item]
    next: str
    counts: Mapping[str, int]
    total: int
    units: list[Choice]
    cases: list[Choice]
    processes: list[Choice]
    version: str
    newest: int
    beside: Mapping[str, Any]


@dataclass(frozen=True)
class News:
    """What has changed since a page was drawn: its version, the counters of all queues, how many tasks are newer."""

    version: str
    counts: Mapping[str, int]
    fresh: int


def light_of(task: Task, now: datetime) -> str:
    """The light of a task."""
    if task.status != "open":
        return "closed"
    return lights.light_of(task.deadline, now) if task.deadline else lights.light_of_due(task.due_at, now)


def inbox(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, beside: Sequence[ColumnElement[Any]] = ()
) -> Inbox:
    """One page of a tab, with the counts of all tabs: three statements whatever the number of tasks.

    `beside` are single values asked for along with the counts, for whoever shows them beside the list.
    """
    counts = _counts(session, actor, filters, now, beside)
    shown = shown_in(actor, filters.tab, now, snoozed=filters.snoozed)
    page = tasks(session, shown, filters, now=now, reader=actor)
    choices = _choices(session, shown)
    return Inbox(
        items=items(page, now),
        next=page.next,
        counts=counts,
        total=counts["total"],
        units=choices["unit"],
        cases=choices["case"],
        processes=choices["process"],
        version=f"{counts['todo']}.{counts['claimable']}.{counts['newest']}",
        newest=counts["newest"],
        beside=counts,
    )


def items(page: Page[Task], now: datetime) -> list[Item]:
    """The rows with their due moments and lights."""
    return [Item(task, due_of(task), light_of(task, now)) for task in page.rows]


def tasks(
    session: Session,
    condition: ColumnElement[bool],
    filters: Filters,
    *,
    now: datetime,
    reader: Actor | None = None,
) -> Page[Task]:
    """One page of the tasks of a condition; for a `reader` it is known of which he has a draft."""
    first, *others = keys_of(filters)
    query = _rows().where(condition, *conditions(filters, now))
    if reader is not None:
        own = exists().where(Draft.task_id == Task.id, Draft.user_id == reader.user_id)
        query = query.options(with_expression(Task.has_draft, own))
    return fetch(
        session, query, order=ORDERS[first.name], id_=Task.id, after=filters.after, size=filters.size,
        descending=first.down, then=[(ORDERS[key.name], key.down) for key in others],
    )  # fmt: skip


def result_ids(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, most: int = MOST_AT_ONCE
) -> list[int]:
    """全选当前结果: the numbers of the tasks that the filters leave, those due first first."""
    wanted = (shown_in(actor, filters.tab, now, snoozed=filters.snoozed), *conditions(filters, now))
    query = _joined(select(Task.id)).where(*wanted).order_by(due_moment, Task.id)
    return list(session.scalars(query.limit(most)))


def named_tasks(session: Session, actor: Actor, ids: Collection[int]) -> list[Task]:
    """The tasks of these numbers that the person may open, in the order they were named."""
    query = _rows().where(Task.id.in_(sorted(set(ids))), visible_tasks(actor))
    found = {task.id: task for task in session.scalars(query).unique()}
    return [found[number] for number in dict.fromkeys(ids) if number in found]


def waiting(session: Session, actor: Actor) -> tuple[int, int]:
    """How many tasks are the person's own and how many could be taken, and nothing else."""
    mine, free = size(in_tab(actor, "todo")), size(in_tab(actor, "claimable"))
    return session.execute(select(mine, free)).one()


def news(session: Session, actor: Actor, *, since: int, now: datetime) -> News:
    """What an open page asks again and again: one statement over the person's own queues."""
    fresh = func.count(case((Task.id > since, 1))).label("fresh")
    row = dict(session.execute(queue_sums(actor, now).add_columns(fresh)).one()._mapping)
    version = f"{row['todo']}.{row['claimable']}.{row.pop('newest')}"
    return News(version, row, row.pop("fresh"))


def queue_sums(actor: Actor, now: datetime) -> Select[*tuple[Any, ...]]:
    """One row over all that waits for the person: how much is his own, free, late, due today, and the newest number."""
    is_own = Task.assignee_id == actor.user_id
    sums = {
        "todo": is_own,
        "claimable": Task.assignee_id.is_(None),
        "overdue": and_(is_own, is_when("overdue", now)),
        "today": and_(is_own, is_when("today", now)),
    }
    columns: list[Any] = [func.count(case((condition, 1))).label(name) for name, condition in sums.items()]
    columns.append(func.coalesce(func.max(Task.id), 0).label("newest"))
    query = select(*columns).select_from(Task)
    return query.outerjoin(Deadline, Task.deadline_id == Deadline.id).where(waits_for(actor, now))


def neighbours(session: Session, actor: Actor, *, now: datetime, size: int = 20) -> list[Item]:
    """The list beside a task's form: own tasks first due first, then those one could take."""
    either = waits_for(actor, now)
    return items(tasks(session, either, Filters(size=size), now=now), now)


def next_task(session: Session, actor: Actor, *, case_id: int | None, now: datetime | None = None) -> int | None:
    """Where to go on: a task of the same case, else the most urgent own one, else the most urgent one to take.

    With `now`, what the person has put off is left out.
    """
    either = waits_for(actor, now) if now else or_(in_tab(actor, "todo"), in_tab(actor, "claimable"))
    same_case_first = [(Task.case_id == case_id).desc()] if case_id else []
    mine_first = Task.assignee_id.is_(None)
    query = select(Task.id).outerjoin(Deadline, Task.deadline_id == Deadline.id).where(either)
    return session.scalar(query.order_by(*same_case_first, mine_first, due_moment, Task.id).limit(1))


def first_task_of(session: Session, actor: Actor, instance_id: int) -> int | None:
    """The first open task of an instance that the person may open."""
    query = select(Task.id).where(Task.instance_id == instance_id, Task.status == "open", visible_tasks(actor))
    return session.scalar(query.order_by(Task.id).limit(1))


def tasks_of(session: Session, actor: Actor, instance_id: int, *, now: datetime) -> list[Item]:
    """The tasks of an instance that the person may open, newest first."""
    condition = and_(Task.instance_id == instance_id, visible_tasks(actor))
    return items(tasks(session, condition, Filters(sort="opened", size=200), now=now), now)


def _rows() -> Select[Any]:
    """Tasks with all that a row shows, and nothing that would be read later, one by one."""
    return (
        select(Task)
        .outerjoin(Task.deadline)
        .outerjoin(Deadline.forecast)
        .outerjoin(Task.case)
        .outerjoin(Task.unit)
        .outerjoin(Task.finding)
        .options(
            contains_eager(Task.deadline).load_only(
                Deadline.due_at, Deadline.met_at, Deadline.voided_at, Deadline.paused_since, Deadline.level
            ),
            contains_eager(Task.deadline).contains_eager(Deadline.forecast),
            contains_eager(Task.case).load_only(InspectionCase.case_no, InspectionCase.status),
            contains_eager(Task.unit).load_only(Unit.name, Unit.code),
            contains_eager(Task.finding).load_only(
                Finding.finding_no, Finding.title, Finding.watch, Finding.severity
            ),
            joinedload(Task.assignee).load_only(User.name),
            joinedload(Task.done_by).load_only(User.name),
            load_only(
                Task.title, Task.process_id, Task.status, Task.role, Task.lane, Task.opened_at, Task.due_at,
                Task.done_at, Task.claimed_at, Task.assignee_id, Task.priority, Task.version,
                Task.case_id, Task.finding_id, Task.unit_id, Task.deadline_id, Task.done_by_id, Task.element,
                Task.kind,
            ),
            raiseload("*"),
        )
    )  # fmt: skip


def in_tab(actor: Actor, tab: str) -> ColumnElement[bool]:
    """A condition over Task: it stands in this tab of the person's inbox."""
    match tab:
        case "claimable":
            return claimable_tasks(actor)
        case "started":
            return and_(Task.status == "open", _started_by(actor), visible_tasks(actor))
        case "watched":
            watched = select(Watch.case_id).where(Watch.user_id == actor.user_id)
            return and_(Task.status == "open", Task.case_id.in_(watched), visible_tasks(actor))
        case "done":
            return and_(Task.done_by_id == actor.user_id, Task.status == "done")
    return own_tasks(actor)


def shown_in(actor: Actor, tab: str, now: datetime, *, snoozed: bool = False) -> ColumnElement[bool]:
    """What a tab shows now: what the person has put off comes back in its own time, or when he asks for it."""
    inside = in_tab(actor, tab)
    if tab not in ("todo", "claimable"):
        return inside
    put_off = select(Snooze.task_id).where(Snooze.user_id == actor.user_id, Snooze.until > now)
    return and_(inside, Task.id.in_(put_off) if snoozed else Task.id.not_in(put_off))


def waits_for(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """A condition over Task: it waits for this person now, taken or not."""
    return or_(shown_in(actor, "todo", now), shown_in(actor, "claimable", now))


def _started_by(actor: Actor) -> ColumnElement[bool]:
    """Processes the person started by hand, and extensions the person asked for."""
    started = select(HistoryEntry.object_id).where(
        HistoryEntry.actor_id == actor.user_id,
        HistoryEntry.action == "start_process",
        HistoryEntry.object_kind == "process_instance",
    )
    asked = select(ExtensionRequest.finding_id).where(
        ExtensionRequest.requested_by_id == actor.user_id, ExtensionRequest.finding_id.is_not(None)
    )
    return or_(Task.instance_id.in_(started), and_(Task.process_id == "extension", Task.finding_id.in_(asked)))


def _counts(
    session: Session, actor: Actor, filters: Filters, now: datetime, beside: Sequence[ColumnElement[Any]]
) -> dict[str, Any]:
    """Tabs, quick choices and the filtered total in one statement that walks the open tab once."""
    queue, inside = queue_sums(actor, now).cte("queue"), _sums_of_tab(actor, filters, now)
    own = [queue.c[name] for name in ("todo", "claimable", "newest")]
    tabs = [size(shown_in(actor, name, now)).label(name) for name in ("started", "watched")]
    tabs.append(size(shown_in(actor, "todo", now, snoozed=True)).label("snoozed"))
    row = session.execute(select(*own, *tabs, *inside.c, *beside).select_from(inside.join(queue, true()))).one()
    return dict(row._mapping)


def _sums_of_tab(actor: Actor, filters: Filters, now: datetime) -> CTE:
    """One row: how many tasks of the tab each quick choice and the filters leave."""
    wanted = {name: is_when(name, now) for name in WHENS}
    wanted["unclaimed"] = Task.assignee_id.is_(None)
    wanted["total"] = and_(true(), *conditions(filters, now))
    sums = (func.count(case((condition, 1))).label(name) for name, condition in wanted.items())
    shown = shown_in(actor, filters.tab, now, snoozed=filters.snoozed)
    inside: CTE = _joined(select(*sums).select_from(Task)).where(shown).cte("inside")
    return inside


def _joined(query: Any) -> Any:
    """With the rows around a task that filters and orders look at."""
    return (
        query.outerjoin(Deadline, Task.deadline_id == Deadline.id)
        .outerjoin(InspectionCase, Task.case_id == InspectionCase.id)
        .outerjoin(Unit, Task.unit_id == Unit.id)
        .outerjoin(Finding, Task.finding_id == Finding.id)
    )


def size(condition: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(Task).where(condition).scalar_subquery()


def _choices(session: Session, tab: ColumnElement[bool]) -> dict[str, list[Choice]]:
    """What the filters offer: units, cases and processes that occur in the tab; one grouped statement."""
    title = (
        select(func.max(ModelVersion.title))
        .where(ModelVersion.process_id == Task.process_id, ModelVersion.status == "active")
        .correlate(Task)
        .scalar_subquery()
    )
    query = (
        select(Task.unit_id, Unit.name, InspectionCase.case_no, Task.process_id, title, func.count())
        .select_from(Task)
        .outerjoin(Unit, Task.unit_id == Unit.id)
        .outerjoin(InspectionCase, Task.case_id == InspectionCase.id)
        .where(tab)
        .group_by(Task.unit_id, Unit.name, InspectionCase.case_no, Task.process_id)
        .limit(2000)
    )
    sums: dict[str, dict[tuple[str, str], int]] = {"unit": {}, "case": {}, "process": {}}
    for unit_id, unit, case_no, process, words, number in session.execute(query):
        for kind, value, text in (("unit", unit_id, unit), ("case", case_no, case_no), ("process", process, words)):
            if value is not None:
                key = (str(value), str(text or value))
                sums[kind][key] = sums[kind].get(key, 0) + number
    return {
        kind: [
            Choice(value, words, number) for (value, words), number in sorted(found.items(), key=lambda it: it[0][1])
        ]
        for kind, found in sums.items()
    }
