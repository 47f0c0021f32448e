"""One task as a page, and again with what was typed when it could not be done.  Decides nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import render_template

from webapp import current, form_view
from webapp.formats import file_size
from workflows.forms import InvalidForm
from workflows.operations import repeatable_operations
from workflows.queries import inbox, receivers, registers, task, task_verbs
from workflows.refusal import Refusal
from workflows.workdays import local_date


def render(task_id: int, *, typed: Mapping[str, Any] | None = None, refusal: Refusal | None = None) -> str:
    """The page; `typed` stands in the form instead of draft and prefill, `refusal` is said above it."""
    found = task.view(current.session(), current.actor(), task_id, now=current.now(), sealer=current.desk().sealer)
    problems = refusal.problems if isinstance(refusal, InvalidForm) else {}
    answer = typed if typed is not None else found.answer
    view = form_view.build(
        found.form, answer, problems=problems, options=options(found), given={**found.given, **_held(found, answer)}
    )
    is_lost = found.obstacle != "" and typed is not None
    return render_template(
        "tasks/task.html",
        view=found,
        beside=task_verbs.beside(
            current.session(),
            current.desk().engine,
            current.actor(),
            found,
            repeatable=repeatable_operations(),
            now=current.now(),
        ),
        task=found.task,
        form=view if not found.obstacle and found.task.kind == "step" else frozen(view),
        refusal=refusal if not problems else None,
        is_lost=is_lost,
        neighbours=inbox.neighbours(current.session(), current.actor(), now=current.now()),
        receivers=_receivers(found),
        request_id=uuid4().hex,
        now=current.now(),
    )


def options(found: task.TaskView) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen in fields whose choices are rows of a register, and the files on the task."""
    session, today = current.session(), local_date(current.now())
    known = registers.choices_of(session, found.form, case_id=found.task.case_id, today=today)
    files = [(str(a.id), f"{a.name}（{file_size(a.file.size)}）") for a in found.attachments if not a.voided_at]
    widgets: Mapping[str, str] = found.form.ui.get("widgets", {})
    return known | {name: files for name, widget in widgets.items() if widget == "files"}


def frozen(view: form_view.FormView) -> form_view.FormView:
    """The form to read only."""
    return replace(view, fields=[replace(field, readonly=True) for field in view.fields], summary=())


def _held(found: task.TaskView, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read-only fields of a finished task show what was answered, not what would be prefilled now."""
    if found.task.answer is None:
        return {}
    return {name: answer[name] for name in found.form.readonly if name in answer}


def _receivers(found: task.TaskView) -> list[Any]:
    if not found.may_reassign:
        return []
    return receivers.receivers(current.session(), current.actor(), found.task, now=current.now())
