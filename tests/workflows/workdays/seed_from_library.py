"""Makes workflows/workdays/days.csv from the `holidays` library.  Run it when the library knows a new notice:

python tests/workflows/workdays/seed_from_library.py
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import holidays

FIRST_YEAR, LAST_CERTAIN_YEAR, LAST_YEAR = 2004, 2026, 2035
TARGET = Path(__file__).parents[3] / "workflows" / "workdays" / "days.csv"
ORDINARY = "国务院办公厅关于{year}年部分节假日安排的通知"
LAW = "《全国年节及纪念日放假办法》推算，国务院办公厅尚未公布{year}年安排"
VICTORY = "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知"
MAY_2019 = "国务院办公厅关于调整2019年劳动节假期安排的通知"
SPRING_2020 = "国务院办公厅关于延长2020年春节假期的通知"
SPECIAL = {
    **dict.fromkeys([date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)], VICTORY),
    **dict.fromkeys([date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)], MAY_2019),
    date(2020, 1, 31): SPRING_2020,
}
DAY = timedelta(days=1)
CHINA = holidays.country_holidays("CN", years=range(FIRST_YEAR - 1, LAST_YEAR + 2), language="zh_CN")


def exceptions() -> Iterator[tuple[date, bool]]:
    """Every day 2004–2035 on which the library differs from Monday to Friday."""
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_YEAR:
        if CHINA.is_working_day(day) != (day.weekday() < 5):
            yield day, CHINA.is_working_day(day)
        day += DAY


def festival(day: date) -> str:
    """The festivals of the run of days off around `day`, without the library's remarks on substitution."""
    names: set[str] = set()
    while not CHINA.is_working_day(day - DAY):
        day -= DAY
    while not CHINA.is_working_day(day):
        names.update(re.sub("（.*?）|延长假期", "", CHINA.get(day) or "").split("; "))
        day += DAY
    names -= {"", "休息日"}
    if "农历除夕" in names:
        names = (names - {"农历除夕"}) | {"春节"}
    return "、".join(sorted(names, key=lambda name: ("国庆节" in name, name)))


def made_up_for(workday: date) -> str:
    """The festival for which people work on this weekend day."""
    near = [workday + DAY * n for n in range(-20, 21)]
    off = next(day for day in near if f"由 {workday.isoformat()} 调休" in (CHINA.get(day) or ""))
    return festival(off)


def notice_year(day: date) -> int:
    """The year whose notice rules this day; the last days of December may belong to the New Year of the next."""
    return day.year + (day.month == 12)


def source(day: date) -> str:
    year = notice_year(day)
    return SPECIAL.get(day) or (ORDINARY if year <= LAST_CERTAIN_YEAR else LAW).format(year=year)


def text() -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["day", "is_workday", "name", "source", "provisional"])
    for day, works in exceptions():
        name = f"{made_up_for(day)}调休上班" if works else festival(day)
        writer.writerow([day, int(works), name, source(day), int(day.year > LAST_CERTAIN_YEAR)])
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
