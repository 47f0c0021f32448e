"""The seed table against two independent witnesses: the notices typed by hand, and the `holidays` library."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from workflows.workdays import LAST_CERTAIN_YEAR, seed_calendar, seed_days

HERE = Path(__file__).parent
DAY = timedelta(days=1)


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NOTICES: dict[int, tuple[str, str]] = load("notices").NOTICES


def parse(text: str, year: int) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"{year}-{text}")


def days_of(ranges: str, year: int) -> set[date]:
    days: set[date] = set()
    for piece in ranges.split():
        first, _, last = piece.partition("..")
        day, end = parse(first, year), parse(last or first, year)
        while day <= end:
            days.add(day)
            day += DAY
    return days


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_the_year_is_what_its_notice_says(year: int) -> None:
    calendar = seed_calendar()
    off: set[date] = set()
    working: set[date] = set()
    for of_year, (ranges, makeups) in NOTICES.items():
        off |= days_of(ranges, of_year)
        working |= days_of(makeups, of_year)
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in working or (day.weekday() < 5 and day not in off)
        assert calendar.is_workday(day) == expected, day
        day += DAY


def test_the_file_is_what_the_library_gives() -> None:
    committed = HERE.parents[2] / "workflows" / "workdays" / "days.csv"
    assert committed.read_text(encoding="utf-8") == load("seed_from_library").text()


def test_the_table_holds_only_exceptions_each_once_with_its_source() -> None:
    rows = seed_days()
    assert len({row.day for row in rows}) == len(rows)
    assert [row.day for row in rows] == sorted(row.day for row in rows)
    for row in rows:
        assert row.is_workday != (row.day.weekday() < 5), row
        assert row.name
        assert row.source
        assert row.provisional == (row.day.year > LAST_CERTAIN_YEAR)


@pytest.mark.parametrize(
    ("day", "source"),
    [
        ("2026-10-10", "国务院办公厅关于2026年部分节假日安排的通知"),
        ("2007-12-31", "国务院办公厅关于2008年部分节假日安排的通知"),
        ("2020-01-31", "国务院办公厅关于延长2020年春节假期的通知"),
        ("2019-05-03", "国务院办公厅关于调整2019年劳动节假期安排的通知"),
    ],
)
def test_a_row_names_the_notice_that_made_it(day: str, source: str) -> None:
    assert {row.day.isoformat(): row.source for row in seed_days()}[day] == source


def test_a_year_without_notice_has_statutory_days_but_no_makeup_days() -> None:
    calendar = seed_calendar()
    assert calendar.is_provisional(date(2027, 3, 1))
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2003, 12, 31))
    assert not calendar.is_workday(date(2027, 10, 1))
    assert calendar.makeup_days(date(2027, 1, 1), date(2035, 12, 31)) == []
