"""交办: a supervisor or the team's leader gives somebody a task on a running case that no diagram has foreseen."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflows.commands.asking import answer_row, asked_task, named, tell
from workflows.commands.desk import Work
from workflows.commands.stepping import locked_instance
from workflows.commands.tasks import locked_task, record_act, require_open
from workflows.models import InspectionCase, ProcessInstance, Task
from workflows.policy import Actor, NotAllowed, require_worker
from workflows.queries.task_facts import facts_of, place_of_case
from workflows.queries.task_people import who_may_see_case
from workflows.refusal import Refusal
from workflows.workdays import end_of_day, local_date

GIVERS = ("deputy_minister", "supervision_chief", "supervision_officer", "team_leader")
LONGEST_TITLE = 60  # characters


class AdHocRefused(Refusal):
    """The task cannot be given like this."""

    rule = "ad_hoc"


def may_give(actor: Actor, case: InspectionCase) -> bool:
    """Whether the person may give tasks on this case."""
    return actor.holds_any(GIVERS, place_of_case(case))


def give_task(
    work: Work, *, case_id: int, to_user_id: int, title: str, text: str, due_on: date, actor: Actor, now: datetime
) -> Task:
    """交办 to somebody who may read the case, with what is to be done and by which day; beside the newest running process."""
    session = work.session
    case = session.get_one(InspectionCase, case_id, options=[joinedload(InspectionCase.unit)])
    if not may_give(actor, case):
        no = NotAllowed("您没有在本案交办事项的权限。", rule="ad_hoc")
        no.case_id = case_id
        raise no
    if not title.strip() or len(title.strip()) > LONGEST_TITLE or not text.strip():
        raise AdHocRefused(f"请写明交办事项的标题（不超过{LONGEST_TITLE}字）和具体要求。")
    if due_on < local_date(now):
        raise AdHocRefused("办理期限不能早于今天。")
    receiver = named(who_may_see_case(session, case, now), to_user_id, "向其交办")
    running = select(ProcessInstance.id).where(
        ProcessInstance.case_id == case_id, ProcessInstance.status == "running"
    )
    instance_id = session.scalar(running.order_by(ProcessInstance.id.desc()).limit(1))
    if instance_id is None:
        raise AdHocRefused("本案没有正在办理的流程，不能交办事项。")
    instance = locked_instance(session, instance_id)
    row = asked_task(
        instance,
        kind="ad_hoc",
        title=title.strip(),
        to=receiver,
        actor=actor,
        now=now,
        due_at=end_of_day(due_on),
        text=text,
    )
    row.case_id, row.unit_id, row.finding_id = case.id, case.unit_id, None
    session.add(row)
    session.flush()
    record_act(session, row, "give_task", f"向{receiver.name}交办“{row.title}”", actor, now, text=text.strip())
    tell(session, [receiver.id], row, f"{actor.name}向您交办“{row.title}”", text.strip(), now, "process")
    return row


def finish_given_task(work: Work, *, task_id: int, remark: str, actor: Actor, now: datetime) -> Task:
    """办结交办事项, with a word on how; files stand on the task as on any other."""
    session = work.session
    row = locked_task(session, task_id)
    require_open(session, row)
    if row.kind != "ad_hoc":
        raise AdHocRefused("该事项不是交办事项。")
    actor = require_worker(actor, facts_of(session, row))
    if not remark.strip():
        raise AdHocRefused("请填写办理情况。")
    answer_row(row, {"remark": remark.strip()[:2000]}, actor, now)
    record_act(session, row, "finish_given_task", f"办结交办事项“{row.title}”", actor, now, remark=remark.strip())
    giver = row.context.get("asked_by_id")
    tell(
        session,
        [giver] if isinstance(giver, int) else [],
        row,
        f"交办事项“{row.title}”已办结",
        remark.strip(),
        now,
        "process",
    )
    return row


def withdraw_given_task(work: Work, *, task_id: int, reason: str, actor: Actor, now: datetime) -> Task:
    """撤销交办, by the giver and with a reason."""
    session = work.session
    row = locked_task(session, task_id)
    require_open(session, row)
    if row.kind != "ad_hoc" or row.context.get("asked_by_id") != actor.user_id:
        raise NotAllowed("只有交办人本人可以撤销交办事项。", rule="ad_hoc")
    if not reason.strip():
        raise AdHocRefused("撤销交办须说明理由。")
    row.status, row.done_at = "withdrawn", now
    row.version += 1
    record_act(session, row, "withdraw_given_task", f"撤销交办事项“{row.title}”", actor, now, reason=reason.strip())
    tell(
        session,
        [row.assignee_id] if row.assignee_id else [],
        row,
        f"交办事项“{row.title}”已撤销",
        reason.strip(),
        now,
        "process",
    )
    return row
