"""Starts a process by hand, for a person who may do its first task (发起)."""

from datetime import datetime

from sqlalchemy import select

from workflows.commands.desk import Work
from workflows.commands.stepping import start_instance
from workflows.models import ModelVersion, ProcessInstance
from workflows.policy import Actor, NotAllowed
from workflows.records import numbers
from workflows.refusal import Refusal
from workflows.workdays import local_date


class NotStartable(Refusal):
    """The process begins with a message, or is not published."""

    rule = "start"


def start_process(work: Work, *, process_id: str, actor: Actor, now: datetime) -> ProcessInstance:
    """发起: a new instance of the active version; refused unless the person holds a role that may start it."""
    model = work.session.scalar(
        select(ModelVersion).where(ModelVersion.process_id == process_id, ModelVersion.status == "active")
    )
    if model is None or not model.starter_roles:
        raise NotStartable("该流程不能由人工发起。")
    if not actor.has_role(*model.starter_roles):
        raise NotAllowed(f"您没有发起“{model.title}”的权限。", rule="role")
    key = numbers.numbered(work.session, "LC-{year}-{n:04d}", year=local_date(now).year)
    return start_instance(
        work, model=model, key=key, data={"started_by": actor.name}, now=now, actor=actor, unit_id=actor.unit_id
    )
