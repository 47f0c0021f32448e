"""Every supported element, run warm and cold: cold saves and restores the state between any two acts."""

from collections.abc import Callable

import pytest

from tests.workflows.engine.drawing import (
    Case,
    World,
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
    told,
    user,
)
from workflows.engine import (
    CannotStart,
    MessageNotAwaited,
    ModelFiles,
    SentMessage,
    StepFailed,
    TaskNotReady,
)
from workflows.refusal import Refusal

Open = Callable[..., Case]
ASKED = '<bpmn:message id="asked" name="extension.asked"/>'


@pytest.fixture(params=["warm", "cold", "restarted"])
def case(request: pytest.FixtureRequest) -> Open:
    """Makes a case; cold and restarted engines take every act from the saved state alone."""

    def made(model: ModelFiles, world: World | None = None) -> Case:
        return Case(model, world, cold=request.param == "cold", restarted=request.param == "restarted")

    return made


def test_a_user_task_waits_with_its_words_and_takes_its_answer(case: Open) -> None:
    member = "<bpmn:flowNodeRef>draft</bpmn:flowNodeRef>"
    lanes = f'<bpmn:laneSet id="lanes"><bpmn:lane id="l" name="联络员">{member}</bpmn:lane></bpmn:laneSet>'
    drafting = user("draft", name="编制整改方案", part="drafter", assignee="person", priority="2", form="plan.json")
    model = files(
        diagram(lanes, start(), drafting, end(), flows("start>draft>end")),
        words_json='{"lanes": {"联络员": "unit_liaison"}}',
        forms__plan_json="{}",
    )
    story = case(model).begin(person=7)
    (task,) = story.step.tasks
    assert (task.element, task.title, task.lane, task.role) == ("draft", "编制整改方案", "联络员", "unit_liaison")
    assert (task.form, task.part, task.assignee, task.priority) == ("forms/plan.json", "drafter", 7, 2)
    story.do("draft", goal="整改到位")
    assert story.step.finished
    assert story.step.data == {"person": 7, "goal": "整改到位"}
    assert story.passed == ["start", "draft", "end"]


def test_a_task_that_is_done_cannot_be_done_again(case: Open) -> None:
    story = case(files(diagram(start(), user("a"), user("b"), end(), flows("start>a>b>end")))).begin()
    key = story.step.tasks[0].key
    story.do("a")
    with pytest.raises(TaskNotReady):
        story.complete(key)
    assert story.open == ["b"]
    story.do("b")
    assert story.step.finished


def test_a_manual_task_needs_no_form(case: Open) -> None:
    story = case(files(diagram(start(), node("manualTask", "post"), end(), flows("start>post>end")))).begin()
    assert story.step.tasks[0].form == ""
    assert story.do("post").step.finished


def test_scripts_and_operations_work_on_the_data(case: Open) -> None:
    world = World(operations={"open_findings": lambda count: {"opened": count}})
    model = files(
        diagram(
            start(),
            script("s", "total = sum(numbers)\nlist_ = [n for n in numbers if n > 1]"),
            service("open", "open_findings", "result", count="total + 1"),
            service("quiet", "open_findings", count="0"),
            user("look"),
            end(),
            flows("start>s>open>quiet>look>end"),
        )
    )
    story = case(model, world).begin(numbers=[1, 2, 3])
    assert world.called == [("open_findings", {"count": 7}), ("open_findings", {"count": 0})]
    assert story.step.data["result"] == {"opened": 7}
    assert story.step.data["list_"] == [2, 3]
    assert story.do("look").step.finished


def test_an_exclusive_gateway_takes_the_first_true_way_or_the_default(case: Open) -> None:
    model = files(
        diagram(
            start(),
            node("exclusiveGateway", "g", default="g_to_low"),
            user("high"),
            user("low"),
            end(),
            flows("start>g", "g>high:amount > 10", "g>low", "high>end", "low>end"),
        )
    )
    assert case(model).begin(amount=11).open == ["high"]
    assert case(model).begin(amount=10).open == ["low"]


