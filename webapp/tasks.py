"""A task: its page and everything one does with it."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current, form_data, task_page, uploads
from webapp.access import SIGNED_IN, open_to
from webapp.row_ids import row_id
from workflows.commands import tasks as commands
from workflows.forms import InvalidForm
from workflows.policy import NotAllowed
from workflows.queries import inbox, processes, task
from workflows.refusal import Refusal

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("/<int:task_id>")
@open_to(SIGNED_IN)
def page(task_id: int) -> ResponseReturnValue:
    return task_page.render(task_id)


@bp.post("/<int:task_id>/completion")
@open_to(SIGNED_IN)
def complete(task_id: int) -> ResponseReturnValue:
    found = task.find(current.session(), current.actor(), task_id)
    answer = _answer(found)
    try:
        uploads.put_into(answer, found)
        done = current.desk().act(
            commands.complete_task, task_id=task_id, answer=answer, actor=current.actor(), now=current.now(),
            request_id=request.form.get("_request_id"), seen_version=_seen_version(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refusal as no:
        return _with_what_was_typed(task_id, answer, no)
    flash(f"已办理“{done.title}”。", "success")
    return redirect(_onwards(done.case_id))


@bp.post("/<int:task_id>/return")
@open_to(SIGNED_IN)
def return_(task_id: int) -> ResponseReturnValue:
    found = task.find(current.session(), current.actor(), task_id)
    reason = request.form.get("reason", "").strip()
    try:
        current.desk().act(
            commands.return_task, task_id=task_id, reason=reason, actor=current.actor(), now=current.now()
        )
    except NotAllowed:
        raise
    except Refusal as no:
        return _with_what_was_typed(task_id, _answer(found), no)
    flash(f"已退回“{found.title}”。", "success")
    return redirect(_onwards(found.case_id))


@bp.post("/<int:task_id>/claim")
@open_to(SIGNED_IN)
def claim(task_id: int) -> ResponseReturnValue:
    task.find(current.session(), current.actor(), task_id)
    current.desk().act(commands.claim_task, task_id=task_id, actor=current.actor(), now=current.now())
    return redirect(url_for("tasks.page", task_id=task_id))


@bp.post("/<int:task_id>/claim/removal")
@bp.delete("/<int:task_id>/claim")
@open_to(SIGNED_IN)
def release(task_id: int) -> ResponseReturnValue:
    task.find(current.session(), current.actor(), task_id)
    current.desk().act(commands.release_task, task_id=task_id, actor=current.actor(), now=current.now())
    flash("已取消签收，事项退回可签收列表。", "success")
    return redirect(url_for("tasks.page", task_id=task_id), 303)


@bp.post("/<int:task_id>/reassignment")
@open_to(SIGNED_IN)
def reassign(task_id: int) -> ResponseReturnValue:
    found = task.find(current.session(), current.actor(), task_id)
    receiver = row_id(request.form.get("receiver", ""))
    if receiver is None:
        raise Refusal("请选择接收人。", rule="receiver_required")
    current.desk().act(
        commands.reassign_task, task_id=task_id, to_user_id=receiver, reason=request.form.get("reason", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"已转办“{found.title}”。", "success")
    return redirect(url_for("inbox.page"))


@bp.post("/<int:task_id>/comments")
@open_to(SIGNED_IN)
def comment(task_id: int) -> ResponseReturnValue:
    task.find(current.session(), current.actor(), task_id)
    current.desk().act(
        commands.comment_on_task, task_id=task_id, text=request.form.get("text", ""), actor=current.actor(),
        now=current.now(),
    )  # fmt: skip
    return redirect(url_for("tasks.page", task_id=task_id) + "#pane-comments")


@bp.post("/<int:task_id>/attachments")
@open_to(SIGNED_IN)
def attach(task_id: int) -> ResponseReturnValue:
    found = task.find(current.session(), current.actor(), task_id)
    number = len(uploads.attach_all(found, request.files.getlist("file")))
    flash(f"已上传 {number} 个文件。" if number else "没有选择文件。", "success" if number else "error")
    return redirect(url_for("tasks.page", task_id=task_id) + "#pane-files")


@bp.route("/<int:task_id>/draft", methods=["POST", "PUT"])
@open_to(SIGNED_IN)
def draft(task_id: int) -> ResponseReturnValue:
    found = task.find(current.session(), current.actor(), task_id)
    current.desk().act(
        commands.save_draft, task_id=task_id, answer=_answer(found), actor=current.actor(), now=current.now()
    )
    return "", 204


@bp.get("/<int:task_id>/diagram")
@open_to(SIGNED_IN)
def diagram(task_id: int) -> ResponseReturnValue:
    found = task.find(current.session(), current.actor(), task_id)
    instance = processes.instance_for(current.session(), current.actor(), found.instance_id)
    return processes.live_diagram(current.session(), current.desk().engine, instance)


def _answer(found: Any) -> dict[str, Any]:
    return form_data.read(request.form, task.form_of(current.session(), found).schema)


def _seen_version() -> int | None:
    return row_id(request.form.get("_version", ""))


def _with_what_was_typed(task_id: int, answer: dict[str, Any], no: Refusal) -> ResponseReturnValue:
    """The same page again: the form with each problem named, or the sentence above it; nothing typed is lost."""
    current.forget_reads()
    return task_page.render(task_id, typed=answer, refusal=no), 422 if isinstance(no, InvalidForm) else 409


def _onwards(case_id: int | None) -> str:
    """On to the next task of the same case, else the most urgent own one, else the inbox."""
    current.forget_reads()
    following = inbox.next_task(current.session(), current.actor(), case_id=case_id)
    return url_for("tasks.page", task_id=following) if following else url_for("inbox.page")
