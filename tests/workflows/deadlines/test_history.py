"""A deadline's life: extensions, pauses, a new calendar; and that the days always add up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.deadlines.derivation import derive
from workflows.deadlines.history import (
    Change,
    DeadlineRefused,
    Extended,
    Paused,
    PauseKind,
    Recalculated,
    Resumed,
    current,
    met,
    opened,
    pause_ends_at,
    paused,
    resumed,
    summary,
    voided,
)
from workflows.deadlines.time_limit import limit_of
from workflows.workdays import closing_day, end_of_day, seed_calendar, start_of_day

CALENDAR = seed_calendar()
NOON = timedelta(hours=12)


def noon(text: str) -> datetime:
    return start_of_day(date.fromisoformat(text)) + NOON


def plan_deadline(feedback: str = "2026-03-02") -> list[Change]:
    """T10 from a feedback: due 2026-03-23 24:00."""
    at = noon(feedback)
    return [opened(derive(limit_of(15, "workday"), at, CALENDAR), anchor_at=at, at=at)]


def test_a_fresh_deadline_stands_as_derived() -> None:
    standing = current(plan_deadline())
    assert standing.due_at == standing.original_due == end_of_day(date(2026, 3, 23))
    assert (standing.total_days, standing.net_days, standing.paused_days) == (21, 21, 0)
    assert standing.is_open
    assert standing.reconciles


def test_a_pause_gives_the_days_back_and_rolls_to_a_working_day() -> None:
    changes = plan_deadline()
    changes.append(paused(current(changes), PauseKind.OBJECTION, reason="复核期间", at=noon("2026-03-05")))
    assert current(changes).is_paused
    changes.append(resumed(current(changes), CALENDAR, at=noon("2026-03-10")))
    standing = current(changes)
    assert closing_day(standing.due_at) == date(2026, 3, 30)  # 23 + 5 = Saturday 28, rolled to Monday
    assert (standing.paused_days, standing.rolled_days) == (5, 2)
    assert (standing.original_days, standing.total_days, standing.net_days) == (21, 28, 23)
    assert standing.since == noon("2026-03-10")
    assert summary(standing) == "原定2026-03-23 24:00，现为2026-03-30 24:00，中止5天，净用时限23天"


def test_an_external_dependency_stops_the_clock_for_60_days_at_most() -> None:
    changes = plan_deadline()
    pause = paused(current(changes), PauseKind.EXTERNAL_DEPENDENCY, reason="等待审计结论", at=noon("2026-03-05"))
    assert pause_ends_at(pause) == end_of_day(date(2026, 5, 4))
    changes += [pause]
    late = resumed(current(changes), CALENDAR, at=noon("2026-06-30"))
    assert late.paused_days == 60
    assert current([*changes, late]).due_at == end_of_day(date(2026, 5, 22))


def test_an_objection_may_last_as_long_as_it_takes() -> None:
    changes = plan_deadline()
    changes.append(paused(current(changes), PauseKind.OBJECTION, reason="复核", at=noon("2026-03-05")))
    assert pause_ends_at(Paused(noon("2026-03-05"), PauseKind.OBJECTION, "复核")) is None
    assert resumed(current(changes), CALENDAR, at=noon("2026-06-30")).paused_days == 117


def test_a_pause_within_one_day_gives_nothing_back() -> None:
    changes = plan_deadline()
    changes.append(paused(current(changes), PauseKind.OBJECTION, reason="复核", at=noon("2026-03-05")))
    changes.append(resumed(current(changes), CALENDAR, at=noon("2026-03-05") + timedelta(hours=3)))
    assert current(changes).due_at == current(changes).original_due


def test_a_pause_of_a_limit_in_hours_keeps_its_minute() -> None:
    at = noon("2026-03-06")
    changes: list[Change] = [opened(derive(limit_of(24, "hour"), at, CALENDAR), anchor_at=at, at=at)]
    changes.append(paused(current(changes), PauseKind.OBJECTION, reason="复核", at=at))
    changes.append(resumed(current(changes), CALENDAR, at=at + timedelta(days=1)))
    assert current(changes).due_at == at + timedelta(days=2)
    assert current(changes).reconciles


def test_extensions_are_counted_and_added() -> None:
    changes = plan_deadline()
    at = noon("2026-03-09")
    changes.append(Extended(at, end_of_day(date(2026, 4, 13)), "材料较多", "supervision_chief"))
    changes.append(Recalculated(at, end_of_day(date(2026, 4, 14)), 2))
    standing = current(changes)
    assert (standing.extension_count, standing.extended_days, standing.recalculated_days) == (1, 21, 1)
    assert standing.calendar_version == 2
    assert standing.original_due == end_of_day(date(2026, 3, 23))
    assert standing.reconciles


def test_what_is_met_or_voided_cannot_change_any_more() -> None:
    changes = plan_deadline()
    done = [*changes, met(current(changes), at=noon("2026-03-20"))]
    struck = [*changes, voided(current(changes), reason="案件撤销", at=noon("2026-03-20"))]
    assert not current(done).is_open
    with pytest.raises(DeadlineRefused, match="已办结"):
        met(current(done), at=noon("2026-03-21"))
    with pytest.raises(DeadlineRefused, match="已作废"):
        paused(current(struck), PauseKind.OBJECTION, reason="复核", at=noon("2026-03-21"))
    with pytest.raises(DeadlineRefused, match="已办结"):
        current([*done, *done[1:]])


def test_a_history_that_cannot_have_happened_is_refused() -> None:
    changes = plan_deadline()
    pause = Paused(noon("2026-03-05"), PauseKind.OBJECTION, "复核")
    impossible: list[list[Change]] = [
        [pause],
        [*changes, *changes],
        [*changes, Resumed(noon("2026-03-05"), 0, changes[0].at)],
        [*changes, pause, pause],
        [*changes, pause, Resumed(noon("2026-03-08"), 9, end_of_day(date(2026, 4, 1)))],
        [*changes, Paused(noon("2026-03-01"), PauseKind.OBJECTION, "复核")],
    ]
    for history in impossible:
        with pytest.raises(DeadlineRefused):
            current(history)


def test_a_pause_and_a_strike_out_need_a_reason() -> None:
    standing = current(plan_deadline())
    with pytest.raises(DeadlineRefused, match="理由"):
        paused(standing, PauseKind.OBJECTION, reason=" ", at=noon("2026-03-05"))
    with pytest.raises(DeadlineRefused, match="理由"):
        voided(standing, reason="", at=noon("2026-03-05"))
    with pytest.raises(DeadlineRefused, match="没有中止"):
        resumed(standing, CALENDAR, at=noon("2026-03-05"))


deeds = st.lists(st.tuples(st.sampled_from(["extend", "pause", "recalculate"]), st.integers(0, 90)), max_size=8)


@given(st.dates(date(2006, 1, 1), date(2026, 12, 31)), st.sampled_from(list(PauseKind)), deeds)
def test_original_and_every_change_add_up(feedback: date, kind: PauseKind, done: list[tuple[str, int]]) -> None:
    at = start_of_day(feedback) + NOON
    changes = plan_deadline(feedback.isoformat())
    for deed, days in done:
        standing = current(changes)
        moved = end_of_day(closing_day(standing.due_at) + timedelta(days=days))
        if deed == "extend":
            changes.append(Extended(at, moved, "理由", "supervision_chief"))
        elif deed == "recalculate":
            changes.append(Recalculated(at, moved, standing.calendar_version + 1))
        else:
            changes.append(paused(standing, kind, reason="理由", at=at))
            at += timedelta(days=days)
            changes.append(resumed(current(changes), CALENDAR, at=at))
    standing = current(changes)
    assert standing.reconciles
    assert standing.net_days + standing.paused_days == standing.total_days
    assert standing.extension_count == sum(deed == "extend" for deed, _ in done)
    assert standing.due_at >= standing.original_due
    assert standing.original_due == current(changes[:1]).due_at
    assert standing.opened_at.tzinfo is UTC