def test_a_parallel_gateway_waits_for_every_branch(case: Open) -> None:
    model = files(
        diagram(
            start(),
            node("parallelGateway", "split"),
            user("a"),
            user("b"),
            user("c"),
            node("parallelGateway", "join"),
            user("last"),
            end(),
            flows("start>split>a>join>last>end", "split>b>join", "split>c>join"),
        )
    )
    story = case(model).begin()
    assert sorted(story.open) == ["a", "b", "c"]
    story.do("b", from_b=1).do("a", from_a=1)
    assert story.open == ["c"]
    story.do("c", from_c=1)
    assert story.open == ["last"]
    story.do("last")
    assert story.step.finished
    assert story.step.data == {"from_a": 1, "from_b": 1, "from_c": 1}


def test_nested_branches_into_one_join_are_not_lost(case: Open) -> None:
    """The first branch's arrival is remembered though the others split once more below it."""
    model = files(
        diagram(
            start(),
            node("parallelGateway", "split"),
            user("a"),
            node("parallelGateway", "again"),
            user("b"),
            user("c"),
            node("parallelGateway", "join"),
            end(),
            flows("start>split>a>join>end", "split>again>b>join", "again>c>join"),
        )
    )
    story = case(model).begin()
    story.do("a", a=1).do("b", b=1)
    assert not story.step.finished
    assert story.do("c", c=1).step.finished
    assert story.step.data == {"a": 1, "b": 1, "c": 1}


def test_a_parallel_join_inside_a_loop_waits_in_every_round(case: Open) -> None:
    model = files(
        diagram(
            start(),
            node("exclusiveGateway", "entry", default="entry_to_split"),
            node("parallelGateway", "split"),
            user("a"),
            user("b"),
            node("parallelGateway", "join"),
            node("exclusiveGateway", "ok", default="ok_to_end"),
            end(),
            flows("start>entry>split>a>join>ok", "split>b>join", "ok>entry:again", "ok>end"),
        )
    )
    story = case(model).begin()
    for _ in range(3):
        story.do("a", again=True)
        assert story.open == ["b"]
        story.do("b", again=True)
        assert sorted(story.open) == ["a", "b"]
    story.do("b", again=False)
    assert story.do("a", again=False).step.finished


def test_an_inclusive_gateway_joins_what_it_split(case: Open) -> None:
    model = files(
        diagram(
            start(),
            node("inclusiveGateway", "split", default="split_to_c"),
            user("a"),
            user("b"),
            user("c"),
            node("inclusiveGateway", "join"),
            user("last"),
            end(),
            flows(
                "start>split",
                "split>a:x > 0",
                "split>b:x > 1",
                "split>c",
                "a>join",
                "b>join",
                "c>join",
                "join>last>end",
            ),
        )
    )
    story = case(model).begin(x=2)
    assert sorted(story.open) == ["a", "b"]
    assert story.do("a").open == ["b"]
    assert story.do("b").open == ["last"]
    assert case(model).begin(x=0).open == ["c"]


def test_an_inclusive_join_waits_for_every_token_that_can_still_come(case: Open) -> None:
    """One branch can come by two ways; SpiffWorkflow looks back along the first only and would not wait."""
    model = files(
        diagram(
            start(),
            node("inclusiveGateway", "split"),
            user("a"),
            user("b"),
            node("exclusiveGateway", "way", default="way_to_away"),
            user("near"),
            user("far"),
            node("exclusiveGateway", "meet"),
            node("inclusiveGateway", "join"),
            user("last"),
            end(),
            end("away"),
            flows("start>split", "split>a:True", "split>b:True", "b>way", "way>near:n == 1", "way>far:n == 2"),
            flows("way>away", "near>meet", "far>meet", "meet>join", "a>join>last>end"),
        )
    )
    for n, then in ((1, "near"), (2, "far")):
        story = case(model).begin()
        assert story.do("a").open == ["b"]
        assert story.do("b", n=n).open == [then]
        assert story.do(then).open == ["last"]
        assert story.do("last").step.finished
    story = case(model).begin().do("a")
    assert story.do("b", n=3).open == ["last"]
    assert story.do("last").step.finished


