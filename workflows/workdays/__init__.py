"""Working days of the People's Republic and the local day of Asia/Shanghai.  Pure: no clock, no database.

Read in this order: local_time (moments and days), working_days (the calendar), seed (what a new house starts with).
"""

from workflows.workdays.local_time import (
    as_local,
    closing_day,
    due_text,
    end_of_day,
    local_date,
    local_time,
    start_of_day,
)
from workflows.workdays.notice import NoticeDay, NoticeRefused, read_lines, read_notice, whole_years
from workflows.workdays.seed import LAST_CERTAIN_YEAR, SeedDay, seed_calendar, seed_days
from workflows.workdays.working_days import Calendar, OutOfCalendar, same_day_later

__all__ = [
    "LAST_CERTAIN_YEAR",
    "Calendar",
    "NoticeDay",
    "NoticeRefused",
    "OutOfCalendar",
    "SeedDay",
    "as_local",
    "closing_day",
    "due_text",
    "end_of_day",
    "local_date",
    "local_time",
    "read_lines",
    "read_notice",
    "same_day_later",
    "seed_calendar",
    "seed_days",
    "start_of_day",
    "whole_years",
]
