"""From a limit, an anchor and a calendar to a due moment, with its derivation in words.  Knows no case and no table.

First day not counted; months keep the day number, clamped; the last day rolls forward to a working day; a limit ends
at 24:00 Asia/Shanghai of its last day, except one in hours, which ends at its minute.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflows.deadlines import wording
from workflows.deadlines.time_limit import Roll, TimeLimit, Unit
from workflows.refusal import Refusal
from workflows.workdays import Calendar, closing_day, due_text, end_of_day, local_date, same_day_later


class AnchorWithoutTime(Refusal):
    """A limit in hours needs the moment it starts at, not only the day."""

    rule = "anchor"


@dataclass(frozen=True)
class Derivation:
    """When something is due and why.  `due_at` is aware UTC; `due_on` the local day it closes; `words` for people.

    `provisional`: the count reaches a year whose holidays are not announced; `note` then says so in a sentence.
    """

    due_at: datetime
    due_on: date
    words: str
    calendar_version: int
    provisional: bool
    note: str = ""


def derive(
    limit: TimeLimit, anchor: date | datetime, calendar: Calendar, *, anchor_label: str = "起算"
) -> Derivation:
    """The due moment of `limit` counted from `anchor` (a local day or an aware moment), e.g. T10 from feedback.

    `anchor_label` names the event in the words, such as "收到反馈".
    """
    if limit.unit is Unit.HOUR:
        return _derive_hours(limit, anchor, calendar, anchor_label)
    start = local_date(anchor) if isinstance(anchor, datetime) else anchor
    due_on, steps = _last_day(limit, start, calendar)
    provisional = _is_provisional(limit, start, due_on, calendar)
    note = wording.provisional_note(due_on if calendar.is_provisional(due_on) else start) if provisional else ""
    words = f"{'，'.join([f'{anchor_label} {start.isoformat()}', *steps])} → {due_text(end_of_day(due_on))}"
    return Derivation(end_of_day(due_on), due_on, wording.join(words, note), calendar.version, provisional, note)


def _derive_hours(limit: TimeLimit, anchor: date | datetime, calendar: Calendar, label: str) -> Derivation:
    if not isinstance(anchor, datetime):
        raise AnchorWithoutTime(f"{limit.title}按小时计算，须有起算的时刻，不能只有日期。")
    due_at = anchor + timedelta(hours=limit.amount)
    words = f"{label} {due_text(anchor)}，{limit.amount}小时 → {due_text(due_at)}"
    return Derivation(due_at, closing_day(due_at), words, calendar.version, provisional=False)


def _last_day(limit: TimeLimit, start: date, calendar: Calendar) -> tuple[date, list[str]]:
    if limit.unit is Unit.WORKDAY:
        last = calendar.workdays_after(start, limit.amount)
        return last, wording.workday_steps(limit.amount, start, last, calendar)
    nominal = nominal_day(limit, start)
    step = wording.nominal_step(limit, start, nominal)
    if limit.roll is Roll.NONE or calendar.is_workday(nominal):
        return nominal, [step]
    last = calendar.next_workday(nominal)
    return last, [step, wording.rolled_step(nominal, last)]


def nominal_day(limit: TimeLimit, start: date) -> date:
    """The last day before rolling, for a limit in days, months or by date.  First day not counted."""
    match limit.unit:
        case Unit.CALENDAR_DAY:
            return start + timedelta(days=limit.amount)
        case Unit.MONTH:
            return same_day_later(start, limit.amount)
        case Unit.MONTHDAY:
            return _next_monthday(start, limit.amount)
        case Unit.FIXED_DATE:
            return _next_fixed_date(start, limit.amount)
        case _:
            raise AssertionError(f"{limit.unit} has no nominal day")


def _next_monthday(start: date, number: int) -> date:
    """The next day with this number after `start`, clamped in short months (T14: the next 25th)."""
    first = start.replace(day=1)
    months = (same_day_later(first, n) for n in range(2))
    return next(day for month in months if (day := _clamped(month, number)) > start)


def _clamped(month: date, number: int) -> date:
    last = same_day_later(month, 1) - timedelta(days=1)
    return last.replace(day=min(number, last.day))


def _next_fixed_date(start: date, month_and_day: int) -> date:
    """The next such date after `start`; 29 February is clamped in ordinary years (T23: the next 15 January)."""
    month, number = divmod(month_and_day, 100)
    years = (date(start.year + n, month, 1) for n in range(2))
    return next(day for first in years if (day := _clamped(first, number)) > start)


def _is_provisional(limit: TimeLimit, start: date, due_on: date, calendar: Calendar) -> bool:
    """Whether an announcement could still move the due day."""
    if limit.unit is Unit.WORKDAY:
        return calendar.is_provisional(start) or calendar.is_provisional(due_on)
    return limit.roll is Roll.FORWARD and calendar.is_provisional(due_on)
