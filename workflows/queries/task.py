"""One task with everything its page shows: form, context, history, attachments, comments, draft."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from workflows.forms import Form
from workflows.models import (
    Attachment,
    Comment,
    Draft,
    InspectionCase,
    Task,
)
from workflows.policy import (
    Actor,
    NotAllowed,
    TaskFacts,
    may_reassign,
    require_worker,
)
from workflows.queries import history, inbox, processes, task_form
from workflows.queries.attachments import readable_attachments
from workflows.queries.scope import visible_cases, visible_tasks
from workflows.queries.task_facts import facts_of, place_of
from workflows.sealing import Sealer, is_sealed, masked


@dataclass(frozen=True)
class TaskView:
    """A task as one person sees it.  `obstacle`: why he cannot work it now ("" = he can)."""

    task: Task
    form: Form
    answer: Mapping[str, Any]
    given: Mapping[str, Any]
    shown: list[task_form.Shown]
    draft_saved_at: datetime | None
    due_at: datetime | None
    light: str
    obstacle: str
    may_claim: bool
    may_reassign: bool
    is_mine: bool
    sees_case: bool
    attachments: list[Attachment]
    comments: list[Comment]
    acts: list[history.Act]


def find(session: Session, actor: Actor, task_id: int) -> Task:
    """The task, if the person may see it; else NoResultFound, as for a number that does not exist."""
    query = (
        select(Task)
        .where(Task.id == task_id, visible_tasks(actor))
        .options(
            undefer(Task.context),
            undefer(Task.answer),
            joinedload(Task.case).joinedload(InspectionCase.round),
            joinedload(Task.finding),
            joinedload(Task.unit),
            joinedload(Task.deadline),
            joinedload(Task.assignee),
            joinedload(Task.done_by),
            joinedload(Task.owner),
            joinedload(Task.instance),
        )
    )
    return session.scalars(query).one()


def view(session: Session, actor: Actor, task_id: int, *, now: datetime, sealer: Sealer | None = None) -> TaskView:
    """Everything the page of a task shows; raises NoResultFound when the person may not see it.

    Sealed text is words in place of tokens; with `sealer`, the person's own draft is as it was typed.
    """
    task = find(session, actor, task_id)
    about = _about(session, task)
    form = form_of(session, about)
    facts = facts_of(session, task)
    whose = actor.user_id if about is task else about.assignee_id
    draft = session.scalar(select(Draft).where(Draft.task_id == about.id, Draft.user_id == whose))
    obstacle = _obstacle(actor, task, facts)
    return TaskView(
        task=task,
        form=form,
        answer=masked(dict(_answer(form, about, draft, now, sealer if about is task else None))),
        given=masked(task_form.asked(form, about.context, now)),
        shown=task_form.shown(form, about),
        draft_saved_at=draft.saved_at if draft else None,
        due_at=inbox.due_of(task),
        light=inbox.light_of(task, now),
        obstacle=obstacle,
        may_claim=task.status == "open" and task.kind == "step" and task.assignee_id is None and not obstacle,
        may_reassign=task.status == "open" and may_reassign(actor, facts),
        is_mine=task.assignee_id == actor.user_id,
        sees_case=_sees_case(session, actor, task),
        attachments=attachments_of(session, actor, task),
        comments=comments_of(session, task),
        acts=history.of_task(session, actor, task),
    )


def _about(session: Session, task: Task) -> Task:
    """Whose form is shown: a countersigner reads what is about to be handed in on the step he was asked about."""
    if task.kind != "countersign":
        return task
    query = select(Task).where(Task.id == task.parent_id).options(undefer(Task.context), undefer(Task.answer))
    return session.scalars(query.options(joinedload(Task.finding), joinedload(Task.instance))).one()


def _sees_case(session: Session, actor: Actor, task: Task) -> bool:
    """Whether the page may lead on to the case: a source of intelligence works for it without seeing it."""
    if task.case_id is None:
        return False
    query = select(InspectionCase.id).where(InspectionCase.id == task.case_id, visible_cases(actor))
    return session.scalar(query) is not None


def form_of(session: Session, task: Task) -> Form:
    """The form of the task, in the version its instance runs on; a task without one takes an optional remark."""
    if not task.form:
        return task_form.REMARK_ONLY
    return Form.load(processes.file(session, task.instance.model_digest, task.form))


def attachments_of(session: Session, actor: Actor, task: Task) -> list[Attachment]:
    """The files on the task and on its finding that the person may read, newest first."""
    mine = Attachment.task_id == task.id
    if task.finding_id is not None:
        mine = mine | (Attachment.finding_id == task.finding_id)
    query = (
        select(Attachment)
        .where(mine, readable_attachments(actor, place_of(task)))
        .order_by(Attachment.uploaded_at.desc(), Attachment.id.desc())
        .limit(200)
    )
    return list(session.scalars(query.options(joinedload(Attachment.file), joinedload(Attachment.uploaded_by))))


def comments_of(session: Session, task: Task) -> list[Comment]:
    """The comments on the task, oldest first."""
    query = select(Comment).where(Comment.task_id == task.id).order_by(Comment.at, Comment.id)
    return list(session.scalars(query.options(joinedload(Comment.by))))


def _obstacle(actor: Actor, task: Task, facts: TaskFacts) -> str:
    if task.status == "done":
        return f"本事项已由{task.done_by.name if task.done_by else '系统'}办理完毕。"
    if task.status != "open":
        return "本事项已随流程进展撤回，无需办理。"
    if task.instance.status == "incident":
        return "该流程运行异常，正在由系统管理员处理，请稍后再试。"
    try:
        require_worker(actor, facts)
    except NotAllowed as no:
        if task.assignee is None or task.assignee_id == actor.user_id:
            return str(no)
        held = {"step": "签收", "ad_hoc": "承办"}.get(task.kind, "办理")
        return f"本事项已{'委托' if task.owner_id else '由'}{task.assignee.name}{'办理' if task.owner_id else held}。"
    return ""


def _answer(form: Form, task: Task, draft: Draft | None, now: datetime, sealer: Sealer | None) -> Mapping[str, Any]:
    """What stands in the form: the answer once given, else what was being typed, else what is known already."""
    if task.answer is not None:
        return task.answer
    if draft is not None:
        return _as_typed(form, draft.answer, sealer) if sealer else draft.answer
    return task_form.prefill(form, task.context, now)


def _as_typed(form: Form, answer: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """A draft for the person who typed it, its sealed fields in clear text."""
    typed = deepcopy(dict(answer))
    for holder, column, _ in form.sealed_places(typed):
        if is_sealed(holder.get(column)):
            holder[column] = sealer.open(holder[column])
    return typed
