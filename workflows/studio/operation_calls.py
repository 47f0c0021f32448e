"""Checks that every service task gives its operation the arguments it takes."""

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, signature
from typing import Any

from workflows.engine.checks.problem import Bundle, ModelProblem, error
from workflows.engine.diagram import SPIFF, Element

NAMED = frozenset({Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD})


def check_calls(bundle: Bundle, operations: Mapping[str, Callable[..., Any]]) -> Iterator[ModelProblem]:
    """Problems of every service task whose operation exists; the others are named by the engine's check."""
    for element in bundle.elements:
        operator = element.operator
        name = "" if operator is None else operator.get("id") or ""
        if operator is not None and name in operations:
            given = [each.get("id") or "" for each in operator.iterfind(f"{SPIFF}parameters/{SPIFF}parameter")]
            yield from _check_arguments(element, name, given, operations[name])


def _check_arguments(
    element: Element, name: str, given: list[str], function: Callable[..., Any]
) -> Iterator[ModelProblem]:
    wanted = list(signature(function).parameters.values())[1:]  # the first is the context
    known = {each.name for each in wanted if each.kind in NAMED}
    if not any(each.kind is Parameter.VAR_KEYWORD for each in wanted):
        for each in dict.fromkeys(given):
            if each not in known:
                yield error(element, "unknown_parameter", f"系统操作“{name}”没有参数“{each[:60]}”")
    for argument in wanted:
        if argument.kind in NAMED and argument.default is Parameter.empty and argument.name not in given:
            yield error(element, "missing_parameter", f"系统操作“{name}”缺少参数“{argument.name}”")
    for each in dict.fromkeys(given):
        if given.count(each) > 1:
            yield error(element, "repeated_parameter", f"系统操作“{name}”的参数“{each[:60]}”写了两次")
