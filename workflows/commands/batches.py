"""One act on many tasks: each in a transaction of its own, with a result for each, kept under one number.

A task that cannot be done stops no other; why it could not is kept with it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm.exc import StaleDataError

from workflows.commands import tasks as commands
from workflows.commands.desk import Desk, Work, lent
from workflows.commands.nudges import nudge_task
from workflows.forms.agreement import agreement
from workflows.models import Batch, Task
from workflows.policy import Actor
from workflows.queries import task_form
from workflows.records import history
from workflows.refusal import Refusal

logger = logging.getLogger(__name__)
MOST_FOR_ONE_ANSWER = 60  # more would keep the person waiting
CHANGED = "内容已被他人更新，请刷新后再办理。"
BROKEN = "系统出现故障，本项没有写入任何内容，请联系运维人员。"


@dataclass(frozen=True)
class Result:
    """What became of one task; `subject` says which it is (unit and number), `sentence` why it was not done."""

    task_id: int
    title: str
    subject: str
    is_done: bool
    sentence: str = ""


class NeedsItsForm(Refusal):
    """The task asks for more than assent."""

    rule = "batch_form"


@lent
def agree_task(work: Work, *, task_id: int, opinion: str, actor: Actor, now: datetime) -> Task:
    """同意并提交: completes a task whose form asks for nothing but assent and an opinion."""
    if not opinion.strip():
        raise Refusal("请填写办理意见。", rule="opinion_required")
    task = commands.locked_task(work.session, task_id)
    commands.require_open(work.session, task)
    form = commands.form_of(work, task)
    answer = agreement(form.schema, task_form.prefill(form, task.context, now), opinion.strip())
    if answer is None:
        raise NeedsItsForm(f"“{task.title}”需要逐项填写表单，不能批量同意。")
    return commands.complete_task(work, task_id=task_id, answer=answer, actor=actor, now=now)


ACTS: Mapping[str, Callable[..., Any]] = {
    "claim": commands.claim_task,
    "reassign": commands.reassign_task,
    "agree": agree_task,
    "urge": nudge_task,
}
WORDS: Mapping[str, str] = {"claim": "签收", "reassign": "转办", "agree": "同意并提交", "urge": "催办"}


def act_on_each(
    desk: Desk, *, verb: str, tasks: Iterable[Task], actor: Actor, now: datetime, arguments: Mapping[str, Any]
) -> Iterator[Result]:
    """Does the act on each task, one after the other; the caller has found the tasks through the actor's scope."""
    for task in tasks:
        yield _result(task, _refused(desk, verb, task.id, actor, now, arguments))


def keep_batch(work: Work, *, verb: str, results: list[Result], actor: Actor, now: datetime) -> Batch:
    """Writes down what became of each, under one number, and one line in the history."""
    batch = Batch(verb=verb, asked_by_id=actor.user_id, at=now, results=[asdict(result) for result in results])
    work.session.add(batch)
    work.session.flush()
    done = sum(result.is_done for result in results)
    history.record(
        work.session, action="act_on_many", now=now, actor=actor, object_kind="batch", object_id=batch.id,
        summary=f"批量{WORDS[verb]} {len(results)} 项：成功 {done} 项，未成功 {len(results) - done} 项",
        details={"verb": verb, "tasks": [result.task_id for result in results]},
    )  # fmt: skip
    return batch


def _refused(desk: Desk, verb: str, task_id: int, actor: Actor, now: datetime, arguments: Mapping[str, Any]) -> str:
    """Why the act was not done; "" when it was."""
    try:
        desk.act(ACTS[verb], task_id=task_id, actor=actor, now=now, **arguments)
    except Refusal as no:
        return str(no)
    except (StaleDataError, IntegrityError, NoResultFound):
        return CHANGED
    except Exception:  # one broken instance stops no other task
        logger.exception("task %d of a batch", task_id)
        return BROKEN
    return ""


def _result(task: Task, refused: str) -> Result:
    number = task.finding.finding_no if task.finding else task.case.case_no if task.case else ""
    subject = " ".join(filter(None, (task.unit.name if task.unit else "", number)))
    return Result(task.id, task.title, subject, not refused, refused)
