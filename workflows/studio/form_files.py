"""Checks the forms of a model: each file by itself, and that every task finds the form it names."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from workflows.engine.language import RESERVED, check_expression
from workflows.forms import faults
from workflows.studio.draft import WORDS, Draft, NotJson
from workflows.studio.problems import ModelProblem

MOST_BYTES = 200_000
BROKEN = "表单的结构有误，无法读取"


def check_forms(draft: Draft) -> Iterator[ModelProblem]:
    """Problems of every form file, and of tasks whose form is not there."""
    for path in sorted(draft.model.files):
        if path.endswith(".json") and path != WORDS:
            yield from check_form(draft, path)
    for task in draft.user_tasks:
        path = draft.form(task)
        if path and path not in draft.model.files:
            message = f"人工任务“{task.name or task.id}”的表单 {path} 不存在"
            yield ModelProblem(task.file, task.id, "missing_form", "error", message)


def check_form(draft: Draft, path: str) -> Iterator[ModelProblem]:
    """Problems of one form file."""
    if len(draft.model.files[path]) > MOST_BYTES:
        yield _problem(path, "", f"表单文件超过{MOST_BYTES // 1000}KB上限")
        return
    try:
        document = draft.json(path)
    except NotJson:
        yield _problem(path, "", "表单不是有效的 UTF-8 编码 JSON", code="form_not_json")
        return
    found = _faults(document)
    yield from (_problem(path, "", each) for each in found)
    if not found:
        yield from _check_names(path, document)
        yield from _check_prefill(path, document)


def _faults(document: Any) -> list[str]:
    try:
        found = faults(document)
        if not found:
            Draft202012Validator.check_schema(document)
    except SchemaError as error:
        place = ".".join(str(step) for step in error.absolute_path)
        return [f"“{place or '表单'}”处不是有效的 JSON Schema"]
    except (TypeError, AttributeError, ValueError, KeyError, RecursionError):
        return [BROKEN]
    return found


def _check_names(path: str, document: Mapping[str, Any]) -> Iterator[ModelProblem]:
    for name in document["properties"]:
        if name in RESERVED:
            yield _problem(path, name, f"字段名“{name}”是系统保留的名称", code="reserved_name")


def _check_prefill(path: str, document: Mapping[str, Any]) -> Iterator[ModelProblem]:
    prefill = document.get("ui", {}).get("prefill", {})
    if not isinstance(prefill, Mapping):
        yield _problem(path, "", "ui.prefill 应为“字段：表达式”的对象")
        return
    for name, text in prefill.items():
        for each in check_expression(str(text), slot="prefill"):
            yield _problem(path, name, f"字段“{name}”的预填表达式有误：{each.message}", code=each.code)


def _problem(path: str, element: str, message: str, code: str = "form_fault") -> ModelProblem:
    return ModelProblem(path, element, code, "error", message)
