"""What branches, rounds and instances changed comes together; what they left alone is not mixed up."""

import pytest

from tests.workflows.engine.drawing import (
    Case,
    again,
    diagram,
    end,
    files,
    flows,
    instances,
    node,
    script,
    start,
    user,
)
from workflows.engine.merging import merged


def test_only_changes_count_and_the_later_one_wins() -> None:
    base = {"a": 1, "same": [1, 2], "group": {"x": 1, "y": 1}}
    first = {"a": 2, "same": [1, 2], "group": {"x": 2, "y": 1}, "new": 1}
    second = {"a": 1, "same": [9], "group": {"x": 1, "y": 2}}
    assert merged(base, [first, second]) == {"a": 2, "same": [9], "group": {"x": 2, "y": 2}, "new": 1}
    assert merged(base, [second, first]) == {"a": 2, "same": [9], "group": {"x": 2, "y": 2}, "new": 1}
    assert merged({}, [{"a": [1]}, {"a": [2]}]) == {"a": [2]}


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("cold", [False, True])
def test_a_list_changed_in_one_branch_is_whole_after_the_join(
    gateway: str, order: tuple[str, str], cold: bool
) -> None:
    conditions = (":True", ":True") if gateway == "inclusiveGateway" else ("", "")
    model = files(
        diagram(
            start(),
            node(gateway, "split"),
            user("a"),
            script("more", "extra = 1"),
            user("b"),
            node(gateway, "join"),
            user("last"),
            end(),
            flows(
                "start>split", f"split>a{conditions[0]}", f"split>b{conditions[1]}", "a>more>join", "b>join>last>end"
            ),
        )
    )
    story = Case(model, cold=cold).begin(measures=[1, 2], untouched=[{"n": 1}])
    for element in order:
        story.do(element, **({"measures": [3]} if element == "a" else {}))
    assert story.open == ["last"]
    assert story.step.data == {"measures": [3], "untouched": [{"n": 1}], "extra": 1}


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a")])
@pytest.mark.parametrize("cold", [False, True])
def test_branches_with_ends_of_their_own_bring_their_changes_too(order: tuple[str, ...], cold: bool) -> None:
    model = files(
        diagram(
            start(),
            node("parallelGateway", "split"),
            user("a"),
            user("b"),
            user("c"),
            end("end_a"),
            end("end_b"),
            end("end_c"),
            flows("start>split>a>end_a", "split>b>end_b", "split>c>end_c"),
        )
    )
    story = Case(model, cold=cold).begin(files=["x", "y"])
    answers = {"a": {"files": ["z"]}, "b": {"note": "好"}, "c": {"count": 3}}
    for element in order:
        story.do(element, **answers[element])
    assert story.step.finished
    assert story.step.data == {"files": ["z"], "note": "好", "count": 3}


@pytest.mark.parametrize("cold", [False, True])
def test_a_loop_round_may_shorten_a_list(cold: bool) -> None:
    model = files(diagram(start(), user("act", again("again", 5)), user("b"), end(), flows("start>act>b>end")))
    story = Case(model, cold=cold).begin()
    story.do("act", again=True, files=["a", "b", "c"]).do("act", again=False, files=["d"])
    assert story.step.data == {"again": False, "files": ["d"]}


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("cold", [False, True])
def test_instances_without_an_output_bring_their_changes(sequential: bool, cold: bool) -> None:
    task = user("ask", instances("2", sequential=sequential))
    story = Case(files(diagram(start(), task, user("b"), end(), flows("start>ask>b>end"))), cold=cold)
    story.begin(files=["a", "b", "c"], kept=[1])
    story.do("ask", files=["d"]).do("ask", second=True)
    assert story.open == ["b"]
    assert story.step.data == {"files": ["d"], "kept": [1], "second": True}


def test_sequential_instances_with_an_item_and_no_output() -> None:
    inner = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopDataInputRef>units</bpmn:loopDataInputRef>'
        '<bpmn:inputDataItem id="unit"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    story = Case(files(diagram(start(), user("ask", inner), end(), flows("start>ask>end")))).begin(units=["甲", "乙"])
    assert story.step.tasks[0].data["unit"] == "甲"
    assert story.do("ask", x=1).step.tasks[0].data["unit"] == "乙"
    assert story.do("ask", y=2).step.data == {"units": ["甲", "乙"], "x": 1, "y": 2}
