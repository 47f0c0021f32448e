"""办理记录: what has been done on a case, a finding or a task, as far as the person may know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session, load_only

from workflows.models import HistoryEntry, InspectionCase, Task, User
from workflows.policy import CASE_READERS, SUPERVISORS, Actor
from workflows.queries.task_facts import place_of_case
from workflows.workdays import start_of_day

MOST = 300
MACHINERY = ("fire_timer",)  # how the diagram moved; people read what came of it
OPERATORS = ("sys_admin", "process_designer", "auditor")


@dataclass(frozen=True)
class Act:
    """One line of a timeline.  kind: "" by a person, automatic by the clock, denied."""

    at: datetime
    who: str
    what: str
    kind: str
    action: str
    finding_id: int | None
    detail: str = ""


def of_case(session: Session, actor: Actor, case: InspectionCase, *, most: int = MOST) -> list[Act]:
    """The newest acts on a case that the person has found through his scope, newest first."""
    return _acts(session, HistoryEntry.case_id == case.id, _knowable(actor, case), most)


def of_finding(
    session: Session, actor: Actor, case: InspectionCase, finding_id: int, *, most: int = MOST
) -> list[Act]:
    """The newest acts on one finding, newest first."""
    return _acts(session, HistoryEntry.finding_id == finding_id, _knowable(actor, case), most)


def of_task(session: Session, actor: Actor, task: Task, *, most: int = MOST) -> list[Act]:
    """The acts on what the task is about: its finding, else its case, else the task alone."""
    if task.case is None:
        return _acts(session, _own_entries(task), true(), most)
    if task.finding_id is not None:
        return of_finding(session, actor, task.case, task.finding_id, most=most)
    return of_case(session, actor, task.case, most=most)


def _own_entries(task: Task) -> ColumnElement[bool]:
    return or_(
        and_(HistoryEntry.object_kind == "task", HistoryEntry.object_id == task.id),
        and_(HistoryEntry.object_kind == "process_instance", HistoryEntry.object_id == task.instance_id),
    )


def _knowable(actor: Actor, case: InspectionCase) -> ColumnElement[bool]:
    """Who reads no cases learns what happened since the feedback, before it only what he did himself.

    Refused acts are for supervisors and for who tried.
    """
    conditions: list[ColumnElement[bool]] = []
    if not actor.has_role(*OPERATORS):
        conditions.append(HistoryEntry.action.not_in(MACHINERY))
    if not actor.has_role(*SUPERVISORS, "auditor"):
        conditions.append(or_(HistoryEntry.denied.is_(False), HistoryEntry.actor_id == actor.user_id))
    if not actor.holds_any(CASE_READERS, place_of_case(case)):
        told = case.feedback_date
        since = HistoryEntry.at >= start_of_day(told) if told is not None else false()
        conditions.append(or_(since, HistoryEntry.actor_id == actor.user_id))
    return and_(true(), *conditions)


def _acts(session: Session, subject: ColumnElement[bool], knowable: ColumnElement[bool], most: int) -> list[Act]:
    for_whom = (
        select(User.name).where(User.id == HistoryEntry.on_behalf_of_id).correlate(HistoryEntry).scalar_subquery()
    )
    query = (
        select(HistoryEntry, for_whom)
        .where(subject, knowable)
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
        .limit(most)
        .options(
            load_only(
                HistoryEntry.at, HistoryEntry.actor_id, HistoryEntry.actor_name, HistoryEntry.summary,
                HistoryEntry.action, HistoryEntry.denied, HistoryEntry.finding_id, HistoryEntry.details,
            )
        )
    )  # fmt: skip
    return [act_of(entry, absent or "") for entry, absent in session.execute(query)]


def act_of(entry: HistoryEntry, absent: str = "") -> Act:
    """An entry as a line of a timeline; `absent` is the person on whose behalf it was done."""
    kind = "denied" if entry.denied else "" if entry.actor_id else "automatic"
    what = f"被拒绝：{entry.summary}" if entry.denied else entry.summary
    who = f"{entry.actor_name}（代{absent}）" if absent else entry.actor_name
    return Act(entry.at, who, what, kind, entry.action, entry.finding_id, _detail(entry.details))


def _detail(details: dict[str, Any]) -> str:
    """The reason given, if any; everything else stands where it belongs, in the form or the decision."""
    reason = details.get("reason") or details.get("comment")
    return f"理由：{reason}" if isinstance(reason, str) and reason else ""


def timeline(acts: Sequence[Act]) -> list[dict[str, Any]]:
    """The acts as the template's timeline wants them."""
    return [{"at": act.at, "who": act.who, "what": act.what, "detail": act.detail, "kind": act.kind} for act in acts]
