"""A form made ready for its template: which control each field is, with its value, options and problem.

Knows no page and no task; what it draws comes from the form, what may be chosen from the caller.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from webapp.form_data import is_table
from workflows.forms import Form, choices

FEW = 4  # so many choices are radio buttons, more a list
LISTED = ("person", "inspector", "unit", "choice", "category", "clause", "paper", "occasion")
ROW_NUMBER = "__N__"  # stands in the name of a row that scripts will add


@dataclass(frozen=True)
class Option:
    """One choice: `value` as it is posted, and the words."""

    value: str
    label: str
    chosen: bool = False
    keys: str = ""  # what else finds it: pinyin initials


@dataclass(frozen=True)
class FieldView:
    """One field, ready to draw."""

    name: str
    title: str
    widget: str
    value: Any = None
    kind: str = "string"
    required: bool = False
    readonly: bool = False
    help: str = ""
    placeholder: str = ""
    problem: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    options: Sequence[Option] = ()
    columns: Sequence["FieldView"] = ()
    rows: Sequence[Sequence["FieldView"]] = ()
    visible_when: str = ""
    has_fixed_rows: bool = False

    @property
    def text(self) -> str:
        """The value as it stands in a text control."""
        return "" if self.value is None else str(self.value)

    @property
    def described_by(self) -> str:
        parts = [f"{self.name}-help"] if self.help else []
        return " ".join([*parts, f"{self.name}-problem"] if self.problem else parts)


@dataclass(frozen=True)
class FormView:
    """A whole form; `summary` lists each problem with the id of the control it belongs to."""

    title: str
    fields: Sequence[FieldView]
    summary: Sequence[tuple[str, str]]
    note: str
    given: str  # JSON of the values conditions may ask for besides the fields


Options = Mapping[str, Sequence[tuple[str, str]]]


def build(
    form: Form,
    answer: Mapping[str, Any] | None = None,
    *,
    problems: Mapping[str, str] | None = None,
    options: Options | None = None,
    given: Mapping[str, Any] | None = None,
) -> FormView:
    """The view of a form with this answer; options: field (or "table.column") → [(value, label)]."""
    answer, problems, given = answer or {}, problems or {}, given or {}
    draw = _Drawing(form, problems, options or {})
    values = {**answer, **{name: given[name] for name in form.readonly if name in given}}
    fields = [
        draw.field(name, form.schema["properties"][name], values.get(name))
        for name in form.order
        if form.ui.get("widgets", {}).get(name) != "hidden"
    ]
    asked = {name: given[name] for name in sorted(form.asked) if _is_plain(given.get(name))}
    return FormView(
        form.title, fields, _summary(problems), str(form.ui.get("note", "")), json.dumps(asked, ensure_ascii=False)
    )


def _summary(problems: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(path.replace(".", "-"), sentence) for path, sentence in problems.items()]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


@dataclass(frozen=True)
class _Drawing:
    form: Form
    problems: Mapping[str, str]
    options: Options

    def field(self, name: str, schema: Mapping[str, Any], value: Any) -> FieldView:
        view = self._plain(name, schema, value, self.form.schema, path=name)
        tree = self.form.conditions.get(name)
        view = replace(view, visible_when=json.dumps(tree, ensure_ascii=False) if tree else "")
        return self._table(view, schema) if view.widget == "table" and not view.readonly else view

    def _plain(
        self, name: str, schema: Mapping[str, Any], value: Any, owner: Mapping[str, Any], *, path: str
    ) -> FieldView:
        key = _without_numbers(path)
        chosen = self._options(key, schema, value)
        return FieldView(
            name=name,
            title=str(schema.get("title", path)),
            widget=self._widget(key, schema, len(chosen)),
            value=schema.get("default") if value is None else value,
            kind=str(schema.get("type", "string")),
            required=path.split(".")[-1] in owner.get("required", ()),
            readonly=key in self.form.readonly or bool(schema.get("readOnly")),
            help=str(self._hint("help", key) or schema.get("description", "")),
            placeholder=str(self._hint("placeholder", key) or ""),
            problem=self._problem(path),
            limits=schema,
            options=chosen,
        )

    def _table(self, view: FieldView, schema: Mapping[str, Any]) -> FieldView:
        rows = view.value if isinstance(view.value, list) else []
        is_fixed = bool(self.form.fixed_columns(view.name)) and bool(rows)
        if not is_fixed:
            rows = rows + [{}] * (max(schema.get("minItems", 0), 1) - len(rows))
        cells = [self._row(view.name, schema["items"], row, str(number)) for number, row in enumerate(rows)]
        columns = self._row(view.name, schema["items"], {}, ROW_NUMBER)
        return replace(view, rows=cells, columns=columns, has_fixed_rows=is_fixed)

    def _row(self, table: str, schema: Mapping[str, Any], row: Any, number: str) -> list[FieldView]:
        values = row if isinstance(row, Mapping) else {}
        return [
            self._plain(
                f"{table}-{number}-{column}", child, values.get(column), schema, path=f"{table}.{number}.{column}"
            )
            for column, child in schema["properties"].items()
        ]

    def _problem(self, path: str) -> str:
        """The sentence at the control; in a cell without the table and row, which one sees."""
        table, *cell = path.split(".")
        sentence = self.problems.get(path, "")
        title = self.form.schema["properties"].get(table, {}).get("title", table)
        return re.sub(f"“{re.escape(title)}”第 [0-9]+ 行", "", sentence) if cell else sentence

    def _hint(self, hint: str, key: str) -> Any:
        return self.form.ui.get(hint, {}).get(key)

    def _options(self, key: str, schema: Mapping[str, Any], value: Any) -> list[Option]:
        """The caller's choices for the field, else its own enum (for a list, that of its items)."""
        labels = self._hint("labels", key) or {}
        pairs = self.options.get(key)
        if pairs is None:
            own = choices(schema) or choices(schema.get("items", {}))
            pairs = [(_posted(choice), str(labels.get(str(choice), label))) for choice, label in own]
        held = {_posted(item) for item in (value if isinstance(value, list) else [value]) if item is not None}
        return [Option(str(one), label, str(one) in held) for one, label in pairs]

    def _widget(self, key: str, schema: Mapping[str, Any], choice_count: int) -> str:
        if asked := self._hint("widgets", key):
            return _same_control(str(asked), is_list=schema.get("type") == "array")
        if is_table(schema):
            return "table"
        if schema.get("type") == "array":
            return "checkboxes" if choice_count else "files"
        if choice_count:
            return "radio" if choice_count <= FEW and "." not in key else "select"
        return _by_type(schema)


def _same_control(asked: str, *, is_list: bool) -> str:
    """Rows of a register and choices are lists to choose from; several at once are boxes to tick."""
    if asked in LISTED:
        return "checkboxes" if is_list else "select"
    return asked


def _by_type(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "date":
        return "date"
    if schema.get("type") == "string":
        return "textarea" if schema.get("maxLength", 0) > 200 else "text"
    return {"boolean": "checkbox", "integer": "integer", "number": "number"}.get(str(schema.get("type")), "text")


def _posted(value: Any) -> str:
    """A value as the browser posts it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_numbers(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdigit() and part != ROW_NUMBER)
