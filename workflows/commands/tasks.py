"""What a person does with a task: claim, release, complete, return, reassign, comment, keep a draft."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer, with_expression
from sqlalchemy.orm.attributes import set_committed_value

from workflows.commands import sealed_text
from workflows.commands.desk import Work, lent
from workflows.commands.stepping import advance, locked_instance_of, meet_task_deadline
from workflows.engine import gates
from workflows.forms import Form, choices
from workflows.models import Comment, Deadline, Draft, Finding, InspectionCase, Participation, Task, User
from workflows.operations.context import Context
from workflows.policy import (
    Actor,
    NotAllowed,
    TaskFacts,
    may_reassign,
    require_candidate,
    require_completable,
    require_worker,
)
from workflows.queries import task_form
from workflows.queries.people import actor_of
from workflows.queries.task_facts import facts_of, note_played, round_no, subject_no
from workflows.records import history
from workflows.refusal import Refusal

DECISIVE = (Task.case, Task.unit, Task.done_by, Task.finding, Task.deadline)  # rows that decide over a task
REASON_FIELDS = ("reason", "comment")


class AlreadyDone(Refusal):
    """Somebody, or the clock, was here first."""

    rule = "already_done"


class StalePage(Refusal):
    """The page that was submitted is older than the task."""

    rule = "stale_page"


class CannotReturn(Refusal):
    """The diagram has no way back from this task."""

    rule = "no_return"


@lent
def claim_task(work: Work, *, task_id: int, actor: Actor, now: datetime) -> None:
    """签收: the person takes the task; nobody else can complete it until it is released."""
    task = locked_task(work.session, task_id)
    require_open(work.session, task)
    actor = require_worker(actor, facts_of(work.session, task))
    task.assignee_id, task.claimed_at = actor.user_id, now
    task.version += 1
    touch(work.session, task, now)
    record_act(work.session, task, "claim_task", f"签收“{task.title}”", actor, now)


@lent
def release_task(work: Work, *, task_id: int, actor: Actor, now: datetime) -> None:
    """取消签收: the task goes back to everybody who may take it."""
    task = locked_task(work.session, task_id)
    require_open(work.session, task)
    if task.assignee_id != actor.user_id:
        raise NotAllowed("只有签收人本人可以取消签收。", rule="claim")
    task.assignee_id = task.claimed_at = None
    task.version += 1
    record_act(work.session, task, "release_task", f"取消签收“{task.title}”", actor, now)


@lent
def complete_task(
    work: Work,
    *,
    task_id: int,
    answer: dict[str, Any],
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
    seen_version: int | None = None,
) -> Task:
    """办理: checks the answer, advances the diagram and writes everything down in the caller's transaction.

    `request_id` makes a repeated request harmless: the same one on the same finished task gives the same result.
    Raises AlreadyDone (with the winner's name), StalePage, NotAllowed, InvalidForm, or the refusal of an operation.
    """
    task = locked_task(work.session, task_id)
    if task.status == "done" and request_id and task.request_id == request_id and task.done_by_id == actor.user_id:
        return task
    require_open(work.session, task)
    facts = facts_of(work.session, task)
    actor = require_worker(actor, facts)
    require_completable(facts)
    if seen_version is not None and seen_version != task.version:
        raise StalePage(f"“{task.title}”在您打开页面之后已有变动，请核对最新内容后再提交，您填写的内容已保留。")
    form = form_of(work, task)
    answer = accepted(work, task, form, answer, now)

    instance = task.instance
    context = Context(work.session, instance, now, actor)
    meet_task_deadline(work.session, task, now)
    task.status, task.done_at, task.done_by_id = "done", now, actor.user_id
    task.answer, task.request_id = answer, request_id
    task.version += 1
    step = advance(
        work,
        instance,
        context,
        lambda: work.engine.complete(
            instance.model_digest,
            instance.state,
            key=task.key,
            answer=dict.fromkeys(form.schema["properties"]) | answer,  # a field left empty is None in the diagram
            surroundings=context,
        ),
        done=task,
    )
    note_part(work.session, task, facts, actor, now)
    if task.has_draft:
        work.session.execute(delete(Draft).where(Draft.task_id == task.id))
    record_act(
        work.session, task, "complete_task", f"办理“{task.title}”", actor, now, answer=answer, passed=step.passed
    )
    return task


@lent
def return_task(work: Work, *, task_id: int, reason: str, actor: Actor, now: datetime) -> Task:
    """退回: completes the task with the form's own return decision; refused where the diagram has no way back."""
    task = locked_task(work.session, task_id)
    properties = form_of(work, task).schema["properties"]
    decision = next((name for name, field in properties.items() if "return" in dict(choices(field))), None)
    if decision is None:
        raise CannotReturn(f"“{task.title}”不设退回环节。")
    answer = {decision: "return"} | {name: reason for name in REASON_FIELDS if name in properties}
    return complete_task(work, task_id=task_id, answer=answer, actor=actor, now=now)


@lent
def reassign_task(work: Work, *, task_id: int, to_user_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """转办, with a reason: the receiver must be a candidate; four-eyes and recusal bind him too."""
    if not reason.strip():
        raise Refusal("转办须说明理由。", rule="reason_required")
    session = work.session
    task = locked_task(session, task_id)
    require_open(session, task)
    facts = facts_of(session, task)
    if not may_reassign(actor, facts):
        raise NotAllowed(f"您没有转办“{task.title}”的权限。", rule="reassign")
    receiver = session.get_one(User, to_user_id)
    candidate = actor_of(session, receiver.id, now)
    if candidate is None:
        raise NotAllowed(f"不能转办给{receiver.name}：该账号已停用。", rule="inactive")
    try:
        require_candidate(candidate, facts)
    except NotAllowed as no:
        raise NotAllowed(f"不能转办给{receiver.name}：{in_third_person(str(no))}", rule=no.rule) from no
    task.assignee_id, task.claimed_at = receiver.id, now
    task.version += 1
    touch(session, task, now)
    record_act(session, task, "reassign_task", f"将“{task.title}”转办给{receiver.name}", actor, now, reason=reason)


@lent
def comment_on_task(work: Work, *, task_id: int, text: str, actor: Actor, now: datetime) -> None:
    """意见: a remark on a task that the actor may see (the caller has found it through his scope)."""
    if not text.strip():
        raise Refusal("意见内容不能为空。", rule="text_required")
    task = work.session.get_one(Task, task_id)
    work.session.add(
        Comment(task_id=task.id, case_id=task.case_id, text=text.strip()[:2000], by_id=actor.user_id, at=now)
    )
    touch(work.session, task, now)
    record_act(work.session, task, "comment_on_task", f"对“{task.title}”发表意见", actor, now)


@lent
def save_draft(work: Work, *, task_id: int, answer: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Keeps what has been typed; no history, no step.  Anybody who may work the task has a draft of his own."""
    gates.check_answer_data(answer)
    session = work.session
    task = session.get_one(Task, task_id)
    answer = sealed_text.sealed_draft(form_of(work, task), answer, work.sealer)
    require_open(session, task)
    require_worker(actor, facts_of(session, task))
    draft = session.scalar(select(Draft).where(Draft.task_id == task_id, Draft.user_id == actor.user_id))
    if draft is None:
        draft = Draft(task_id=task_id, user_id=actor.user_id, answer=answer, saved_at=now)
        session.add(draft)
    draft.answer, draft.saved_at = answer, now


def form_of(work: Work, task: Task) -> Form:
    """The form of the task's own model version; a task without one takes an optional remark."""
    if not task.form:
        return task_form.REMARK_ONLY
    return Form.load(work.engine.files(task.instance.model_digest).files[task.form])


# Built once: putting the statement together would cost as much as asking the database.
_THE_TASK = (
    select(Task, Participation.part, Participation.user_id)
    .outerjoin(Finding, Finding.id == Task.finding_id)
    .outerjoin(
        Participation,
        and_(
            Task.id == bindparam("task_id"),
            Task.part != "",
            Participation.subject_no == func.coalesce(Finding.finding_no, bindparam("instance_key")),
            Participation.round_no == func.coalesce(Finding.round_no, 1),
        ),
    )
    .where(Task.instance_id == bindparam("instance_id"), or_(Task.id == bindparam("task_id"), Task.status == "open"))
    .options(undefer(Task.context), *(joinedload(each) for each in DECISIVE))
    .options(joinedload(Task.case).joinedload(InspectionCase.round))
    .options(with_expression(Task.has_draft, exists().where(Draft.task_id == Task.id)))
    .execution_options(populate_existing=True)
)


def locked_task(session: Session, task_id: int) -> Task:
    """Locks the task's instance, then reads the task afresh, with all that decides over it and what is open beside it."""
    instance = locked_instance_of(session, task_id)
    asked = {"task_id": task_id, "instance_id": instance.id, "instance_key": instance.key}
    rows = session.execute(_THE_TASK, asked).all()
    tasks = {task.id: task for task, _, _ in rows}
    note_played(session, tasks[task_id], [(part, user_id) for _, part, user_id in rows if part])
    set_committed_value(instance, "open_tasks", [task for task in tasks.values() if task.status == "open"])
    for task in tasks.values():
        set_committed_value(task, "instance", instance)
    return tasks[task_id]


def accepted(work: Work, task: Task, form: Form, answer: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The answer as it is kept, once the form and the gates have taken it; raises InvalidForm."""
    given, known = task_form.given(form, task.context, now), task_form.prefill(form, task.context, now)
    clear = form.accept(sealed_text.unsealed(form, answer, known, work.sealer), given=given)
    answer = sealed_text.sealed(form, clear, given, work.sealer)
    gates.check_answer_data(answer)
    return answer


def require_open(session: Session, task: Task) -> None:
    """Raises AlreadyDone with the winner's name unless the task still waits."""
    if task.status == "done":
        winner = task.done_by.name if task.done_by else "系统"
        raise AlreadyDone(f"“{task.title}”已由{winner}办理完毕。")
    if task.status != "open":
        raise AlreadyDone(f"“{task.title}”已随流程进展撤回，无需办理。")


def note_part(session: Session, task: Task, facts: TaskFacts, actor: Actor, now: datetime) -> None:
    """Whoever acts plays the task's part, and so does the absent person for whom he acts."""
    if not task.part:
        return
    session.add_all(
        Participation(subject_no=subject_no(task), round_no=round_no(task), part=task.part, user_id=user_id, at=now)
        for user_id in filter(None, (actor.user_id, actor.acts_for))
        if user_id not in facts.played.get(task.part, ())
    )


def touch(session: Session, task: Task, now: datetime) -> None:
    """An act on a task is an act on its deadline: the T27 alarm counts from here."""
    if task.deadline_id is not None:
        session.get_one(Deadline, task.deadline_id).last_act_at = now


def in_third_person(sentence: str) -> str:
    """A refusal to the person himself, told to somebody else."""
    return sentence.replace("您", "该同志")


def record_act(
    session: Session, task: Task, action: str, summary: str, actor: Actor, now: datetime, **details: Any
) -> None:
    """An act on a task in the history."""
    history.record(
        session,
        action=action,
        summary=summary,
        now=now,
        actor=actor,
        case_id=task.case_id,
        finding_id=task.finding_id,
        object_kind="task",
        object_id=task.id,
        details={"element": task.element, **details},
    )
