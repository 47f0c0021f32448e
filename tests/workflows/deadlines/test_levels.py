"""The escalation ladder T18 by time, and the alarm T27."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.deadlines.levels import (
    Level,
    LevelDue,
    is_unattended,
    level_due,
    level_now,
    levels,
    next_level_at,
    unattended_at,
)
from workflows.workdays import end_of_day, seed_calendar, start_of_day

CALENDAR = seed_calendar()
DUE_ON = date(2026, 10, 22)
DUE = end_of_day(DUE_ON)


def on(days_after_due: int) -> datetime:
    return start_of_day(DUE_ON + timedelta(days=days_after_due)) + timedelta(hours=9)


def due_now(days: int, reached: int, *, critical: bool = False) -> LevelDue:
    return level_due(DUE, reached=reached, met_at=None, paused=False, now=on(days), critical=critical)


@pytest.mark.parametrize(
    ("days", "ordinary", "critical"),
    [(0, 0, 0), (1, 1, 2), (6, 1, 2), (7, 2, 3), (14, 2, 3), (15, 3, 4), (29, 3, 4), (30, 4, 4), (365, 4, 4)],
)
def test_days_overdue_give_the_level(days: int, ordinary: int, critical: int) -> None:
    assert level_now(DUE, now=on(days)) == ordinary
    assert level_now(DUE, now=on(days), critical=True) == critical


def test_the_moments_of_the_ladder() -> None:
    assert levels(DUE) == (
        Level(1, DUE),
        Level(2, start_of_day(date(2026, 10, 29))),
        Level(3, start_of_day(date(2026, 11, 6))),
        Level(4, start_of_day(date(2026, 11, 21))),
    )
    assert levels(DUE, critical=True) == (
        Level(2, DUE),
        Level(3, start_of_day(date(2026, 10, 29))),
        Level(4, start_of_day(date(2026, 11, 6))),
    )
    assert next_level_at(DUE, reached=1) == start_of_day(date(2026, 10, 29))
    assert next_level_at(DUE, reached=4) is None


def test_after_downtime_only_the_highest_level_fires_and_the_rest_is_superseded_with_its_date() -> None:
    one, two, three, _ = levels(DUE)
    assert due_now(20, reached=0) == LevelDue(three, (one, two))
    assert due_now(20, reached=2) == LevelDue(three)
    assert due_now(20, reached=3) == LevelDue(None)
    assert due_now(2, reached=3) == LevelDue(None)  # raised by hand; never down


def test_a_limit_in_hours_reaches_level_1_at_its_minute() -> None:
    due_at = start_of_day(DUE_ON) + timedelta(hours=10)
    assert level_now(due_at, now=due_at - timedelta(seconds=1)) == 0
    assert level_now(due_at, now=due_at + timedelta(days=1)) == 1


def test_no_level_when_it_is_done_or_the_clock_stands_still() -> None:
    assert level_due(DUE, reached=0, met_at=on(2), paused=False, now=on(9)) == LevelDue(None)
    assert level_due(DUE, reached=0, met_at=None, paused=True, now=on(9)) == LevelDue(None)


@given(st.lists(st.integers(-5, 60), max_size=30), st.booleans())
def test_whenever_the_clock_runs_each_level_comes_once_and_only_up(days: list[int], critical: bool) -> None:
    reached, handled = 0, []
    for day in sorted(days):
        due = due_now(day, reached, critical=critical)
        if due.level:
            handled += [step.level for step in (*due.superseded, due.level)]
            reached = due.level.level
    assert handled == sorted(set(handled))
    assert reached == max((level_now(DUE, now=on(day), critical=critical) for day in days), default=0)


def test_three_working_days_without_an_act_is_unattended() -> None:
    assert unattended_at(DUE, None, CALENDAR) == end_of_day(date(2026, 10, 27))  # 23, 26, 27
    assert unattended_at(DUE, on(4), CALENDAR) == end_of_day(date(2026, 10, 29))  # acted on the 26th: 27, 28, 29
    assert unattended_at(DUE, on(-9), CALENDAR) == end_of_day(
        date(2026, 10, 27)
    )  # an act before it was due is no answer


@pytest.mark.parametrize(
    ("days", "acted", "met", "paused", "unattended"),
    [
        (6, None, False, False, True),
        (5, None, False, False, False),
        (6, 4, False, False, False),
        (8, 4, False, False, True),
        (6, None, True, False, False),
        (6, None, False, True, False),
    ],
)
def test_the_alarm(days: int, acted: int | None, met: bool, paused: bool, unattended: bool) -> None:
    last_act_at, met_at = (on(acted) if acted is not None else None), (on(2) if met else None)
    assert is_unattended(DUE, last_act_at, CALENDAR, met_at=met_at, paused=paused, now=on(days)) == unattended
