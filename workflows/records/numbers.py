"""Numbers without gaps: given in the same transaction that uses them, so a rollback gives the number back."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.database import savepoint
from workflows.models import NumberSeries


def next_number(session: Session, series: str) -> int:
    """The next number of a series, from 1.  The series' row stays locked until the transaction ends."""
    query = select(NumberSeries).where(NumberSeries.series == series).with_for_update()
    row = session.scalar(query) or _begun(session, series) or session.scalars(query).one()
    row.last += 1
    session.flush()
    return row.last


def _begun(session: Session, series: str) -> NumberSeries | None:
    """A new series; None when somebody else has begun it at the same moment, as happens on the first day of a year."""
    session.flush()
    row = NumberSeries(series=series, last=0)
    try:
        with savepoint(session):
            session.add(row)
    except IntegrityError:
        return None
    return row


def numbered(session: Session, pattern: str, **facts: object) -> str:
    """A number text such as "XH-2026-0113": `pattern` is a format string with {n}; the rest of it names the series.

    >>> numbered(session, "DB-{year}-{n:03d}", year=2026)   # → "DB-2026-021", series "DB-2026-#"
    """
    series = pattern.replace("{n:03d}", "#").replace("{n:04d}", "#").replace("{n}", "#").format(**facts)
    return pattern.format(n=next_number(session, series), **facts)
