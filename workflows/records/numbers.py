"""Numbers without gaps: given in the same transaction that uses them, so a rollback gives the number back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import NumberSeries


def next_number(session: Session, series: str) -> int:
    """The next number of a series, from 1.  The series' row stays locked until the transaction ends."""
    row = session.scalar(select(NumberSeries).where(NumberSeries.series == series).with_for_update())
    if row is None:
        row = NumberSeries(series=series, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return row.last


def numbered(session: Session, pattern: str, **facts: object) -> str:
    """A number text such as "XH-2026-0113": `pattern` is a format string with {n}; the rest of it names the series.

    >>> numbered(session, "DB-{year}-{n:03d}", year=2026)   # → "DB-2026-021", series "DB-2026-#"
    """
    series = pattern.replace("{n:03d}", "#").replace("{n:04d}", "#").replace("{n}", "#").format(**facts)
    return pattern.format(n=next_number(session, series), **facts)
