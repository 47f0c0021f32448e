"""Known due days: a frozen table made without our code, and days counted by hand from the notices."""

import csv
from datetime import date
from pathlib import Path

import pytest

from workflows.deadlines.derivation import derive
from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import limit_on
from workflows.workdays import due_text, end_of_day, seed_calendar

ROWS = list(csv.DictReader((Path(__file__).parent / "golden.csv").read_text(encoding="utf-8").splitlines()))

COUNTED_BY_HAND = [
    # 9-28 29 30 | 10-8 9 10(Sat) | 12–16 | 19 20 21 22: G11
    ("T10", "2026-09-25", "2026-10-22"),
    # 1-21 22 23 | 春节 extended to 2-2 | 2-3…7 | 10…14 | 17 18
    ("T10", "2020-01-20", "2020-02-18"),
    # 8-26 27 28 31 9-1 2 | 9-3…5 | 9-6(Sun) 7…11 | 14 15 16
    ("T10", "2015-08-25", "2015-09-16"),
    # 1-28 29(Sat) 30(Sun) | 2-7 8
    ("T09", "2022-01-27", "2022-02-08"),
    # 3-30 31(Sat) 4-1(Sun) | 4-5 6
    ("T09", "2012-03-29", "2012-04-06"),
    # 4-28(Sun) 29 30 | 5-5(Sun) 6
    ("T09", "2019-04-26", "2019-05-06"),
    # 4-21 23(Sun) 24
    ("T06", "2023-04-20", "2023-04-24"),
    # 9-27(Sat) 28(Sun) | 10-6
    ("T06", "2008-09-26", "2008-10-06"),
    # 9-29(Sun) 30 | 10-8 9 10 11 12(Sat) 14 15 16
    ("T16", "2024-09-27", "2024-10-16"),
    ("T12", "2026-01-31", "2026-02-28"),  # clamped onto a make-up Saturday
    ("T12", "2025-09-01", "2025-10-09"),  # 10-1 to 10-8 off
    ("T13.targeted", "2025-10-31", "2026-02-02"),  # 1-31 is a Saturday
    ("T13.targeted", "2025-11-16", "2026-02-24"),  # 2-15 to 2-23 off
    ("T13.tour", "2025-08-31", "2026-02-28"),
    ("T13.legacy", "2023-12-31", "2024-02-29"),
    ("T25", "2024-02-29", "2025-02-28"),
    ("T22.appeal", "2026-09-01", "2026-10-08"),
    ("T14", "2026-10-09", "2026-10-26"),  # 10-25 is a Sunday
    ("T14", "2010-09-01", "2010-09-25"),  # a make-up Saturday
    ("T14", "2026-03-25", "2026-04-27"),  # the 25th itself is not counted; 4-25 is a Saturday
    ("T23", "2025-06-30", "2026-01-15"),
    ("T23", "2025-01-15", "2026-01-15"),
]


def due_of(code: str, anchor: str) -> date:
    day = date.fromisoformat(anchor)
    derivation = derive(limit_on(code, day, REGISTER), day, seed_calendar())
    assert derivation.due_at == end_of_day(derivation.due_on)
    assert derivation.words.endswith(due_text(derivation.due_at))
    assert not derivation.provisional
    return derivation.due_on


def test_the_table_is_large_and_spans_the_years() -> None:
    assert len(ROWS) >= 200
    assert {row["anchor"][:4] for row in ROWS} == {str(year) for year in range(2008, 2027)}
    assert {"国庆", "春节", "月末", "劳动节"} <= {row["occasion"] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['code']} from {row['anchor']}")
def test_frozen(row: dict[str, str]) -> None:
    limit = limit_on(row["code"], date.fromisoformat(row["anchor"]), REGISTER)
    assert (limit.unit, limit.amount) == (row["unit"].removesuffix("_unrolled"), int(row["amount"]))
    assert due_of(row["code"], row["anchor"]).isoformat() == row["due"]


@pytest.mark.parametrize(("code", "anchor", "due"), COUNTED_BY_HAND)
def test_counted_by_hand(code: str, anchor: str, due: str) -> None:
    assert due_of(code, anchor).isoformat() == due
