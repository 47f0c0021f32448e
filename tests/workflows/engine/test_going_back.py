"""Going back to an earlier user task: what is allowed, what is in the way, and that the instance then runs on."""

from collections.abc import Callable

import pytest

from tests.workflows.engine.drawing import (
    Case,
    World,
    boundary,
    diagram,
    end,
    files,
    flows,
    instances,
    message,
    node,
    script,
    service,
    start,
    timer,
    told,
    user,
)
from workflows.engine import ModelFiles, NoWayBack, TaskNotReady

Open = Callable[..., Case]
TOLD = '<bpmn:message id="told" name="unit.told"/>'


@pytest.fixture(params=["warm", "cold", "restarted"])
def case(request: pytest.FixtureRequest) -> Open:
    def made(model: ModelFiles, world: World | None = None) -> Case:
        return Case(model, world, cold=request.param == "cold", restarted=request.param == "restarted")

    return made


def test_one_goes_back_over_choices_and_scripts_and_keeps_what_is_known(case: Open) -> None:
    model = files(
        diagram(
            start(), user("draft"), script("count", "n = 1"), node("exclusiveGateway", "good", default="good_to_sign"),
            user("check"), user("sign"), end(),
            flows("start>draft>count>check>good", "good>draft:decision == 'return'", "good>sign>end"),
        )
    )  # fmt: skip
    story = case(model).begin().do("draft", goal="甲").do("check", decision="agree")
    assert story.ways_back("sign") == {"check": None, "draft": None}
    story.go_back("sign", "draft")
    assert story.open == ["draft"]
    assert story.step.tasks[0].data == {"goal": "甲", "n": 1, "decision": "agree"}
    assert story.ways_back("draft") == {}
    story.do("draft", goal="乙").do("check", decision="agree").do("sign")
    assert story.step.finished
    assert story.step.data["goal"] == "乙"


def test_what_cannot_be_repeated_is_in_the_way_and_named(case: Open) -> None:
    world = World(operations={"issue": lambda: {}, "weigh": lambda: {}})
    model = files(
        diagram(
            start(), user("draft"), service("send", "issue"), user("check"), service("look", "weigh"), user("sign"),
            end(), flows("start>draft>send>check>look>sign>end"),
        )
    )  # fmt: skip
    story = case(model, world).begin().do("draft").do("check")
    ways = story.ways_back("sign", {"weigh"})
    assert ways["check"] is None
    barrier = ways["draft"]
    assert barrier is not None
    assert (barrier.kind, barrier.element, barrier.operation) == ("operation", "send", "issue")
    with pytest.raises(NoWayBack):
        story.go_back("sign", "draft", {"weigh"})
    with pytest.raises(NoWayBack):
        story.go_back("sign", "check")
    story.go_back("sign", "check", {"weigh"})
    assert story.open == ["check"]
    story.do("check").do("sign")
    assert story.step.finished
    assert [name for name, _ in world.called] == ["issue", "weigh", "weigh"]


def test_a_message_that_was_sent_stays_sent(case: Open) -> None:
    sending = node("intermediateThrowEvent", "tell", message("told"))
    model = files(diagram(start(), user("a"), sending, user("b"), end(), flows("start>a>tell>b>end"), extra=TOLD))
    barrier = case(model).begin().do("a").ways_back("b")["a"]
    assert barrier is not None
    assert barrier.kind == "message"


def test_a_message_that_came_does_not_come_again(case: Open) -> None:
    catching = node("intermediateCatchEvent", "hear", told(variable="answer"), message("told"))
    model = files(diagram(start(), user("a"), catching, user("b"), end(), flows("start>a>hear>b>end"), extra=TOLD))
    barrier = case(model).begin().do("a").receive("unit.told").ways_back("b")["a"]
    assert barrier is not None
    assert barrier.kind == "message"


def _parallel() -> ModelFiles:
    return files(
        diagram(
            start(), user("plan"), node("parallelGateway", "split"), user("a1"), user("a2"), user("b1"), user("b2"),
            node("parallelGateway", "join"), user("sum"), end(),
            flows("start>plan>split", "split>a1>a2>join", "split>b1>b2>join", "join>sum>end"),
        )
    )  # fmt: skip


def test_within_a_branch_the_other_branch_goes_on(case: Open) -> None:
    story = case(_parallel()).begin().do("plan").do("a1", a=1).do("b1", b=1)
    ways = story.ways_back("a2")
    assert ways["a1"] is None
    assert ways["plan"] is None
    assert ways["b1"] is not None
    assert ways["b1"].kind == "branch"
    story.go_back("a2", "a1")
    assert sorted(story.open) == ["a1", "b2"]
    story.do("b2").do("a1", a=2).do("a2").do("sum")
    assert story.step.finished
    assert story.step.data == {"a": 2, "b": 1}


