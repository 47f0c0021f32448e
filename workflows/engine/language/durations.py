"""ISO 8601 lengths of time as our timers accept them: weeks, days, hours, minutes, seconds; bounded.

Months and years are refused: their length depends on the calendar, which `months_after` knows.
"""

import re
from datetime import timedelta
from typing import Final

from workflows.engine.language.problems import LanguageError, Problem

MAX_DAYS: Final = 3_660
_SHAPE: Final = re.compile(
    r"P(?:(?P<weeks>\d{1,7})W)?(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)


def duration(text: str) -> timedelta:
    """The length of time an ISO text such as P10D or PT2H names; LanguageError when it names none."""
    found = _SHAPE.fullmatch(text.strip().strip("\"'")) if len(text) <= 40 and text.isascii() else None
    parts = {name: int(value) for name, value in found.groupdict().items() if value} if found else {}
    if not parts:
        advice = "应形如 P10D、P2W、PT12H；按月请用 months_after(now(), 1)"
        raise LanguageError([Problem("bad_duration", f"时长写法不对：{advice}")])
    length = timedelta(**parts)
    if not timedelta(0) < length <= timedelta(days=MAX_DAYS):
        raise LanguageError([Problem("duration_out_of_range", f"时长必须大于零且不超过{MAX_DAYS}天")])
    return length
