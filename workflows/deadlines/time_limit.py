"""A time limit (T-number): an amount, a unit, how it rolls, since when it applies.  Knows no case and no calendar."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from workflows.refusal import Refusal


class Unit(StrEnum):
    """What the amount of a limit counts; the value is what the table stores."""

    WORKDAY = "workday"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    HOUR = "hour"
    MONTHDAY = "monthday"  # the next day with this number: 25 = the next 25th
    FIXED_DATE = "fixed_date"  # the next such date of a year, written MMDD: 115 = the next 15 January


class Roll(StrEnum):
    """Where a last day goes that is not a working day."""

    FORWARD = "forward"
    NONE = "none"


class InvalidTimeLimit(Refusal):
    """An amount or period that makes no limit; said to the administrator who edits the table."""

    rule = "time_limit"


class UnknownTimeLimit(Refusal):
    """No row, or more than one, under this code on this day."""

    rule = "time_limit"


_MOST = {
    Unit.WORKDAY: 2_000,
    Unit.CALENDAR_DAY: 3_660,
    Unit.MONTH: 120,
    Unit.HOUR: 8_784,
    Unit.MONTHDAY: 31,
    Unit.FIXED_DATE: 1231,
}
_LONGEST_YEAR = 2024
FIRST_DAY = date(2004, 1, 1)


@dataclass(frozen=True)
class TimeLimit:
    """One effective-dated row of the register (domain 3.3).  `valid_to` is the last day it applies, None = open.

    `basis` says what it rests on (C-number of published practice, SEED, DESIGN, GKU); `source` says so in words.
    """

    code: str
    name: str
    amount: int
    unit: Unit
    roll: Roll = Roll.FORWARD
    basis: str = "DESIGN"
    source: str = ""
    valid_from: date = FIRST_DAY
    valid_to: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= _MOST[self.unit]:
            raise InvalidTimeLimit(f"{self.title}的数量须在1至{_MOST[self.unit]}之间，现为{self.amount}。")
        if self.unit is Unit.FIXED_DATE:
            self._check_fixed_date()
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise InvalidTimeLimit(f"{self.title}的失效日期早于生效日期。")

    @property
    def title(self) -> str:
        """How a person names it: "T10 报送整改方案"."""
        return f"{self.code} {self.name}".strip()

    def applies_on(self, day: date) -> bool:
        """Whether this row is the law on `day`; both ends belong to it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def _check_fixed_date(self) -> None:
        try:
            date(_LONGEST_YEAR, *divmod(self.amount, 100))
        except ValueError as wrong:
            raise InvalidTimeLimit(f"{self.title}的固定日期须写成月日四位数，如0115，现为{self.amount}。") from wrong


def limit_of(amount: int, unit: Unit | str, *, name: str = "规定期限", roll: Roll = Roll.FORWARD) -> TimeLimit:
    """A limit without a T-number, for amounts that a decision table gives (D4)."""
    return TimeLimit("", name, amount, Unit(unit), roll)


def limit_on(code: str, day: date, limits: Collection[TimeLimit]) -> TimeLimit:
    """The row of `code` that applies on `day` (usually the anchor's day)."""
    named = [limit for limit in limits if limit.code == code]
    found = [limit for limit in named if limit.applies_on(day)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownTimeLimit(f"时限{code}在{day.isoformat()}有{len(found)}条同时生效，请管理员在时限表中更正。")
    if named:
        raise UnknownTimeLimit(f"时限{code}在{day.isoformat()}没有生效的规定。")
    raise UnknownTimeLimit(f"时限表中没有{code}{_variants(code, limits)}。")


def overlaps(limits: Iterable[TimeLimit]) -> list[tuple[TimeLimit, TimeLimit]]:
    """Pairs of rows of one code that apply on the same day: an edit of the table that must be refused."""
    ordered = sorted(limits, key=lambda limit: (limit.code, limit.valid_from))
    return [
        (one, other)
        for one, other in pairwise(ordered)
        if one.code == other.code and one.applies_on(other.valid_from)
    ]


def _variants(code: str, limits: Collection[TimeLimit]) -> str:
    found = sorted({limit.code for limit in limits if limit.code.startswith(f"{code}.")})
    return f"，请指明{'、'.join(found)}之一" if found else ""
