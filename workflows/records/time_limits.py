"""The register of time limits (T01–T27) as rules in force on a day.

A row of the register never changes but to end: a changed limit is a new row.  So the register is kept for the process's
life and read again when it has grown; whoever locks an instance sees along the way whether it has.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.deadlines.time_limit import Roll, TimeLimit, Unit, limit_on
from workflows.models import TimeLimitRule

NEWEST = "newest_time_limit"
newest = select(func.max(TimeLimitRule.id)).scalar_subquery()
"""The newest row, to be read along with something else; `note_newest` takes the answer."""

_kept: dict[tuple[str, int], Sequence[TimeLimitRule]] = {}


def note_newest(session: Session, number: int | None) -> None:
    """What the transaction has seen of the newest row: `rules` need not read again what it knows."""
    session.info[NEWEST] = number


def rules(session: Session) -> Sequence[TimeLimitRule]:
    """Every row of the register; read at most once a transaction."""
    key = str(session.get_bind().engine.url), session.info.get(NEWEST) or 0
    cached: Sequence[TimeLimitRule] | None = session.info.get("time_limits") or _kept.get(key)
    if cached is None:
        with session.no_autoflush:
            cached = session.scalars(select(TimeLimitRule).order_by(TimeLimitRule.id)).all()
        if cached and cached[-1].id == key[1]:
            for row in cached:
                session.expunge(row)
            _kept[key] = cached
    session.info["time_limits"] = cached
    return cached


def limit_from(row: TimeLimitRule) -> TimeLimit:
    """A row of the register as a rule."""
    return TimeLimit(
        row.code, row.name, row.amount, Unit(row.unit), Roll(row.roll), row.basis, row.source,
        row.valid_from, row.valid_to, row.note,
    )  # fmt: skip


def limit_in_force(session: Session, code: str, day: date) -> tuple[TimeLimit, TimeLimitRule]:
    """The limit of `code` on a day, with its row.  Refused when there is none, or more than one."""
    rows = {limit_from(row): row for row in rules(session)}
    limit = limit_on(code, day, rows)
    return limit, rows[limit]