def test_a_sub_process_runs_inside_and_gives_its_data_back(case: Open) -> None:
    inner = (start("in"), user("check"), script("mark", "checked = True"), end("out"), flows("in>check>mark>out"))
    model = files(
        diagram(start(), node("subProcess", "sub", *inner), user("after"), end(), flows("start>sub>after>end"))
    )
    story = case(model).begin(x=1)
    assert story.open == ["check"]
    story.do("check", note="好")
    assert story.open == ["after"]
    assert story.step.data == {"x": 1, "note": "好", "checked": True}
    assert "sub" in story.passed
    assert story.do("after").step.finished


def test_a_call_activity_runs_a_process_of_the_same_package(case: Open) -> None:
    callee = diagram(start("c_in"), user("verify"), end("c_out"), flows("c_in>verify>c_out"), process="verification")
    model = files(
        diagram(start(), node("callActivity", "call", calledElement="verification"), end(), flows("start>call>end")),
        verification_bpmn=callee,
    )
    story = case(model).begin(x=1)
    assert story.open == ["verify"]
    assert story.step.tasks[0].data == {"x": 1}
    assert story.do("verify", result="pass").step.data == {"x": 1, "result": "pass"}
    assert story.step.finished


def _instances(*, sequential: bool, inner: str = "") -> str:
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<bpmn:loopDataInputRef>units</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>replies</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="unit" name="unit"/><bpmn:outputDataItem id="reply" name="reply"/>'
        f"{inner}</bpmn:multiInstanceLoopCharacteristics>"
    )


def test_parallel_instances_open_together_and_collect_their_answers(case: Open) -> None:
    task = user("ask", _instances(sequential=False))
    story = case(files(diagram(start(), task, end(), flows("start>ask>end")))).begin(units=["甲", "乙", "丙"])
    assert [task.data["unit"] for task in story.step.tasks] == ["甲", "乙", "丙"]
    story.complete(story.step.tasks[1].key, reply=2)
    story.complete(story.step.tasks[0].key, reply=1)
    assert not story.step.finished
    story.do("ask", reply=3)
    assert story.step.finished
    assert story.step.data["replies"] == [1, 2, 3]
    assert story.engine.tokens(story.model.digest, story.step.state).counts["ask"] == 3


def test_sequential_instances_open_one_after_the_other(case: Open) -> None:
    task = user("ask", _instances(sequential=True))
    story = case(files(diagram(start(), task, end(), flows("start>ask>end")))).begin(units=["甲", "乙", "丙"])
    for number in range(3):
        assert len(story.step.tasks) == 1
        story.do("ask", reply=number)
    assert story.step.finished
    assert story.step.data["replies"] == [0, 1, 2]


def test_instances_may_be_visited_again(case: Open) -> None:
    model = files(
        diagram(
            start(),
            user("ask", _instances(sequential=False)),
            user("check"),
            node("exclusiveGateway", "ok", default="ok_to_end"),
            end(),
            flows("start>ask>check>ok", "ok>ask:again", "ok>end"),
        )
    )
    story = case(model).begin(units=["甲", "乙"], reply="旧")
    story.do("ask", reply=1).do("ask", reply=2).do("check", again=True, unit="别的")
    assert [task.data["unit"] for task in story.step.tasks] == ["甲", "乙"]
    story.do("ask", reply=3).do("ask", reply=4)
    assert story.step.data["replies"] == [3, 4]


def test_a_completion_condition_withdraws_the_rest(case: Open) -> None:
    inner = "<bpmn:completionCondition>reply == 'stop'</bpmn:completionCondition>"
    task = user("ask", _instances(sequential=False, inner=inner))
    story = case(files(diagram(start(), task, user("b"), end(), flows("start>ask>b>end")))).begin(units=[1, 2, 3])
    story.do("ask", reply="go")
    assert story.open == ["ask", "ask"]
    assert story.do("ask", reply="stop").open == ["b"]


def test_no_items_means_no_instances(case: Open) -> None:
    task = user("ask", _instances(sequential=False))
    assert case(files(diagram(start(), task, end(), flows("start>ask>end")))).begin(units=[]).step.finished