def test_before_the_branches_all_of_them_are_withdrawn(case: Open) -> None:
    story = case(_parallel()).begin().do("plan", n=1).do("a1", a=1).do("a2").do("b1", b=1)
    story.go_back("b2", "plan")
    assert story.open == ["plan"]
    assert story.step.tasks[0].data == {"n": 1, "a": 1, "b": 1}
    story.do("plan", n=2)
    assert sorted(story.open) == ["a1", "b1"]
    story.do("a1", a=3).do("a2")
    assert story.open == ["b1"]
    story.do("b1", b=4).do("b2")
    assert story.open == ["sum"]
    assert story.ways_back("sum")["plan"] is None
    story.do("sum")
    assert story.step.finished
    assert story.step.data == {"n": 2, "a": 3, "b": 4}


def test_timers_at_a_task_go_and_come_with_it(case: Open) -> None:
    late = boundary("late", "check", timer(duration="P5D"), interrupting=False)
    early = boundary("early", "draft", timer(duration="P3D"), interrupting=False)
    model = files(
        diagram(
            start(), user("draft"), early, user("check"), late, user("press"), user("hurry"), end(),
            flows("start>draft>check>end", "late>press>end", "early>hurry>end"),
        )
    )  # fmt: skip
    story = case(model).begin()
    assert [each.element for each in story.step.timers] == ["early"]
    story.do("draft")
    assert [each.element for each in story.step.timers] == ["late"]
    story.go_back("check", "draft")
    assert [each.element for each in story.step.timers] == ["early"]
    story.wake(days=4)
    assert sorted(story.open) == ["draft", "hurry"]
    story.do("hurry").do("draft").wake(days=6)
    assert sorted(story.open) == ["check", "press"]
    assert story.ways_back("check")["draft"].kind in ("event", "branch")
    story.do("press").do("check")
    assert story.step.finished


def test_a_deadline_of_a_task_is_opened_anew(case: Open) -> None:
    model = files(
        diagram(
            start(), user("draft", deadline_rule="T07"), user("check", deadline_rule="T08"), end(),
            flows("start>draft>check>end"),
        )
    )  # fmt: skip
    story = case(model).begin().do("draft")
    story.go_back("check", "draft")
    assert story.world.opened == ["T07", "T08", "T07"]


def test_one_stays_in_ones_own_part(case: Open) -> None:
    inner = node(
        "subProcess", "part", start("s2"), user("look"), user("judge"), end("e2"), flows("s2>look>judge>e2"),
    )  # fmt: skip
    model = files(diagram(start(), user("plan"), inner, user("sum"), end(), flows("start>plan>part>sum>end")))
    story = case(model).begin().do("plan").do("look")
    assert story.ways_back("judge") == {"look": None}
    story.go_back("judge", "look").do("look").do("judge")
    assert story.ways_back("sum") == {"plan": None}
    story.go_back("sum", "plan").do("plan").do("look").do("judge").do("sum")
    assert story.step.finished


def test_repeated_tasks_have_no_way_back(case: Open) -> None:
    model = files(
        diagram(
            start(), user("plan"), user("each", instances("2")), user("sum"), end(), flows("start>plan>each>sum>end")
        )
    )
    story = case(model).begin().do("plan").do("each")
    assert story.ways_back("each")["plan"].kind == "loop"
    story.do("each")
    ways = story.ways_back("sum")
    assert ways["plan"] is None
    assert ways["each"].kind == "loop"
    story.go_back("sum", "plan").do("plan").do("each").do("each").do("sum")
    assert story.step.finished


def test_a_task_that_is_done_leads_nowhere(case: Open) -> None:
    story = case(files(diagram(start(), user("a"), user("b"), end(), flows("start>a>b>end")))).begin()
    key = story.step.tasks[0].key
    story.do("a")
    with pytest.raises(TaskNotReady):
        story.engine.go_back(
            story.model.digest, story.step.state, key=key, element="a", repeatable=(), surroundings=story.world
        )


def test_the_trail_does_not_grow_with_the_rounds(case: Open) -> None:
    model = files(diagram(start(), user("a"), user("b"), end(), flows("start>a>b>end")))
    story = case(model).begin().do("a")
    story.go_back("b", "a").do("a")
    size = len(story.step.state)
    for _ in range(30):
        story.go_back("b", "a").do("a")
    assert len(story.step.state) <= size + 8
