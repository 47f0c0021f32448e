"""催办: who may remind of a task, and whether somebody has today."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Nudge, ProcessInstance, Task
from workflows.policy import Actor, supervises
from workflows.queries.task_facts import facts_of
from workflows.workdays import local_date


def nudge_refusal(session: Session, actor: Actor, task: Task, now: datetime) -> str:
    """Why the person may not remind of this open task now, in a sentence; "" when he may."""
    if task.status != "open":
        return "该事项已经办结或撤回，无需催办。"
    if task.assignee_id == actor.user_id:
        return "该事项由您本人承办，无需催办。"
    if not _waits_for(session, actor, task):
        return "只有流程发起人、上一环节经办人和上级可以催办。"
    today = select(Nudge).where(Nudge.task_id == task.id, Nudge.day == local_date(now)).options(joinedload(Nudge.by))
    last = session.scalar(today)
    return f"今天已由{last.by.name}催办，同一事项每天只能催办一次。" if last is not None else ""


def _waits_for(session: Session, actor: Actor, task: Task) -> bool:
    """Whoever oversees it, started its process, asked for it, or did the step before."""
    if supervises(actor, facts_of(session, task)) or task.context.get("asked_by_id") == actor.user_id:
        return True
    started = select(ProcessInstance.started_by_id).where(ProcessInstance.id == task.instance_id)
    if task.kind != "step":
        return False
    if session.scalar(started) == actor.user_id:
        return True
    before = (
        select(Task.done_by_id)
        .where(Task.instance_id == task.instance_id, Task.status == "done", Task.kind == "step", Task.id < task.id)
        .order_by(Task.done_at.desc(), Task.id.desc())
        .limit(1)
    )
    return session.scalar(before) == actor.user_id
