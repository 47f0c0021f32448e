"""Checks what a designer wrote on a task: its deadline rule, its part, its expressions; and rules named in texts."""

import re
from collections.abc import Iterator

from workflows.deadlines.register import REGISTER
from workflows.engine.diagram import Element
from workflows.engine.language import check_expression
from workflows.policy import PART_NAMES
from workflows.studio.draft import Draft
from workflows.studio.problems import ModelProblem

RULES = frozenset({limit.code for limit in REGISTER}) | {"T13", "D4"}
"""T13 stands for the variant of the case's round, D4 for the limit a decision table gives a finding."""

ON_TASKS = frozenset({"form", "deadline_rule", "due", "part", "assignee", "priority"})
KNOWN = ON_TASKS | {"key"}
SLOTS = {"due": "timer", "assignee": "parameter", "key": "correlation"}
ASKED_RULE = re.compile(r"""\b(?:before_|after_)?due\(\s*["']([^"']{0,40})["']""")


def check_properties(draft: Draft) -> Iterator[ModelProblem]:
    """Problems of every element's properties."""
    for element in draft.elements:
        yield from (ModelProblem(element.file, element.id, *each) for each in _problems(element))


def _problems(element: Element) -> Iterator[tuple[str, str, str]]:
    given = element.properties
    for name in given:
        if name not in KNOWN:
            yield "unknown_property", "warning", f"不认识的属性“{name[:40]}”"
    rule, part, priority = given.get("deadline_rule"), given.get("part"), given.get("priority")
    if rule and rule not in RULES:
        yield "unknown_deadline_rule", "error", f"时限表中没有“{rule[:40]}”"
    if part and part not in PART_NAMES:
        yield "unknown_part", "error", f"办理身份“{part[:40]}”不在目录中"
    if priority and not re.fullmatch(r"[0-9]{1,3}", priority, re.ASCII):
        yield "bad_priority", "error", "优先级（priority）应为0至999的整数"
    yield from _expressions(element)
    yield from _asked_rules(element)


def _expressions(element: Element) -> Iterator[tuple[str, str, str]]:
    for name, slot in SLOTS.items():
        text = element.properties.get(name)
        if text:
            for each in check_expression(text, slot=slot):
                yield each.code, "error", f"属性“{name}”：{each.message}"


def _asked_rules(element: Element) -> Iterator[tuple[str, str, str]]:
    if element.kind == "subProcess":
        return  # its inner elements speak for themselves
    texts = [str(text) for node in element.node.iter("*") for text in (node.text or "", *node.attrib.values())]
    for rule in dict.fromkeys(rule for text in texts for rule in ASKED_RULE.findall(text)):
        if rule not in RULES:
            yield "unknown_deadline_rule", "error", f"时限表中没有“{rule}”"
