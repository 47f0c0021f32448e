"""Checks the forms of a model beyond being a schema: what this system can show, fill in and store."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.engine.checks.problem import Bundle, ModelProblem, error
from workflows.engine.language import RESERVED, check_expression
from workflows.forms import faults

MOST_BYTES = 200_000


def check_forms(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of every form that is a JSON Schema at all; the others are named by the engine's check."""
    for path, document in bundle.forms.items():
        yield from check_form(path, document, size=len(bundle.files.files[path]))


def check_form(path: str, document: Any, *, size: int = 0) -> Iterator[ModelProblem]:
    """Problems of one form."""
    if size > MOST_BYTES:
        yield error((path, ""), "form_fault", f"表单文件超过{MOST_BYTES // 1000}KB上限")
        return
    found = _faults(document)
    yield from (error((path, ""), "form_fault", each) for each in found)
    if not found:
        yield from _check_names(path, document)
        yield from _check_prefill(path, document)


def _faults(document: Any) -> list[str]:
    try:
        return faults(document)
    except (TypeError, AttributeError, ValueError, KeyError, RecursionError):
        return ["表单的结构有误，无法读取"]


def _check_names(path: str, document: Mapping[str, Any]) -> Iterator[ModelProblem]:
    for name in document["properties"]:
        if name in RESERVED:
            yield error((path, name), "reserved_name", f"字段名“{name}”是系统保留的名称")


def _check_prefill(path: str, document: Mapping[str, Any]) -> Iterator[ModelProblem]:
    prefill = document.get("ui", {}).get("prefill", {})
    if not isinstance(prefill, Mapping):
        yield error((path, ""), "form_fault", "ui.prefill 应为“字段：表达式”的对象")
        return
    for name, text in prefill.items():
        for each in check_expression(str(text), slot="prefill"):
            yield error((path, name), each.code, f"字段“{name}”的预填表达式有误：{each.message}")
