"""One act on many tasks of the inbox: asked back with the tasks named and counted, done, and told row by row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current, opinions
from webapp import inbox as inbox_page
from webapp.access import SIGNED_IN, open_to
from webapp.row_ids import row_id
from workflows.commands import batches as commands
from workflows.commands.batch_job import BATCH
from workflows.commands.jobs import ask_job
from workflows.models import Task, User
from workflows.queries import batches, receivers
from workflows.queries import task as task_query
from workflows.refusal import Refusal

bp = Blueprint("batches", __name__, url_prefix="/tasks/batches")
KINDS_ASKED = 12  # different roles and places among the tasks for which receivers are looked up


@bp.post("/confirmation")
@open_to(SIGNED_IN)
def confirm() -> ResponseReturnValue:
    """What is about to be done, to which tasks, how many; what else must be said is asked here."""
    verb = request.form.get("verb", "")
    tasks = inbox_page.chosen_tasks(request.form)
    if verb == "export":
        return inbox_page.sheet_of(tasks)
    if verb not in commands.ACTS:
        abort(400)
    if not tasks:
        raise Refusal("没有选中任何事项，请返回列表勾选后再办理。", rule="batch_empty")
    return render_template(
        "inbox/confirmation.html", verb=verb, words=commands.WORDS[verb], tasks=tasks, now=current.now(),
        receivers=_receivers(tasks) if verb == "reassign" else [],
        usual=next(iter(opinions.saved()), "") if verb == "agree" else "",
        most=commands.MOST_FOR_ONE_ANSWER, back=_back(),
    )  # fmt: skip


@bp.post("/")
@open_to(SIGNED_IN)
def add() -> ResponseReturnValue:
    verb = request.form.get("verb", "")
    if verb not in commands.ACTS:
        abort(400)
    tasks = inbox_page.chosen_tasks(request.form)
    if not tasks:
        raise Refusal("没有选中任何事项，请返回列表勾选后再办理。", rule="batch_empty")
    told = ARGUMENTS[verb](request.form)
    if len(tasks) > commands.MOST_FOR_ONE_ANSWER:
        return _as_a_job(verb, tasks, told)
    results = commands.act_on_each(
        current.desk(), verb=verb, tasks=tasks, actor=current.actor(), now=current.now(), arguments=told
    )
    batch = current.desk().act(
        commands.keep_batch, verb=verb, results=list(results), actor=current.actor(), now=current.now()
    )
    return redirect(url_for("batches.page", batch_id=batch.id))


def _as_a_job(verb: str, tasks: Sequence[Task], told: Mapping[str, Any]) -> ResponseReturnValue:
    """More than a person should wait for: in the background, with progress and the same rows in the end."""
    job = current.desk().act(
        ask_job, kind=BATCH.code, title=f"批量{commands.WORDS[verb]} {len(tasks)} 项",
        arguments={"verb": verb, "tasks": [task.id for task in tasks], "told": dict(told)},
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    return redirect(url_for("jobs.page", job_id=job.id))


@bp.get("/<int:batch_id>")
@open_to(SIGNED_IN)
def page(batch_id: int) -> ResponseReturnValue:
    batch = batches.find(current.session(), current.actor(), batch_id)
    return render_template(
        "inbox/batch.html", batch=batch, words=commands.WORDS[batch.verb], now=current.now(),
        failed=[result for result in batch.results if not result["is_done"]],
    )  # fmt: skip


def _nothing(_form: Mapping[str, str]) -> dict[str, Any]:
    return {}


def _receiver(form: Mapping[str, str]) -> dict[str, Any]:
    receiver = row_id(form.get("receiver", ""))
    if receiver is None:
        raise Refusal("请选择接收人。", rule="receiver_required")
    if not form.get("reason", "").strip():
        raise Refusal("转办须说明理由。", rule="reason_required")
    return {"to_user_id": receiver, "reason": form.get("reason", "")}


def _opinion(form: Mapping[str, str]) -> dict[str, Any]:
    if not form.get("opinion", "").strip():
        raise Refusal("请填写办理意见。", rule="opinion_required")
    return {"opinion": form.get("opinion", "")}


ARGUMENTS: Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]] = {
    "claim": _nothing,
    "reassign": _receiver,
    "agree": _opinion,
    "urge": lambda form: {"text": form.get("opinion", "")},
}


@dataclass(frozen=True)
class Receiver:
    """Somebody to whom tasks may be passed on, and to how many of the different kinds chosen he fits."""

    user: User
    fits: int
    of: int


def _receivers(tasks: Sequence[Task]) -> list[Receiver]:
    """Those who may take most of the tasks first; the command looks at each task again."""
    kinds = {(task.role, task.unit_id, task.case_id): task.id for task in tasks}
    asked = list(kinds.values())[:KINDS_ASKED]
    fitting: dict[int, list[User]] = {}
    for task_id in asked:
        found = task_query.find(current.session(), current.actor(), task_id)
        for user in receivers.receivers(current.session(), current.actor(), found, now=current.now()):
            fitting.setdefault(user.id, []).append(user)
    rows = [Receiver(users[0], len(users), len(asked)) for users in fitting.values()]
    return sorted(rows, key=lambda row: (-row.fits, row.user.name))


def _back() -> str:
    query = request.query_string.decode()
    return f"{url_for('inbox.page')}?{query}" if query else url_for("inbox.page")
