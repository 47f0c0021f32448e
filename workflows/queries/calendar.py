"""工作日历: the version in force and the days that break the Monday–Friday rule."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.deadlines.reschedule import Moved
from workflows.models import CalendarDay, CalendarFeed, CalendarProposal, CalendarVersion, Deadline, Unit, User
from workflows.queries.people import token_hash

AT_ONCE = 500


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


def waiting_proposal(session: Session) -> CalendarProposal | None:
    """The new version that waits for a second person."""
    return session.scalars(select(CalendarProposal).where(CalendarProposal.status == "proposed")).first()


def owner_of_feed(session: Session, token: str) -> int | None:
    """Whose calendar a secret address is."""
    return session.scalar(select(CalendarFeed.user_id).where(CalendarFeed.token_hash == token_hash(token)))


def feed_of(session: Session, user_id: int) -> CalendarFeed | None:
    """The person's feed, if he has one."""
    return session.get(CalendarFeed, user_id)


def proposal(session: Session, proposal_id: int) -> CalendarProposal:
    """One proposal that still waits; else NoResultFound."""
    query = select(CalendarProposal).where(CalendarProposal.id == proposal_id, CalendarProposal.status == "proposed")
    return session.scalars(query).one()


def name_of(session: Session, user_id: int) -> str:
    """What the person is called."""
    return session.scalars(select(User.name).where(User.id == user_id)).one()


def moves(session: Session, moved: Sequence[Moved]) -> list[tuple[Moved, str, str]]:
    """Each deadline that would move, with its number and its unit: for people who keep the calendar of the region."""
    found: dict[int, tuple[str, str]] = {}
    for at in range(0, len(moved), AT_ONCE):
        keys = [int(move.key) for move in moved[at : at + AT_ONCE]]
        query = select(Deadline.id, Deadline.subject_no, Unit.name).join(Unit, Unit.id == Deadline.unit_id)
        found.update(
            {row.id: (row.subject_no, row.name) for row in session.execute(query.where(Deadline.id.in_(keys)))}
        )
    return [(move, *found[int(move.key)]) for move in moved]
