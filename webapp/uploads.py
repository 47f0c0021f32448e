"""Files that come with a request, and files that go out.  Always sent as attachments, never shown inline."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from webapp import current, form_data
from webapp.access import SIGNED_IN, open_to
from webapp.preferences import own_path
from workflows.commands import evidence
from workflows.models import Attachment, Task
from workflows.queries import task as tasks

bp = Blueprint("uploads", __name__, url_prefix="/attachments")


@bp.get("/<int:attachment_id>")
@open_to(SIGNED_IN)
def download(attachment_id: int) -> ResponseReturnValue:
    file = evidence.read_file(current.desk(), attachment_id=attachment_id, actor=current.actor(), now=current.now())
    return send_file(
        BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=file.name, etag=file.sha256
    )


@bp.post("/<int:attachment_id>/voiding")
@open_to(SIGNED_IN)
def void(attachment_id: int) -> ResponseReturnValue:
    voided = current.desk().act(
        evidence.void_file, attachment_id=attachment_id, reason=request.form.get("reason", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"已作废“{voided.name}”。", "success")
    return redirect(own_path(request.form.get("next"), url_for("inbox.page")))


def attach_all(task: Task, files: list[FileStorage]) -> list[Attachment]:
    """Attaches each file really chosen to the task, one after the other; raises on the first that is refused."""
    return [
        current.desk().act(
            evidence.attach_file, name=file.filename or "", content=file.read(), task_id=task.id,
            actor=current.actor(), now=current.now(),
        )
        for file in files
        if file.filename
    ]  # fmt: skip


def put_into(answer: dict[str, Any], task: Task) -> None:
    """Attaches the files chosen in a form's file fields, and writes their numbers into the answer."""
    if not request.files:
        return
    form = tasks.form_of(current.session(), task)
    for name, field in form.schema["properties"].items():
        chosen = form_data.files(request.files, name)
        if chosen:
            numbers = [attachment.id for attachment in attach_all(task, chosen)]
            as_text = field.get("items", {}).get("type", "string") == "string"
            answer[name] = [*answer.get(name, []), *(str(n) if as_text else n for n in numbers)]
