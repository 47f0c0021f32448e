"""Every way a model can be wrong is named; the running engine never meets it."""

from collections.abc import Iterable

import pytest

from tests.workflows.engine.drawing import (
    boundary,
    diagram,
    end,
    extensions,
    files,
    flows,
    instances,
    message,
    node,
    script,
    service,
    start,
    timer,
    user,
)
from workflows.engine import ModelFiles, check

DECISION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d">
<decision id="{id}"><decisionTable id="t" hitPolicy="{policy}">
<input id="i"><inputExpression id="ie"><text>days</text></inputExpression></input><output id="o" name="level"/>
{rules}</decisionTable></decision></definitions>"""


CYCLE = "<bpmn:timerEventDefinition><bpmn:timeCycle>R3/PT8H</bpmn:timeCycle></bpmn:timerEventDefinition>"
NAMELESS = '<spiffworkflow:properties><spiffworkflow:property value="1"/></spiffworkflow:properties>'
READS_GHOST = '<bpmn:dataInputAssociation id="i"><bpmn:sourceRef>ghost</bpmn:sourceRef></bpmn:dataInputAssociation>'


def _rule(number: int, test: str, result: str) -> str:
    return (
        f'<rule id="r{number}"><inputEntry id="a{number}"><text><![CDATA[{test}]]></text></inputEntry>'
        f'<outputEntry id="b{number}"><text>{result}</text></outputEntry></rule>'
    )


def _table(*rules: tuple[str, str], policy: str = "UNIQUE", id: str = "level") -> str:
    written = "".join(_rule(number, *rule) for number, rule in enumerate(rules, start=1))
    return DECISION.format(id=id, policy=policy, rules=written)


def _lanes(*tasks: str, name: str = "联络员") -> str:
    refs = "".join(f"<bpmn:flowNodeRef>{task}</bpmn:flowNodeRef>" for task in tasks)
    return f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="{name}">{refs}</bpmn:lane></bpmn:laneSet>'


def _model(*parts: str, extra: str = "", **more: str | bytes) -> ModelFiles:
    drawn = diagram(*parts, extra=extra)
    return files(drawn, **{"words_json": '{"lanes": {"联络员": "unit_liaison"}}', **more})


def _simple(*inner: str, chain: str = "start>a>end", **more: str | bytes) -> ModelFiles:
    """start → a → end around what is tried; `a` is drawn by the test."""
    return _model(start(), *inner, end(), flows(chain), **more)


def _codes(model: ModelFiles, operations: Iterable[str] | None = None) -> set[tuple[str, str]]:
    names = None if operations is None else set(operations)
    return {(problem.code, problem.element) for problem in check(model, operations=names)}


def test_a_good_model_has_no_problems() -> None:
    model = _model(
        _lanes("a"),
        start(),
        user("a", deadline_rule="T10", part="drafter"),
        boundary("soon", "a", timer("before_due('T10', days=5)"), interrupting=False),
        service("op", "open_findings", "r", n="1 + 1"),
        node(
            "businessRuleTask",
            "rule",
            extensions("<spiffworkflow:calledDecisionId>level</spiffworkflow:calledDecisionId>"),
        ),
        node("exclusiveGateway", "g", default="g_to_end"),
        end(),
        end("end2"),
        flows("start>a>op>rule>g", "g>a:level == 'red'", "g>end", "soon>end2"),
        forms__a_json='{"type": "object", "properties": {}}',
        decisions__level_dmn=_table(("< 3", "'red'"), (">= 3", "'green'")),
    )
    assert check(model, operations={"open_findings"}) == []


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (files(b"<broken"), ("not_xml", "")),
        (files(b"<!DOCTYPE x><x/>"), ("doctype", "")),
        (files(b"<x/>"), ("not_a_model", "")),
        (files(diagram(start(), end(), flows("start>end"), process="other")), ("no_process", "")),
        (_model(user("a")), ("no_start", "story")),
        (_model(user("a")), ("no_end", "story")),
        (_simple(script("a", "x = 1"), script("b", "y = 1")), ("not_connected", "b")),
        (_simple(script("a", "x = 1"), chain="start>a>end>a"), ("wrong_way", "end")),
        (_simple(script("a", "x = 1"), flows("a>ghost")), ("dangling_flow", "a_to_ghost")),
        (_simple(script("a", "x = 1"), script("b", "x = 1"), flows("b>b")), ("unreachable", "b")),
        (_simple(script("a", "x = 1"), script("b", "x = 1"), flows("a>b>end")), ("several_ways", "a")),
        (_simple(script("a", "x = 1"), boundary("t", "ghost", timer(duration="P1D"))), ("dangling_boundary", "t")),
        (_simple(node("task", "a")), ("unsupported", "a")),
        (_simple(node("adHocSubProcess", "a")), ("unsupported", "a")),
        (_simple(node("complexGateway", "a")), ("unsupported", "a")),
        (_simple(node("subProcess", "a", start("i"), end("o"), flows("i>o"), triggeredByEvent="true")), ("unsupported", "a")),
        (_simple(user("a", "<bpmn:resourceRole id='who'/>")), ("unsupported", "who")),
        (_simple(user("a", extensions("<spiffworkflow:unitTests/>"))), ("unsupported", "a")),
        (_simple(user("a", deadline="T10")), ("unknown_property", "a")),
        (_simple(user("a", extensions(NAMELESS))), ("bad_property", "a")),
        (_simple(script("a", "import os")), ("not_allowed", "a")),
        (_simple(node("scriptTask", "a")), ("one_script", "a")),
        (_simple(script("a", "x = 1", "<bpmn:script>y = 2</bpmn:script>")), ("one_script", "a")),
        (_simple(node("exclusiveGateway", "a", default="nowhere")), ("dangling_default", "a")),
        (_simple(node("exclusiveGateway", "a"), script("b", "x = 1"), flows("a>b>end")), ("no_condition", "a_to_b")),
        (_simple(node("exclusiveGateway", "a"), script("b", "x = 1"), flows("a>b:x >", "b>end")), ("syntax", "a_to_b")),
        (_model(start(), end(), flows("start>end:x > 1")), ("idle_condition", "start_to_end")),
        (_simple(node("serviceTask", "a")), ("no_operation", "a")),
        (_simple(service("a", "unknown")), ("unknown_operation", "a")),
        (_simple(service("a", "known", x="import")), ("syntax", "a")),
        (_simple(node("businessRuleTask", "a")), ("unknown_decision", "a")),
        (_simple(node("callActivity", "a", calledElement="ghost")), ("unknown_process", "a")),
        (_simple(node("callActivity", "a", calledElement="story")), ("circular_call", "story")),
        (_simple(node("intermediateCatchEvent", "a")), ("no_definition", "a")),
        (_simple(node("intermediateCatchEvent", "a", message("ghost"))), ("dangling_message", "a")),
        (_simple(node("intermediateCatchEvent", "a", timer())), ("empty_timer", "a")),
        (_simple(node("intermediateCatchEvent", "a", timer("2026-09-25"))), ("bare_iso", "a")),
        (_simple(node("intermediateCatchEvent", "a", timer(duration="P999999999999M"))), ("bad_duration", "a")),
        (
            _simple(node("intermediateCatchEvent", "a", CYCLE)),
            ("unsupported", "a"),
        ),
        (_simple(node("intermediateCatchEvent", "a", "<bpmn:conditionalEventDefinition/>")), ("unsupported", "a")),
        (_simple(node("intermediateThrowEvent", "a", '<bpmn:signalEventDefinition signalRef="no"/>')), ("dangling_signal", "a")),
        (_model(start("start", timer(duration="P1D")), end(), flows("start>end")), ("unsupported", "start")),
        (
            _simple(
                node("eventBasedGateway", "a"),
                node("intermediateCatchEvent", "t", timer(duration="P1D")),
                chain="start>a>t>end",
            ),
            ("event_gateway_timer", "a"),
        ),
        (_simple(user("a", "<bpmn:standardLoopCharacteristics/>")), ("loop_maximum", "a")),
        (_simple(user("a", "<bpmn:multiInstanceLoopCharacteristics/>")), ("instances", "a")),
        (
            _simple(user("a", instances("10000000"))),
            ("instances", "a"),
        ),
        (_simple(_lanes("a", name="某某"), user("a")), ("lane_without_role", "a")),
        (_simple(user("a")), ("no_lane", "a")),
        (_simple(user("a")), ("no_form", "a")),
        (_simple(user("a"), forms__a_json="{"), ("not_json", "")),
        (_simple(user("a"), forms__a_json='{"type": 7}'), ("bad_form", "")),
        (_simple(user("a"), words_json="[]"), ("bad_words", "")),
        (_simple('<bpmn:dataObjectReference id="r" dataObjectRef="ghost"/>', script("a", "x = 1")), ("dangling_data", "r")),
        (
            _simple(script("a", "x = 1", READS_GHOST)),
            ("dangling_data", "ghost"),
        ),
        (_simple(script("a", "x = 1"), decisions__x_dmn=_table(("< 3", "'a'"), policy="RULE ORDER")), ("hit_policy", "level")),
        (_simple(script("a", "x = 1"), decisions__x_dmn=_table(("x" * 501, "'a'"))), ("too_long", "level")),
        (_simple(script("a", "x = 1"), decisions__x_dmn=_table(("< __import__", "'a'"))), ("bad_name", "level")),
        (_simple(script("a", "x = 1"), decisions__x_dmn=_table(("< 5", "'a'"), ("> 3", "'b'"))), ("overlap", "level")),
        (_simple(script("a", "x = 1"), decisions__x_dmn=_table(("< 3", "'a'"), ("> 3", "'b'"))), ("gap", "level")),
        (_simple(script("a", "x = 1"), decisions__x_dmn=_table()), ("no_rules", "level")),
        (_simple(script("a", "x = 1"), decisions__x_dmn=_table(("", "1"), id="")), ("bad_id", "")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_element(model: ModelFiles, expected: tuple[str, str]) -> None:
    assert expected in _codes(model, {"known"})


def test_a_missing_decision_id_is_a_problem_and_no_crash() -> None:
    table = _table(("", "1")).replace('decision id="level"', "decision")
    assert ("no_id", "") in _codes(_simple(script("a", "x = 1"), decisions__x_dmn=table))


def test_processes_that_call_each_other_in_a_circle_are_named() -> None:
    def calling(process: str, called: str) -> bytes:
        parts = (
            start(f"{process}_in"),
            node("callActivity", f"{process}_call", calledElement=called),
            end(f"{process}_out"),
        )
        return diagram(*parts, flows(f"{process}_in>{process}_call>{process}_out"), process=process)

    model = files(calling("story", "b"), b_bpmn=calling("b", "c"), c_bpmn=calling("c", "b"))
    assert [problem.message for problem in check(model) if problem.code == "circular_call"] == [
        "流程互相调用成环：b→c→b"
    ]


def test_ids_must_differ_between_the_files_of_a_model() -> None:
    callee = diagram(start(), end("b_end"), flows("start>b_end"), process="b")
    model = _simple(node("callActivity", "a", calledElement="b"), b_bpmn=callee)
    assert ("duplicate_id", "start") in _codes(model)


def test_four_hundred_elements_in_a_row_are_read_and_one_more_is_refused() -> None:
    def row(length: int) -> ModelFiles:
        names = [f"s{number}" for number in range(length - 2)]
        return _model(
            start(), *(script(name, "x = 1") for name in names), end(), flows(">".join(["start", *names, "end"]))
        )

    assert check(row(400)) == []
    assert ("too_many", "") in _codes(row(401))


def test_nesting_deeper_than_eight_is_refused() -> None:
    def nested(depth: int) -> str:
        if depth == 0:
            return script("inner", "x = 1")
        body = nested(depth - 1)
        name = "inner" if depth == 1 else f"sub{depth - 1}"
        chain = flows(f"in{depth}>{name}>out{depth}")
        return node("subProcess", f"sub{depth}", start(f"in{depth}"), body, end(f"out{depth}"), chain)

    assert check(_model(start(), nested(8), end(), flows("start>sub8>end"))) == []
    assert ("too_deep", "sub1") in _codes(_model(start(), nested(9), end(), flows("start>sub9>end")))


@pytest.mark.parametrize("text", ["", "<?xml version='1.0'?>", "\x00", "<a>" * 300, "{}", "x" * 1_100_000])
def test_foreign_files_give_problems_and_never_a_traceback(text: str) -> None:
    assert check(files(text.encode()))
    assert check(files(diagram(start(), end(), flows("start>end")), decisions__x_dmn=text))
