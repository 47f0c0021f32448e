"""One step of an instance, written down: tasks, timers, waits, messages and decisions follow the diagram."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.attributes import set_committed_value

from workflows.commands.desk import Work
from workflows.commands.guard import guarded
from workflows.engine import OpenTask, Step
from workflows.models import (
    Chain,
    Deadline,
    Decision,
    Incident,
    Message,
    MessageWait,
    ModelVersion,
    ProcessInstance,
    Task,
    Timer,
)
from workflows.operations.context import Context
from workflows.policy import Actor
from workflows.records import calendars, deadlines, history, messages, time_limits
from workflows.refusal import Refusal

SHOWN_CONTEXT_BYTES = 64_000


class InstanceStopped(Refusal):
    """The process is finished, cancelled or an incident."""

    rule = "instance_state"


_LOCKED = (
    select(ProcessInstance, calendars.newest, time_limits.newest, *history.seen_end)
    .outerjoin(Chain, history.of_instance)
    .options(undefer(ProcessInstance.state))
    .with_for_update(of=ProcessInstance)
    .execution_options(populate_existing=True)
)
_THE_INSTANCE = _LOCKED.where(ProcessInstance.id == bindparam("instance_id"))
_OF_THE_TASK = _LOCKED.where(
    ProcessInstance.id == select(Task.instance_id).where(Task.id == bindparam("task_id")).scalar_subquery()
)


def locked_instance(session: Session, instance_id: int) -> ProcessInstance:
    """The instance under its row lock, with its state: one hand at a time on each instance."""
    return _noted(session, session.execute(_THE_INSTANCE, {"instance_id": instance_id}).one())


def locked_instance_of(session: Session, task_id: int) -> ProcessInstance:
    """The instance of a task under its row lock."""
    return _noted(session, session.execute(_OF_THE_TASK, {"task_id": task_id}).one())


def _noted(session: Session, row: Sequence[Any]) -> ProcessInstance:
    """What was read beside the instance is kept for this transaction."""
    instance: ProcessInstance
    instance, calendar, limit, *chain = row
    calendars.note_newest(session, calendar)
    time_limits.note_newest(session, limit)
    history.note_seen(session, *chain)
    return instance


def require_running(instance: ProcessInstance) -> None:
    """Raises InstanceStopped unless the instance can take a step."""
    if instance.status == "incident":
        raise InstanceStopped("该流程运行异常，正在由系统管理员处理，请稍后再试。")
    if instance.status != "running":
        raise InstanceStopped("该流程已经结束，不能再办理。")


def start_instance(
    work: Work,
    *,
    model: ModelVersion,
    key: str,
    data: dict[str, Any],
    now: datetime,
    actor: Actor | None,
    message: str | None = None,
    case_id: int | None = None,
    finding_id: int | None = None,
    unit_id: int | None = None,
) -> ProcessInstance:
    """Starts one instance of a published version and writes down its first step."""
    instance = ProcessInstance(
        process_id=model.process_id,
        model_digest=model.digest,
        key=key,
        case_id=case_id,
        finding_id=finding_id,
        unit_id=unit_id,
        timer_count=0,
        wait_count=0,
        status="running",
        started_by_id=actor.user_id if actor else None,
        started_at=now,
        state=b"",
    )
    work.session.add(instance)
    work.session.flush()
    set_committed_value(instance, "open_tasks", [])
    context = Context(work.session, instance, now, actor)
    facts = _initial_facts(instance) | data
    with guarded(work.guard_dir, instance.id):
        step = work.engine.start(model.digest, data=facts, surroundings=context, message=message)
    apply_step(work, instance, step, context)
    history.record(
        work.session, action="start_process", summary=f"启动流程“{model.title}”", now=now, actor=actor,
        case_id=instance.case_id, finding_id=instance.finding_id,
        object_kind="process_instance", object_id=instance.id, details={"passed": list(step.passed)},
    )  # fmt: skip
    return instance


def advance(
    work: Work, instance: ProcessInstance, context: Context, take: Callable[[], Step], *, done: Task | None = None
) -> Step:
    """Takes one step (`take` calls the engine) behind the guard and writes it down."""
    require_running(instance)
    with guarded(work.guard_dir, instance.id):
        step = take()
    apply_step(work, instance, step, context, done=done)
    return step


def apply_step(
    work: Work, instance: ProcessInstance, step: Step, context: Context, *, done: Task | None = None
) -> None:
    """Makes the tables say what the diagram now says."""
    instance.state = step.state
    if step.finished:
        instance.status, instance.ended_at = "finished", context.now
    _follow_tasks(work.session, instance, step, context, done)
    _follow_waiting(work.session, instance, step, context.now)
    _send(work.session, instance, step, context.now)
    work.session.add_all(
        Decision(
            instance_id=instance.id,
            finding_id=instance.finding_id,
            element=record.element,
            decision=record.decision,
            model_digest=instance.model_digest,
            inputs=dict(record.inputs),
            matched=list(record.matched),
            outputs=dict(record.outputs),
            at=context.now,
        )
        for record in context.decisions
    )


def _follow_tasks(
    session: Session, instance: ProcessInstance, step: Step, context: Context, done: Task | None
) -> None:
    with session.no_autoflush:  # `done` is still open there, and is known
        known = {task.key: task for task in instance.open_tasks}
    ready = {task.key for task in step.tasks}
    gone = [task for key, task in known.items() if task.kind == "step" and key not in ready]
    closed = {task.id for task in gone}
    gone += [task for task in known.values() if task.kind == "countersign" and task.parent_id in closed]
    for task in gone:
        if task is not done:
            task.status, task.done_at = "withdrawn", context.now
            _void_deadline(session, task, context.now)
    session.add_all(_task(instance, opened, context) for opened in step.tasks if opened.key not in known)
    session.expire(instance, ["open_tasks"])


def _task(instance: ProcessInstance, opened: OpenTask, context: Context) -> Task:
    deadline = context.deadline(opened.rule) if opened.rule else None
    return Task(
        instance_id=instance.id,
        key=opened.key,
        process_id=instance.process_id,
        element=opened.element,
        title=opened.title,
        lane=opened.lane,
        role=opened.role,
        form=opened.form,
        part=opened.part or "",
        priority=opened.priority,
        status="open",
        case_id=instance.case_id,
        finding_id=instance.finding_id,
        unit_id=instance.unit_id,
        deadline=deadline,
        due_at=deadline.due_at if deadline else opened.due_at,
        opened_at=context.now,
        assignee_id=opened.assignee if isinstance(opened.assignee, int) else None,
        context=dict(opened.data),
    )


def _follow_waiting(session: Session, instance: ProcessInstance, step: Step, now: datetime) -> None:
    """Timers and message waits follow the diagram."""
    timers, waits = _waiting(session, instance)
    _follow_timers(session, instance, timers, step, now)
    _follow_waits(session, instance, waits, step)
    instance.timer_count, instance.wait_count = len(step.timers), len(step.waits)


def _waiting(session: Session, instance: ProcessInstance) -> tuple[dict[str, Timer], dict[str, MessageWait]]:
    """What the instance waited for before this step, by key and name: one statement, none when it was nothing."""
    if not instance.timer_count and not instance.wait_count:
        return {}, {}
    query = (
        select(Timer, MessageWait)
        .select_from(ProcessInstance)
        .outerjoin(Timer, Timer.instance_id == ProcessInstance.id)
        .outerjoin(MessageWait, MessageWait.instance_id == ProcessInstance.id)
        .where(ProcessInstance.id == instance.id)
    )
    with session.no_autoflush:
        rows = session.execute(query).all()
    return {timer.key: timer for timer, _ in rows if timer}, {wait.name: wait for _, wait in rows if wait}


def _follow_timers(
    session: Session, instance: ProcessInstance, known: dict[str, Timer], step: Step, now: datetime
) -> None:
    waiting = {timer.key: timer for timer in step.timers}
    for key, timer in known.items():
        if key not in waiting:
            if timer.state != 1:
                timer.state, timer.fired_at = 1, now
        elif (timer.due_at, timer.state) != (waiting[key].due_at, 0):
            timer.due_at, timer.state, timer.attempts, timer.lease_until = waiting[key].due_at, 0, 0, None
    session.add_all(
        Timer(instance_id=instance.id, key=timer.key, element=timer.element, due_at=timer.due_at, state=0)
        for key, timer in waiting.items()
        if key not in known
    )


def _follow_waits(session: Session, instance: ProcessInstance, known: dict[str, MessageWait], step: Step) -> None:
    for name in known.keys() - set(step.waits):
        session.delete(known[name])
    fresh = sorted(set(step.waits) - known.keys())
    if not fresh:
        return
    session.add_all(MessageWait(instance_id=instance.id, name=name, key=instance.key) for name in fresh)
    early = select(Message).where(
        Message.key == instance.key, Message.name.in_(fresh), Message.status.in_(("pending", "unclaimed"))
    )
    with session.no_autoflush:  # what this very step sent is under way already
        for message in session.scalars(early):  # sent before anybody waited for it
            message.status = "pending"
            session.info.setdefault("sent", []).append(message)


def _send(session: Session, instance: ProcessInstance, step: Step, now: datetime) -> None:
    for sent in step.sent:
        messages.send(
            session,
            name=sent.name,
            key=sent.key or instance.key,
            now=now,
            payload=sent.payload if isinstance(sent.payload, dict) else {"value": sent.payload},
            case_id=instance.case_id,
            finding_id=instance.finding_id,
            unit_id=instance.unit_id,
            sender_id=instance.id,
        )


def _initial_facts(instance: ProcessInstance) -> dict[str, Any]:
    case, finding, unit = instance.case, instance.finding, instance.unit
    facts: dict[str, Any] = {"key": instance.key}
    if case is not None:
        facts |= {"case_no": case.case_no, "unit_name": case.unit.name, "unit_code": case.unit.code}
    if unit is not None:
        facts |= {"unit_name": unit.name, "unit_code": unit.code}
    if finding is not None:
        facts |= {"finding_no": finding.finding_no, "finding_title": finding.title, "round_no": finding.round_no}
    return facts


def open_incident(
    session: Session, instance: ProcessInstance, *, kind: str, element: str, message: str, now: datetime
) -> Incident:
    """Stops the instance and says why; an operator looks, mends and tries again."""
    instance.status = "incident"
    incident = Incident(instance_id=instance.id, kind=kind, element=element, message=message[:2000], opened_at=now)
    session.add(incident)
    history.record(
        session, action="open_incident", summary=f"流程运行异常：{message[:200]}", now=now,
        case_id=instance.case_id, finding_id=instance.finding_id,
        object_kind="process_instance", object_id=instance.id, details={"kind": kind, "element": element},
    )  # fmt: skip
    return incident


def _void_deadline(session: Session, task: Task, now: datetime) -> None:
    """A task that is no longer wanted leaves no deadline behind for the clock to press."""
    deadline = session.get(Deadline, task.deadline_id) if task.deadline_id is not None else None
    if deadline is not None and deadline.met_at is None and deadline.voided_at is None:
        deadlines.void(session, deadline, reason=f"“{task.title}”已随流程进展撤回", now=now)


def meet_task_deadline(session: Session, task: Task, now: datetime) -> None:
    """A task that carried a deadline rule is done: what the deadline asked for has happened."""
    if task.deadline_id is not None:
        deadline = session.get_one(Deadline, task.deadline_id)
        if deadline.met_at is None:
            deadlines.meet(session, deadline, now)
