"""退回 and 撤回: to which earlier steps a task may go back, and whether what was handed in may be taken back.

The only question about tasks that opens a state; asked for one task at a time.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload, undefer
from sqlalchemy.orm.attributes import InstrumentedAttribute

from workflows.engine import Engine, WayBack
from workflows.models import Attachment, Comment, Draft, ProcessInstance, Task
from workflows.policy.going_back import barred


@dataclass(frozen=True)
class Way:
    """An earlier step: who did it last; `refusal` says why one cannot go back to it ("" = one can)."""

    element: str
    title: str
    done_by: str
    refusal: str


def ways_back(session: Session, engine: Engine, task: Task, repeatable: Collection[str]) -> list[Way]:
    """Every earlier step of the task's process, the latest first."""
    instance = _with_state(session, task.instance_id)
    found = engine.ways_back(instance.model_digest, instance.state, key=task.key, repeatable=repeatable)
    done = {row.element: row for row in session.scalars(_done_in(task.instance_id))} if found else {}
    ways = []
    for way in found:
        row = done.get(way.element)
        refusal = barred(way.barrier.kind, way.title, way.barrier.title) if way.barrier else ""
        ways.append(Way(way.element, way.title, row.done_by.name if row and row.done_by else "", refusal))
    return ways


def next_steps(session: Session, task: Task) -> list[Task]:
    """The steps of the same process that opened when this one was done, and after."""
    query = select(Task).where(
        Task.instance_id == task.instance_id, Task.kind == "step", Task.id > task.id, Task.opened_at >= task.done_at
    )
    return list(session.scalars(query.order_by(Task.id).options(joinedload(Task.assignee))))


def touched(session: Session, steps: Collection[Task]) -> str:
    """What has been done with the next steps already, in a sentence; "" when they are untouched."""
    for step in steps:
        if step.status != "open" or step.claimed_at is not None:
            who = step.assignee.name if step.assignee else "他人"
            return f"下一环节“{step.title}”已由{who}接办，不能撤回。"
    ids = [step.id for step in steps]
    looked: list[InstrumentedAttribute[int | None]] = [
        Draft.task_id,
        Comment.task_id,
        Attachment.task_id,
        Task.parent_id,
    ]
    query = select(*(exists().where(column.in_(ids)).label(column.key) for column in looked))
    if any(session.execute(query).one()):
        return "下一环节已有草稿、意见、附件或会签传阅，不能撤回。"
    return ""


def take_back_way(
    session: Session, engine: Engine, task: Task, repeatable: Collection[str]
) -> tuple[Task | None, str]:
    """The open step from which a finished one can be taken back; else None and why not, in a sentence."""
    if task.instance.status != "running":
        return None, "流程已经办结或中止，不能撤回。"
    steps = next_steps(session, task)
    waiting = [step for step in steps if step.status == "open"]
    if not waiting:
        return None, "后续环节已由系统办理或等待中，不能撤回。"
    if sentence := touched(session, [step for step in steps if step.status == "done"]):
        return None, sentence
    step, way = _seen_from(session, engine, task, waiting, repeatable)
    if way is None or way.barrier is not None:
        barrier = way.barrier if way else None
        sentence = barred(barrier.kind, task.title, barrier.title) if barrier else "后续环节不能退回。"
        return None, sentence.replace("退回到此环节", "撤回")
    sentence = touched(session, waiting if way.is_whole else [step])
    return (None, sentence) if sentence else (step, "")


def _seen_from(
    session: Session, engine: Engine, task: Task, waiting: list[Task], repeatable: Collection[str]
) -> tuple[Task, WayBack | None]:
    """The waiting step from which the way back to a finished one is open, else one from which it is not."""
    instance = _with_state(session, task.instance_id)
    found: tuple[Task, WayBack | None] = waiting[0], None
    for step in waiting:
        for way in engine.ways_back(instance.model_digest, instance.state, key=step.key, repeatable=repeatable):
            if way.element == task.element and (way.barrier is None or found[1] is None):
                found = step, way
    return found


def _with_state(session: Session, instance_id: int) -> ProcessInstance:
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id).options(undefer(ProcessInstance.state))
    return session.scalars(query).one()


def _done_in(instance_id: int) -> Select[Task]:
    return (
        select(Task)
        .where(Task.instance_id == instance_id, Task.kind == "step", Task.status == "done")
        .order_by(Task.done_at, Task.id)
        .options(joinedload(Task.done_by))
    )
