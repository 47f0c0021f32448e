"""Counting working days: known weeks, and what must hold for every day and every calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.workdays import Calendar, OutOfCalendar, same_day_later, seed_calendar

DAY = timedelta(days=1)
days = st.dates(date(2003, 1, 1), date(2036, 12, 31))
counts = st.integers(0, 400)
calendars = st.one_of(
    st.just(seed_calendar()),
    st.builds(Calendar, st.just(9), st.dictionaries(days, st.booleans(), max_size=300), st.just(2026)),
    st.builds(  # a long block of days off, as no real calendar has
        lambda start, length: Calendar(9, {start + DAY * n: False for n in range(length)}, 2026),
        days,
        st.integers(0, 200),
    ),
)


def counted_by_hand(calendar: Calendar, day: date, count: int) -> date:
    while count or not calendar.is_workday(day):
        day += DAY
        count -= calendar.is_workday(day) and count > 0
    return day


@pytest.mark.parametrize(
    ("after", "count", "expected"),
    [
        ("2026-09-25", 1, "2026-09-28"),  # 中秋节 itself; Saturday and Sunday off
        ("2026-09-25", 3, "2026-09-30"),
        ("2026-09-25", 4, "2026-10-08"),
        ("2026-09-25", 6, "2026-10-10"),  # the make-up Saturday
        ("2026-09-25", 15, "2026-10-22"),  # G11
        ("2026-09-18", 1, "2026-09-20"),  # the make-up Sunday
        ("2020-01-23", 1, "2020-02-03"),  # 春节 extended
        ("2007-12-28", 1, "2007-12-29"),
        ("2007-12-29", 1, "2008-01-02"),
        ("2026-09-20", 0, "2026-09-20"),
        ("2026-09-19", 0, "2026-09-20"),
    ],
)
def test_known_weeks(after: str, count: int, expected: str) -> None:
    assert seed_calendar().workdays_after(date.fromisoformat(after), count).isoformat() == expected


@given(calendars, days, counts)
def test_same_as_counting_on_the_fingers(calendar: Calendar, day: date, count: int) -> None:
    assert calendar.workdays_after(day, count) == counted_by_hand(calendar, day, count)


@given(calendars, days, st.integers(1, 400))
def test_between_is_the_inverse_and_the_day_is_a_working_day(calendar: Calendar, day: date, count: int) -> None:
    due = calendar.workdays_after(day, count)
    assert calendar.is_workday(due)
    assert calendar.workdays_between(day, due) == count
    assert calendar.workdays_between(due, day) == -count


@given(calendars, days, st.integers(1, 400))
def test_before_mirrors_after(calendar: Calendar, day: date, count: int) -> None:
    earlier = calendar.workdays_before(day, count)
    assert calendar.is_workday(earlier)
    assert calendar.workdays_between(earlier - DAY, day - DAY) == count


@given(calendars, days, days, counts)
def test_a_later_start_never_ends_earlier(calendar: Calendar, one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))
    assert calendar.workdays_after(first, count) <= calendar.workdays_after(second, count)


@given(calendars, days, st.integers(1, 400))
def test_one_day_more_ends_later(calendar: Calendar, day: date, count: int) -> None:
    assert calendar.workdays_after(day, count) < calendar.workdays_after(day, count + 1)


@given(calendars, days)
def test_next_workday_is_the_first_on_or_after(calendar: Calendar, day: date) -> None:
    found = calendar.next_workday(day)
    assert calendar.is_workday(found)
    assert found >= day
    assert not any(calendar.is_workday(day + DAY * n) for n in range((found - day).days))


@given(days, st.integers(0, 120))
def test_months_keep_the_day_number_or_clamp_to_the_months_end(day: date, months: int) -> None:
    later = same_day_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)


@given(calendars, days, days, st.integers(0, 24))
def test_months_are_monotone_and_end_on_a_working_day(calendar: Calendar, one: date, other: date, n: int) -> None:
    first, second = sorted((one, other))
    assert calendar.months_after(first, n) <= calendar.months_after(second, n)
    assert calendar.is_workday(calendar.months_after(first, n))
    assert calendar.months_after(first, n) < calendar.months_after(first, n + 12)


def test_month_ends() -> None:
    calendar = seed_calendar()
    assert calendar.months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)  # a make-up Saturday
    assert calendar.months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert calendar.months_after(date(2026, 8, 31), 1) == date(2026, 9, 30)
    assert calendar.months_after(date(2026, 9, 1), 1) == date(2026, 10, 8)


def test_holidays_passed_over_and_makeup_days_can_be_named() -> None:
    calendar = seed_calendar()
    september_25, october_22 = date(2026, 9, 26), date(2026, 10, 22)
    assert calendar.days_off(september_25, october_22) == [(date(2026, 10, 1), date(2026, 10, 7))]
    assert calendar.makeup_days(september_25, october_22) == [date(2026, 10, 10)]


def test_a_row_that_repeats_the_weekday_rule_has_no_effect() -> None:
    assert Calendar(1, {date(2026, 3, 2): True, date(2026, 3, 7): False}, 2026).exceptions == {}


@given(calendars, days)
def test_changed_days_are_those_on_which_two_calendars_disagree(calendar: Calendar, day: date) -> None:
    other = Calendar(10, {**calendar.exceptions, day: not calendar.is_workday(day)}, 2026)
    assert calendar.changed_days(other, day - DAY * 40, day + DAY * 40) == [day]


def test_a_count_that_leads_nowhere_is_refused_in_chinese() -> None:
    with pytest.raises(OutOfCalendar, match="工作日历"):
        seed_calendar().workdays_after(date(2300, 1, 1), 1)
    with pytest.raises(OutOfCalendar, match="-1"):
        seed_calendar().workdays_after(date(2026, 1, 1), -1)
    with pytest.raises(OutOfCalendar, match="1200"):
        same_day_later(date(2026, 1, 1), 10**9)
