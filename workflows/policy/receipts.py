"""签收回执: which papers a unit signs for, who signs, and when a missing receipt is told.  Pure."""

from datetime import datetime, timedelta

from workflows.workdays import Calendar, end_of_day, local_date

WORKDAYS = 2
"""Whole working days after the day of issue, in which a unit has to sign."""

SIGNED_LETTERS = ("final", "red")
"""The letters that want a receipt: 整改情况提醒书 and 红色督办函; green and yellow ones only prompt the handler."""

HIGHEST_SIGNED_LEVEL = 3
"""督办文书 up to 告诫书 go to the unit; 问责建议书 goes to the deputy minister."""

RECEIVERS = ("unit_liaison", "unit_principal")
TOLD = ("supervision_officer", "supervision_chief")


def earliest_missing(now: datetime) -> datetime:
    """What was issued after this moment cannot have had them yet, whatever the calendar: a look without it."""
    return now - timedelta(days=WORKDAYS)


def missing_since(now: datetime, calendar: Calendar) -> datetime:
    """What was issued before this moment has had its two working days."""
    today = local_date(now)
    day = today - timedelta(days=1)
    while calendar.workdays_after(day, WORKDAYS) >= today:
        day -= timedelta(days=1)
    return end_of_day(day)
