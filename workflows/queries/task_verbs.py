"""What one person may do with one task besides completing it, and what stands beside the task: opinions and receipts."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, undefer

from workflows.engine import Engine
from workflows.models import Snooze, Task
from workflows.policy import Actor, supervises
from workflows.queries.countersigning import Round, present_round
from workflows.queries.nudges import nudge_refusal
from workflows.queries.task import TaskView
from workflows.queries.task_facts import facts_of
from workflows.queries.ways_back import take_back_way


@dataclass(frozen=True)
class Beside:
    """`verbs` are the codes of what the person may do now; a refusal is told where the verb was to be expected.

    `parent` is the step a task asked by name belongs to, if any.
    """

    verbs: frozenset[str]
    round: Round | None = None
    readers: list[Task] = field(default_factory=list)
    snoozed_until: datetime | None = None
    parent: Task | None = None
    refusals: dict[str, str] = field(default_factory=dict)


def beside(
    session: Session, engine: Engine, actor: Actor, view: TaskView, *, repeatable: Collection[str], now: datetime
) -> Beside:
    """Everything the page of a task offers and shows beside its form."""
    task = view.task
    if task.kind != "step":
        return _of_asked(session, actor, view, now)
    children = _children(session, task.id)
    round_ = present_round(session, task.id) if any(row.kind == "countersign" for row in children) else None
    verbs = {"circulation"}
    refusals: dict[str, str] = {}
    if task.status == "open":
        verbs |= _of_open_step(session, actor, view, round_)
        _nudging(session, actor, task, now, verbs, refusals)
    elif task.status == "done" and task.done_by_id == actor.user_id:
        step, refusals["taking_back"] = take_back_way(session, engine, task, repeatable)
        verbs |= {"taking_back"} if step is not None else set()
    return Beside(
        verbs=frozenset(verbs),
        round=round_,
        readers=[row for row in children if row.kind == "circulation"],
        snoozed_until=_snoozed(session, actor, task),
        refusals={name: words for name, words in refusals.items() if words},
    )


def _of_open_step(session: Session, actor: Actor, view: TaskView, round_: Round | None) -> set[str]:
    task = view.task
    if task.owner_id is not None:
        recalls = actor.user_id == task.owner_id or supervises(actor, facts_of(session, task))
        return ({"recall"} if recalls else set()) | ({"handing_back"} if not view.obstacle else set())
    if view.obstacle:
        return set()
    done = exists().where(Task.instance_id == task.instance_id, Task.status == "done", Task.kind == "step")
    found = {"delegation", "countersigning", "snooze"}
    if session.scalar(select(done)):
        found.add("going_back")
    if round_ is not None:
        found.add("additions")
    return found


def _of_asked(session: Session, actor: Actor, view: TaskView, now: datetime) -> Beside:
    """A task that was asked of somebody by name."""
    task = view.task
    parent = session.get(Task, task.parent_id, options=[joinedload(Task.assignee)]) if task.parent_id else None
    verbs: set[str] = set()
    refusals: dict[str, str] = {}
    if task.status == "open":
        if not view.obstacle:
            verbs |= {"snooze", {"countersign": "opinion", "circulation": "receipt", "ad_hoc": "report"}[task.kind]}
        if task.kind == "ad_hoc" and task.context.get("asked_by_id") == actor.user_id:
            verbs.add("withdrawal")
        _nudging(session, actor, task, now, verbs, refusals)
    return Beside(frozenset(verbs), None, [], _snoozed(session, actor, task), parent, refusals)


def _nudging(
    session: Session, actor: Actor, task: Task, now: datetime, verbs: set[str], refusals: dict[str, str]
) -> None:
    refusal = nudge_refusal(session, actor, task, now)
    if not refusal:
        verbs.add("nudge")
    elif refusal.startswith("今天"):
        refusals["nudge"] = refusal


def _children(session: Session, task_id: int) -> list[Task]:
    query = select(Task).where(Task.parent_id == task_id, Task.status != "withdrawn").order_by(Task.id)
    return list(session.scalars(query.options(joinedload(Task.assignee), undefer(Task.answer))))


def _snoozed(session: Session, actor: Actor, task: Task) -> datetime | None:
    return session.scalar(select(Snooze.until).where(Snooze.task_id == task.id, Snooze.user_id == actor.user_id))
