"""Random ways through a diagram with everything in it: warm and cold engines agree after every act."""

import random
from typing import Any

import pytest

from tests.workflows.engine.drawing import (
    Case,
    World,
    again,
    boundary,
    diagram,
    end,
    extensions,
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
from workflows.engine import MessageNotAwaited

UNITS = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>units</bpmn:loopDataInputRef>"
    "<bpmn:loopDataOutputRef>replies</bpmn:loopDataOutputRef>"
    '<bpmn:inputDataItem id="unit"/><bpmn:outputDataItem id="reply"/></bpmn:multiInstanceLoopCharacteristics>'
)
CALLEE = diagram(
    start("v_in"),
    user("verify"),
    boundary("v_late", "verify", timer(duration="P3D"), interrupting=False),
    script("v_mark", "late_mark = True"),
    end("v_marked"),
    node("exclusiveGateway", "v_ok", default="v_ok_to_v_out"),
    end("v_out"),
    flows("v_in>verify>v_ok", "v_ok>verify:n % 3 == 0", "v_ok>v_out", "v_late>v_mark>v_marked"),
    process="verification",
)
INNER = (
    start("s_in"),
    node("parallelGateway", "s_split"),
    user("check"),
    user("ask", UNITS),
    node("parallelGateway", "s_join"),
    end("s_out"),
    flows("s_in>s_split>check>s_join>s_out", "s_split>ask>s_join"),
)
MODEL = files(
    diagram(
        start(),
        user("plan", deadline_rule="T10"),
        boundary("soon", "plan", timer("before_due('T10', days=3)"), interrupting=False),
        user("remind"),
        boundary("withdrawn", "plan", message("stop")),
        user("explain"),
        node("inclusiveGateway", "which", default="which_to_sub"),
        node("subProcess", "sub", *INNER),
        boundary("sub_late", "sub", timer(duration="P20D")),
        script("gave_up", "gave_up = True"),
        node("callActivity", "call", calledElement="verification"),
        boundary("call_asked", "call", message("asked"), interrupting=False),
        user("answer"),
        user("repeat", again("n % 2 == 0", 4)),
        node("inclusiveGateway", "both"),
        node("intermediateThrowEvent", "tell", extensions(key="str(n)"), message("told", "{'n': n}")),
        service("count", "count", "counted", n="n"),
        node("exclusiveGateway", "done", default="done_to_end"),
        end(),
        end("end2"),
        flows(
            "start>plan>which",
            "soon>remind>end2",
            "withdrawn>explain>plan",
            "which>sub",
            "which>call:n % 2 == 0",
            "which>repeat:n % 5 < 3",
            "sub>both",
            "sub_late>gave_up>both",
            "call>both",
            "call_asked>answer>end2",
            "repeat>both",
            "both>tell>count>done",
            "done>plan:n % 4 != 0",
            "done>end",
        ),
        extra='<bpmn:message id="stop" name="stop"/><bpmn:message id="asked" name="ask"/><bpmn:message id="told" name="told"/>',
    ),
    verification_bpmn=CALLEE,
)


def _story(cold: bool) -> Case:
    return Case(MODEL, World(operations={"count": lambda n: {"n": n}}), cold=cold)


def _tasks(story: Case) -> list[Any]:
    return sorted(story.step.tasks, key=lambda task: (task.element, repr(sorted(task.data.items()))))


def _picture(story: Case) -> dict[str, Any]:
    tokens = story.engine.tokens(MODEL.digest, story.step.state)
    return {
        "tasks": [(task.element, task.data, task.due_at) for task in _tasks(story)],
        "timers": sorted((timer.element, timer.due_at) for timer in story.step.timers),
        "waits": sorted(story.step.waits),
        "sent": story.step.sent,
        "passed": sorted(story.step.passed),
        "data": story.step.data,
        "finished": story.step.finished,
        "active": sorted(tokens.active),
        "counts": tokens.counts,
    }


def _act(story: Case, dice: random.Random) -> None:
    kind, choice, n = dice.random(), dice.random(), dice.randrange(60)
    if kind < 0.15:
        story.wake(days=dice.choice([1, 4, 21]))
    elif kind < 0.25:
        try:
            story.receive(dice.choice(["stop", "ask"]), n=n)
        except MessageNotAwaited:
            story.wake()
    elif story.step.tasks:
        tasks = _tasks(story)
        story.complete(tasks[int(choice * len(tasks))].key, n=n, reply=n, files=[n, {"n": n}])


@pytest.mark.parametrize("seed", range(25))
def test_warm_and_cold_agree_on_every_way(seed: int) -> None:
    warm, cold = _story(cold=False), _story(cold=True)
    for story in (warm, cold):
        story.begin(units=["甲", "乙"], n=seed, group={"a": [1]})
    for number in range(60):
        assert _picture(warm) == _picture(cold)
        if warm.step.finished:
            break
        for story in (warm, cold):
            _act(story, random.Random(f"{seed}.{number}"))
    assert len(warm.step.state) < 6_000
