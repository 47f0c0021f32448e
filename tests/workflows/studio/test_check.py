"""The whole check: what each part of a model must fulfil before it is published."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflows.engine.drawing import diagram, end, files, flows, service, start, user
from tests.workflows.studio.models import FORM, WORDS, lane, reviewed
from workflows.engine import ModelFiles
from workflows.studio.check import MOST_PROBLEMS, check_model


def count_open(context: Any, *, unit: str, since: str = "") -> dict[str, Any]:
    """An operation with one argument that must be given and one that may."""
    return {"unit": unit, "since": since}


OPERATIONS: dict[str, Callable[..., dict[str, Any]]] = {"count_open": count_open}


def codes(model: ModelFiles, *, whole: bool = True, severity: str = "error") -> set[tuple[str, str, str]]:
    found = check_model(model, operations=OPERATIONS, whole=whole)
    return {(each.file, each.element, each.code) for each in found if each.severity == severity}


def test_a_model_in_order_has_no_problem() -> None:
    assert check_model(reviewed(deadline_rule="T11", part="approver"), operations=OPERATIONS) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (None, "words_missing"),
        ("{", "not_json"),
        ("[]", "bad_words"),
        ('{"title": "审核流程", "lanes": ["监督处"]}', "bad_words"),
        ({**WORDS, "title": ""}, "words_title"),
        ({**WORDS, "title": "长" * 61}, "words_title"),
        ({"title": "审核流程", "lanes": {"监督处": "king"}}, "unknown_role"),
    ],
)
def test_words_name_the_process_and_a_known_role_for_each_lane(words: Any, code: str) -> None:
    assert ("words.json", "", code) in codes(reviewed(words=words))


def test_a_lane_with_people_needs_a_role_and_a_task_needs_a_lane() -> None:
    assert ("story.bpmn", "review", "lane_without_role") in codes(reviewed(in_lane="别处"))
    outside = files(
        diagram(lane("start"), start(), user("review"), end(), flows("start>review>end")),
        words_json='{"title": "审核", "lanes": {"监督处": "verifier"}}', forms__review_json='{"type":"object"}',
    )  # fmt: skip
    assert ("story.bpmn", "review", "no_lane") in codes(outside)


def test_a_lane_nobody_drew_is_a_hint() -> None:
    words = {**WORDS, "lanes": {**WORDS["lanes"], "没有的": "verifier"}}
    assert codes(reviewed(words=words), severity="warning") == {("words.json", "", "unused_lane")}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("{", "not_json"),
        ('{"type": "array"}', "bad_form"),
        ('{"type": "object", "properties": {"a": {"type": "string"}}}', "form_fault"),
        ('{"type": "object", "properties": {"a": {"title": "甲", "pattern": "(a+)+$"}}}', "form_fault"),
        ('{"type": "object", "properties": {"a": {"title": "甲", "minLength": "x"}}}', "bad_form"),
        ('{"type": "object", "properties": {"today": {"title": "今天", "type": "string"}}}', "reserved_name"),
        ('{"type": "object", "properties": {"a": {"title": "甲"}}, "ui": {"prefill": {"a": "open(1)"}}}',
         "unknown_function"),
        ('{"type": "object", "properties": {"a": {"title": "甲"}}, "ui": {"prefill": []}}', "form_fault"),
        ('{"type": "object", "properties": {"a": {"title": "甲"}}, "ui": {"widgets": 3}}', "form_fault"),
        ("[" * 5_000 + "]" * 5_000, "not_json"),
    ],
)  # fmt: skip
def test_forms_are_what_this_system_can_show_and_store(form: str, code: str) -> None:
    assert code in {each[2] for each in codes(reviewed(form=form)) if each[0] == "forms/review.json"}


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"deadline_rule": "T99"}, "unknown_deadline_rule"),
        ({"deadline_rule": "T04"}, "unknown_deadline_rule"),
        ({"part": "king"}, "unknown_part"),
        ({"due": "due('T99')"}, "unknown_deadline_rule"),
        ({"due": "tomorrow()"}, "unknown_function"),
        ({"assignee": "__import__('os')"}, "bad_name"),
        ({"priority": "urgent"}, "bad_priority"),
    ],
)
def test_properties_of_a_task_are_known(properties: dict[str, str], code: str) -> None:
    assert code in {each[2] for each in codes(reviewed(**properties)) if each[1] == "review"}


@pytest.mark.parametrize("rule", ["T10", "T13", "T13.tour", "D4"])
def test_rules_of_the_register_and_its_two_stand_ins_are_known(rule: str) -> None:
    assert codes(reviewed(deadline_rule=rule)) == set()


def test_a_property_nobody_reads_is_a_hint() -> None:
    assert codes(reviewed(colour="red"), severity="warning") == {("story.bpmn", "review", "unknown_property")}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "missing_parameter"),
        ({"unit": "key", "town": "key"}, "unknown_parameter"),
    ],
)
def test_operations_get_the_arguments_they_take(parameters: dict[str, str], code: str) -> None:
    model = files(diagram(start(), service("count", "count_open", **parameters), end(), flows("start>count>end")))
    assert codes(model, whole=False) == {("story.bpmn", "count", code)}


def test_an_operation_given_what_it_needs_is_fine_and_names_alone_are_enough_to_know_it() -> None:
    model = files(diagram(start(), service("count", "count_open", unit="key"), end(), flows("start>count>end")))
    assert codes(model, whole=False) == set()
    lacking = files(diagram(start(), service("count", "count_open"), end(), flows("start>count>end")))
    assert [each.code for each in check_model(lacking, operations=["count_open"], whole=False)] == []
    assert [each.code for each in check_model(lacking, operations=[], whole=False)] == ["unknown_operation"]


def test_a_file_nobody_uses_is_a_hint() -> None:
    whole = reviewed()
    stray = diagram(start("s"), end("e"), flows("s>e"), process="stray")
    model = ModelFiles("x", whole.process_id, {**whole.files, "stray.bpmn": stray})
    assert codes(model, severity="warning") == {("stray.bpmn", "", "unused_file")}
    assert codes(model) == set()


def test_a_diagram_under_way_may_still_lack_forms_and_words() -> None:
    assert codes(reviewed(words=None, form=None), whole=False) == set()
    assert {each[2] for each in codes(reviewed(words=None, form=None))} == {
        "words_missing", "no_form", "lane_without_role",
    }  # fmt: skip


def test_the_list_is_bounded_and_errors_come_first() -> None:
    fields = {f"B{number}": {"type": "string"} for number in range(300)}
    found = check_model(reviewed(form={**FORM, "properties": fields}, colour="red"), operations=OPERATIONS)
    assert len(found) == MOST_PROBLEMS
    assert found[0].severity == "error"
