"""Derivations: their words, their doubts, and what holds for every anchor."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.deadlines.derivation import AnchorWithoutTime, Derivation, derive
from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import Roll, TimeLimit, Unit, limit_of, limit_on
from workflows.workdays import end_of_day, seed_calendar

CALENDAR = seed_calendar()
days = st.dates(date(2004, 1, 1), date(2034, 12, 31))
dated_limits = st.one_of(
    st.builds(limit_of, st.integers(1, 60), st.sampled_from([Unit.WORKDAY, Unit.CALENDAR_DAY, Unit.MONTH])),
    st.builds(limit_of, st.integers(1, 31), st.just(Unit.MONTHDAY)),
    st.builds(lambda month, day: limit_of(month * 100 + day, "fixed_date"), st.integers(1, 12), st.integers(1, 28)),
)


def derived(code: str, anchor: str, label: str = "起算") -> Derivation:
    day = date.fromisoformat(anchor)
    return derive(limit_on(code, day, REGISTER), day, CALENDAR, anchor_label=label)


@pytest.mark.parametrize(
    ("code", "anchor", "label", "words"),
    [
        (
            "T10",
            "2026-09-25",
            "收到反馈",
            "收到反馈 2026-09-25，第1日为9月28日，15个工作日，跳过10月1—7日，10月10日(周六)上班 → 2026-10-22 24:00",
        ),
        (
            "T16",
            "2008-09-22",
            "提交验收",
            "提交验收 2008-09-22，第1日为9月23日，10个工作日，9月27日(周六)上班，9月28日(周日)上班，"
            "跳过9月29日—10月5日 → 2008-10-09 24:00",
        ),
        (
            "T12",
            "2026-09-05",
            "反馈",
            "反馈 2026-09-05，满1个月为2026-10-05，适逢周一放假，顺延至10月8日 → 2026-10-08 24:00",
        ),
        (
            "T12",
            "2026-01-31",
            "反馈",
            "反馈 2026-01-31，满1个月为2026-02-28（当月无31日，取月末） → 2026-02-28 24:00",
        ),
        (
            "T14",
            "2026-10-09",
            "开始整改",
            "开始整改 2026-10-09，下一个25日为2026-10-25，适逢周日，顺延至10月26日 → 2026-10-26 24:00",
        ),
        ("T22.appeal", "2026-03-02", "决定", "决定 2026-03-02，次日起第30日为2026-04-01 → 2026-04-01 24:00"),
        ("T23", "2025-03-02", "年度", "年度 2025-03-02，下一个1月15日为2026-01-15 → 2026-01-15 24:00"),
        ("T06", "2026-03-02", "送达", "送达 2026-03-02，第1日为3月3日，3个工作日 → 2026-03-05 24:00"),
    ],
)
def test_the_derivation_in_words(code: str, anchor: str, label: str, words: str) -> None:
    assert derived(code, anchor, label).words == words


def test_a_limit_in_hours_ends_at_its_minute_and_needs_one() -> None:
    limit = limit_on("T04.major", date(2026, 9, 25), REGISTER)
    asked_at = datetime(2026, 9, 30, 2, 30, tzinfo=UTC)
    derivation = derive(limit, asked_at, CALENDAR, anchor_label="提交请示")
    assert derivation.due_at == asked_at + timedelta(hours=24)
    assert derivation.due_on == date(2026, 10, 1)
    assert derivation.words == "提交请示 2026-09-30 10:30，24小时 → 2026-10-01 10:30"
    with pytest.raises(AnchorWithoutTime, match="时刻"):
        derive(limit, date(2026, 9, 30), CALENDAR)


def test_an_anchor_moment_counts_by_its_day_in_shanghai() -> None:
    late_evening_utc = datetime(2026, 9, 27, 17, tzinfo=UTC)  # 28 September, 01:00 in Shanghai
    limit = limit_of(1, "workday")
    assert derive(limit, late_evening_utc, CALENDAR) == derive(limit, date(2026, 9, 28), CALENDAR)


@pytest.mark.parametrize(
    ("code", "anchor", "provisional"),
    [
        ("T10", "2026-12-25", True),
        ("T10", "2026-12-01", False),
        ("T13.targeted", "2026-10-15", True),
        ("T09", "2003-12-30", True),
        ("T03", "2026-12-30", False),  # not rolled: no announcement can move it
    ],
)
def test_a_year_without_announcement_is_said(code: str, anchor: str, provisional: bool) -> None:
    day = date.fromisoformat(anchor)
    derivation = derive(limit_on(code, date(2026, 1, 1), REGISTER), day, CALENDAR)
    assert derivation.provisional == provisional
    assert ("该年度放假安排尚未公布" in derivation.words) == provisional
    assert bool(derivation.note) == provisional


@given(dated_limits, days)
def test_it_ends_after_the_anchor_at_24_00_of_a_working_day(limit: TimeLimit, anchor: date) -> None:
    derivation = derive(limit, anchor, CALENDAR)
    assert derivation.due_on > anchor
    assert CALENDAR.is_workday(derivation.due_on)
    assert derivation.due_at == end_of_day(derivation.due_on)
    assert derivation.calendar_version == CALENDAR.version


@given(dated_limits, days, days)
def test_a_later_anchor_is_never_due_earlier(limit: TimeLimit, one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert derive(limit, first, CALENDAR).due_at <= derive(limit, second, CALENDAR).due_at


@given(st.integers(1, 31), days)
def test_the_next_monthday_is_at_most_a_month_away(number: int, anchor: date) -> None:
    due_on = derive(limit_of(number, "monthday", roll=Roll.NONE), anchor, CALENDAR).due_on
    assert 1 <= (due_on - anchor).days <= 31
    assert due_on.day == number or (due_on + timedelta(days=1)).day == 1


def test_29_february_is_clamped_in_an_ordinary_year() -> None:
    limit = limit_of(229, "fixed_date", roll=Roll.NONE)
    assert derive(limit, date(2025, 1, 1), CALENDAR).due_on == date(2025, 2, 28)
    assert derive(limit, date(2025, 2, 28), CALENDAR).due_on == date(2026, 2, 28)
    assert derive(limit, date(2023, 3, 1), CALENDAR).due_on == date(2024, 2, 29)
