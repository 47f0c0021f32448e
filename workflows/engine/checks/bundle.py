"""Reads the files of a model; what cannot be read becomes a problem and is left out of the bundle."""

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from lxml import etree

from workflows.engine.checks.problem import Bundle, ModelProblem, error, warning
from workflows.engine.decisions import read_decisions
from workflows.engine.diagram import local
from workflows.engine.step import ModelFiles
from workflows.engine.xml import ModelRefused, read_xml

MAX_FILES = 200


def read_bundle(files: ModelFiles, operations: Collection[str] | None) -> tuple[Bundle, list[ModelProblem]]:
    """The readable part of a model, and what is wrong with the rest."""
    problems: list[ModelProblem] = []
    if len(files.files) > MAX_FILES:
        problems.append(error(("", ""), "too_many_files", f"模型文件超过{MAX_FILES}个"))
    contents = dict(sorted(files.files.items())[:MAX_FILES])
    diagrams = _documents(contents, ".bpmn", "definitions", problems)
    tables = _documents(contents, ".dmn", "definitions", problems)
    read = {path: _json(path, content, problems) for path, content in contents.items() if path.endswith(".json")}
    words = read.pop("words.json", {})
    forms = {
        path: form for path, form in read.items() if form is not None and _is_schema(path, contents[path], problems)
    }
    problems += [
        warning((path, ""), "unknown_file", f"文件“{path}”不是模型的一部分")
        for path in contents
        if not path.endswith((".bpmn", ".dmn", ".json"))
    ]
    decisions = tuple(each for path, root in tables.items() for each in read_decisions(path, root))
    problems += _words_problems(words)
    words = words if isinstance(words, dict) and isinstance(words.get("lanes", {}), dict) else {}
    return Bundle(files, diagrams, tables, decisions, forms, words, operations), problems


def _documents(
    contents: dict[str, bytes], suffix: str, root_name: str, problems: list[ModelProblem]
) -> dict[str, etree._Element]:
    read: dict[str, etree._Element] = {}
    for path, content in contents.items():
        if not path.endswith(suffix):
            continue
        try:
            root = read_xml(content)
        except ModelRefused as refusal:
            problems += [error((path, each.element or ""), each.code, each.message) for each in refusal.problems]
            continue
        if local(root) == root_name:
            read[path] = root
        else:
            problems.append(error((path, ""), "not_a_model", f"文件的根元素应是 {root_name}，而不是 {local(root)}"))
    return read


def _json(path: str, content: bytes, problems: list[ModelProblem]) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        problems.append(error((path, ""), "not_json", f"“{path}”不是合格的 JSON 文件"))
        return None


def _is_schema(path: str, content: bytes, problems: list[ModelProblem]) -> bool:
    if fault := _schema_fault(content):
        problems.append(error((path, ""), "bad_form", f"表单“{path}”{fault}"))
    return not fault


@lru_cache(maxsize=2048)
def _schema_fault(content: bytes) -> str:
    """What keeps a form's JSON text from being a schema of an object; kept, because models share forms and versions."""
    form = json.loads(content)
    try:
        if not isinstance(form, dict) or form.get("type", "object") != "object":
            raise SchemaError("表单必须描述一个对象（type: object）")
        Draft202012Validator.check_schema(form)
    except SchemaError as wrong:
        return f"不是合格的 JSON Schema：{wrong.message[:200]}"
    except RecursionError:
        return "嵌套过深"
    return ""


def _words_problems(words: Any) -> list[ModelProblem]:
    lanes = words.get("lanes", {}) if isinstance(words, dict) else None
    if isinstance(lanes, dict) and all(isinstance(role, str) and role for role in lanes.values()):
        return []
    return [error(("words.json", ""), "bad_words", "words.json 应为 {“lanes”: {泳道名: 角色代码}}")]
