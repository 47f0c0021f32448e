"""Tasks by API: lists, one with its form, claim and completion."""

from typing import Any

from flask import Blueprint

from webapp import current, task_page
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Completed, Completion, TaskFull, TaskPage, TasksAsked, TaskShape
from workflows.commands import tasks as commands
from workflows.queries import inbox, task

bp = Blueprint("tasks", __name__)


@bp.get("/tasks")
@open_to(SIGNED_IN)
@document.validate(resp=gives(TaskPage), tags=["待办"])
def list_tasks(query: TasksAsked) -> Answer:
    """待办列表：本人待办、可签收、我发起的、我关注的、已办"""
    asked = inbox.Filters(
        tab=query.scope, text=query.text, case_no=query.case_no, unit_id=query.unit_id, process=query.process,
        when=query.when, sort=query.sort, after=query.after, size=query.limit,
    )  # fmt: skip
    condition = inbox.in_tab(current.actor(), query.scope)
    page = inbox.tasks(current.session(), condition, asked, now=current.now())
    rows = [_shape(item) for item in inbox.items(page, current.now())]
    return TaskPage(tasks=rows, next=page.next).model_dump(mode="json")


@bp.get("/tasks/<int:task_id>")
@open_to(SIGNED_IN)
@document.validate(resp=gives(TaskFull), tags=["待办"])
def get_task(task_id: int) -> Answer:
    """一项待办及其表单"""
    view = task.view(current.session(), current.actor(), task_id, now=current.now(), sealer=current.desk().sealer)
    return {
        **_shape(inbox.Item(view.task, view.due_at, view.light)).model_dump(mode="json"),
        "form": dict(view.form.schema),
        "given": dict(view.given),
        "shown": [{"name": each.name, "title": each.title, "value": each.value} for each in view.shown],
        "options": task_page.options(view),
        "answer": dict(view.answer),
        "obstacle": view.obstacle,
        "may_claim": view.may_claim,
    }


@bp.post("/tasks/<int:task_id>/claim")
@open_to(SIGNED_IN)
@document.validate(tags=["待办"], resp=gives(Completed))
def claim(task_id: int) -> Answer:
    """签收"""
    return _act(commands.claim_task, task_id)


@bp.delete("/tasks/<int:task_id>/claim")
@open_to(SIGNED_IN)
@document.validate(tags=["待办"], resp=gives(Completed))
def release(task_id: int) -> Answer:
    """取消签收"""
    return _act(commands.release_task, task_id)


@bp.post("/tasks/<int:task_id>/completion")
@open_to(SIGNED_IN)
@document.validate(tags=["待办"], resp=gives(Completed))
def complete(task_id: int, json: Completion) -> Answer:
    """办理：同一 request_id 重复提交结果相同"""
    task.find(current.session(), current.actor(), task_id)
    done = current.desk().act(
        commands.complete_task, task_id=task_id, answer=json.answer, actor=current.actor(), now=current.now(),
        request_id=json.request_id, seen_version=json.version,
    )  # fmt: skip
    return Completed(id=done.id, status=done.status, done_at=done.done_at, version=done.version).model_dump(
        mode="json"
    )


def _act(command: Any, task_id: int) -> Answer:
    task.find(current.session(), current.actor(), task_id)
    current.desk().act(command, task_id=task_id, actor=current.actor(), now=current.now())
    current.forget_reads()
    now = task.find(current.session(), current.actor(), task_id)
    return Completed(id=now.id, status=now.status, done_at=now.done_at, version=now.version).model_dump(mode="json")


def _shape(item: inbox.Item) -> TaskShape:
    row = item.task
    return TaskShape(
        id=row.id, title=row.title, process=row.process_id, element=row.element, status=row.status, kind=row.kind, role=row.role,
        case_no=row.case.case_no if row.case else None,
        finding_no=row.finding.finding_no if row.finding else None,
        unit=row.unit.name if row.unit else None,
        due_at=item.due_at, light=item.light,
        assignee=row.assignee.name if row.assignee else None,
        opened_at=row.opened_at, done_at=row.done_at, version=row.version,
    )  # fmt: skip