def test_instances_of_a_sub_process(case: Open) -> None:
    inner = (start("in"), user("check"), end("out"), flows("in>check>out"))
    sub = node("subProcess", "sub", *inner, _instances(sequential=False))
    story = case(files(diagram(start(), sub, end(), flows("start>sub>end")))).begin(units=["甲", "乙"])
    assert [task.data["unit"] for task in story.step.tasks] == ["甲", "乙"]
    story.do("check", reply=1).do("check", reply=2)
    assert story.step.finished
    assert sorted(story.step.data["replies"]) == [1, 2]


def test_a_standard_loop_repeats_while_its_condition_holds_and_no_longer_than_its_maximum(case: Open) -> None:
    condition = "<bpmn:loopCondition>not ok</bpmn:loopCondition>"
    loop = f'<bpmn:standardLoopCharacteristics loopMaximum="5">{condition}</bpmn:standardLoopCharacteristics>'
    model = files(diagram(start(), user("try", loop), end(), flows("start>try>end")))
    story = case(model).begin()
    story.do("try", ok=False).do("try", ok=False)
    assert story.open == ["try"]
    assert story.do("try", ok=True).step.finished
    story = case(model).begin()
    for _ in range(5):
        story.do("try", ok=False)
    assert story.step.finished


def test_an_interrupting_timer_withdraws_the_task(case: Open) -> None:
    model = files(
        diagram(
            start(),
            user("check"),
            boundary("late", "check", timer(duration="P5D")),
            user("assumed"),
            end(),
            flows("start>check>end", "late>assumed>end"),
        )
    )
    story = case(model).begin()
    (waiting,) = story.step.timers
    assert waiting.element == "late"
    assert (waiting.due_at - story.world.now).days == 5
    assert story.wake(days=4.9).open == ["check"]
    assert story.wake(days=0.1).open == ["assumed"]
    assert story.step.timers == ()
    assert story.do("assumed").step.finished


def test_a_reminding_timer_adds_a_task_and_leaves_the_first_open(case: Open) -> None:
    model = files(
        diagram(
            start(),
            user("check"),
            boundary("soon", "check", timer(duration="P5D"), interrupting=False),
            user("remind"),
            end("end2"),
            end(),
            flows("start>check>end", "soon>remind>end2"),
        )
    )
    story = case(model).begin().wake(days=6)
    assert sorted(story.open) == ["check", "remind"]
    story.do("check")
    assert story.open == ["remind"]
    assert story.do("remind").step.finished
    untouched = case(model).begin().do("check")
    assert untouched.step.finished
    assert untouched.step.timers == ()


def test_messages_are_thrown_with_key_and_payload(case: Open) -> None:
    throwing = node(
        "intermediateThrowEvent",
        "tell",
        extensions(key="finding_no"),
        message("asked", "{'days': days, 'at': due('T10')}"),
    )
    model = files(diagram(start(), throwing, end("end", message("asked")), flows("start>tell>end"), extra=ASKED))
    story = case(model).begin(finding_no="F-1", days=3)
    due = story.world.deadlines["T10"].isoformat()
    assert story.step.sent == (
        SentMessage("extension.asked", "F-1", {"days": 3, "at": due}),
        SentMessage("extension.asked", None, {}),
    )
    assert story.step.finished


def test_a_message_adds_a_task_or_withdraws_one(case: Open) -> None:
    model = files(
        diagram(
            start(),
            user("act"),
            boundary("b", "act", message("asked", variable="wish"), interrupting=False),
            user("decide"),
            boundary("x", "act", message("stop")),
            end(),
            flows("start>act>end", "b>decide>end", "x>end"),
            extra=ASKED + '<bpmn:message id="stop" name="stopped"/>',
        )
    )
    story = case(model).begin()
    assert sorted(story.step.waits) == ["extension.asked", "stopped"]
    story.receive("extension.asked", days=5)
    assert sorted(story.open) == ["act", "decide"]
    assert next(task for task in story.step.tasks if task.element == "decide").data["wish"] == {"days": 5}
    story.receive("stopped")
    assert story.open == ["decide"]
    assert story.step.waits == ()
    with pytest.raises(MessageNotAwaited):
        story.receive("stopped")
    assert story.do("decide").step.finished


