"""A new calendar version: what it moves, in words, and that confirming it makes the history agree."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflows.deadlines.derivation import derive
from workflows.deadlines.extension import extended
from workflows.deadlines.history import Change, PauseKind, current, met, opened, paused, resumed
from workflows.deadlines.reschedule import OpenDeadline, preview, recalculated
from workflows.deadlines.time_limit import TimeLimit, limit_of
from workflows.workdays import Calendar, closing_day, end_of_day, seed_calendar, start_of_day

OLD = seed_calendar()
SATURDAY_OFF = Calendar(2, {**OLD.exceptions, date(2026, 10, 10): False}, 2026)
EXTRA_DAY_OFF = Calendar(2, {**OLD.exceptions, date(2026, 10, 22): False}, 2026)
PLAN = limit_of(15, "workday", name="报送整改方案")


def noon(text: str) -> datetime:
    return start_of_day(date.fromisoformat(text)) + timedelta(hours=12)


def open_deadline(limit: TimeLimit = PLAN, anchor: str = "2026-09-25") -> OpenDeadline:
    first = opened(derive(limit, noon(anchor), OLD), anchor_at=noon(anchor), at=noon(anchor))
    return OpenDeadline("F03", limit, "收到反馈", [first])


def with_change(deadline: OpenDeadline, *changes: Change) -> OpenDeadline:
    return replace(deadline, changes=[*deadline.changes, *changes])


def test_a_makeup_saturday_that_falls_away_moves_the_deadline_by_a_day() -> None:
    [move] = preview([open_deadline()], OLD, SATURDAY_OFF)
    assert (move.key, move.days) == ("F03", 1)
    assert move.old_due == end_of_day(date(2026, 10, 22))
    assert move.new_due == end_of_day(date(2026, 10, 23))
    assert move.words == ("报送整改方案由 2026-10-22 24:00 改为 2026-10-23 24:00（推后1天）：10月10日(周六)改为放假")
    assert move.derivation.words == (
        "收到反馈 2026-09-25，第1日为9月28日，15个工作日，跳过10月1—7日 → 2026-10-23 24:00"
    )
    assert move.derivation.calendar_version == 2


def test_a_new_working_day_moves_it_forward() -> None:
    sunday_works = Calendar(2, {**OLD.exceptions, date(2026, 10, 11): True}, 2026)
    [move] = preview([open_deadline()], OLD, sunday_works)
    assert (move.days, closing_day(move.new_due)) == (-1, date(2026, 10, 21))
    assert "提前1天" in move.words
    assert "10月11日(周日)改为上班" in move.words


def test_what_does_not_move_is_not_listed() -> None:
    hours = open_deadline(limit_of(24, "hour"))
    spring = open_deadline(anchor="2026-03-02")
    done = open_deadline()
    done = with_change(done, met(current(done.changes), at=noon("2026-09-30")))
    assert preview([hours, spring, done], OLD, SATURDAY_OFF) == []
    assert preview([open_deadline()], OLD, OLD) == []


def test_an_extension_keeps_its_day_unless_people_no_longer_work_on_it() -> None:
    deadline = open_deadline(anchor="2026-09-18")  # due 2026-10-14
    standing = current(deadline.changes)
    change = extended(
        standing, date(2026, 10, 22), OLD, reason="理由", role="supervision_chief", at=noon("2026-09-21")
    )
    deadline = with_change(deadline, change)
    assert preview([deadline], OLD, SATURDAY_OFF) == []
    [move] = preview([deadline], OLD, EXTRA_DAY_OFF)
    assert closing_day(move.new_due) == date(2026, 10, 23)


def test_a_pause_is_repeated_after_the_new_derivation() -> None:
    deadline = open_deadline()
    deadline = with_change(
        deadline, paused(current(deadline.changes), PauseKind.OBJECTION, reason="复核", at=noon("2026-09-28"))
    )
    deadline = with_change(deadline, resumed(current(deadline.changes), OLD, at=noon("2026-10-02")))
    assert closing_day(current(deadline.changes).due_at) == date(2026, 10, 26)  # 22 + 4
    [move] = preview([deadline], OLD, SATURDAY_OFF)
    assert closing_day(move.new_due) == date(2026, 10, 27)  # 23 + 4


def test_a_confirmed_move_becomes_a_change_and_the_days_still_add_up() -> None:
    deadline = open_deadline()
    [move] = preview([deadline], OLD, SATURDAY_OFF)
    standing = current([*deadline.changes, recalculated(move, SATURDAY_OFF, at=noon("2026-09-28"))])
    assert standing.due_at == move.new_due
    assert standing.original_due == move.old_due
    assert standing.calendar_version == 2
    assert standing.recalculated_days == 1
    assert standing.reconciles


@given(
    st.dates(date(2026, 1, 1), date(2026, 11, 30)), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 30)
)
def test_after_confirming_there_is_nothing_left_to_move(anchor: date, changed: date, amount: int) -> None:
    new = Calendar(2, {**OLD.exceptions, changed: not OLD.is_workday(changed)}, 2026)
    deadline = open_deadline(limit_of(amount, "workday"), anchor.isoformat())
    for move in preview([deadline], OLD, new):
        deadline = with_change(deadline, recalculated(move, new, at=noon("2026-12-31")))
    assert preview([deadline], OLD, new) == []
    assert current(deadline.changes).due_at == derive(deadline.limit, anchor, new).due_at
