"""Days left, days overdue, and moments before and after a due moment."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflows.deadlines.moments import after_due, before_due, days_left, is_overdue, overdue_days
from workflows.workdays import end_of_day, seed_calendar, start_of_day

CALENDAR = seed_calendar()
DUE = end_of_day(date(2026, 10, 22))
INSTANT = timedelta(microseconds=1)


def test_the_due_day_has_0_days_left_and_the_next_is_overdue_by_1() -> None:
    assert days_left(DUE, start_of_day(date(2026, 10, 22))) == 0
    assert days_left(DUE, DUE - INSTANT) == 0
    assert not is_overdue(DUE, DUE - INSTANT)
    assert is_overdue(DUE, DUE)
    assert overdue_days(DUE, DUE - INSTANT) == 0
    assert overdue_days(DUE, DUE) == 1
    assert overdue_days(DUE, DUE + timedelta(days=1)) == 2


def test_a_limit_in_hours_is_overdue_by_1_on_its_own_day() -> None:
    due_at = start_of_day(date(2026, 10, 22)) + timedelta(hours=10)
    assert overdue_days(due_at, due_at + timedelta(hours=1)) == 1


def test_moments_are_the_start_of_their_day() -> None:
    assert before_due(DUE, CALENDAR, days=10) == start_of_day(date(2026, 10, 12))
    assert before_due(DUE, CALENDAR, workdays=5) == start_of_day(date(2026, 10, 15))
    assert before_due(DUE, CALENDAR, workdays=10) == start_of_day(date(2026, 10, 9))
    assert before_due(DUE, CALENDAR) == after_due(DUE, CALENDAR) == DUE
    assert after_due(DUE, CALENDAR, days=1) == DUE
    assert after_due(DUE, CALENDAR, days=7) == start_of_day(date(2026, 10, 29))
    assert after_due(DUE, CALENDAR, workdays=3) == start_of_day(date(2026, 10, 27))


@given(st.dates(date(2006, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_before_and_after_agree_with_the_days_counted(due_on: date, days: int) -> None:
    due_at = end_of_day(due_on)
    before, after = before_due(due_at, CALENDAR, days=days), after_due(due_at, CALENDAR, days=days)
    assert days_left(due_at, before) == days
    assert days_left(due_at, before - INSTANT) == days + 1
    assert overdue_days(due_at, after) == days
    assert overdue_days(due_at, after - INSTANT) == days - 1
