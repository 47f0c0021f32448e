"""What is wrong with an answer, as Chinese sentences that name the field.  Knows JSON Schema's keywords."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.forms.shape import choices

Failure = Any  # jsonschema's ValidationError; its stubs allow Unset for every attribute

TYPE_WORDS = {
    "string": "文字",
    "integer": "整数",
    "number": "数字",
    "boolean": "“是”或“否”",
    "array": "列表",
    "object": "一组内容",
    "null": "空",
}
FORMAT_WORDS = {
    "date": "日期（如 2026-09-25）",
    "date-time": "日期和时间",
    "email": "电子邮箱地址",
    "uri": "网址",
}


def problems_of(error: Failure, schema: Mapping[str, Any]) -> dict[str, str]:
    """Path → sentence for one failure; paths are "field" or "field.0.sub"."""
    if error.validator == "required":
        return _missing(error, schema)
    if error.validator == "additionalProperties":
        return _unknown(error)
    if error.validator in ("if", "allOf", "anyOf", "oneOf") and error.context:
        return _first_of(error, schema)
    path = ".".join(map(str, error.absolute_path))
    return {path: f"{_title(error.absolute_path, schema)}{_sentence(error)}"}


def _missing(error: Failure, schema: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name in error.validator_value:
        if name not in error.instance:
            path = [*error.absolute_path, name]
            found[".".join(map(str, path))] = f"请填写{_title(path, schema)}"
    return found


def _unknown(error: Failure) -> dict[str, str]:
    known = error.schema.get("properties", {})
    start = [*map(str, error.absolute_path)]
    return {
        ".".join([*start, str(name)]): f"表单中没有“{str(name)[:40]}”这一项"
        for name in error.instance
        if name not in known
    }


def _first_of(error: Failure, schema: Mapping[str, Any]) -> dict[str, str]:
    if choices(error.schema):
        return {".".join(map(str, error.absolute_path)): f"{_title(error.absolute_path, schema)}不在可选范围内"}
    best = min(error.context or [], key=lambda inner: (-len(inner.absolute_path), str(inner.validator)))
    return problems_of(best, schema)


def _title(path: Any, schema: Mapping[str, Any]) -> str:
    """“整改措施”第 2 行“责任人”, or the name itself where the schema gives no title."""
    words, node = "", dict(schema)
    for step in path:
        if isinstance(step, int):
            node = node.get("items", {})
            words += f"第 {step + 1} 行" if node.get("type") == "object" else f"第 {step + 1} 项"
        else:
            node = node.get("properties", {}).get(step, {})
            words += f"“{node.get('title', step)}”"
    return words


def _sentence(error: Failure) -> str:
    speak = _SENTENCES.get(str(error.validator))
    return speak(error) if speak else "填写得不符合要求"


def _type(error: Failure) -> str:
    wanted = error.validator_value
    kinds = wanted if isinstance(wanted, list) else [wanted]
    return "应为" + "或".join(TYPE_WORDS.get(kind, str(kind)) for kind in kinds)


def _min_length(error: Failure) -> str:
    if error.validator_value == 1:
        return "不能为空"
    return f"至少写 {error.validator_value} 个字，现在是 {len(error.instance)} 个"


def _max_length(error: Failure) -> str:
    return f"最多写 {error.validator_value} 个字，现在是 {len(error.instance)} 个"


def _min_items(error: Failure) -> str:
    unit = "行" if error.schema.get("items", {}).get("type") == "object" else "项"
    return f"至少要有 {error.validator_value} {unit}"


def _max_items(error: Failure) -> str:
    return f"最多 {error.validator_value} 项，现在是 {len(error.instance)} 项"


def _pattern(error: Failure) -> str:
    hint = error.schema.get("patternHint")
    return f"格式不对，应为{hint}" if hint else "格式不对"


_SENTENCES: dict[str, Callable[[Failure], str]] = {
    "type": _type,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minimum": lambda error: f"不能小于 {error.validator_value}",
    "maximum": lambda error: f"不能大于 {error.validator_value}",
    "exclusiveMinimum": lambda error: f"必须大于 {error.validator_value}",
    "exclusiveMaximum": lambda error: f"必须小于 {error.validator_value}",
    "enum": lambda _error: "不在可选范围内",
    "const": lambda error: "必须勾选" if error.validator_value is True else f"必须是“{error.validator_value}”",
    "pattern": _pattern,
    "format": lambda error: f"应为{FORMAT_WORDS.get(error.validator_value, '规定的格式')}",
    "minItems": _min_items,
    "maxItems": _max_items,
    "uniqueItems": lambda _error: "有重复的项",
    "multipleOf": lambda error: f"应为 {error.validator_value} 的倍数",
}
