"""Moments before and after a due moment, in local days: the one definition for lights, levels, letters and timers.

Days are counted by date, as officials count them: the due day itself has 0 days left, the day after is overdue by 1.
A moment "n days before" is the start of that day, so it and the colour of the day agree.
"""

from datetime import datetime, timedelta

from workflows.workdays import Calendar, closing_day, local_date, start_of_day


def days_left(due_at: datetime, now: datetime) -> int:
    """Local days from now to the due day; 0 on the due day, negative when overdue (-1 on the day after)."""
    return (closing_day(due_at) - local_date(now)).days


def is_overdue(due_at: datetime, now: datetime) -> bool:
    """At the due instant itself (24:00) the time is over."""
    return now >= due_at


def overdue_days(due_at: datetime, now: datetime) -> int:
    """0 when not overdue, else at least 1; the day after the due day is the first."""
    return max(1, -days_left(due_at, now)) if is_overdue(due_at, now) else 0


def before_due(due_at: datetime, calendar: Calendar, *, days: int = 0, workdays: int = 0) -> datetime:
    """00:00 of the day so many days (and then working days) before the due day; 0 and 0 give the due moment."""
    if not days and not workdays:
        return due_at
    return start_of_day(calendar.workdays_before(closing_day(due_at) - timedelta(days=days), workdays))


def after_due(due_at: datetime, calendar: Calendar, *, days: int = 0, workdays: int = 0) -> datetime:
    """00:00 of the day so many days (and then working days) after the due day, never before the due moment.

    One day after the due day is overdue by one day: level 1 of T18.
    """
    day = closing_day(due_at) + timedelta(days=days)
    return max(due_at, start_of_day(calendar.workdays_after(day, workdays) if workdays else day))
