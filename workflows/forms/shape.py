"""The shape a form may have: which JSON Schema keywords, types and hints.  Knows no answer.

A form is written by designers, so it is untrusted: what is not on these lists is a fault of the form,
told before publishing; references never leave the file because there are none.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.forms import conditions

TYPES = ("string", "integer", "number", "boolean", "array", "object")
KEYWORDS = {
    "$schema", "$id", "$comment", "title", "description", "default", "examples", "type", "properties",
    "required", "additionalProperties", "items", "enum", "const", "oneOf", "allOf", "anyOf", "if", "then",
    "else", "not", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "pattern", "patternHint", "format", "minItems", "maxItems", "uniqueItems", "ui",
    "readOnly", "dependentRequired",
}  # fmt: skip
HINTS = {"order", "widgets", "help", "labels", "visible_when", "prefill", "readonly", "show", "placeholder", "note"}
WIDGETS = {
    "text", "textarea", "date", "number", "integer", "checkbox", "radio", "select", "checkboxes", "table",
    "files", "person", "inspector", "unit", "choice", "hidden", "sealed", "category", "clause", "paper", "occasion",
}  # fmt: skip
LONGEST_PATTERN = 200
NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def faults(document: Any) -> list[str]:
    """What is wrong with a form file, in Chinese; empty when it may be published."""
    if not isinstance(document, Mapping) or document.get("type") != "object":
        return ["表单的最外层必须是 type 为 object 的 JSON Schema"]
    properties = document.get("properties")
    if not isinstance(properties, Mapping):
        return ["表单缺少 properties"]
    return [*_schema_faults(document, ""), *_name_faults(document), *_hint_faults(document)]


def choices(schema: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Value and label of each choice of an enum, or of oneOf with const and title; else empty."""
    if "enum" in schema:
        return [(value, str(value)) for value in schema["enum"]]
    options = schema.get("oneOf", [])
    if options and all(isinstance(option, Mapping) and "const" in option for option in options):
        return [(option["const"], str(option.get("title", option["const"]))) for option in options]
    return []


def _schema_faults(node: Any, where: str) -> Iterator[str]:
    place = f"“{where}”：" if where else ""
    if isinstance(node, bool):
        return
    if not isinstance(node, Mapping):
        yield f"{place}应为 JSON Schema"
        return
    yield from (f"{place}不支持关键字 {name}" for name in node if name not in KEYWORDS)
    kind = node.get("type")
    if kind is not None and kind not in TYPES:
        yield f"{place}不支持类型 {kind}"
    if "pattern" in node and not _is_safe_pattern(node["pattern"]):
        yield f"{place}正则表达式有误，或含有可能失控的嵌套重复"
    yield from _nested_faults(node, where)


def _nested_faults(node: Mapping[str, Any], where: str) -> Iterator[str]:
    properties = node.get("properties", {})
    if not isinstance(properties, Mapping):
        yield f"“{where}”：properties 应为对象"
        return
    for name, child in properties.items():
        yield from _schema_faults(child, f"{where}.{name}" if where else str(name))
    for key in ("items", "if", "then", "else", "not"):
        if key in node:
            yield from _schema_faults(node[key], where or key)
    for key in ("oneOf", "allOf", "anyOf"):
        for child in node.get(key, ()):
            yield from _schema_faults(child, where or key)


def _name_faults(document: Mapping[str, Any]) -> Iterator[str]:
    properties = document["properties"]
    for name, child in properties.items():
        if not NAME.fullmatch(name):
            yield f"字段名“{name}”应为小写英文、数字和下划线"
        if isinstance(child, Mapping) and not child.get("title"):
            yield f"字段“{name}”缺少中文标题（title）"
    for name in document.get("required", ()):
        if name not in properties:
            yield f"required 中的“{name}”不是本表单的字段"


def _hint_faults(document: Mapping[str, Any]) -> Iterator[str]:
    hints = document.get("ui", {})
    if not isinstance(hints, Mapping):
        yield "ui 应为对象"
        return
    yield from (f"ui 中不支持“{name}”" for name in hints if name not in HINTS)
    yield from _stranger_faults(hints, document["properties"])
    for name, widget in hints.get("widgets", {}).items():
        if widget not in WIDGETS:
            yield f"字段“{name}”的控件“{widget}”不存在"
        elif widget == "sealed" and _type_at(document["properties"], str(name)) != "string":
            yield f"字段“{name}”的控件是密文，类型应为 string"
    for name, text in hints.get("visible_when", {}).items():
        yield from _condition_faults(name, text)


def _type_at(properties: Mapping[str, Any], name: str) -> Any:
    """The type of "field" or "table.column"."""
    table, _, column = name.rpartition(".")
    if not table:
        return properties[column].get("type")
    items = properties.get(table, {}).get("items", {})
    return items.get("properties", {}).get(column, {}).get("type")


def _stranger_faults(hints: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    for hint in ("order", "widgets", "visible_when", "readonly", "prefill", "help"):
        for name in hints.get(hint, ()):
            if str(name).split(".")[0] not in properties:
                yield f"ui.{hint} 中的“{name}”不是本表单的字段"


def _condition_faults(name: str, text: Any) -> Iterator[str]:
    try:
        conditions.parse(str(text))
    except conditions.BadCondition as error:
        yield f"字段“{name}”的显示条件有误：{error}"


def _is_safe_pattern(pattern: Any) -> bool:
    """Short, valid, and without a repeat inside a repeated group, whose cost could explode."""
    if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    plain = re.sub(r"\\.|\[[^\]]*\]", "x", pattern)
    return not re.search(r"\([^()]*([*+}|]|\()[^()]*(\([^()]*\)[^()]*)*\)[*+{]", plain)
