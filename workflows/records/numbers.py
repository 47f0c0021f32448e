"""Numbers without gaps: given in the same transaction that uses them, so a rollback gives the number back."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflows.models import NumberSeries

INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def next_number(session: Session, series: str) -> int:
    """The next number of a series, from 1.  The series' row stays locked until the transaction ends.

    One statement, whether the series has begun or begins now, for several at the same moment perhaps.
    """
    insert = INSERTS[session.get_bind().dialect.name]
    begun = insert(NumberSeries).values(series=series, last=1)
    following = begun.on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.last + 1})
    with session.no_autoflush:
        return int(session.scalars(following.returning(NumberSeries.last)).one())


def numbered(session: Session, pattern: str, **facts: object) -> str:
    """A number text such as "XH-2026-0113": `pattern` is a format string with {n}; the rest of it names the series.

    >>> numbered(session, "DB-{year}-{n:03d}", year=2026)   # → "DB-2026-021", series "DB-2026-#"
    """
    series = pattern.replace("{n:03d}", "#").replace("{n:04d}", "#").replace("{n}", "#").format(**facts)
    return pattern.format(n=next_number(session, series), **facts)
