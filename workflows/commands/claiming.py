"""领取下一件: the most urgent task that the person may take, taken in one act; ten at once never get the same."""

from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from workflows.commands.desk import Work, lent
from workflows.commands.tasks import claim_task, locked_task
from workflows.database import savepoint
from workflows.models import Deadline, ProcessInstance, Snooze, Task
from workflows.policy import Actor, NotAllowed, require_worker
from workflows.queries.scope import claimable_tasks
from workflows.queries.task_facts import facts_of
from workflows.queries.task_lists import due_moment

LOOKED_AT = 100  # candidates, the most urgent first


class _LetGo(Exception):
    """The task is not to be had, or not now: its process is given back."""


@lent
def claim_next(work: Work, *, actor: Actor, now: datetime, process_id: str = "") -> Task | None:
    """Claims the overdue first, then by priority and due moment; None when there is nothing the person may take.

    A process in somebody else's hands at this very moment is passed over; only when nothing else is left it is waited for.
    """
    busy: list[Task] = []
    for task in _candidates(work.session, actor, now, process_id):
        if not _may_take(work.session, task, actor):
            continue
        if _is_taken(work, task, actor, now, waits=False, busy=busy):
            return task
    return next((task for task in busy if _is_taken(work, task, actor, now, waits=True, busy=[])), None)


def _candidates(session: Session, actor: Actor, now: datetime, process_id: str) -> list[Task]:
    snoozed = select(Snooze.task_id).where(Snooze.user_id == actor.user_id, Snooze.until > now)
    query = (
        select(Task)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(claimable_tasks(actor), Task.id.not_in(snoozed))
        .options(joinedload(Task.case), joinedload(Task.unit), joinedload(Task.finding), joinedload(Task.instance))
        .order_by(case((due_moment <= now, 0), else_=1), Task.priority.desc(), due_moment, Task.id)
        .limit(LOOKED_AT)
    )
    return list(session.scalars(query.where(Task.process_id == process_id) if process_id else query))


def _may_take(session: Session, task: Task, actor: Actor) -> bool:
    try:
        require_worker(actor, facts_of(session, task))
    except NotAllowed:
        return False
    return True


def _is_taken(work: Work, task: Task, actor: Actor, now: datetime, *, waits: bool, busy: list[Task]) -> bool:
    """Takes the task, if its process is free (or after waiting for it) and nobody has taken it meanwhile.

    If not, it lets go of the lock: whoever waited for one process with another still in his hand could wait for ever.
    """
    try:
        with savepoint(work.session):
            if not waits and not _is_free(work.session, task.instance_id):
                busy.append(task)
                raise _LetGo
            fresh = locked_task(work.session, task.id)
            if fresh.status != "open" or fresh.assignee_id is not None:
                raise _LetGo
            claim_task(work, task_id=fresh.id, actor=actor, now=now)
    except _LetGo:
        return False
    return True


def _is_free(session: Session, instance_id: int) -> bool:
    """Whether nobody else is at work on the process now; if so, it is ours until the end of the attempt."""
    query = select(ProcessInstance.id).where(ProcessInstance.id == instance_id).with_for_update(skip_locked=True)
    return session.scalar(query) is not None
