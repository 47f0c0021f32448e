"""Whether decision tables can be evaluated, and, where it can be decided, whether rules overlap or leave gaps."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from workflows.engine.checks.code import compiled
from workflows.engine.checks.coverage import gap, overlaps
from workflows.engine.checks.problem import ERROR, Bundle, ModelProblem, error, warning
from workflows.engine.decisions import HIT_POLICIES, LONGEST_CELL, Decision
from workflows.engine.diagram import local

KNOWN = frozenset({"decisionTable", "description", "variable", "extensionElements", "question", "allowedAnswers"})
MAX_RULES = 500


def table_problems(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of every DMN file and table."""
    for file, root in bundle.tables.items():
        yield from _document(file, root)
    seen = Counter(decision.id for decision in bundle.decisions)
    for decision in bundle.decisions:
        if decision.id and seen[decision.id] > 1:
            yield error((decision.file, decision.id), "duplicate_id", f"决策“{decision.id}”不止一个")
        problems = list(_table(decision))
        yield from problems
        if not any(problem.severity == ERROR for problem in problems):
            yield from _coverage(decision)


def _document(file: str, root: etree._Element) -> Iterator[ModelProblem]:
    decisions = list(root.iter("{*}decision"))
    if not decisions:
        yield error((file, ""), "no_decision", f"“{file}”中没有决策")
    for decision in decisions:
        place = (file, decision.get("id") or "")
        if not decision.get("id"):
            yield error(place, "no_id", f"决策“{decision.get('name') or ''}”没有 id")
        if len(decision.findall("{*}decisionTable")) != 1:
            yield error(place, "one_table", f"决策“{place[1]}”应当恰有一张决策表")
        for child in decision.iterchildren("*"):
            if local(child) not in KNOWN:
                yield error(place, "unsupported", f"决策“{place[1]}”中不支持 {local(child)}")


def _table(decision: Decision) -> Iterator[ModelProblem]:
    place = (decision.file, decision.id)
    if decision.hit_policy not in HIT_POLICIES or decision.aggregated:
        yield error(place, "hit_policy", f"决策“{decision.id}”的命中策略只能是 UNIQUE、FIRST 或不汇总的 COLLECT")
    if not decision.outputs or not all(name.isidentifier() for name in decision.outputs):
        yield error(place, "output_name", f"决策“{decision.id}”的每个输出都须有合格的名称")
    if not decision.rules:
        yield error(place, "no_rules", f"决策“{decision.id}”没有规则")
    if len(decision.rules) > MAX_RULES:
        yield error(place, "too_many", f"决策“{decision.id}”的规则超过{MAX_RULES}条")
        return
    for text in decision.inputs:
        yield from compiled(place, text, "dmn_input")
    yield from _rules(decision, place)


def _rules(decision: Decision, place: tuple[str, str]) -> Iterator[ModelProblem]:
    for rule in decision.rules:
        if len(rule.tests) != len(decision.inputs) or len(rule.results) != len(decision.outputs):
            yield error(place, "ragged_rule", f"决策“{decision.id}”的规则“{rule.label}”与表头的列数不符")
        for texts, slot in ((rule.tests, "dmn_cell"), (rule.results, "dmn_output")):
            for text in texts:
                yield from _cell(place, rule.label, text, slot)


def _cell(place: tuple[str, str], rule: str, text: str, slot: str) -> Iterator[ModelProblem]:
    if len(text) > LONGEST_CELL:
        yield error(place, "too_long", f"规则“{rule}”有一格超过{LONGEST_CELL}字")
    elif text:
        for problem in compiled(place, text, slot):
            yield error(place, problem.code, f"规则“{rule}”：{problem.message}")


def _coverage(decision: Decision) -> Iterator[ModelProblem]:
    place = (decision.file, decision.id)
    if decision.hit_policy == "UNIQUE":
        for first, second in overlaps(decision):
            yield warning(
                place, "overlap", f"决策“{decision.id}”的规则“{first}”与“{second}”会同时成立，将取靠前的一条"
            )
    missing = gap(decision) if decision.hit_policy != "COLLECT" else None
    if missing is not None:
        shown = "，".join(f"{text} = {value!r}" for text, value in missing.items())
        yield warning(place, "gap", f"决策“{decision.id}”没有覆盖：{shown}")
