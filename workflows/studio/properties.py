"""Checks what a designer wrote on a task: its deadline rule, its part; and the rules that expressions ask for."""

import re
from collections.abc import Iterator

from workflows.deadlines.register import REGISTER
from workflows.engine.checks.problem import Bundle, ModelProblem, error
from workflows.engine.diagram import Element
from workflows.policy import PART_NAMES

RULES = frozenset({limit.code for limit in REGISTER}) | {"T13", "D4"}
"""T13 stands for the variant of the case's round, D4 for the limit a decision table gives a finding."""

ASKED_RULE = re.compile(r"""\b(?:before_|after_)?due\(\s*["']([^"']{0,40})["']""")


def check_properties(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of every element's properties, and of deadline rules named in its expressions."""
    for element in bundle.elements:
        yield from _problems(element)
        yield from _asked_rules(element)


def _problems(element: Element) -> Iterator[ModelProblem]:
    given = element.properties
    rule, part = given.get("deadline_rule"), given.get("part")
    if rule and rule not in RULES:
        yield error(element, "unknown_deadline_rule", f"时限表中没有“{rule[:40]}”")
    if part and part not in PART_NAMES:
        yield error(element, "unknown_part", f"办理身份“{part[:40]}”不在目录中")


def _asked_rules(element: Element) -> Iterator[ModelProblem]:
    if element.kind == "subProcess":
        return  # its inner elements speak for themselves
    texts = [str(text) for node in element.node.iter("*") for text in (node.text or "", *node.attrib.values())]
    for rule in dict.fromkeys(rule for text in texts for rule in ASKED_RULE.findall(text)):
        if rule not in RULES:
            yield error(element, "unknown_deadline_rule", f"时限表中没有“{rule}”")
