"""How values look on a page.  The only place of the web edge that leaves UTC."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from workflows.sealing import WORDS, is_sealed

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTHING = "—"
MINUTE, HOUR, DAY = 60, 3600, 86400


def local_time(moment: datetime | None) -> str:
    """A moment as 2026-10-23 17:00 in Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else NOTHING


def local_date(moment: datetime | date | None) -> str:
    """A moment or day as 2026-10-23; the end of a day (24:00) still belongs to that day."""
    if moment is None:
        return NOTHING
    if isinstance(moment, datetime):
        return (moment.astimezone(SHANGHAI) - timedelta(microseconds=1)).strftime("%Y-%m-%d")
    return moment.isoformat()


def due_time(moment: datetime | None) -> str:
    """A due moment as officials write it: the end of a day is 2026-10-23 24:00."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(SHANGHAI)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return (local - timedelta(days=1)).strftime("%Y-%m-%d 24:00")
    return local.strftime("%Y-%m-%d %H:%M")


def iso(moment: datetime) -> str:
    """A moment for <time datetime>."""
    return moment.isoformat()


def relative_time(moment: datetime | None, now: datetime) -> str:
    """How far a moment lies from now: 刚刚, 3 小时前, 5 天后."""
    if moment is None:
        return NOTHING
    seconds = int((moment - now).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return "刚刚"
    for unit, word in ((DAY, "天"), (HOUR, "小时"), (MINUTE, "分钟")):
        if size >= unit:
            return f"{size // unit} {word}{'后' if seconds > 0 else '前'}"
    raise AssertionError(size)


def days_left(moment: datetime | None, now: datetime) -> str:
    """What a due moment means today: 剩 5 天, 今天到期, 超期 3 天 (calendar days in Shanghai)."""
    if moment is None:
        return NOTHING
    due = (moment.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()
    days = (due - now.astimezone(SHANGHAI).date()).days
    if days == 0 and moment > now:
        return "今天到期"
    if moment > now:
        return f"剩 {days} 天"
    return f"超期 {max(-days, 1)} 天"


def file_size(size: int) -> str:
    """Bytes as 812 字节, 34 KB, 2.1 MB."""
    if size < 1024:
        return f"{size} 字节"
    return f"{size / 1024:.0f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def words(value: Any) -> str:
    """Any value of a form answer as a person reads it."""
    if value is None or value == "" or value == []:
        return NOTHING
    if is_sealed(value):
        return WORDS
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return local_time(value)
    if isinstance(value, list | tuple):
        return "、".join(words(item) for item in value)
    return str(value)


def register(app: Flask) -> None:
    for filter_ in (local_time, local_date, due_time, iso, relative_time, days_left, file_size, words):
        app.add_template_filter(filter_)
