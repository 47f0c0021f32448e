"""Fills in a form with the least that fits it, the same every time: for tasks nobody has given an answer for.

Choices are taken in turn from visit to visit, so that a loop around "退回" comes to its end.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.forms import Form, InvalidForm, choices
from workflows.workdays import local_date

FILLER = "预演填写"
MOST_REPAIRS = 5
PATTERNED = ("1", "1234", "2026", "2026-01-01", "预演", "a", "A", "123456", "13800000000", "100.00", "ZZ-2026-001")


def sample_answer(form: Form, *, given: Mapping[str, Any], visit: int, now: datetime) -> dict[str, Any]:
    """A small answer that the form accepts on the `visit`-th time (from 0); InvalidForm when none could be found."""
    fields: Mapping[str, Any] = form.schema["properties"]
    wanted = [name for name in form.schema.get("required", ()) if name not in form.readonly]
    answer: dict[str, Any] = {}
    for _ in range(MOST_REPAIRS):
        for name in wanted:
            if name not in answer and name in fields:
                answer[name] = sample(fields[name], visit, now)
        shown = {name: value for name, value in answer.items() if name in form.visible(answer, given)}
        try:
            return {
                name: value for name, value in form.accept(shown, given=given).items() if name not in form.readonly
            }
        except InvalidForm as refusal:
            missing = {path.split(".")[0] for path in refusal.problems} - set(answer)
            if not missing & set(fields):
                raise
            wanted = [*wanted, *sorted(missing)]
    return form.accept(answer, given=given)


def sample(schema: Any, visit: int, now: datetime) -> Any:
    """The least value that fits a schema: a choice, a constant, a default, else something short of its type."""
    if not isinstance(schema, Mapping):
        return FILLER
    if options := choices(schema):
        return options[visit % len(options)][0]
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    return schema["examples"][0] if schema.get("examples") else _least(schema, visit, now)


def _least(schema: Mapping[str, Any], visit: int, now: datetime) -> Any:
    match schema.get("type", "string"):
        case "integer":
            return int(_number(schema))
        case "number":
            return _number(schema)
        case "boolean":
            return True
        case "array":
            return [sample(schema.get("items", {}), place, now) for place in range(int(schema.get("minItems", 0)))]
        case "object":
            fields = schema.get("properties", {})
            return {name: sample(fields.get(name), visit, now) for name in schema.get("required", ())}
    return _text(schema, now)


def _text(schema: Mapping[str, Any], now: datetime) -> str:
    match schema.get("format"):
        case "date":
            return local_date(now).isoformat()
        case "date-time":
            return now.isoformat()
        case "email":
            return "rehearsal@example.org"
    if pattern := schema.get("pattern"):
        return next((text for text in PATTERNED if re.search(pattern, text)), FILLER)
    least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 1_000))
    repeats = max(1, -(-least // len(FILLER)))
    return (FILLER * repeats)[: max(least, min(len(FILLER), most))]


def _number(schema: Mapping[str, Any]) -> float | int:
    """The least number at or above the minimum, the greatest below a maximum that is negative."""
    step = schema.get("multipleOf", 1)
    least = schema.get("minimum", 0)
    if "exclusiveMinimum" in schema:
        least = max(least, schema["exclusiveMinimum"] + step)
    elif "minimum" not in schema:
        least = min(least, schema.get("maximum", least), schema.get("exclusiveMaximum", least + step) - step)
    return -(-least // step) * step  # type: ignore[no-any-return]
