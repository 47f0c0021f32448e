"""The whole past of deadlines as the forecast learns from it: five statements, no state blob, nothing after `now`.

Not for pages: it reads every case, whoever asks.  What a person sees of it goes through `queries.forecast`.
"""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.forecast.past import Change, Course, Past
from workflows.models import Deadline, DeadlineChange, Finding, Task, Verification
from workflows.policy import UNIT_ROLES
from workflows.workdays import Calendar

MOVING = ("opened", "extended", "paused", "resumed", "recalculated")
SEVERITIES = {"minor": 1, "moderate": 2, "serious": 3, "critical": 4}
Moments = dict[str, list[datetime]]


def past(session: Session, calendar: Calendar, now: datetime) -> Past:
    """Everything known at `now`."""
    changes = _changes(session, now)
    query = select(
        Deadline.id, Deadline.rule, Deadline.title, Deadline.unit_id, Deadline.responsible_role, Deadline.case_id,
        Deadline.finding_id, Deadline.opened_at, Deadline.original_due_at, Deadline.met_at, Deadline.voided_at,
        Finding.severity,
    ).outerjoin(Finding, Finding.id == Deadline.finding_id)  # fmt: skip
    courses = [
        Course(
            row.id, row.rule, row.title, party(row.responsible_role, row.unit_id), _subject(row.finding_id, row.case_id),
            SEVERITIES.get(row.severity or "", 0), row.opened_at,
            tuple(changes[row.id]) or (Change(row.opened_at, row.original_due_at, False, 0),), row.met_at, row.voided_at,
        )
        for row in session.execute(query.where(Deadline.opened_at <= now).order_by(Deadline.id))
    ]  # fmt: skip
    return Past(courses, acts=_acts(session, now), returns=_returns(session, now), calendar=calendar, now=now)


def party(role: str, unit_id: int) -> str:
    """Who has to act: the unit for its own people's deadlines, else the post."""
    return f"unit:{unit_id}" if role in UNIT_ROLES else f"role:{role}"


def _subject(finding_id: int | None, case_id: int) -> str:
    return f"finding:{finding_id}" if finding_id else f"case:{case_id}"


def _changes(session: Session, now: datetime) -> dict[int, list[Change]]:
    query = select(DeadlineChange.deadline_id, DeadlineChange.kind, DeadlineChange.at, DeadlineChange.due_at).where(
        DeadlineChange.kind.in_(MOVING), DeadlineChange.at <= now
    )
    found: dict[int, list[Change]] = defaultdict(list)
    for key, kind, at, due_at in session.execute(query.order_by(DeadlineChange.id)):
        before = found[key][-1].extensions if found[key] else 0
        found[key].append(Change(at, due_at, kind == "paused", before + (kind == "extended")))
    return found


def _acts(session: Session, now: datetime) -> Moments:
    """When a task of the finding, or of the case itself, was last done."""
    found: Moments = defaultdict(list)
    query = select(Task.finding_id, Task.case_id, Task.done_at).where(Task.done_at <= now)
    for finding_id, case_id, done_at in session.execute(query):
        if done_at is not None and case_id is not None:
            found[_subject(finding_id, case_id)].append(done_at)
    return found


def _returns(session: Session, now: datetime) -> Moments:
    found: Moments = defaultdict(list)
    query = select(Verification.finding_id, Verification.at).where(
        Verification.result == "return", Verification.at <= now
    )
    for finding_id, at in session.execute(query):
        found[_subject(finding_id, 0)].append(at)
    return found
