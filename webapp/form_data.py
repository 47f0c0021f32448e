"""Turns what a browser posts (text) into what a form's schema asks for (types).  Judges nothing.

What cannot be converted stays as it was typed, so that the check names the field and nothing is lost.
Names the schema does not know are passed on as text and refused by the check; the shell's own
(`csrf_token`, and everything that begins with `_`) are left out.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from workflows.forms import choices

OWN_NAMES = {"csrf_token"}
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
Schema = Mapping[str, Any]
Posted = MultiDict[str, str]


def read(posted: Posted, schema: Schema) -> dict[str, Any]:
    """The answer in a posted form; empty fields are left out, so that `required` sees them missing."""
    properties: Mapping[str, Schema] = schema.get("properties", {})
    answer: dict[str, Any] = {}
    taken: set[str] = set()
    for name, field in properties.items():
        if is_table(field):
            rows, used = _rows(posted, name, field["items"])
            taken |= used
            if rows:
                answer[name] = rows
        elif name in posted:
            taken.add(name)
            _put(answer, name, posted.getlist(name), field)
    for name in posted:
        if name not in taken and name not in OWN_NAMES and not name.startswith("_"):
            answer[name] = posted[name]
    return answer


def files(uploaded: MultiDict[str, FileStorage], name: str) -> list[FileStorage]:
    """The files really chosen in the file field of this name (a browser sends an empty one for none)."""
    return [file for file in uploaded.getlist(f"{name}-new") if file.filename]


def is_table(field: Schema) -> bool:
    """Whether a field is a list of rows."""
    return field.get("type") == "array" and field.get("items", {}).get("type") == "object"


def _rows(posted: Posted, name: str, row_schema: Schema) -> tuple[list[dict[str, Any]], set[str]]:
    """The rows in their order, wholly empty ones dropped, and every posted name that belongs to them."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-(.+)")
    cells: dict[int, MultiDict[str, str]] = {}
    used: set[str] = set()
    for key in posted:
        if match := pattern.fullmatch(key):
            used.add(key)
            row = cells.setdefault(int(match[1]), MultiDict())
            row.setlist(match[2], posted.getlist(key))
    rows = [read(cells[number], row_schema) for number in sorted(cells)]
    return [row for row in rows if any(value not in (False, []) for value in row.values())], used


def _put(answer: dict[str, Any], name: str, texts: list[str], field: Schema) -> None:
    if field.get("type") == "array":
        if items := [_convert(text, field.get("items", {})) for text in texts if text.strip()]:
            answer[name] = items
        return
    text = texts[-1].replace("\r\n", "\n").strip()
    if text:
        answer[name] = _convert(text, field)


def _convert(text: str, field: Schema) -> Any:
    for value, _label in choices(field):
        if str(value) == text:
            return value
    convert = _day if field.get("format") == "date" else _CONVERSIONS.get(str(field.get("type")))
    return convert(text) if convert else text


def _integer(text: str) -> int | str:
    plain = text.replace(",", "").replace("，", "")
    return int(plain) if re.fullmatch(r"[+-]?\d{1,18}", plain) else text


def _number(text: str) -> int | float | str:
    plain = text.replace(",", "").replace("，", "").replace("．", ".")
    if re.fullmatch(r"[+-]?\d{1,18}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"[+-]?\d{1,18}\.\d{1,9}", plain) else text


def _boolean(text: str) -> bool | str:
    return {"true": True, "on": True, "false": False}.get(text, text)


def _day(text: str) -> str:
    """2026/9/5 and 2026年9月5日 are meant as 2026-09-05; anything else stays."""
    match = DAY.fullmatch(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


_CONVERSIONS: dict[str, Callable[[str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
