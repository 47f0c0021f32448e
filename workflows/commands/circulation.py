"""传阅: a task, a finding or a case goes round among people who may see it; each says that he has read it, and when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.asking import answer_row, asked_task, named, tell
from workflows.commands.desk import Work
from workflows.commands.stepping import locked_instance
from workflows.commands.tasks import locked_task, record_act, require_open
from workflows.models import Finding, InspectionCase, ProcessInstance, Task, User
from workflows.policy import Actor, NotAllowed, require_worker
from workflows.queries.task_facts import facts_of
from workflows.queries.task_people import who_may_see, who_may_see_case
from workflows.refusal import Refusal

MOST = 50  # people at once


class CirculationRefused(Refusal):
    """There is nobody to send it to, or nothing to send."""

    rule = "circulation"


def circulate_task(
    work: Work, *, task_id: int, user_ids: Sequence[int], text: str = "", actor: Actor, now: datetime
) -> list[Task]:
    """传阅 a task that the actor may see (the caller has found it through his scope); already unread ones stay."""
    session = work.session
    task = locked_task(session, task_id)
    people = _chosen(who_may_see(session, task, now), user_ids, actor)
    return _send(session, task.instance, people, task.title, text, actor, now, parent=task)


def circulate_case(
    work: Work, *, case_id: int, user_ids: Sequence[int], text: str = "", actor: Actor, now: datetime
) -> list[Task]:
    """传阅 a case that the actor may see."""
    session = work.session
    case = session.get_one(InspectionCase, case_id)
    people = _chosen(who_may_see_case(session, case, now), user_ids, actor)
    instance = _newest(session, ProcessInstance.case_id == case_id)
    return _send(session, instance, people, f"案件{case.case_no}", text, actor, now)


def circulate_finding(
    work: Work, *, finding_id: int, user_ids: Sequence[int], text: str = "", actor: Actor, now: datetime
) -> list[Task]:
    """传阅 a finding that the actor may see."""
    session = work.session
    finding = session.get_one(Finding, finding_id)
    people = _chosen(
        who_may_see_case(session, session.get_one(InspectionCase, finding.case_id), now), user_ids, actor
    )
    instance = _newest(session, ProcessInstance.finding_id == finding_id, ProcessInstance.case_id == finding.case_id)
    return _send(
        session, instance, people, f"{finding.finding_no} {finding.title}", text, actor, now, finding=finding
    )


def acknowledge_circulation(work: Work, *, task_id: int, actor: Actor, now: datetime, remark: str = "") -> Task:
    """已阅: the receipt, with a remark if there is one to make."""
    row = locked_task(work.session, task_id)
    require_open(work.session, row)
    if row.kind != "circulation":
        raise CirculationRefused("该事项不是传阅件。")
    actor = require_worker(actor, facts_of(work.session, row))
    answer_row(row, {"remark": remark.strip()[:2000]}, actor, now)
    record_act(work.session, row, "acknowledge_circulation", f"阅知“{row.title}”", actor, now, remark=remark.strip())
    return row


def _chosen(seers: Sequence[User], user_ids: Sequence[int], actor: Actor) -> list[User]:
    wanted = [user_id for user_id in dict.fromkeys(user_ids) if user_id != actor.user_id]
    if not wanted or len(wanted) > MOST:
        raise CirculationRefused(f"请选择传阅对象（1至{MOST}人，不含本人）。")
    if not any(user.id == actor.user_id for user in seers):
        raise NotAllowed("您无权传阅该事项。", rule="need_to_know")
    return [named(seers, user_id, "向其传阅") for user_id in wanted]


def _send(
    session: Session,
    instance: ProcessInstance,
    people: Sequence[User],
    what: str,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    parent: Task | None = None,
    finding: Finding | None = None,
) -> list[Task]:
    title = f"传阅：{what}"
    unread = set(
        session.scalars(
            select(Task.assignee_id).where(
                Task.instance_id == instance.id,
                Task.kind == "circulation",
                Task.status == "open",
                Task.title == title,
            )
        )
    )
    rows = [
        asked_task(instance, kind="circulation", title=title, to=user, actor=actor, now=now, parent=parent, text=text)
        for user in people
        if user.id not in unread
    ]
    for row in rows:
        row.finding_id = finding.id if finding else parent.finding_id if parent else None
    session.add_all(rows)
    session.flush()
    for row in rows:
        tell(
            session,
            [row.assignee_id] if row.assignee_id else [],
            row,
            f"{actor.name}向您传阅“{what}”",
            text,
            now,
            "process",
        )
    if rows:
        names = "、".join(user.name for user in people if user.id not in unread)
        record_act(session, parent or rows[0], "circulate", f"将“{what}”传阅{names}", actor, now, text=text.strip())
    return rows


def _newest(session: Session, *conditions: object) -> ProcessInstance:
    """The newest process of the first condition for which there is one, locked."""
    for condition in conditions:
        query = select(ProcessInstance.id).where(condition).order_by(ProcessInstance.id.desc()).limit(1)  # type: ignore[arg-type]
        found = session.scalar(query)
        if found is not None:
            return locked_instance(session, found)
    raise CirculationRefused("该事项没有流程记录，不能传阅。")
