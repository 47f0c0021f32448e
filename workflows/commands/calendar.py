"""A new version of the working-day table, and what it does to open deadlines."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.deadlines import reschedule
from workflows.models import CalendarDay, CalendarVersion, Deadline
from workflows.policy import Actor
from workflows.records import calendars, deadlines, history
from workflows.workdays import Calendar

DayRow = tuple[date, bool, str, str]  # day, is_workday, name, source


def publish_calendar(
    work: Work, *, days: Sequence[DayRow], last_certain_year: int, note: str, actor: Actor, now: datetime
) -> list[reschedule.Moved]:
    """A new version of the working-day table; open deadlines are derived afresh.  Returns those that moved."""
    actor.require_role("sys_admin", act="维护工作日历")
    session = work.session
    old = calendars.in_force(session)
    new = calendar_with(old, days, last_certain_year)
    session.add(
        CalendarVersion(
            number=new.version,
            published_at=now,
            published_by_id=actor.user_id,
            last_certain_year=last_certain_year,
            note=note,
        )
    )
    session.flush()
    session.add_all(
        CalendarDay(day=day, version=new.version, is_workday=works, name=name, source=source)
        for day, works, name, source in days
    )
    session.info["calendar"] = new
    moves = preview_calendar(session, old, new)
    for move in moves:
        deadline = session.get_one(Deadline, int(move.key))
        deadlines.recalculate(session, deadline, due_at=move.new_due, words=move.words, calendar=new, now=now)
    history.record(
        session, action="publish_calendar", summary=f"发布工作日历第{new.version}版，{len(moves)}项时限随之调整",
        now=now, actor=actor, object_kind="calendar", object_id=new.version,
        details={"days": [day.isoformat() for day, *_ in days], "note": note},
    )  # fmt: skip
    return moves


def calendar_with(old: Calendar, days: Sequence[DayRow], last_certain_year: int) -> Calendar:
    """The next version: the old table with some days changed."""
    changed = dict(old.exceptions) | {day: works for day, works, *_ in days}
    return Calendar(old.version + 1, changed, last_certain_year)


def preview_calendar(session: Session, old: Calendar, new: Calendar) -> list[reschedule.Moved]:
    """Which open deadlines a new table would move, with words; writes nothing."""
    rows = session.scalars(
        select(Deadline).where(Deadline.met_at.is_(None), Deadline.voided_at.is_(None)).order_by(Deadline.id)
    )
    return reschedule.preview((deadlines.for_preview(session, row) for row in rows), old, new)
