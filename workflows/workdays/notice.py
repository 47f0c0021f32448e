"""A year's holiday notice of the State Council as lines of text: every bad line is named, and nothing is half read.

One arrangement a line, or several set off by " / ": "2027-02-05 放假 春节", "2027-02-05至2027-02-11 放假 春节",
"2027年2月20日 上班".  Knows no file and no table.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from workflows.refusal import Refusal
from workflows.workdays.working_days import Calendar

_DAY = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:至|到|~|—)\s*{_DAY})?[\s,，：:]+(上班|放假|工作日|休息)(?:[\s,，]+(.*))?")
WORKS = {"上班": True, "工作日": True, "放假": False, "休息": False}
LONGEST_RUN, LONGEST_NAME, MOST_LINES, MOST_TOLD = 15, 40, 400, 20
_WEEKDAYS = 5


class NoticeDay(NamedTuple):
    """A day of the notice."""

    day: date
    is_workday: bool
    name: str


class NoticeRefused(Refusal):
    """Lines that cannot be read; the sentence names each of them."""

    rule = "calendar"


def read_notice(text: str) -> list[NoticeDay]:
    """The days of the lines, in order.  Raises NoticeRefused naming every bad line, doubles and contradictions too."""
    lines = [(n, part.strip()) for n, line in enumerate(text.splitlines(), 1) for part in re.split(r"\s/\s", line)]
    return read_lines([(f"第{n}行", line) for n, line in lines if line])


def read_lines(lines: Sequence[tuple[str, str]]) -> list[NoticeDay]:
    """The same for lines that bring their own place ("第3行")."""
    if not lines:
        raise NoticeRefused("请填写要调整的日期，每行一项，如“2027-02-17 放假 春节”。")
    if len(lines) > MOST_LINES:
        raise NoticeRefused(f"一次最多导入{MOST_LINES}行。")
    found: dict[date, NoticeDay] = {}
    bad: list[str] = []
    for place, line in lines:
        try:
            days = _days(line)
        except ValueError as error:
            bad.append(f"{place}“{line[:60]}”{error}")
            continue
        bad += [f"{place}“{line[:60]}”与前面重复：{each.day.isoformat()}" for each in days if each.day in found]
        found.update((each.day, each) for each in days)
    if bad:
        more = f"……共{len(bad)}处" if len(bad) > MOST_TOLD else ""
        told = "；".join(bad[:MOST_TOLD]) + more
        raise NoticeRefused(f"以下各行有误，未导入任何内容：{told}。")
    return [found[day] for day in sorted(found)]


def whole_years(days: Sequence[NoticeDay], old: Calendar, last_certain_year: int) -> list[NoticeDay]:
    """The notice, and for each year it makes certain the provisional exceptions it does not repeat, taken back.

    Raises NoticeRefused where it is to make a year certain of which it says nothing, or to take a certain year back.
    """
    if last_certain_year < old.last_certain_year:
        raise NoticeRefused(f"{old.last_certain_year}年的放假安排已经公布，不能改回未公布。")
    years = range(old.last_certain_year + 1, last_certain_year + 1)
    named = {each.day for each in days}
    if missing := [str(year) for year in years if not any(day.year == year for day in named)]:
        raise NoticeRefused(f"通知中没有{'、'.join(missing)}年的放假安排，不能标为已公布。")
    taken_back = [
        NoticeDay(day, day.weekday() < _WEEKDAYS, "未列入通知，恢复常规")
        for year in years
        for day in old.exceptions_within(date(year, 1, 1), date(year, 12, 31))
        if day not in named
    ]
    return sorted([*days, *taken_back])


def _days(line: str) -> list[NoticeDay]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("不合格式，应为“日期 放假（或上班） 名称”")
    first = _date(match[1], match[2], match[3])
    last = _date(match[4], match[5], match[6]) if match[4] else first
    name = (match[8] or "").strip()
    if last < first or (last - first).days >= LONGEST_RUN:
        raise ValueError(f"起止日期不合理（止日不早于起日，一次不超过{LONGEST_RUN}天）")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"名称超过{LONGEST_NAME}字")
    return [NoticeDay(first + timedelta(days=n), WORKS[match[7]], name) for n in range((last - first).days + 1)]


def _date(year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"没有{year}年{month}月{day}日这一天") from None
    if not 2004 <= found.year <= 2100:
        raise ValueError("年份不在2004至2100之间")
    return found
