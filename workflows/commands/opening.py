"""Starts a process by hand, for a person who may do its first task (发起)."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from workflows.commands.desk import Work
from workflows.commands.stepping import start_instance
from workflows.models import InspectionCase, ModelVersion, ProcessInstance, Task, User
from workflows.policy import Actor, NotAllowed
from workflows.policy.transitions import state_name
from workflows.queries import cases, processes
from workflows.queries.task_facts import place_of_case
from workflows.records import numbers
from workflows.refusal import Refusal
from workflows.workdays import local_date


class NotStartable(Refusal):
    """The process begins with a message, or is not published."""

    rule = "start"


def start_process(
    work: Work,
    *,
    process_id: str,
    actor: Actor,
    now: datetime,
    case_no: str | None = None,
    once_within: timedelta | None = None,
) -> ProcessInstance:
    """发起: a new instance of the active version, on a case if its subject is one.

    Refused unless the person holds a role that may start it: over the case, or anywhere for a process without one.
    `once_within`: a second click so soon after the first gives the instance already begun.
    """
    model = work.session.scalar(
        select(ModelVersion).where(ModelVersion.process_id == process_id, ModelVersion.status == "active")
    )
    if model is None or not model.starter_roles:
        raise NotStartable("该流程不能由人工发起。")
    case = _case_of(work, model, actor, case_no)
    allowed = (
        actor.holds_any(model.starter_roles, place_of_case(case)) if case else actor.has_role(*model.starter_roles)
    )
    if not allowed:
        raise NotAllowed(f"您没有发起“{model.title}”的权限。", rule="role")
    if once_within and (begun := _begun(work, model, actor, case, now - once_within)):
        return begun
    key = numbers.numbered(work.session, "LC-{year}-{n:04d}", year=local_date(now).year)
    return start_instance(
        work,
        model=model,
        key=key,
        data={"started_by": actor.name},
        now=now,
        actor=actor,
        case_id=case.id if case else None,
        unit_id=case.unit_id if case else actor.unit_id,
    )


def _begun(
    work: Work, model: ModelVersion, actor: Actor, case: InspectionCase | None, since: datetime
) -> ProcessInstance | None:
    """The instance the person has just begun and not yet worked in; a click at the same moment is waited for."""
    work.session.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    worked = exists().where(Task.instance_id == ProcessInstance.id, Task.status == "done")
    query = select(ProcessInstance).where(
        ProcessInstance.process_id == model.process_id, ProcessInstance.started_by_id == actor.user_id,
        ProcessInstance.case_id == case.id if case else ProcessInstance.case_id.is_(None),
        ProcessInstance.started_at > since, ProcessInstance.status == "running", ~worked,
    )  # fmt: skip
    return work.session.scalar(query.order_by(ProcessInstance.id.desc()).limit(1))


def _case_of(work: Work, model: ModelVersion, actor: Actor, case_no: str | None) -> InspectionCase | None:
    if model.subject != "case":
        if case_no:
            raise NotStartable(f"“{model.title}”不在个案上发起。")
        return None
    if not case_no:
        raise NotStartable(f"“{model.title}”须在个案上发起，请先打开相应个案。")
    case = cases.find(work.session, actor, case_no)
    if not processes.fits(model, case):
        raise NotStartable(f"个案当前为“{state_name('case', case.status)}”，不能发起“{model.title}”。")
    return case
