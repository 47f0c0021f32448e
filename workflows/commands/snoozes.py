"""暂缓提醒: a person puts a task of his off until a day, never past its deadline; the work itself goes on counting."""

from datetime import date, datetime

from sqlalchemy import delete, select

from workflows.commands.desk import Work, lent
from workflows.commands.tasks import locked_task, record_act, require_open
from workflows.models import Snooze, Task
from workflows.policy import Actor, require_worker
from workflows.queries.task_facts import facts_of
from workflows.refusal import Refusal
from workflows.workdays import local_date, start_of_day


class SnoozeRefused(Refusal):
    """The day asked for is past, or after the deadline."""

    rule = "snooze"


@lent
def snooze_task(work: Work, *, task_id: int, until: date, actor: Actor, now: datetime) -> Snooze:
    """暂缓提醒 until the beginning of that local day, for this person alone.  Raises SnoozeRefused."""
    session = work.session
    task = locked_task(session, task_id)
    require_open(session, task)
    require_worker(actor, facts_of(session, task))
    moment, due_at = start_of_day(until), _due_at(task)
    if moment <= now:
        raise SnoozeRefused("暂缓提醒的日期应当在今天之后。")
    if due_at is not None and moment > due_at:
        raise SnoozeRefused(f"暂缓提醒不得晚于办理期限（{local_date(due_at).isoformat()}）。")
    row = session.scalar(select(Snooze).where(Snooze.task_id == task_id, Snooze.user_id == actor.user_id))
    if row is None:
        row = Snooze(task_id=task_id, user_id=actor.user_id, until=moment)
        session.add(row)
    row.until = moment
    record_act(session, task, "snooze_task", f"暂缓提醒“{task.title}”至{until.isoformat()}", actor, now)
    return row


@lent
def wake_task(work: Work, *, task_id: int, actor: Actor, now: datetime) -> None:
    """恢复提醒: the task stands in the person's list again."""
    task = work.session.get_one(Task, task_id)
    work.session.execute(delete(Snooze).where(Snooze.task_id == task_id, Snooze.user_id == actor.user_id))
    record_act(work.session, task, "wake_task", f"恢复提醒“{task.title}”", actor, now)


def _due_at(task: Task) -> datetime | None:
    return task.deadline.due_at if task.deadline is not None else task.due_at
