"""Open tasks: each has somebody who may do it, and a due moment that is still true."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from workflows.models import Deadline, Grant, InspectionCase, Recusal, Task, Unit, User
from workflows.queries.doctor._rules import Examination, Finds, rule


@rule("task_after_met", "期限已办结的待办不得仍然打开")
def task_after_met(seen: Examination) -> Finds:
    """What the deadline asked for has been done, so nobody should still be asked."""
    query = (
        select(Task.id, Task.title, Deadline.subject_no, Deadline.rule)
        .join(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.status == "open", Deadline.met_at.is_not(None))
    )
    for id_, title, subject_no, code in seen.session.execute(query):
        yield id_, f"待办“{title}”仍打开，但 {subject_no} 的期限 {code} 已办结"


@rule("deadline_after_withdrawal", "待办全部撤回的期限不得仍在计时")
def deadline_after_withdrawal(seen: Examination) -> Finds:
    """The flow went on without the task, so nobody owes it any more."""
    of_it = select(Task.id).where(Task.deadline_id == Deadline.id)
    query = select(Deadline.subject_no, Deadline.rule).where(
        Deadline.met_at.is_(None),
        Deadline.voided_at.is_(None),
        of_it.where(Task.status == "withdrawn").exists(),
        ~of_it.where(Task.status != "withdrawn").exists(),
    )
    for subject_no, code in seen.session.execute(query):
        yield f"{subject_no} {code}", "待办已随流程撤回，期限仍在计时"


@rule("task_due_differs", "待办的到期时刻必须与其期限一致")
def task_due_differs(seen: Examination) -> Finds:
    """An extension moves the task with its deadline."""
    query = (
        select(Task.id, Task.title)
        .join(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.status == "open", or_(Task.due_at.is_(None), Task.due_at != Deadline.due_at))
    )
    for id_, title in seen.session.execute(query):
        yield id_, f"待办“{title}”的到期时刻与其期限不一致"


@rule("nobody_for_task", "未签收的待办必须有人可办")
def nobody_for_task(seen: Examination) -> Finds:
    """Somebody active, not recused, holds the role over the unit now."""
    query = select(Task.id, Task.title, Task.role).where(
        Task.status == "open", Task.assignee_id.is_(None), ~_held(seen.now)
    )
    for id_, title, role in seen.session.execute(query):
        yield id_, f"待办“{title}”所需的角色 {role or '（空）'} 在该单位无人担任"


@rule("assignee_gone", "待办的签收人必须仍可登录")
def assignee_gone(seen: Examination) -> Finds:
    """A task in the hands of a closed account lies there for ever."""
    query = (
        select(Task.id, Task.title, User.name)
        .join(User, User.id == Task.assignee_id)
        .where(Task.status == "open", User.is_active.is_(False))
    )
    for id_, title, name in seen.session.execute(query):
        yield id_, f"待办“{title}”由已停用的账号（{name}）签收"


def _held(now: datetime) -> ColumnElement[bool]:
    """Whether somebody may take the task; the same scopes as `records.notices.holders`, for every task at once."""
    city = select(Unit.city_id).where(Unit.id == Task.unit_id).correlate(Task).scalar_subquery()
    round_id = (
        select(InspectionCase.round_id).where(InspectionCase.id == Task.case_id).correlate(Task).scalar_subquery()
    )
    covers: Any = or_(
        Grant.scope == "region",
        and_(Grant.scope == "unit", Grant.scope_id == Task.unit_id),
        and_(Grant.scope == "city", or_(Grant.scope_id == Task.unit_id, Grant.scope_id == city)),
        and_(Grant.scope == "case", Grant.scope_id == Task.case_id),
        and_(Grant.scope == "round", Grant.scope_id == round_id),
    )
    recused = exists().where(Recusal.user_id == Grant.user_id, Recusal.unit_id == Task.unit_id).correlate(Grant, Task)
    return (
        exists()
        .where(Grant.role == Task.role, covers, User.id == Grant.user_id, User.is_active, ~recused)
        .where(or_(Grant.valid_from.is_(None), Grant.valid_from <= now))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
        .correlate(Task)
    )
