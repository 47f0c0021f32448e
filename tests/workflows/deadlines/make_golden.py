"""Made golden.csv, without any code of ours: counts day by day with the `holidays` library.  The file is frozen.

python tests/workflows/deadlines/make_golden.py
"""

import csv
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import holidays

TARGET = Path(__file__).parent / "golden.csv"
DAY = timedelta(days=1)
YEARS = range(2008, 2027)
CHINA = holidays.country_holidays("CN", years=range(2007, 2029), language="zh_CN")
RULES = {
    "T06": ("workday", 3),
    "T09": ("workday", 5),
    "T16": ("workday", 10),
    "T10": ("workday", 15),
    "T07": ("workday", 20),
    "T12": ("month", 1),
    "T13.legacy": ("month", 2),
    "T13.targeted": ("month", 3),
    "T13.tour": ("month", 6),
    "T25": ("month", 12),
    "T22.appeal": ("calendar_day", 30),
    "T03": ("calendar_day_unrolled", 7),
    "T14": ("monthday", 25),
    "T23": ("fixed_date", 115),
}
OCCASIONS = [  # what the count crosses, the anchor's month and day, the rules tried
    ("元旦", (12, 26), ("T06", "T09")),
    ("月末", (1, 31), ("T12", "T13.legacy", "T25")),
    ("月末", (2, 28), ("T12", "T13.targeted")),
    ("清明", (4, 1), ("T06", "T09", "T03")),
    ("劳动节", (4, 27), ("T09", "T10", "T22.appeal")),
    ("端午", (6, 5), ("T16",)),
    ("月末", (8, 31), ("T12", "T13.tour", "T22.appeal")),
    ("中秋", (9, 12), ("T16", "T07")),
    ("国庆", (9, 25), ("T10", "T09", "T14")),
    ("国庆", (9, 30), ("T06", "T12", "T03")),
    ("年度", (11, 30), ("T13.targeted", "T23")),
]
SPRING_RULES = ("T06", "T09", "T10", "T07", "T14")


def works(day: date) -> bool:
    return bool(CHINA.is_working_day(day))


def rolled(day: date) -> date:
    while not works(day):
        day += DAY
    return day


def nth_workday(day: date, count: int) -> date:
    while count:
        day += DAY
        count -= works(day)
    return day


def months_later(day: date, count: int) -> date:
    year, month = day.year, day.month
    for _ in range(count):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def next_matching(day: date, text: str) -> date:
    """The next day whose ISO text ends so."""
    day += DAY
    while not day.isoformat().endswith(text):
        day += DAY
    return day


def due(code: str, anchor: date) -> date:
    unit, amount = RULES[code]
    if unit == "workday":
        return nth_workday(anchor, amount)
    if unit == "month":
        return rolled(months_later(anchor, amount))
    if unit == "calendar_day":
        return rolled(anchor + DAY * amount)
    if unit == "calendar_day_unrolled":
        return anchor + DAY * amount
    return rolled(next_matching(anchor, "-25" if unit == "monthday" else "-01-15"))


def new_years_eve(year: int) -> date:
    return next(day for day in sorted(CHINA) if day.year == year and "春节" in CHINA[day])


def cases() -> Iterator[tuple[str, str, date]]:
    for year in YEARS:
        for occasion, (month, day), codes in OCCASIONS:
            for code in codes:
                yield occasion, code, date(year, month, day)
        for back, code in enumerate(SPRING_RULES, start=3):
            yield "春节", code, new_years_eve(year) - DAY * back


def rows() -> list[list[str]]:
    found = [(o, code, anchor, due(code, anchor)) for o, code, anchor in cases()]
    kept = [row for row in found if row[3] <= date(2026, 12, 31)]
    return [[code, *map(str, RULES[code]), a.isoformat(), d.isoformat(), o] for o, code, a, d in kept]


if __name__ == "__main__":
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "unit", "amount", "anchor", "due", "occasion"])
        writer.writerows(rows())
