"""工作日历: the version in force and the days that break the Monday–Friday rule."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import CalendarDay, CalendarVersion


def head(session: Session) -> CalendarVersion:
    """The version in force; raises NoResultFound before the installation."""
    return session.scalars(select(CalendarVersion).order_by(CalendarVersion.number.desc()).limit(1)).one()


def days_of(session: Session, year: int) -> list[CalendarDay]:
    """The exceptions of a year as they hold now, by day; a later version's row replaces an earlier one's."""
    query = (
        select(CalendarDay)
        .where(CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31))
        .order_by(CalendarDay.version)
    )
    newest = {row.day: row for row in session.scalars(query)}
    return [newest[day] for day in sorted(newest)]
