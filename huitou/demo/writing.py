"""Fills in any form of the system plausibly and always alike, from nothing but its schema and what is given.

For tasks that no story and no function of `answers` has words for.  Where people choose, it chooses to go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from workflows.forms import Form, choices

Schema = Mapping[str, Any]
Choices = Sequence[tuple[str, str]]
Options = Mapping[str, Choices]

GOES_ON = (
    "approve",
    "approved",
    "agree",
    "yes",
    "pass",
    "upheld",
    "confirm",
    "issue",
    "accept",
    "done",
    "keep",
    "none",
)
NEVER_CHOSEN = (
    "return",
    "reject",
    "refuse",
    "refused",
    "cancel",
    "supplement",
    "hold",
    "not_upheld",
    "transfer",
    "repeal",
)
NO = (
    "falsified", "false_report", "violation", "involves_principal", "policy_unclear", "unclear", "reluctant", "drop",
    "deviation", "typical", "is_typical", "share", "more", "changed",
)  # fmt: skip
LATER = ("due", "deadline", "until", "ends_on", "follow_up", "next_check", "target_date")
SENTENCES = (
    "已按规定程序研究办理，有关情况清楚，依据充分。",
    "认真对照干部选拔任用政策法规逐项核对，做到事实清楚、责任明确。",
    "坚持问题导向，明确责任分工和完成时限，确保工作落到实处。",
    "有关材料已整理归档，由专人负责跟踪，定期报告进展。",
)


@dataclass(frozen=True)
class Desk:
    """What somebody who fills in a form has at hand: the day, dice of his own, values given, lists to choose from."""

    today: date
    dice: Random
    given: Mapping[str, Any]
    options: Options

    def write(self, form: Form) -> dict[str, Any]:
        """An answer to the form; fields that do not apply are left out."""
        answer: dict[str, Any] = {}
        for name in form.order:
            if name in form.readonly:
                continue
            schema = form.schema["properties"][name]
            prepared = self.given.get(name)
            value = self._rows(name, schema, prepared, form) if _is_table(schema) else prepared
            if value is None:
                value = self._value(name, schema, form.ui.get("widgets", {}).get(name, ""), name)
            if value is not None:
                answer[name] = value
        visible = set(form.visible(answer, self.given))
        return {name: value for name, value in answer.items() if name in visible}

    def _rows(self, name: str, schema: Schema, prepared: Any, form: Form) -> list[dict[str, Any]] | None:
        columns, widgets = schema["items"]["properties"], _column_widgets(form, name)
        required = schema["items"].get("required", ())
        if isinstance(prepared, list):
            known = [
                {key: value for key, value in row.items() if key in columns and value is not None} for row in prepared
            ]
        else:
            known = [{} for _ in range(int(schema.get("minItems", 0)))]
        for row in known:
            for column, node in columns.items():
                if column not in row and column in required:
                    row[column] = self._value(column, node, widgets.get(column, ""), f"{name}.{column}")
        return known or None

    def _value(self, name: str, schema: Schema, widget: str, path: str) -> Any:
        if path in self.options:
            listed = self.options[path]
            return self.dice.choice(listed)[0] if listed else None
        if offered := choices(schema):
            return self._choice([value for value, _ in offered])
        match schema.get("type", "string"):
            case "boolean":
                return not any(word in name for word in NO)
            case "integer" | "number":
                return self._number(name, schema)
            case "array":
                return self._several(schema, path)
            case "object":
                return None
        return self._text(name, schema, widget)

    def _choice(self, values: list[Any]) -> Any:
        for wanted in GOES_ON:
            if wanted in values:
                return wanted
        return self.dice.choice([value for value in values if value not in NEVER_CHOSEN] or values)

    def _several(self, schema: Schema, path: str) -> list[Any] | None:
        items, count = schema.get("items", {}), int(schema.get("minItems", 0))
        pool = [value for value, _ in self.options.get(path, ())] or [value for value, _ in choices(items)]
        if pool:
            return self.dice.sample(pool, min(len(pool), max(count, 1)))
        return [self._value("", items, "", path) for _ in range(count)] or None

    def _number(self, name: str, schema: Schema) -> int:
        least = int(schema.get("minimum", 0))
        most = int(schema.get("maximum", max(least, 10)))
        if any(word in name for word in ("score", "pct", "percent", "rate")):
            return max(least, min(most, 90))
        return least if any(word in name for word in ("found", "count", "amount")) else min(most, max(least, 7))

    def _text(self, name: str, schema: Schema, widget: str) -> str | None:
        if schema.get("format") == "date":
            return (self.today + timedelta(days=30 if any(word in name for word in LATER) else 0)).isoformat()
        if widget == "files":
            return None
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 400))
        if most < len(SENTENCES[0]):
            return str(schema.get("title", "办理"))[:most].ljust(least, "。")
        text = self.dice.choice(SENTENCES)
        while len(text) < least:
            text += self.dice.choice(SENTENCES)
        return text[:most]


def _is_table(schema: Schema) -> bool:
    return schema.get("type") == "array" and schema.get("items", {}).get("type") == "object"


def _column_widgets(form: Form, table: str) -> Mapping[str, str]:
    prefix = f"{table}."
    return {
        path.removeprefix(prefix): str(widget)
        for path, widget in form.ui.get("widgets", {}).items()
        if path.startswith(prefix)
    }
