"""What `{value:layout}` gives inside an f text: a few number layouts, and dates by year, month, day."""

from datetime import date, datetime
from typing import Any, Final

from workflows.engine.language.budget import Run, kind
from workflows.engine.language.functions import text_of
from workflows.engine.language.problems import Fault

DATE_PARTS: Final = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour", "%M": "minute", "%S": "second"}


def formatted(run: Run, value: Any, layout: str) -> str:
    """The value as text; the grammar has bounded the layout's characters and numbers."""
    if not layout:
        return text_of(run, value)
    if type(value) in (date, datetime):
        return _dated(value, layout)
    if type(value) not in (int, float, bool, str) or (type(value) is bool):
        raise Fault(f"{kind(value)}不能按“{layout}”排版", "bad_format")
    run.allocate(256)
    try:
        return format(value, layout)
    except ValueError:
        raise Fault(f"{kind(value)}不能按“{layout}”排版", "bad_format") from None


def _dated(value: date, layout: str) -> str:
    for mark, part in DATE_PARTS.items():
        if mark in layout:
            if not hasattr(value, part):  # the name is one of the constants above
                raise Fault("日期没有时分秒", "bad_format")
            layout = layout.replace(mark, f"{getattr(value, part):02d}")
    if "%" in layout:
        raise Fault("日期格式只能使用 %Y %m %d %H %M %S", "bad_format")
    return layout
