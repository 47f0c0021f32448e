"""A form: the JSON Schema and the hints of one user task, and what an answer to it must fulfil.

Pure: knows no web page, no database and no clock.  A form belongs to its model version.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry

from workflows.forms import conditions
from workflows.forms.sentences import problems_of
from workflows.forms.shape import choices, faults
from workflows.refusal import Refusal

__all__ = ["BrokenForm", "Form", "InvalidForm", "check", "choices", "faults"]

MOST_CHARACTERS = 20_000
MOST_ITEMS = 500
MOST_LISTED = 50
formats = FormatChecker(formats=())


class InvalidForm(Refusal):
    """The answer does not fit the form; `problems` maps each path to a sentence."""

    rule = "form"

    def __init__(self, problems: Mapping[str, str]):
        super().__init__("；".join(list(problems.values())[:5]) or "填写的内容有问题")
        self.problems = dict(problems)


class BrokenForm(Refusal):
    """The form file itself cannot be used; `faults` lists why."""

    rule = "form_file"

    def __init__(self, found: list[str]):
        super().__init__("表单文件有误：" + "；".join(found[:5]))
        self.faults = found


@formats.checks("date")
def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


@formats.checks("date-time")
def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@dataclass(frozen=True)
class Form:
    """One form of one model version."""

    schema: Mapping[str, Any]
    ui: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def load(cls, content: bytes | str) -> "Form":
        """The form in a file's content; raises BrokenForm."""
        try:
            document = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise BrokenForm(["不是有效的 JSON"]) from error
        if found := faults(document):
            raise BrokenForm(found)
        return cls(schema=document, ui=document.get("ui", {}))

    @property
    def title(self) -> str:
        return str(self.schema.get("title", ""))

    @property
    def order(self) -> list[str]:
        """Every field once: those of ui.order first, the others as the schema has them."""
        properties = self.schema.get("properties", {})
        first = [name for name in self.ui.get("order", ()) if name in properties]
        return first + [name for name in properties if name not in first]

    @property
    def readonly(self) -> frozenset[str]:
        """Fields only shown: their values come from the server, never from the person."""
        marked = {name for name, node in self.schema["properties"].items() if node.get("readOnly")}
        return frozenset(marked | set(self.ui.get("readonly", ())))

    @cached_property
    def sealed(self) -> list[str]:
        """Fields ("field" or "table.column") whose text is stored sealed."""
        return [name for name, widget in self.ui.get("widgets", {}).items() if widget == "sealed"]

    def sealed_places(self, answer: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
        """Each place of a sealed field in an answer: the group that holds it, its name there, its path."""
        for name in self.sealed:
            table, _, column = name.rpartition(".")
            if not table:
                yield answer, column, name
            elif isinstance(rows := answer.get(table), list):
                for at, row in enumerate(rows):
                    if isinstance(row, dict):
                        yield row, column, f"{table}.{at}.{column}"

    @cached_property
    def conditions(self) -> Mapping[str, conditions.Tree]:
        """Field → the tree of its visible_when."""
        return {name: conditions.parse(str(text)) for name, text in self.ui.get("visible_when", {}).items()}

    @property
    def asked(self) -> set[str]:
        """The names the conditions ask for that are no fields of this form: they come from `given`."""
        names = set().union(*map(conditions.names, self.conditions.values()))
        return names - set(self.schema["properties"])

    def visible(self, answer: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> list[str]:
        """The fields that apply to this answer, in order; `given` holds data shown beside the form."""
        data = {**(given or {}), **answer}
        return [
            name
            for name in self.order
            if name not in self.conditions or conditions.holds(self.conditions[name], data)
        ]

    def accept(self, answer: Mapping[str, Any], *, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer as it is stored: hidden fields dropped, read-only ones taken from `given`.

        `given` is what the server vouches for: context and prefilled values.  Raises InvalidForm with every problem.
        """
        given = given or {}
        own = {name: value for name, value in answer.items() if name not in self.readonly}
        own |= {name: given[name] for name in self.readonly if given.get(name) is not None}
        visible = set(self.visible(own, given))
        kept = {
            name: value for name, value in own.items() if name in visible or name not in self.schema["properties"]
        }
        required = [name for name in self.schema.get("required", ()) if name in visible]
        strange = self._fix_rows(kept, given)
        if problems := strange | check({**self.schema, "required": required}, kept):
            raise InvalidForm(problems)
        return kept

    def fixed_columns(self, name: str) -> list[str]:
        """The read-only columns of a table: its rows are given, and none is added or removed."""
        items = self.schema["properties"][name].get("items", {})
        return [column for column, node in items.get("properties", {}).items() if node.get("readOnly")]

    def _fix_rows(self, answer: dict[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
        """Writes the given values into read-only columns, row by row; a problem where the rows do not match."""
        problems = {}
        for name in self.schema["properties"]:
            columns, known, rows = self.fixed_columns(name), given.get(name), answer.get(name)
            if not columns or not isinstance(known, list) or not isinstance(rows, list):
                continue
            if len(rows) != len(known) or not all(isinstance(row, dict) for row in rows):
                problems[name] = (
                    f"“{self.schema['properties'][name].get('title', name)}”的行与待办内容不一致，请刷新后重填"
                )
                continue
            answer[name] = [
                {**row, **{column: fixed[column] for column in columns if column in fixed}}
                for row, fixed in zip(rows, known, strict=True)
            ]
        return problems


def check(schema: Mapping[str, Any], answer: Any) -> dict[str, str]:
    """Path ("field" or "field.0.sub") → what is wrong with it, in Chinese; empty when the answer fits.

    Fields the schema does not know are refused unless it allows them.
    """
    if found := _oversized(answer):
        return found
    closed = _closed(schema)
    validator = Draft202012Validator(closed, format_checker=formats, registry=Registry())
    problems: dict[str, str] = {}
    for error in validator.iter_errors(answer):
        for path, sentence in problems_of(error, closed).items():
            problems.setdefault(path, sentence)
        if len(problems) >= MOST_LISTED:
            break
    return problems


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with unknown fields refused in every object that does not say otherwise."""
    closed = dict(schema)
    if "properties" in closed:
        closed["properties"] = {name: _closed(child) for name, child in closed["properties"].items()}
        closed.setdefault("additionalProperties", False)
    if isinstance(closed.get("items"), Mapping):
        closed["items"] = _closed(closed["items"])
    return closed


def _oversized(answer: Any, path: str = "", depth: int = 0) -> dict[str, str]:
    """Stops before validation what no form of ours needs: huge texts, endless lists, deep nesting."""
    if depth > 6:
        return {path: "内容层级过深"}
    if isinstance(answer, str) and len(answer) > MOST_CHARACTERS:
        return {path: f"文字过长（超过 {MOST_CHARACTERS} 个字）"}
    if not isinstance(answer, list | dict):
        return {}
    if len(answer) > MOST_ITEMS:
        return {path: f"内容过多（超过 {MOST_ITEMS} 项）"}
    pairs = answer.items() if isinstance(answer, dict) else enumerate(answer)
    found: dict[str, str] = {}
    for key, value in pairs:
        found |= _oversized(value, f"{path}.{key}" if path else str(key), depth + 1)
    return found