def test_send_and_receive_tasks_and_intermediate_catch(case: Open) -> None:
    sending = node("sendTask", "send", told("{'n': n}"), messageRef="asked")
    receiving = node("receiveTask", "take", told(variable="got"), messageRef="asked")
    catching = node("intermediateCatchEvent", "catch", message("asked", variable="more"))
    model = files(
        diagram(start(), sending, receiving, catching, end(), flows("start>send>take>catch>end"), extra=ASKED)
    )
    story = case(model).begin(n=4)
    assert story.step.sent == (SentMessage("extension.asked", None, {"n": 4}),)
    assert story.step.waits == ("extension.asked",)
    story.receive("extension.asked", a=1)
    assert not story.step.finished
    story.receive("extension.asked", b=2)
    assert story.step.finished
    assert story.step.data == {"n": 4, "got": {"a": 1}, "more": {"b": 2}}


def test_a_process_begins_by_its_message_or_plainly_as_drawn(case: Open) -> None:
    begin = start("by_message", message("asked", variable="wish"))
    only = files(diagram(begin, user("a"), end(), flows("by_message>a>end"), extra=ASKED))
    story = case(only).begin("extension.asked", finding_no="F-1")
    assert story.open == ["a"]
    assert story.step.data == {"finding_no": "F-1", "wish": {"finding_no": "F-1"}}
    with pytest.raises(CannotStart):
        case(only).begin()
    both = files(
        diagram(start(), begin, user("a"), user("b"), end(), flows("start>a>end", "by_message>b>end"), extra=ASKED)
    )
    assert case(both).begin().open == ["a"]
    assert case(both).begin("extension.asked").open == ["b"]
    with pytest.raises(CannotStart):
        case(both).begin("nobody.knows")


def test_errors_and_escalations_of_a_sub_process_are_caught_at_its_border(case: Open) -> None:
    extra = '<bpmn:error id="bad" name="bad" errorCode="E1"/><bpmn:escalation id="up" name="up" escalationCode="U1"/>'
    inner = (
        start("in"),
        user("try"),
        node("exclusiveGateway", "g", default="g_to_fine"),
        end("fine"),
        end("wrong", '<bpmn:errorEventDefinition errorRef="bad"/>'),
        end("raised", '<bpmn:escalationEventDefinition escalationRef="up"/>'),
        flows("in>try>g", "g>wrong:how == 'error'", "g>raised:how == 'up'", "g>fine"),
    )
    model = files(
        diagram(
            start(),
            node("subProcess", "sub", *inner),
            boundary("on_error", "sub", '<bpmn:errorEventDefinition errorRef="bad"/>'),
            boundary("on_up", "sub", '<bpmn:escalationEventDefinition escalationRef="up"/>', interrupting=False),
            user("repair"),
            user("notice"),
            user("after"),
            end(),
            flows("start>sub>after>end", "on_error>repair>end", "on_up>notice>end"),
            extra=extra,
        )
    )
    assert case(model).begin().do("try", how="error").open == ["repair"]
    assert sorted(case(model).begin().do("try", how="up").open) == ["after", "notice"]
    assert case(model).begin().do("try", how="").open == ["after"]


def test_a_signal_reaches_every_catcher_in_the_instance(case: Open) -> None:
    extra = '<bpmn:signal id="met" name="met"/>'
    definition = '<bpmn:signalEventDefinition signalRef="met"/>'
    model = files(
        diagram(
            start(),
            node("parallelGateway", "split"),
            user("a"),
            boundary("x", "a", definition),
            user("b"),
            end("shout", definition),
            end(),
            flows("start>split>a>end", "split>b>shout", "x>end"),
            extra=extra,
        )
    )
    story = case(model).begin()
    assert sorted(story.open) == ["a", "b"]
    assert story.do("b").step.finished


