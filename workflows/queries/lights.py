"""The light of a row, derived from its deadline when asked; and the same as a condition.  Stores nothing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from workflows.deadlines.lights import DEFAULT_POLICY, Light, light
from workflows.models import Deadline
from workflows.workdays import end_of_day, local_date

FINDING_RULE = "D4"
ENDED = ("closed", "consolidated", "archived", "not_upheld")  # states of a finding in which nothing runs any more


def light_of(deadline: Deadline | None, now: datetime) -> str:
    """none, green, yellow, red or closed; a deadline struck out, or none at all, shows none."""
    if deadline is None or deadline.voided_at is not None:
        return Light.NONE.value
    paused = deadline.paused_since is not None
    return light(deadline.due_at, met_at=deadline.met_at, paused=paused, now=now).value


def light_of_due(due_at: datetime | None, now: datetime) -> str:
    """The light of an open due moment that has no deadline of its own."""
    return Light.NONE.value if due_at is None else light(due_at, met_at=None, paused=False, now=now).value


def finding_light(status: str, deadline: Deadline | None, now: datetime) -> str:
    """A finding's light: closed once it is, else that of its latest own deadline."""
    return Light.CLOSED.value if status in ENDED else light_of(deadline, now)


def latest_of_findings(rule: str = FINDING_RULE) -> ColumnElement[bool]:
    """A join condition over Deadline: the finding's newest one under `rule`."""
    newer = aliased(Deadline)
    newest = (
        select(func.max(newer.id))
        .where(newer.finding_id == Deadline.finding_id, newer.rule == rule)
        .correlate(Deadline)
        .scalar_subquery()
    )
    return and_(Deadline.rule == rule, Deadline.id == newest)


def is_light(name: str, now: datetime, at: Any = Deadline) -> ColumnElement[bool]:
    """A condition over Deadline: it shows this light now."""
    today = local_date(now)
    yellow_until = end_of_day(today + timedelta(days=DEFAULT_POLICY.yellow_days))
    green_until = end_of_day(today + timedelta(days=DEFAULT_POLICY.green_days))
    runs = and_(at.met_at.is_(None), at.voided_at.is_(None), at.paused_since.is_(None))
    ranges: dict[str, ColumnElement[bool]] = {
        "red": and_(runs, at.due_at <= now),
        "yellow": and_(runs, at.due_at > now, at.due_at <= yellow_until),
        "green": and_(runs, at.due_at > yellow_until, at.due_at <= green_until),
        "none": or_(
            at.id.is_(None),
            at.voided_at.is_not(None),
            and_(at.met_at.is_(None), or_(at.paused_since.is_not(None), at.due_at > green_until)),
        ),
        "closed": and_(at.met_at.is_not(None), at.voided_at.is_(None)),
    }
    return ranges.get(name, false())
