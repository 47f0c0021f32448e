"""A rehearsal: the real engine, given or generated answers, a clock moved by hand, nothing outside."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.workflows.engine.drawing import (
    boundary,
    diagram,
    end,
    files,
    flows,
    message,
    node,
    script,
    service,
    start,
    timer,
    user,
)
from tests.workflows.studio.models import FORM, reviewed
from workflows.engine import ModelFiles
from workflows.forms import Form, InvalidForm
from workflows.studio.rehearsal import Answers, BadAnswers, Rehearsal, rehearse
from workflows.studio.rehearsal.samples import sample_answer
from workflows.workdays import end_of_day

MONDAY = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
LOOP = (
    start(), user("review"), node("exclusiveGateway", "passed", default="passed_to_end"), user("mend"), end(),
    flows("start>review>passed", "passed>end", "passed>mend:result == '退回'", "mend>review"),
)  # fmt: skip


def run(model: ModelFiles, given: Any = None, operations: tuple[str, ...] = ()) -> Rehearsal:
    return rehearse(model, Answers(given), MONDAY, operations)


def passed(told: Rehearsal) -> list[str]:
    return [line.element for line in told.trace if line.element]


def test_given_answers_are_taken_in_turn() -> None:
    told = run(reviewed(parts=LOOP), {"review": [{"result": "退回", "opinion": "第三条措施没有责任人"},
                                                 {"result": "通过", "opinion": "已经补正，同意销号处理"}]})  # fmt: skip
    assert told.outcome == "finished"
    assert passed(told) == ["start", "review", "passed", "mend", "review", "passed", "end"]
    assert told.trace[1].role == "supervision_officer"
    assert told.problems == []


def test_without_answers_forms_are_filled_in_and_choices_taken_in_turn() -> None:
    told = run(reviewed(parts=LOOP))
    assert told.outcome == "finished"
    assert passed(told).count("review") == 2  # 退回 first, 通过 at the second visit
    assert told.data["result"] == "通过"


def test_the_same_run_tells_the_same_twice() -> None:
    assert run(reviewed(parts=LOOP)).plain() == run(reviewed(parts=LOOP)).plain()


def test_an_answer_that_does_not_fit_the_form_is_named_and_the_task_stays_open() -> None:
    told = run(reviewed(), {"review": {"result": "也许", "opinion": "不够"}})
    assert told.outcome == "waiting"
    assert [each["element"] for each in told.open_tasks] == ["review"]
    assert [(each.element, each.code, each.severity) for each in told.problems] == [("review", "answer", "error")]
    assert "“结论”不在可选范围内" in told.problems[0].message


def test_a_task_left_open_lets_time_pass_to_its_timer_and_the_clock_moves_there() -> None:
    late = (
        start(), user("review", deadline_rule="T11"), boundary("late", "review", timer("due('T11')"), interrupting=False),
        user("urge"), end(), end("urged"), flows("start>review>end", "late>urge>urged"),
    )  # fmt: skip
    told = run(reviewed(parts=late), {"review": None})
    assert told.outcome == "waiting"
    assert passed(told) == ["start", "late", "urge", "urged"]
    assert told.ended_at == end_of_day(date(2026, 9, 29))  # five working days; 09-25 is 中秋, a holiday
    assert [(each["rule"], each["due_at"], each["met_at"]) for each in told.deadlines] == [
        ("T11", told.ended_at, None)
    ]


def test_a_returned_task_gets_a_new_deadline_because_the_old_one_is_met() -> None:
    parts = (start(), user("review", deadline_rule="T11"), *LOOP[2:])
    told = run(reviewed(parts=parts))
    assert [each["met_at"] for each in told.deadlines] == [MONDAY, MONDAY]


def test_operations_are_not_run_and_their_results_are_given() -> None:
    model = files(
        diagram(start(), service("count", "count_open", "survey", unit="unit_name"), script("twice", "n = survey['n'] * 2"),
                end(), flows("start>count>twice>end"))
    )  # fmt: skip
    told = run(model, {"operations": {"count_open": {"n": 4}}, "data": {"unit_name": "青澜市"}}, ("count_open",))
    assert told.outcome == "finished"
    assert told.data["n"] == 8
    assert told.operations == [
        {"at": MONDAY, "operation": "count_open", "arguments": {"unit": "青澜市"}, "result": {"n": 4}}
    ]
    failed = run(model, None, ("count_open",))
    assert failed.outcome == "failed"
    assert [(each.element, each.code) for each in failed.problems] == [("twice", "step_failed")]


def test_messages_are_delivered_when_awaited_and_sent_ones_are_told() -> None:
    declared = '<bpmn:message id="m1" name="case.closed"/><bpmn:message id="m2" name="case.done"/>'
    model = files(
        diagram(
            start(), node("intermediateCatchEvent", "closed", message("m1", variable="closing")),
            node("endEvent", "end", message("m2", payload="{'no': closing['no']}")), flows("start>closed>end"),
            extra=declared,
        )
    )  # fmt: skip
    waiting = run(model)
    assert (waiting.outcome, waiting.waits) == ("waiting", ["case.closed"])
    assert [each.severity for each in waiting.problems] == ["warning"]
    told = run(model, {"messages": [{"name": "case.closed", "payload": {"no": "XH-1"}}]})
    assert told.outcome == "finished"
    assert [(each.name, each.payload) for each in told.sent] == [("case.done", {"no": "XH-1"})]


def test_a_process_that_begins_with_a_message_begins_with_the_first_one_given() -> None:
    model = files(
        diagram(
            start("begun", message("m1")), script("copy", "seen = nth"), end(), flows("begun>copy>end"),
            extra='<bpmn:message id="m1" name="extension.requested"/>',
        )
    )  # fmt: skip
    told = run(model, {"messages": [{"name": "extension.requested", "payload": {"nth": 2}}]})
    assert (told.outcome, told.data["seen"]) == ("finished", 2)


def test_a_loop_that_never_ends_is_stopped() -> None:
    endless = (
        start(), user("review"), node("exclusiveGateway", "passed", default="passed_to_review"), end(),
        flows("start>review>passed>review", "passed>end:key == 'never'"),
    )  # fmt: skip
    told = run(reviewed(parts=endless, form=None))
    assert (told.outcome, [each.code for each in told.problems]) == ("limit", ["limit"])


def test_a_model_with_errors_is_not_run() -> None:
    told = run(files(diagram(start(), script("x", "import os"), end(), flows("start>x>end"))))
    assert (told.outcome, told.trace) == ("failed", [])
    assert {each.element for each in told.problems} == {"x"}


def test_a_timer_beyond_the_calendar_is_a_problem_not_an_error() -> None:
    far = (
        start(),
        node("intermediateCatchEvent", "far", timer("months_after(now(), 1000000)")),
        end(),
        flows("start>far>end"),
    )
    told = run(files(diagram(*far)))
    assert told.outcome == "failed"
    assert told.problems


def test_answers_for_tasks_that_do_not_exist_are_named() -> None:
    told = run(reviewed(), {"revue": {}})
    assert [(each.element, each.code, each.severity) for each in told.problems] == [
        ("revue", "unknown_answer", "warning")
    ]


@pytest.mark.parametrize(
    "given",
    [[], 3, {"review": 1}, {"review": [1]}, {"operations": []}, {"operations": {"a": 3}}, {"messages": {}},
     {"messages": [{"payload": {}}]}, {"messages": [{"name": "a", "payload": 1}]}, {"data": 1}],
)  # fmt: skip
def test_answers_written_otherwise_are_refused(given: Any) -> None:
    with pytest.raises(BadAnswers):
        Answers(given)


def test_answers_that_are_no_json_are_refused() -> None:
    for text in ("", "{", "[" * 100_000):
        with pytest.raises(BadAnswers):
            Answers.read(text)


# -- filling in a form ----------------------------------------------------------------------------------------------


def sampled(visit: int = 0, **properties: Any) -> dict[str, Any]:
    titled = {name: {"title": name, **schema} for name, schema in properties.items()}
    form = Form({"type": "object", "properties": titled, "required": list(titled)})
    return sample_answer(form, given={}, visit=visit, now=MONDAY)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "enum": ["甲", "乙"]}, "甲"),
        ({"type": "string", "oneOf": [{"const": "a", "title": "甲"}, {"const": "b", "title": "乙"}]}, "a"),
        ({"type": "string", "format": "date"}, "2026-09-21"),
        ({"type": "string", "format": "date-time"}, MONDAY.isoformat()),
        ({"type": "string", "minLength": 10}, "预演填写预演填写预演"),
        ({"type": "string", "maxLength": 2}, "预演"),
        ({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, "2026-01-01"),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "integer", "maximum": -2}, -2),
        ({"type": "integer", "exclusiveMinimum": 3}, 4),
        ({"type": "integer", "minimum": 3, "multipleOf": 5}, 5),
        ({"type": "number", "minimum": 0.5}, 1),
        ({"type": "boolean"}, True),
        ({"const": True}, True),
        ({"type": "array", "items": {"type": "string"}}, []),
        ({"type": "array", "minItems": 2, "items": {"type": "string", "enum": ["甲", "乙"]}}, ["甲", "乙"]),
        ({"type": "object", "properties": {"a": {"title": "甲", "type": "integer"}}, "required": ["a"]}, {"a": 0}),
    ],
)
def test_the_least_value_that_fits(schema: dict[str, Any], value: Any) -> None:
    assert sampled(field=schema) == {"field": value}


def test_choices_go_round() -> None:
    assert [sampled(visit, field={"enum": ["甲", "乙"]})["field"] for visit in range(3)] == ["甲", "乙", "甲"]


def test_a_field_that_becomes_necessary_by_another_is_filled_in() -> None:
    form = Form(
        {
            **FORM,
            "properties": {**FORM["properties"], "reason": {"type": "string", "title": "理由"}},
            "if": {"properties": {"result": {"const": "退回"}}},
            "then": {"required": ["reason"]},
        }
    )
    assert sample_answer(form, given={}, visit=0, now=MONDAY)["reason"]
    assert "reason" not in sample_answer(form, given={}, visit=1, now=MONDAY)


def test_a_hidden_field_is_left_out_and_a_readonly_one_is_taken_from_the_process() -> None:
    form = Form(
        {**FORM, "properties": {**FORM["properties"], "no": {"type": "string", "title": "编号"}},
         "required": ["result", "opinion", "no"]},
        {"visible_when": {"opinion": "result == '退回'"}, "readonly": ["no"]},
    )  # fmt: skip
    assert set(sample_answer(form, given={"no": "F1"}, visit=1, now=MONDAY)) == {"result"}


def test_a_form_that_nothing_short_fits_is_said_so() -> None:
    with pytest.raises(InvalidForm):
        sampled(field={"type": "string", "pattern": "^Q{7}x$"})
