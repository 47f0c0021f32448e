"""What stands around every page: the person's unit and the numbers beside the navigation.  One statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from workflows.models import Deadline, Incident, InspectionCase, Notification, Task, Unit
from workflows.policy import Actor
from workflows.queries.inbox import in_tab
from workflows.queries.overdue import is_late
from workflows.queries.scope import visible_cases


@dataclass(frozen=True)
class Margins:
    """The person's unit, own open tasks and those to take, unread notices, late deadlines, open incidents."""

    unit_name: str
    waiting: int
    unread: int
    overdue: int
    incidents: int


def margins(session: Session, actor: Actor, *, now: datetime, with_overdue: bool) -> Margins:
    """All of it; `overdue` is 0 for those whom it does not concern."""
    unit = select(Unit.name).where(Unit.id == actor.unit_id).scalar_subquery()
    either = or_(in_tab(actor, "todo"), in_tab(actor, "claimable"))
    waiting = select(func.count(Task.id)).where(either).scalar_subquery()
    unread = (
        select(func.count(Notification.id))
        .where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
        .scalar_subquery()
    )
    late = (
        select(func.count(Deadline.id))
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .where(is_late(now), visible_cases(actor))
        .scalar_subquery()
    )
    stopped = select(func.count(Incident.id)).where(Incident.resolved_at.is_(None)).scalar_subquery()
    row = session.execute(select(unit, waiting, unread, late if with_overdue else literal(0), stopped)).one()
    return Margins(row[0] or "", *row[1:])
