"""What one step may ask of the outside, and how diagrams ask it.  Knows neither tables nor the clock."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from workflows.engine.step import DecisionRecord
from workflows.workdays import as_local, closing_day, local_date, start_of_day


class Surroundings(Protocol):
    """Production gives the operations' context, a rehearsal an in-memory one."""

    @property
    def now(self) -> datetime:
        """The moment of this step: aware, UTC."""

    def due(self, rule: str) -> datetime:
        """The due moment of the subject's latest deadline under this rule; opens one if there is none."""

    def open_deadline(self, rule: str) -> datetime:
        """A task with this rule has opened: a new deadline, if the latest is met or absent."""

    def workdays_after(self, moment: datetime | date, days: int) -> datetime:
        """The end of the n-th working day after the moment."""

    def months_after(self, moment: datetime | date, months: int) -> datetime:
        """The same day number so many months later, clamped, rolled to a working day."""

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """A service task; raises a Refusal or whatever goes wrong."""

    def decided(self, record: DecisionRecord) -> None:
        """A decision table has been evaluated."""


def helpers_of(surroundings: Surroundings) -> Mapping[str, Callable[..., Any]]:
    """The functions of the designers' language that need the outside, by the name a diagram uses."""
    return {
        "due": surroundings.due,
        "before_due": _before_due(surroundings),
        "after_due": _after_due(surroundings),
        "workdays_after": surroundings.workdays_after,
        "days_after": days_after,
        "months_after": surroundings.months_after,
        "is_workday": lambda day: surroundings.is_workday(civil_day(day)),
        "date": civil_date,
        **clock_helpers(surroundings.now),
    }


def clock_helpers(now: datetime) -> Mapping[str, Callable[..., Any]]:
    """The functions that speak of the present: of this step, or of the moment a timer began to wait."""
    return {"now": lambda: now, "today": lambda: civil_day(now), "next_monthday": _next_monthday(civil_day(now))}


def civil_day(moment: datetime | date) -> date:
    """The day in Shanghai on which the moment falls."""
    return local_date(moment) if isinstance(moment, datetime) else moment


def civil_date(text: str | date) -> date:
    """What a text says: YYYY-MM-DD a day; with a time of day a moment, Shanghai's unless it names its zone."""
    if isinstance(text, date):
        return civil_day(text)
    if len(text) <= len("2026-09-25"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else as_local(moment)


def days_after(moment: datetime | date, days: int) -> datetime | date:
    """So many calendar days later; a day gives a day, a moment a moment."""
    return moment + timedelta(days=days)


def _before_due(surroundings: Surroundings) -> Callable[..., datetime]:
    def before_due(rule: str, days: int = 0, workdays: int = 0) -> datetime:
        """00:00 of the day so many days, and then working days, before the due day (as letters count, T15)."""
        due_at = surroundings.due(rule)
        if not days and not workdays:
            return due_at
        day = closing_day(due_at) - timedelta(days=days)
        return start_of_day(closing_day(surroundings.workdays_after(day, -workdays)) if workdays else day)

    return before_due


def _after_due(surroundings: Surroundings) -> Callable[..., datetime]:
    def after_due(rule: str, days: int = 0, workdays: int = 0) -> datetime:
        """00:00 of the day overdue by so many days, and then working days (as levels count, T18)."""
        due_at = surroundings.due(rule)
        day = closing_day(due_at) + timedelta(days=days)
        return max(due_at, start_of_day(closing_day(surroundings.workdays_after(day, workdays)) if workdays else day))

    return after_due


def _next_monthday(today: date) -> Callable[[int], date]:
    def next_monthday(day: int) -> date:
        this_month = _clamped(today.year, today.month, day)
        if this_month > today:
            return this_month
        return _clamped(today.year + today.month // 12, today.month % 12 + 1, day)

    return next_monthday


def _clamped(year: int, month: int, day: int) -> date:
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, max(1, min(day, last)))
