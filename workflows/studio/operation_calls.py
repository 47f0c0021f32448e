"""Checks that every service task calls a function that exists, with the arguments it takes."""

from collections.abc import Callable, Collection, Iterator, Mapping
from inspect import Parameter, signature
from typing import Any

from workflows.engine.diagram import SPIFF, Element
from workflows.studio.draft import Draft
from workflows.studio.problems import ModelProblem

NAMED = frozenset({Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD})


def check_calls(
    draft: Draft, operations: Mapping[str, Callable[..., Any]] | Collection[str]
) -> Iterator[ModelProblem]:
    """Problems of every service task; arguments are looked at only where the functions themselves are given."""
    for element in draft.elements:
        if element.operator is not None:
            name = element.operator.get("id") or ""
            if name not in operations:
                yield _problem(element, "unknown_operation", f"没有名为“{name[:60]}”的系统操作")
            elif isinstance(operations, Mapping):
                yield from _check_arguments(element, name, operations[name])


def _check_arguments(element: Element, name: str, function: Callable[..., Any]) -> Iterator[ModelProblem]:
    assert element.operator is not None
    given = [each.get("id") or "" for each in element.operator.iterfind(f"{SPIFF}parameters/{SPIFF}parameter")]
    wanted = list(signature(function).parameters.values())[1:]  # the first is the context
    known = {each.name for each in wanted if each.kind in NAMED}
    if not any(each.kind is Parameter.VAR_KEYWORD for each in wanted):
        for each in dict.fromkeys(given):
            if each not in known:
                yield _problem(element, "unknown_parameter", f"系统操作“{name}”没有参数“{each[:60]}”")
    for argument in wanted:
        if argument.kind in NAMED and argument.default is Parameter.empty and argument.name not in given:
            yield _problem(element, "missing_parameter", f"系统操作“{name}”缺少参数“{argument.name}”")
    for each in dict.fromkeys(given):
        if given.count(each) > 1:
            yield _problem(element, "repeated_parameter", f"系统操作“{name}”的参数“{each[:60]}”写了两次")


def _problem(element: Element, code: str, message: str) -> ModelProblem:
    return ModelProblem(element.file, element.id, code, "error", message)
