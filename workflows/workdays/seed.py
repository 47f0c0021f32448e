"""What a new installation knows about holidays: days.csv, with the State Council notice each row comes from.

Rows up to 2026 repeat published notices.  Later rows are the statutory days computed from the law, flagged
provisional: make-up days are unknown until that year's notice appears.  A test compares the file with the `holidays`
library; nothing at run time needs it.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from workflows.workdays.working_days import Calendar

FIRST_CERTAIN_YEAR, LAST_CERTAIN_YEAR = 2004, 2026


@dataclass(frozen=True)
class SeedDay:
    """One exception from Monday to Friday: a weekday off, or a Saturday or Sunday on which people work."""

    day: date
    is_workday: bool
    name: str
    source: str
    provisional: bool


@cache
def seed_days() -> tuple[SeedDay, ...]:
    """Every row of days.csv, in order of the day."""
    text = files("workflows.workdays").joinpath("days.csv").read_text(encoding="utf-8")
    return tuple(_row(row) for row in csv.DictReader(text.splitlines()))


@cache
def seed_calendar() -> Calendar:
    """Version 1 of the calendar, made of `seed_days()`; certain 2004–2026."""
    exceptions = {row.day: row.is_workday for row in seed_days()}
    return Calendar(1, exceptions, LAST_CERTAIN_YEAR, FIRST_CERTAIN_YEAR)


def _row(row: dict[str, str]) -> SeedDay:
    return SeedDay(
        day=date.fromisoformat(row["day"]),
        is_workday=row["is_workday"] == "1",
        name=row["name"],
        source=row["source"],
        provisional=row["provisional"] == "1",
    )
