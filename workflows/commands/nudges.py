"""催办: whoever waits for a task reminds those who have it, at most once a task and local day."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflows.commands.asking import tell
from workflows.commands.desk import Work
from workflows.commands.tasks import locked_task, record_act, require_open
from workflows.models import Nudge, Task
from workflows.policy import Actor
from workflows.queries.nudges import nudge_refusal
from workflows.records import notices
from workflows.refusal import Refusal
from workflows.workdays import local_date


class NudgeRefused(Refusal):
    """This person may not remind anybody of this task now."""

    rule = "nudge"


def nudge_task(work: Work, *, task_id: int, actor: Actor, now: datetime, text: str = "") -> None:
    """催办: a notice to whoever has the task, else to all who may take it.  Raises NudgeRefused, AlreadyDone."""
    session = work.session
    task = locked_task(session, task_id)
    require_open(session, task)
    if refusal := nudge_refusal(session, actor, task, now):
        raise NudgeRefused(refusal)
    told = _holders(session, task, now) - {actor.user_id}
    if not told:
        raise NudgeRefused("该事项目前无人可以办理，请联系上级单位明确承办人。")
    session.add(Nudge(task_id=task.id, day=local_date(now), by_id=actor.user_id, at=now))
    tell(
        session,
        sorted(told),
        task,
        f"催办：{task.title}",
        text.strip()[:500] or f"{actor.name}请您尽快办理。",
        now,
        "nudge",
    )
    record_act(session, task, "nudge_task", f"催办“{task.title}”", actor, now, told=sorted(told))


def _holders(session: Session, task: Task, now: datetime) -> set[int]:
    if task.assignee_id is not None:
        return {task.assignee_id}
    return set(notices.holders(session, role=task.role, now=now, unit_id=task.unit_id, case_id=task.case_id))
