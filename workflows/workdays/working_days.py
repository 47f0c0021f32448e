"""One version of the working-day calendar: Monday to Friday, with exceptions.  Does not know where rows come from.

All functions take and give local days (`date`).  Counting follows the time-limit register: the first day is not
counted, day 1 is the next working day after the start.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType

from workflows.refusal import Refusal

_FIRST_YEAR, _LAST_YEAR = 1950, 2199
_MOST_DAYS, _MOST_MONTHS = 20_000, 1_200
_WEEK, _WEEKDAYS = 7, 5


class OutOfCalendar(Refusal):
    """The count leads beyond any year we can speak about."""

    rule = "calendar"


@dataclass(frozen=True)
class Calendar:
    """Exceptions: day -> is it a working day.  Years outside first..last certain are provisional: not announced."""

    version: int
    exceptions: Mapping[date, bool] = field(hash=False, repr=False)
    last_certain_year: int
    first_certain_year: int = 2004

    def __post_init__(self) -> None:
        real = {day: works for day, works in sorted(self.exceptions.items()) if works != _weekday(day)}
        object.__setattr__(self, "exceptions", MappingProxyType(real))

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day: the table first, else Monday to Friday."""
        return self.exceptions.get(day, _weekday(day))

    def next_workday(self, day: date) -> date:
        """The first working day on or after `day`."""
        return day if self.is_workday(day) else self.workdays_after(day, 1)

    def workdays_after(self, day: date, days: int) -> date:
        """The `days`-th working day after `day`; day 1 is the next working day.  0 gives `next_workday(day)`."""
        _check(day, days, _MOST_DAYS)
        if days == 0:
            return self.next_workday(day)
        start = day.toordinal()
        return self._day_with(self._count(start) + days, start, start + self._span(days))

    def workdays_before(self, day: date, days: int) -> date:
        """The `days`-th working day before `day`, `day` itself not counted (T26, reminders).  0 gives `day`."""
        _check(day, days, _MOST_DAYS)
        if days == 0:
            return day
        end = day.toordinal() - 1
        return self._day_with(self._count(end) - days + 1, end - self._span(days), end)

    def workdays_between(self, after: date, until: date) -> int:
        """Working days in (after, until]; negative when `until` lies earlier.  Inverse of `workdays_after`."""
        return self._count(until.toordinal()) - self._count(after.toordinal())

    def months_after(self, day: date, months: int) -> date:
        """Same day number `months` later, clamped to the month's end, rolled forward to a working day."""
        return self.next_workday(same_day_later(day, months))

    def days_off(self, first: date, last: date) -> list[tuple[date, date]]:
        """Runs of days off within first..last, weekends included, that hold at least one weekday: the holidays."""
        runs = {self._run_around(day) for day in self.exceptions_within(first, last) if not self.exceptions[day]}
        return sorted((max(begin, first), min(end, last)) for begin, end in runs)

    def makeup_days(self, first: date, last: date) -> list[date]:
        """Saturdays and Sundays within first..last on which people work."""
        return [day for day in self.exceptions_within(first, last) if self.exceptions[day]]

    def exceptions_within(self, first: date, last: date) -> list[date]:
        """The days of the table within first..last, in order."""
        low = bisect_left(self._ordinals, first.toordinal())
        return [date.fromordinal(o) for o in self._ordinals[low : bisect_right(self._ordinals, last.toordinal())]]

    def is_provisional(self, day: date) -> bool:
        """Whether the State Council's schedule for this day's year is not in the table."""
        return not self.first_certain_year <= day.year <= self.last_certain_year

    def changed_days(self, newer: "Calendar", first: date, last: date) -> list[date]:
        """Days within first..last on which the two calendars disagree, in order."""
        days = {*self.exceptions_within(first, last), *newer.exceptions_within(first, last)}
        return sorted(day for day in days if self.is_workday(day) != newer.is_workday(day))

    def _run_around(self, day: date) -> tuple[date, date]:
        begin = end = day
        while not self.is_workday(begin - timedelta(days=1)):
            begin -= timedelta(days=1)
        while not self.is_workday(end + timedelta(days=1)):
            end += timedelta(days=1)
        return begin, end

    @cached_property
    def _ordinals(self) -> list[int]:
        return [day.toordinal() for day in self.exceptions]

    @cached_property
    def _corrections(self) -> list[int]:
        return [0, *accumulate(1 if works else -1 for works in self.exceptions.values())]

    def _count(self, ordinal: int) -> int:
        """Working days from day 1 of the era (a Monday) up to and including `ordinal`."""
        weeks, rest = divmod(ordinal, _WEEK)
        weekdays = weeks * _WEEKDAYS + min(rest, _WEEKDAYS)
        return weekdays + self._corrections[bisect_right(self._ordinals, ordinal)]

    def _day_with(self, count: int, low: int, high: int) -> date:
        return date.fromordinal(low + bisect_left(range(low, high), count, key=self._count))

    def _span(self, days: int) -> int:
        """More calendar days than `days` working days can ever take, even if every exception fell among them."""
        return 2 * (days + len(self.exceptions)) + 2 * _WEEK


def same_day_later(day: date, months: int) -> date:
    """The same day number `months` later, clamped to the month's end; not rolled."""
    _check(day, months, _MOST_MONTHS)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekday(day: date) -> bool:
    return day.weekday() < _WEEKDAYS


def _check(day: date, amount: int, most: int) -> None:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise OutOfCalendar(f"{day.isoformat()}不在工作日历可推算的范围内（{_FIRST_YEAR}—{_LAST_YEAR}年）。")
    if not 0 <= amount <= most:
        raise OutOfCalendar(f"推算的数量须在0至{most}之间，现为{amount}。")
