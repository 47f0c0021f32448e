"""The other borders: a run that must be killed, a state that must come back whole, a file that says where it is wrong."""

import os
import time

import pytest

from workflows.engine.containment import ChildFailed, Contained, run_contained
from workflows.engine.gates import (
    AnswerRefused,
    StateRefused,
    check_answer_data,
    check_state,
    pack_state,
    unpack_state,
)
from workflows.engine.xml import ModelRefused, read_xml
from workflows.refusal import Refusal


def _never_ends() -> None:
    while True:
        pass


def _c_recursion() -> bool:
    left: list[object] = []
    right: list[object] = []
    for _ in range(200):
        left, right = [left, left], [right, right]
    return left == right


def _eats_memory() -> int:
    return len([bytearray(1 << 20) for _ in range(4096)])


@pytest.mark.parametrize("runaway", [_never_ends, _c_recursion, _eats_memory])
def test_what_no_budget_sees_is_killed(runaway):
    with pytest.raises(Contained, match="已被终止"):
        run_contained(runaway, cpu_seconds=1, wall_seconds=10, memory_mb=256)


def test_a_child_that_only_waits_is_killed_by_the_wall_clock():
    reader, writer = os.pipe()
    began = time.monotonic()
    with pytest.raises(Contained):
        run_contained(os.read, reader, 1, cpu_seconds=5, wall_seconds=0.2)
    os.close(reader)
    os.close(writer)
    assert time.monotonic() - began < 5


def test_a_child_that_dies_is_told_apart_from_one_that_answers():
    with pytest.raises(Contained):
        run_contained(os._exit, 3)
    assert run_contained(lambda a, b: {"sum": a + b, "words": ["整改"]}, 2, 3) == {"sum": 5, "words": ["整改"]}


def test_a_childs_refusal_keeps_its_sentence_and_rule():
    def refuse() -> None:
        raise Refusal("不能发布", rule="S12")

    with pytest.raises(Refusal, match="不能发布") as caught:
        run_contained(refuse)
    assert caught.value.rule == "S12"


def test_a_childs_fault_is_named():
    with pytest.raises(ChildFailed, match="ZeroDivisionError"):
        run_contained(lambda: 1 / 0)


def test_a_state_comes_back_as_it_was():
    state = {"tasks": {"a": [1, None, "重大"]}, "serializer_version": "1.5"}
    assert unpack_state(pack_state(state)) == state
    check_state(pack_state(state), serializer_version="1.5")


def test_a_state_of_another_serializer_is_refused():
    with pytest.raises(StateRefused, match="版本"):
        check_state(pack_state({"serializer_version": "1.1"}), serializer_version="1.5")


def test_a_state_too_large_to_be_loaded_again_is_not_written():
    with pytest.raises(StateRefused, match="8MB"):
        pack_state({"a": "x" * 9_000_000})


def test_an_answer_names_the_field():
    with pytest.raises(AnswerRefused, match=r"字段“rows\[2\]\.when\.typename”") as caught:
        check_answer_data({"rows": [{"ok": 1}, {"when": {"typename": "datetime", "value": "nope"}}]})
    assert caught.value.path == "rows[2].when.typename"


def test_all_problems_of_a_file_are_told_with_element_and_line():
    content = b'<a id="x">\n<b id="x"/>\n<script id="s">1<!-- hidden --></script>\n<c id="no good"/>\n</a>'
    with pytest.raises(ModelRefused) as caught:
        read_xml(content)
    told = {(problem.code, problem.line) for problem in caught.value.problems}
    assert told == {("duplicate_id", 2), ("code_children", 3), ("bad_id", 4)}
