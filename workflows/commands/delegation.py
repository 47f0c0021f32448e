"""委托: a task goes to a delegate for working out; what he hands in is the owner's draft, and the owner completes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from workflows.commands.asking import named, require_unbound, tell
from workflows.commands.desk import Work, lent
from workflows.commands.tasks import (
    accepted,
    form_of,
    locked_task,
    note_part,
    record_act,
    require_open,
    touch,
)
from workflows.models import Draft, Task
from workflows.policy import Actor, NotAllowed, require_worker, supervises
from workflows.queries.task_facts import facts_of
from workflows.queries.task_people import who_may_see
from workflows.refusal import Refusal


@lent
def delegate_task(work: Work, *, task_id: int, to_user_id: int, reason: str, actor: Actor, now: datetime) -> Task:
    """委托 to somebody who may see the task; recusal and four eyes bind him.  The task stays the owner's."""
    session = work.session
    task = locked_task(session, task_id)
    require_open(session, task)
    facts = facts_of(session, task)
    actor = require_worker(actor, facts)
    if task.kind != "step" or task.owner_id is not None:
        raise NotAllowed(f"“{task.title}”不能再委托他人办理。", rule="delegated")
    if to_user_id == actor.user_id:
        raise Refusal("不能委托给本人。", rule="receiver_required")
    if not reason.strip():
        raise Refusal("委托办理须写明要求。", rule="reason_required")
    delegate = named(who_may_see(session, task, now), to_user_id, "委托其办理")
    require_unbound(session, delegate, facts, "委托给", now)
    task.owner_id, task.assignee_id, task.claimed_at = actor.user_id, delegate.id, now
    task.version += 1
    touch(session, task, now)
    record_act(
        session, task, "delegate_task", f"将“{task.title}”委托{delegate.name}办理", actor, now, reason=reason.strip()
    )
    tell(session, [delegate.id], task, f"{actor.name}委托您办理“{task.title}”", reason.strip(), now, "process")
    return task


@lent
def hand_back_task(work: Work, *, task_id: int, answer: dict[str, Any], actor: Actor, now: datetime) -> Task:
    """The delegate is done: his answer, checked as at completion, is the owner's draft, and the task the owner's again."""
    session = work.session
    task = locked_task(session, task_id)
    require_open(session, task)
    if task.owner_id is None or task.assignee_id != actor.user_id:
        raise NotAllowed(f"“{task.title}”没有委托您办理，或已收回。", rule="delegated")
    facts = facts_of(session, task)
    actor = require_worker(actor, facts)
    given = accepted(work, task, form_of(work, task), answer, now)
    owner_id = task.owner_id
    session.execute(delete(Draft).where(Draft.task_id == task.id, Draft.user_id.in_((owner_id, actor.user_id))))
    session.add(Draft(task_id=task.id, user_id=owner_id, answer=given, saved_at=now))
    _return(task, now)
    note_part(session, task, facts, actor, now)
    touch(session, task, now)
    record_act(session, task, "hand_back_task", f"受托办理“{task.title}”，提交委托人核定", actor, now, answer=given)
    tell(session, [owner_id], task, f"“{task.title}”受托人已办理，请核定", "", now, "process")
    return task


@lent
def recall_task(work: Work, *, task_id: int, actor: Actor, now: datetime) -> Task:
    """收回委托, by the owner, or by whoever oversees the work; what the delegate has typed stays his draft."""
    session = work.session
    task = locked_task(session, task_id)
    require_open(session, task)
    facts = facts_of(session, task)
    if task.owner_id is None:
        raise NotAllowed(f"“{task.title}”没有委托他人办理。", rule="delegated")
    if actor.user_id != task.owner_id and not supervises(actor, facts):
        raise NotAllowed("只有委托人本人或上级可以收回委托。", rule="delegated")
    delegate_id = task.assignee_id
    _return(task, now)
    record_act(session, task, "recall_task", f"收回“{task.title}”的委托", actor, now)
    tell(session, [delegate_id] if delegate_id else [], task, f"“{task.title}”的委托已收回", "", now, "process")
    return task


def _return(task: Task, now: datetime) -> None:
    task.assignee_id, task.owner_id, task.claimed_at = task.owner_id, None, now
    task.version += 1
