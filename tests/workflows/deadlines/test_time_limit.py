"""The register and the lookup by day."""

from dataclasses import replace
from datetime import date

import pytest

from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import (
    InvalidTimeLimit,
    TimeLimit,
    Unit,
    UnknownTimeLimit,
    limit_of,
    limit_on,
    overlaps,
)

TODAY = date(2026, 9, 25)


def test_the_register_holds_t01_to_t27_each_with_its_source() -> None:
    assert {limit.code.split(".")[0] for limit in REGISTER} == {f"T{number:02}" for number in range(1, 28)}
    assert all(limit.source and limit.name for limit in REGISTER)
    assert overlaps(REGISTER) == []


@pytest.mark.parametrize(
    ("code", "amount", "unit"),
    [
        ("T04.major", 24, Unit.HOUR),
        ("T04.important", 2, Unit.WORKDAY),
        ("T05.receipt", 2, Unit.WORKDAY),
        ("T05.disposition", 5, Unit.WORKDAY),
        ("T10", 15, Unit.WORKDAY),
        ("T13.tour", 6, Unit.MONTH),
        ("T13.targeted", 3, Unit.MONTH),
        ("T13.legacy", 2, Unit.MONTH),
        ("T14", 25, Unit.MONTHDAY),
        ("T22.inquiry", 3, Unit.MONTH),
        ("T22.decision", 1, Unit.MONTH),
        ("T22.appeal", 30, Unit.CALENDAR_DAY),
        ("T23", 115, Unit.FIXED_DATE),
    ],
)
def test_numbers_with_variants(code: str, amount: int, unit: Unit) -> None:
    limit = limit_on(code, TODAY, REGISTER)
    assert (limit.amount, limit.unit) == (amount, unit)


def test_a_changed_limit_applies_from_its_day_and_the_old_one_until_the_day_before() -> None:
    old = replace(limit_on("T10", TODAY, REGISTER), valid_to=date(2026, 12, 31))
    new = replace(old, amount=20, valid_from=date(2027, 1, 1), valid_to=None)
    assert limit_on("T10", date(2026, 12, 31), [old, new]).amount == 15
    assert limit_on("T10", date(2027, 1, 1), [old, new]).amount == 20
    assert overlaps([old, new]) == []
    assert overlaps([replace(old, valid_to=None), new]) == [(replace(old, valid_to=None), new)]


def test_an_unknown_ambiguous_or_expired_code_is_refused_with_a_reason() -> None:
    with pytest.raises(UnknownTimeLimit, match=r"T13\.legacy、T13\.targeted、T13\.tour"):
        limit_on("T13", TODAY, REGISTER)
    with pytest.raises(UnknownTimeLimit, match="没有T99"):
        limit_on("T99", TODAY, REGISTER)
    with pytest.raises(UnknownTimeLimit, match="没有生效"):
        limit_on("T10", date(1999, 1, 1), REGISTER)
    with pytest.raises(UnknownTimeLimit, match="2条同时生效"):
        limit_on("T10", TODAY, [*REGISTER, limit_on("T10", TODAY, REGISTER)])


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        (0, "workday"),
        (-1, "month"),
        (121, "month"),
        (32, "monthday"),
        (1332, "fixed_date"),
        (230, "fixed_date"),
        (15, "fixed_date"),
    ],
)
def test_an_amount_that_makes_no_limit_is_refused(amount: int, unit: str) -> None:
    with pytest.raises(InvalidTimeLimit):
        limit_of(amount, unit)


def test_a_limit_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidTimeLimit, match="失效"):
        TimeLimit("T10", "报送", 15, Unit.WORKDAY, valid_from=TODAY, valid_to=date(2026, 1, 1))
