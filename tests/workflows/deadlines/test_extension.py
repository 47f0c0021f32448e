"""Extensions: T26, T25, the count and who decides."""

from datetime import date, datetime, timedelta

import pytest

from workflows.deadlines.derivation import derive
from workflows.deadlines.extension import (
    ExtensionRefused,
    approver_role,
    check_request,
    extended,
    last_request_day,
    latest_due_day,
)
from workflows.deadlines.history import Change, Standing, current, met, opened
from workflows.deadlines.time_limit import limit_of
from workflows.workdays import closing_day, end_of_day, seed_calendar, start_of_day

CALENDAR = seed_calendar()


def noon(text: str) -> datetime:
    return start_of_day(date.fromisoformat(text)) + timedelta(hours=12)


FIRST = opened(
    derive(limit_of(3, "month"), noon("2026-01-15"), CALENDAR), anchor_at=noon("2026-01-15"), at=noon("2026-01-15")
)
DUE = date(2026, 4, 15)


def after_extensions(*days: str) -> Standing:
    history: list[Change] = [FIRST]
    standing = current(history)
    for day, role in zip(days, ("supervision_chief", "deputy_minister"), strict=False):
        change = extended(
            standing, date.fromisoformat(day), CALENDAR, reason="材料较多", role=role, at=noon("2026-02-02")
        )
        history.append(change)
        standing = current(history)
    return standing


def test_asked_for_five_working_days_before_is_in_time() -> None:
    standing = after_extensions()
    assert closing_day(standing.due_at) == DUE
    assert last_request_day(standing, CALENDAR) == date(2026, 4, 8)  # 9 10 13 14 15: five working days remain
    assert check_request(standing, date(2026, 5, 20), CALENDAR, requested_at=noon("2026-04-08")) == date(2026, 5, 20)


@pytest.mark.parametrize("asked", ["2026-04-09", "2026-04-15", "2026-04-16", "2026-06-01"])
def test_asked_for_later_or_while_overdue_is_refused(asked: str) -> None:
    with pytest.raises(ExtensionRefused, match="最迟应于2026-04-08提出") as refused:
        check_request(after_extensions(), date(2026, 7, 1), CALENDAR, requested_at=noon(asked))
    assert refused.value.rule == "T26"


def test_the_new_day_rolls_to_a_working_day() -> None:
    new_day = check_request(after_extensions(), date(2026, 5, 2), CALENDAR, requested_at=noon("2026-03-02"))
    assert new_day == date(2026, 5, 6)


def test_the_new_day_must_be_later() -> None:
    with pytest.raises(ExtensionRefused, match="须晚于原期限2026-04-15 24:00") as refused:
        check_request(after_extensions(), DUE, CALENDAR, requested_at=noon("2026-03-02"))
    assert refused.value.rule == "extension_day"


def test_no_extension_goes_beyond_twelve_months_from_the_anchor() -> None:
    standing = after_extensions()
    assert latest_due_day(date(2026, 1, 15), CALENDAR) == date(2027, 1, 15)
    allowed = check_request(standing, date(2027, 1, 15), CALENDAR, requested_at=noon("2026-03-02"))
    assert allowed == date(2027, 1, 15)
    with pytest.raises(ExtensionRefused, match="2027-01-15") as refused:
        check_request(standing, date(2027, 1, 18), CALENDAR, requested_at=noon("2026-03-02"))
    assert refused.value.rule == "T25"


def test_the_ceiling_counts_from_the_feedback_when_that_is_given() -> None:
    with pytest.raises(ExtensionRefused, match="2026-06-01"):
        check_request(
            after_extensions(), date(2026, 6, 2), CALENDAR, requested_at=noon("2026-03-02"), anchor=date(2025, 5, 31)
        )


def test_the_first_is_decided_by_the_division_the_second_by_the_deputy_minister_and_there_is_no_third() -> None:
    assert approver_role(after_extensions()) == "supervision_chief"
    assert approver_role(after_extensions("2026-05-20")) == "deputy_minister"
    twice = after_extensions("2026-05-20", "2026-06-22")
    assert twice.extension_count == 2
    assert closing_day(twice.due_at) == date(2026, 6, 22)
    with pytest.raises(ExtensionRefused, match="不得再次延期") as refused:
        check_request(twice, date(2026, 8, 3), CALENDAR, requested_at=noon("2026-05-20"))
    assert refused.value.rule == "extension_count"


def test_the_wrong_role_cannot_decide() -> None:
    for standing, role in [
        (after_extensions(), "deputy_minister"),
        (after_extensions("2026-05-20"), "supervision_chief"),
    ]:
        with pytest.raises(ExtensionRefused, match="审批权限"):
            extended(standing, date(2026, 9, 1), CALENDAR, reason="理由", role=role, at=noon("2026-03-02"))


def test_a_decision_may_come_after_the_last_request_day_but_needs_a_reason() -> None:
    standing = after_extensions()
    late = extended(
        standing, date(2026, 5, 20), CALENDAR, reason="材料较多", role="supervision_chief", at=noon("2026-04-14")
    )
    assert late.due_at == end_of_day(date(2026, 5, 20))
    with pytest.raises(ExtensionRefused, match="理由"):
        extended(standing, date(2026, 5, 20), CALENDAR, reason="", role="supervision_chief", at=noon("2026-04-14"))


def test_what_is_met_is_not_extended() -> None:
    done = current([FIRST, met(current([FIRST]), at=noon("2026-03-02"))])
    with pytest.raises(ExtensionRefused, match="已办结"):
        check_request(done, date(2026, 5, 20), CALENDAR, requested_at=noon("2026-03-03"))
    with pytest.raises(ExtensionRefused, match="已办结"):
        extended(done, date(2026, 5, 20), CALENDAR, reason="理由", role="supervision_chief", at=noon("2026-03-03"))
