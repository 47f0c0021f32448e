"""What stands around every page: the person's unit and the numbers beside the navigation.  One statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from workflows.models import Deadline, Incident, InspectionCase, Notification, Task, Unit
from workflows.policy import Actor
from workflows.queries.inbox import waits_for
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


NAMES = ("unit_name", "unread", "overdue", "incidents")


def margins(session: Session, actor: Actor, *, now: datetime, with_overdue: bool) -> Margins:
    """All of it; `overdue` is 0 for those whom it does not concern."""
    waiting = select(func.count(Task.id)).where(waits_for(actor, now)).scalar_subquery()
    query = select(waiting, *columns(actor, now=now, with_overdue=with_overdue))
    row = session.execute(query).one()
    return of_row(row._mapping, waiting=row[0])


def columns(actor: Actor, *, now: datetime, with_overdue: bool) -> list[ColumnElement[Any]]:
    """All but the tasks, which the inbox counts anyway, as values for another statement to ask for along with its own."""
    unit = select(Unit.name).where(Unit.id == actor.unit_id).scalar_subquery()
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
    values = (unit, unread, late if with_overdue else literal(0), stopped)
    return [value.label(f"margin_{name}") for name, value in zip(NAMES, values, strict=True)]


def of_row(row: Mapping[Any, Any], *, waiting: int) -> Margins:
    """The margins in a row that holds `columns`, with the tasks counted elsewhere."""
    unit_name, *numbers = (row[f"margin_{name}"] for name in NAMES)
    return Margins(unit_name or "", waiting, *numbers)
