"""Lights by day, and letters: each once, widening, and after downtime only the highest."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.deadlines.lights import (
    DEFAULT_POLICY,
    LetterKind,
    LettersDue,
    Light,
    is_final,
    letters,
    letters_due,
    light,
    next_letter_at,
)
from workflows.workdays import end_of_day, start_of_day

DUE_ON = date(2026, 10, 22)
DUE = end_of_day(DUE_ON)
LONG_AGO = DUE - timedelta(days=90)
GREEN, YELLOW, FINAL, RED = LetterKind


def on(days_from_due: int) -> datetime:
    """Noon of a day so many days after (negative: before) the due day."""
    return start_of_day(DUE_ON + timedelta(days=days_from_due)) + timedelta(hours=12)


def due_now(now: datetime, *sent: LetterKind, since: datetime = LONG_AGO, paused: bool = False) -> LettersDue:
    return letters_due(DUE, since=since, sent=sent, met_at=None, paused=paused, now=now)


@pytest.mark.parametrize(
    ("days", "colour", "final"),
    [
        (-21, Light.NONE, False),
        (-20, Light.GREEN, False),
        (-11, Light.GREEN, False),
        (-10, Light.YELLOW, False),
        (-4, Light.YELLOW, False),
        (-3, Light.YELLOW, True),
        (0, Light.YELLOW, True),
        (1, Light.RED, False),
    ],
)
def test_the_colour_of_the_day(days: int, colour: Light, final: bool) -> None:
    assert light(DUE, met_at=None, paused=False, now=on(days)) == colour
    assert is_final(DUE, on(days)) == final


def test_the_light_turns_red_at_24_00() -> None:
    before = DUE - timedelta(microseconds=1)
    assert light(DUE, met_at=None, paused=False, now=before) == Light.YELLOW
    assert light(DUE, met_at=None, paused=False, now=DUE) == Light.RED


def test_what_is_met_is_closed_and_a_stopped_clock_shows_no_light() -> None:
    assert light(DUE, met_at=on(2), paused=False, now=on(5)) == Light.CLOSED
    assert light(DUE, met_at=None, paused=True, now=on(5)) == Light.NONE


def test_recipients_widen_up_to_the_principal() -> None:
    circles = [set(letter.recipients) for letter in letters(DUE)]
    assert all(inner < outer for inner, outer in itertools.pairwise(circles))
    assert circles[0] == {"handler", "measure_owner"}
    assert "unit_leader" in circles[1]
    assert "unit_liaison" in circles[2]
    assert "unit_principal" in circles[3]


def test_each_letter_is_due_on_its_day_with_the_date_of_its_rule() -> None:
    moments = {letter.kind: letter.rule_at for letter in letters(DUE)}
    assert moments == {
        GREEN: start_of_day(date(2026, 10, 2)),
        YELLOW: start_of_day(date(2026, 10, 12)),
        FINAL: start_of_day(date(2026, 10, 19)),
        RED: DUE,
    }
    assert due_now(moments[GREEN] - timedelta(seconds=1)).letter is None
    assert due_now(moments[GREEN]) == LettersDue(letters(DUE)[0])
    assert due_now(on(-9), GREEN) == LettersDue(letters(DUE)[1])


def test_after_downtime_only_the_highest_goes_out_and_the_rest_is_superseded() -> None:
    due = due_now(on(1), GREEN)
    assert due.letter == letters(DUE)[3]
    assert [(one.kind, one.rule_at) for one in due.superseded] == [
        (YELLOW, start_of_day(date(2026, 10, 12))),
        (FINAL, start_of_day(date(2026, 10, 19))),
    ]
    assert due_now(on(2), RED) == LettersDue(None)


def test_a_short_deadline_gets_no_letter_for_days_before_it_existed() -> None:
    assert due_now(on(-5), since=on(-5)) == LettersDue(None)
    assert due_now(on(-3), since=on(-5)) == LettersDue(letters(DUE)[2])


def test_a_deadline_that_begins_overdue_is_red_at_once() -> None:
    assert due_now(on(4), since=on(4)) == LettersDue(letters(DUE)[3])


def test_nothing_is_sent_while_the_clock_is_stopped_or_when_it_is_done() -> None:
    assert due_now(on(1), paused=True) == LettersDue(None)
    done = letters_due(DUE, since=LONG_AGO, sent=(), met_at=on(0), paused=False, now=on(1))
    assert done == LettersDue(None)


def test_the_clock_knows_when_to_look_again() -> None:
    assert next_letter_at(DUE, sent=(), now=on(-30)) == start_of_day(date(2026, 10, 2))
    assert next_letter_at(DUE, sent=(GREEN,), now=on(-19)) == start_of_day(date(2026, 10, 12))
    assert next_letter_at(DUE, sent=(RED,), now=on(1)) is None


@given(st.lists(st.integers(-30 * 24, 10 * 24), min_size=1, max_size=40))
def test_whenever_the_clock_runs_every_letter_is_handled_once_and_never_early(hours: list[int]) -> None:
    handled: list[LetterKind] = []
    for hour in sorted(hours):
        now = DUE + timedelta(hours=hour)
        due = due_now(now, *handled)
        fired = [*due.superseded, *([due.letter] if due.letter else [])]
        assert all(letter.rule_at <= now for letter in fired)
        handled += [letter.kind for letter in fired]
    assert handled == sorted(set(handled))
    last = DUE + timedelta(hours=max(hours))
    assert set(handled) == {letter.kind for letter in letters(DUE, DEFAULT_POLICY) if letter.rule_at <= last}


def test_a_deadline_that_begins_at_the_very_moment_of_a_letter_gets_it() -> None:
    assert due_now(on(-9), since=start_of_day(date(2026, 10, 12))) == LettersDue(letters(DUE)[1])
