"""The working-day table as a Calendar, and the register of time limits as rules in force on a day."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import CalendarDay, CalendarVersion
from workflows.workdays import Calendar

_kept: dict[tuple[str, int], Calendar] = {}


NEWEST = "newest_calendar"
newest = select(func.max(CalendarVersion.number)).scalar_subquery()
"""The highest version, to be read along with something else; `note_newest` takes the answer."""


def note_newest(session: Session, number: int | None) -> None:
    """What the transaction has seen of the newest version: `in_force` need not ask again for one that it knows."""
    session.info[NEWEST] = number


def in_force(session: Session) -> Calendar:
    """The calendar of the highest version; read once a transaction."""
    cached: Calendar | None = session.info.get("calendar") or _kept.get(_key(session, session.info.get(NEWEST)))
    if cached is None:
        with session.no_autoflush:
            newest_head = session.scalar(select(CalendarVersion).where(CalendarVersion.number == newest))
        if newest_head is None:
            raise LookupError("no working-day table: run `huitou init`")
        cached = version(session, newest_head)
    session.info["calendar"] = cached
    return cached


def version(session: Session, head: CalendarVersion) -> Calendar:
    """The calendar as it stood in one version.  A version never changes, so it is kept for the process's life."""
    key = _key(session, head.number)
    if key not in _kept:
        days: dict[date, bool] = {}
        rows = select(CalendarDay.day, CalendarDay.is_workday).where(CalendarDay.version <= head.number)
        for day, is_workday in session.execute(rows.order_by(CalendarDay.version)):
            days[day] = is_workday
        _kept[key] = Calendar(head.number, days, head.last_certain_year)
    return _kept[key]


def _key(session: Session, number: int | None) -> tuple[str, int]:
    return str(session.get_bind().engine.url), number or 0
