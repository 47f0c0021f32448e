"""退回 to an earlier step, and 撤回 of what one has handed in, while nothing forbids it.

Both withdraw the present step, whose deadlines are voided, and open the earlier one again with its answer as a draft.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work, lent
from workflows.commands.stepping import advance
from workflows.commands.tasks import (
    AlreadyDone,
    CannotReturn,
    StalePage,
    locked_task,
    record_act,
    require_open,
)
from workflows.models import Comment, Draft, Task
from workflows.operations import repeatable_operations
from workflows.operations.context import Context
from workflows.policy import Actor, NotAllowed, require_candidate, require_worker
from workflows.queries.people import actor_of
from workflows.queries.task_facts import facts_of
from workflows.queries.ways_back import take_back_way, ways_back
from workflows.records import notices
from workflows.refusal import Refusal


@lent
def go_back_task(
    work: Work,
    *,
    task_id: int,
    element: str,
    reason: str,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Task:
    """退回 to the earlier step `element`, with a reason; returns that step as it is open again.

    Raises CannotReturn with the sentence that says what forbids it, NotAllowed, AlreadyDone, StalePage.
    """
    if not reason.strip():
        raise Refusal("退回须说明理由。", rule="reason_required")
    task = locked_task(work.session, task_id)
    require_open(work.session, task)
    facts = facts_of(work.session, task)
    actor = require_worker(actor, facts)
    if task.owner_id is not None:
        raise NotAllowed(f"“{task.title}”正在委托办理，受托人不能退回流程。", rule="delegated")
    if seen_version is not None and seen_version != task.version:
        raise StalePage(f"“{task.title}”在您打开页面之后已有变动，请核对最新内容后再退回。")
    known = ways_back(work.session, work.engine, task, repeatable_operations())
    way = next((each for each in known if each.element == element), None)
    if way is None:
        raise CannotReturn("所选环节不是本流程已办的环节，不能退回。")
    if way.refusal:
        raise CannotReturn(way.refusal)
    fresh = _reopened(work, task, element, actor, now)
    work.session.add(
        Comment(
            task_id=fresh.id,
            case_id=fresh.case_id,
            text=f"退回意见：{reason.strip()}"[:2000],
            by_id=actor.user_id,
            at=now,
        )
    )
    summary = f"将“{task.title}”退回到“{fresh.title}”"
    record_act(work.session, task, "go_back_task", summary, actor, now, reason=reason.strip(), to=element)
    _tell(work.session, fresh, f"“{fresh.title}”被退回", f"{actor.name}{summary}，理由：{reason.strip()}", now)
    return fresh


@lent
def take_back_task(work: Work, *, task_id: int, actor: Actor, now: datetime) -> Task:
    """撤回: the completer takes back what he handed in while the next step is untouched; his answer is a draft again."""
    task = locked_task(work.session, task_id)
    if task.status != "done" or task.kind != "step":
        raise AlreadyDone(f"“{task.title}”没有提交，或已经撤回。")
    if task.done_by_id != actor.user_id:
        raise NotAllowed("只有提交人本人可以撤回。", rule="take_back")
    following, refusal = take_back_way(work.session, work.engine, task, repeatable_operations())
    if following is None:
        raise CannotReturn(refusal)
    fresh = _reopened(work, following, task.element, actor, now)
    task.status = "withdrawn"
    record_act(work.session, task, "take_back_task", f"撤回已提交的“{task.title}”", actor, now)
    return fresh


def _reopened(work: Work, task: Task, element: str, actor: Actor, now: datetime) -> Task:
    """The instance goes back from `task`; the step that is open again, in the hands of who did it, if he still may."""
    session, instance = work.session, task.instance
    earlier = session.scalars(
        select(Task)
        .where(Task.instance_id == instance.id, Task.element == element, Task.kind == "step", Task.status == "done")
        .order_by(Task.done_at.desc(), Task.id.desc())
    ).first()
    context = Context(session, instance, now, actor)
    task.version += 1
    advance(
        work,
        instance,
        context,
        lambda: work.engine.go_back(
            instance.model_digest,
            instance.state,
            key=task.key,
            element=element,
            repeatable=repeatable_operations(),
            surroundings=context,
        ),
    )
    session.flush()
    again = select(Task).where(Task.instance_id == instance.id, Task.element == element, Task.status == "open")
    fresh = session.scalars(again.order_by(Task.id.desc())).first()
    if fresh is None:
        raise CannotReturn("退回后该环节没有重新打开，未写入任何内容。")
    if earlier is not None and earlier.done_by_id is not None:
        _give_back(session, fresh, earlier, now)
    return fresh


def _give_back(session: Session, fresh: Task, earlier: Task, now: datetime) -> None:
    """To whom did it before, with his answer as a draft, unless he may not do it any more."""
    before = actor_of(session, earlier.done_by_id or 0, now)
    if before is None:
        return
    try:
        require_candidate(before, facts_of(session, fresh))
    except NotAllowed:
        return
    fresh.assignee_id, fresh.claimed_at = before.user_id, now
    if earlier.answer:
        session.execute(delete(Draft).where(Draft.task_id == fresh.id, Draft.user_id == before.user_id))
        session.add(Draft(task_id=fresh.id, user_id=before.user_id, answer=dict(earlier.answer), saved_at=now))


def _tell(session: Session, task: Task, title: str, body: str, now: datetime) -> None:
    told = [task.assignee_id] if task.assignee_id else notices.holders(
        session, role=task.role, now=now, unit_id=task.unit_id, case_id=task.case_id
    )  # fmt: skip
    notices.notify(
        session, user_ids=[user_id for user_id in told if user_id], kind="process", title=title, body=body, now=now,
        case_id=task.case_id, finding_id=task.finding_id, task_id=task.id,
    )  # fmt: skip
