"""Random answers that fit a form's schema, from nothing but what the API says of a task.

The same dice give the same answers.  Knows no process and no element.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from workflows.forms import Form, choices

NAMES = ("甲同志", "乙同志", "丙同志", "丁同志", "戊同志")
PIECES = (
    "经核实，情况属实。",
    "材料齐全，程序规范。",
    "责任明确，按期落实。",
    "已逐项对照检查。",
    "建议按要求办理。",
)
FORWARD = 0.75  # how often the first choice offered is taken
TODAY = 0.6  # how often a day is today


class Guess:
    """One try at a form.  `boldness` 0 takes the first choice and today's date everywhere, 1 anything that fits.

    Each try fills in all, some or none of what is optional, and is steady or not in what it picks from a list.
    """

    def __init__(self, dice: Random, today: date, boldness: float):
        self.dice, self.today, self.boldness = dice, today, boldness
        self.fullness = dice.choice((0.0, 0.6, 1.0))
        self.place = dice.choice((None, 0, -1))

    def answer(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """An answer to a task as GET /tasks/{id} gives it."""
        form = Form(task["form"], task["form"].get("ui", {}))
        given, options = task["given"], task["options"]
        found: dict[str, Any] = {}
        required = set(form.schema.get("required", ()))
        for name in form.order:
            if name in form.readonly:
                continue
            node = form.schema["properties"][name]
            if isinstance(given.get(name), list) and node.get("items", {}).get("type") == "object":
                found[name] = [self._row(node["items"], row, name, options) for row in given[name]]
            elif given.get(name) is not None and not self._dares():
                found[name] = given[name]
            elif name in required or self.dice.random() < self.fullness:
                value = self._value(node, name, options)
                if value is not None:
                    found[name] = value
        visible = set(form.visible(found, given))
        return {name: value for name, value in found.items() if name in visible}

    def _dares(self) -> bool:
        return self.dice.random() < 0.3 * self.boldness

    def _row(
        self, items: Mapping[str, Any], row: Mapping[str, Any], table: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        kept = {name: value for name, value in row.items() if name in items["properties"] and value is not None}
        required = items.get("required", ())
        for name, node in items["properties"].items():
            if node.get("readOnly") or (name in kept and not self._dares()):
                continue
            if name in required or self.dice.random() < self.fullness:
                value = self._value(node, f"{table}.{name}", options)
                if value is not None:
                    kept[name] = value
        return kept

    def _value(self, node: Mapping[str, Any], path: str, options: Mapping[str, Any]) -> Any:
        if path in options:
            values = [each["value"] if isinstance(each, Mapping) else each[0] for each in options[path]]
            if node.get("type") == "array":
                return self.dice.sample(values, min(len(values), int(node.get("minItems", 0))))
            return self._picked(values) if values else None
        if offered := [value for value, _ in choices(node)]:
            return self._choice(offered)
        match node.get("type", "string"):
            case "boolean":
                return self.dice.random() < self.dice.choice((0.05, 0.5, 0.95))
            case "integer" | "number":
                least = int(node.get("minimum", 0))
                most = int(node.get("maximum", least + 20))
                return self.dice.choice((least, most, self.dice.randint(least, most)))
            case "array":
                return self._array(node, path, options)
            case "object":
                return None
        return self._text(node)

    def _picked(self, values: list[Any]) -> Any:
        return self.dice.choice(values) if self.place is None else values[self.place]

    def _choice(self, offered: list[Any]) -> Any:
        is_plain = self.dice.random() < FORWARD + (1 - FORWARD) * (1 - self.boldness)
        return offered[0] if is_plain else self.dice.choice(offered)

    def _array(self, node: Mapping[str, Any], path: str, options: Mapping[str, Any]) -> list[Any]:
        items, least = node.get("items", {}), int(node.get("minItems", 0))
        count = max(least, min(int(node.get("maxItems", least + 3)), self.dice.randint(least, least + 2)))
        if items.get("type") == "object":
            return [self._row(items, {}, path, options) for _ in range(count)]
        pool = [value for value, _ in choices(items)]
        if pool:
            return self.dice.sample(pool, min(len(pool), max(count, 1)))
        return [value for _ in range(count) if (value := self._value(items, path, options)) is not None]

    def _text(self, node: Mapping[str, Any]) -> str:
        if node.get("format") == "date":
            shift = (
                0
                if self.dice.random() < TODAY
                else self.dice.choice((-200, -30, -3, -1, 1, 3, 7, 16, 25, 30, 60, 90))
            )
            return (self.today + timedelta(days=shift)).isoformat()
        least, most = int(node.get("minLength", 0)), int(node.get("maxLength", 400))
        if node.get("pattern"):
            return self.dice.choice(("12-09", "12-10", "2026", "13800000000", f"A{self.dice.randint(100, 999)}"))
        if most < 20:
            return (self.dice.choice(NAMES) * most)[: max(least, min(most, 3))]
        text = self.dice.choice(NAMES) + str(self.dice.randint(10, 99)) + self.dice.choice(PIECES)
        while len(text) < least:
            text += self.dice.choice(PIECES)
        return text[:most]
