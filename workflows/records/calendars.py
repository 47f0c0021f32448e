"""The working-day table as a Calendar, and the register of time limits as rules in force on a day."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import CalendarDay, CalendarVersion
from workflows.workdays import Calendar

_kept: dict[tuple[str, int], Calendar] = {}


def in_force(session: Session) -> Calendar:
    """The calendar of the highest version; read once a transaction."""
    cached: Calendar | None = session.info.get("calendar")
    if cached is None:
        with session.no_autoflush:
            newest = session.scalar(select(CalendarVersion).order_by(CalendarVersion.number.desc()).limit(1))
        if newest is None:
            raise LookupError("no working-day table: run `huitou init`")
        cached = session.info["calendar"] = version(session, newest)
    return cached


def version(session: Session, head: CalendarVersion) -> Calendar:
    """The calendar as it stood in one version.  A version never changes, so it is kept for the process's life."""
    key = (str(session.get_bind().engine.url), head.number)
    if key not in _kept:
        days: dict[date, bool] = {}
        rows = select(CalendarDay.day, CalendarDay.is_workday).where(CalendarDay.version <= head.number)
        for day, is_workday in session.execute(rows.order_by(CalendarDay.version)):
            days[day] = is_workday
        _kept[key] = Calendar(head.number, days, head.last_certain_year)
    return _kept[key]