def test_terminate_ends_everything(case: Open) -> None:
    inner = (start("in"), user("deep"), end("out"), flows("in>deep>out"))
    model = files(
        diagram(
            start(),
            node("parallelGateway", "split"),
            user("a"),
            boundary("t", "a", timer(duration="P1D"), interrupting=False),
            node("subProcess", "sub", *inner),
            user("b"),
            end("stop", "<bpmn:terminateEventDefinition/>"),
            end(),
            flows("start>split>a>end", "split>b>stop", "split>sub>end", "t>end"),
        )
    )
    story = case(model).begin()
    assert sorted(story.open) == ["a", "b", "deep"]
    story.do("b")
    assert story.step.finished
    assert (story.step.tasks, story.step.timers, story.step.waits) == ((), (), ())


def test_an_event_based_gateway_on_messages_takes_the_first(case: Open) -> None:
    model = files(
        diagram(
            start(),
            node("eventBasedGateway", "g"),
            node("intermediateCatchEvent", "met", message("m")),
            node("intermediateCatchEvent", "stop", message("s")),
            user("a"),
            user("b"),
            end(),
            flows("start>g", "g>met>a>end", "g>stop>b>end"),
            extra='<bpmn:message id="m" name="met"/><bpmn:message id="s" name="stopped"/>',
        )
    )
    story = case(model).begin()
    assert sorted(story.step.waits) == ["met", "stopped"]
    assert story.receive("stopped").open == ["b"]
    assert story.step.waits == ()
    assert story.do("b").step.finished


def test_data_objects_carry_values_past_the_flow(case: Open) -> None:
    writing = script(
        "w",
        "plan = {'n': 1}",
        "<bpmn:dataOutputAssociation id='o'><bpmn:targetRef>ref</bpmn:targetRef></bpmn:dataOutputAssociation>",
    )
    reading = script(
        "r",
        "n = plan['n'] + 1",
        "<bpmn:dataInputAssociation id='i'><bpmn:sourceRef>ref</bpmn:sourceRef></bpmn:dataInputAssociation>",
    )
    objects = '<bpmn:dataObject id="plan"/><bpmn:dataObjectReference id="ref" dataObjectRef="plan"/>'
    story = case(
        files(diagram(objects, start(), writing, user("a"), reading, end(), flows("start>w>a>r>end")))
    ).begin()
    assert "plan" not in story.step.data
    assert story.do("a").step.data["n"] == 2
    assert story.step.finished


def test_an_instance_can_be_cancelled_where_it_stands(case: Open) -> None:
    inner = (start("in"), user("deep"), end("out"), flows("in>deep>out"))
    model = files(
        diagram(
            start(),
            node("subProcess", "sub", *inner),
            boundary("t", "sub", timer(duration="P1D")),
            end(),
            flows("start>sub>end", "t>end"),
        )
    )
    story = case(model).begin()
    step = story.engine.cancel(model.digest, story.step.state, surroundings=story.world)
    assert step.finished
    assert (step.tasks, step.timers, step.waits) == ((), (), ())
    again = story.engine.wake(model.digest, step.state, surroundings=story.world)
    assert again.finished


def test_a_refusal_of_an_operation_is_a_refusal_and_an_error_names_the_element(case: Open) -> None:
    def refuse() -> dict[str, object]:
        raise Refusal("尚有问题未销号", rule="S1")

    def fail() -> dict[str, object]:
        raise ZeroDivisionError("真正的错误")

    world = World(operations={"ask": refuse})
    model = files(diagram(start(), user("a"), service("op", "ask"), end(), flows("start>a>op>end")))
    story = case(model, world).begin()
    with pytest.raises(Refusal, match="尚有问题未销号"):
        story.do("a")
    world.operations["ask"] = fail
    with pytest.raises(StepFailed, match="真正的错误") as caught:
        story.do("a")
    assert caught.value.element == "op"
    assert isinstance(caught.value.cause, ZeroDivisionError)
    world.operations["ask"] = dict
    assert story.do("a", tries=3).step.data == {"tries": 3}
    assert story.step.finished
