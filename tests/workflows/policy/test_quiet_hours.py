"""Quiet hours end outside of quiet, digests fall at 08:30 of working days; for every choice and moment of years."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.policy.notification import ALWAYS, KINDS, WAYS, Choice, ChoiceRefused, choice_of, chosen
from workflows.policy.quiet_hours import DIGEST_TIME, Quiet, digest_day, is_digest_time
from workflows.workdays import as_local, local_date, local_time, seed_calendar

CALENDAR = seed_calendar()
moments = st.datetimes(
    datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2027-12-31"), timezones=st.just(UTC)
)
hours = st.times().map(lambda at: at.replace(microsecond=0, second=0))
quiets = st.builds(Quiet, hours, hours, st.booleans())


def wall(text: str) -> datetime:
    """A wall-clock time in Shanghai."""
    return as_local(datetime.fromisoformat(text))


def is_quiet(quiet: Quiet, moment: datetime) -> bool:
    """Said in other words than the code: minute by minute membership."""
    local = local_time(moment)
    at, begins, ends = local.time(), quiet.begins, quiet.ends
    if quiet.days_off and not CALENDAR.is_workday(local.date()):
        return True
    if begins == ends:
        return False
    return begins <= at < ends if begins < ends else not ends <= at < begins


@given(quiets, moments)
def test_nothing_goes_out_in_quiet_hours_and_nothing_waits_longer(quiet: Quiet, moment: datetime) -> None:
    ends = quiet.until(moment, CALENDAR)
    assert ends >= moment
    assert not is_quiet(quiet, ends)
    if ends == moment:
        return
    assert is_quiet(quiet, moment)
    step = (ends - moment) / 50
    assert all(is_quiet(quiet, moment + number * step) for number in range(50))
    assert is_quiet(quiet, ends - timedelta(microseconds=1)), "it waits to the end, not beyond"


@given(moments)
def test_a_digest_holds_what_came_before_it_and_after_the_last_one(moment: datetime) -> None:
    day = digest_day(moment, CALENDAR)
    goes_out = as_local(datetime.combine(day, DIGEST_TIME))
    assert CALENDAR.is_workday(day)
    assert goes_out > moment
    assert is_digest_time(goes_out, CALENDAR)
    assert not is_digest_time(goes_out - timedelta(microseconds=1), CALENDAR)
    earlier = CALENDAR.workdays_before(day, 1)
    assert as_local(datetime.combine(earlier, DIGEST_TIME)) <= moment


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-01 09:00", "2026-09-01 09:00"),  # a Tuesday morning
        ("2026-09-01 20:00", "2026-09-02 07:30"),
        ("2026-09-02 07:29", "2026-09-02 07:30"),
        ("2026-09-04 22:00", "2026-09-07 07:30"),  # Friday night
        ("2026-09-19 12:00", "2026-09-20 07:30"),
        ("2026-09-20 12:00", "2026-09-20 12:00"),  # a Sunday on which people work
        ("2026-09-30 21:00", "2026-10-08 07:30"),  # National Day
    ],
)
def test_the_usual_quiet_hours_follow_the_working_day_table(at: str, expected: str) -> None:
    assert Quiet().until(wall(at), CALENDAR) == wall(expected)


def test_digests_skip_the_national_holiday() -> None:
    evening = wall("2026-09-30 17:00")
    assert digest_day(evening, CALENDAR) == date(2026, 10, 8)
    assert local_date(evening) == date(2026, 9, 30)


@given(st.dictionaries(st.sampled_from(sorted(KINDS)), st.sets(st.sampled_from(sorted(WAYS)))))
def test_overdue_can_never_be_switched_off(ways: dict[str, set[str]]) -> None:
    choice = choice_of(chosen(ways, begins="20:00", ends="07:30", days_off=True).as_json())
    for kind in ("letter_red", "unattended", "supervision", "unreceipted", "accountability"):
        assert {"in_app", "mail"} <= choice.ways_of(kind)
        assert "digest" not in choice.ways_of(kind)
    assert "digest" not in choice.ways_of("digest")
    for kind in set(ways) - ALWAYS - {"digest"}:
        assert choice.ways[kind] == frozenset(ways[kind])


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    )
)
def test_what_cannot_be_read_counts_as_not_chosen(value: object) -> None:
    assert choice_of({"ways": value, "quiet": value}).ways_of("process") <= set(WAYS)
    assert {"in_app", "mail"} <= choice_of(value).ways_of("letter_red")


def test_no_choice_is_the_usual_one() -> None:
    assert Choice().ways_of("process") == {"in_app", "mail"}
    assert Choice().quiet == Quiet(time(20), time(7, 30), days_off=True)


@pytest.mark.parametrize(
    ("ways", "begins"),
    [({"weather": ["mail"]}, "20:00"), ({"task": ["pigeon"]}, "20:00"), ({}, "八点"), ({}, "25:00")],
)
def test_what_is_no_choice_is_refused(ways: dict[str, list[str]], begins: str) -> None:
    with pytest.raises(ChoiceRefused):
        chosen(ways, begins=begins, ends="07:30", days_off=True)
