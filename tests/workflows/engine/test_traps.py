"""A regression test for each trap of SpiffWorkflow 3.2.0 that the engine stays out of; named after the trap."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.workflows.engine.drawing import (
    MONDAY,
    Case,
    World,
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
from tests.workflows.engine.drawing import again as repeated
from workflows.engine import Engine, LimitExceeded, Limits, ModelFiles, Stalled, StepFailed, check
from workflows.engine.gates import StateRefused, unpack_state


def _loop(*around: str, extra: str = "", more: str = "") -> ModelFiles:
    return files(
        diagram(
            start(),
            user("act"),
            *around,
            node("exclusiveGateway", "ok", default="ok_to_end"),
            end(),
            flows("start>act>ok", "ok>act:again", "ok>end", *([more] if more else [])),
            extra=extra,
        )
    )


def _tasks(story: Case) -> int:
    document = unpack_state(story.step.state)
    return sum(len(tree["tasks"]) for tree in (document["top"], *(part for _, part in document["parts"])))


# 1 — silent completion


@pytest.mark.parametrize("cold", [False, True])
def test_trap_1_a_loop_of_600_visits_still_runs(cold: bool) -> None:
    story = Case(_loop(), cold=cold).begin()
    for _ in range(600 if not cold else 520):
        story.do("act", again=True)
        assert story.open == ["act"]
    assert not story.step.finished
    assert story.do("act", again=False).step.finished


def test_trap_1_a_tree_deeper_than_the_alarm_is_an_error_and_not_a_completed_instance() -> None:
    names = [f"s{number}" for number in range(40)]
    parts = [script(name, "x = 1") for name in names]
    # Open branches keep every step of the way: nothing of the chain may be pruned.
    opened = [node("parallelGateway", f"g{number}") for number in range(40)]
    asides = [user(f"u{number}") for number in range(40)]
    chain = "start>" + ">".join(f"s{number}>g{number}" for number in range(40)) + ">end"
    model = files(
        diagram(
            start(),
            *parts,
            *opened,
            *asides,
            end(),
            flows(chain, *(f"g{number}>u{number}>end" for number in range(40))),
        )
    )
    assert len(Case(model).begin().open) == 40
    with pytest.raises(LimitExceeded, match="深度"):
        Case(model, limits=Limits(tree_depth=30)).begin()


@pytest.mark.parametrize(
    "around",
    [
        (),
        (boundary("soon", "act", timer("due('T10')"), interrupting=False), user("remind"), flows("soon>remind>end")),
    ],
)
def test_trap_1_state_and_tree_stay_flat_over_400_visits(around: tuple[str, ...]) -> None:
    story = Case(_loop(*around)).begin()
    measured = {}
    for visit in range(1, 401):
        story.do("act", again=True, note="同样长的说明")
        measured[visit] = len(story.step.state), _tasks(story)
    assert measured[400][0] <= 1.1 * measured[5][0]
    assert measured[400][1] == measured[5][1]


def test_trap_1_branches_that_end_in_every_round_stay_flat_too() -> None:
    reminding = (
        boundary("soon", "act", timer(duration="P1D"), interrupting=False),
        script("note", "noted = True"),
        end("noted"),
        flows("soon>note>noted"),
    )
    story = Case(_loop(*reminding)).begin()
    measured = {}
    for visit in range(1, 201):
        story.wake(days=2).do("act", again=True)
        measured[visit] = len(story.step.state), _tasks(story)
    assert measured[200][0] <= 1.2 * measured[5][0]
    assert measured[200][1] == measured[5][1]
    assert story.do("act", again=False).step.finished
    assert story.step.data["noted"] is True


def test_trap_1_a_task_left_open_in_the_first_round_does_not_make_later_rounds_grow() -> None:
    asking = (
        boundary("asked", "act", message("m"), interrupting=False),
        user("decide"),
        flows("asked>decide>end"),
    )
    story = Case(_loop(*asking, extra='<bpmn:message id="m" name="asked"/>')).begin().receive("asked")
    measured = {}
    for visit in range(1, 201):
        story.do("act", again=True)
        measured[visit] = _tasks(story)
        assert sorted(story.open) == ["act", "decide"]
    assert measured[200] == measured[5]
    story.do("act", again=False)
    assert story.open == ["decide"]
    assert story.do("decide").step.finished


def test_trap_1_a_called_process_in_a_loop_stays_flat() -> None:
    callee = diagram(start("i"), user("verify"), end("o"), flows("i>verify>o"), process="b")
    model = files(
        diagram(
            start(),
            node("callActivity", "call", calledElement="b"),
            node("exclusiveGateway", "ok", default="ok_to_end"),
            end(),
            flows("start>call>ok", "ok>call:again", "ok>end"),
        ),
        b_bpmn=callee,
    )
    story = Case(model).begin()
    measured = {}
    for visit in range(1, 101):
        story.do("verify", again=True)
        measured[visit] = len(story.step.state), _tasks(story)
    assert measured[100][0] <= 1.1 * measured[5][0]
    assert measured[100][1] == measured[5][1]
    assert story.do("verify", again=False).step.finished


def test_trap_1_a_standard_loop_stays_flat() -> None:
    story = Case(files(diagram(start(), user("act", repeated("again", 500)), end(), flows("start>act>end")))).begin()
    measured = {}
    for visit in range(1, 401):
        story.do("act", again=True)
        measured[visit] = len(story.step.state), _tasks(story)
    assert measured[400][0] <= 1.2 * measured[5][0]
    assert measured[400][1] == measured[5][1]


# 2 — timers


def test_trap_2_a_timer_follows_its_deadline() -> None:
    """Waiting on day 19, still waiting on day 21 after an extension to day 30, fired on day 31."""
    model = files(
        diagram(
            start(),
            user("act"),
            boundary("late", "act", timer("due('T13')"), interrupting=False),
            user("explain"),
            end(),
            flows("start>act>end", "late>explain>end"),
        )
    )
    world = World(lengths={"T13": 20})
    story = Case(model, world, cold=True).begin()
    assert story.wake(days=19).open == ["act"]
    world.deadlines["T13"] += timedelta(days=10)
    assert story.wake(days=2).open == ["act"]
    assert story.step.timers[0].due_at == MONDAY + timedelta(days=30)
    assert sorted(story.wake(days=10).open) == ["act", "explain"]


@pytest.mark.parametrize("cold", [False, True])
@pytest.mark.parametrize("text", ["days_after(now(), 3)", "workdays_after(now(), 3)", "next_monthday(24)"])
def test_trap_2_a_timer_counted_from_now_does_not_run_away_from_the_clock(text: str, cold: bool) -> None:
    waiting = node("intermediateCatchEvent", "wait", timer(text))
    story = Case(files(diagram(start(), waiting, end(), flows("start>wait>end"))), cold=cold).begin()
    first = story.step.timers[0].due_at
    assert story.wake(days=1).step.timers[0].due_at == first
    assert not story.step.finished
    assert story.wake(days=2).step.finished


def test_trap_2_a_duration_is_fixed_when_it_is_entered_and_survives_a_restart() -> None:
    model = files(
        diagram(
            start(),
            node("intermediateCatchEvent", "wait", timer(duration="how_long")),
            end(),
            flows("start>wait>end"),
        )
    )
    story = Case(model, cold=True).begin(how_long="P10D")
    first = story.step.timers[0].due_at
    assert first == MONDAY + timedelta(days=10)
    assert story.wake(days=9).step.timers[0].due_at == first
    assert story.wake(days=1).step.finished


@pytest.mark.parametrize("year", [1999, 2026, 2150])
def test_trap_2_only_the_given_now_counts(year: int) -> None:
    model = files(
        diagram(
            start(),
            node("intermediateCatchEvent", "wait", timer("days_after(began, 1)")),
            end(),
            flows("start>wait>end"),
        )
    )
    began = datetime(year, 6, 1, tzinfo=UTC)
    story = Case(files(model.files["story.bpmn"].replace(b"began", b"date(began)")), World(now=began))
    story.begin(began=began.isoformat())
    assert story.wake(days=0.9).step.timers
    assert story.wake(days=0.2).step.finished


def test_trap_2_months_are_clamped_by_the_calendar_and_written_months_are_refused() -> None:
    drawn = diagram(start(), node("intermediateCatchEvent", "w", timer(duration="P1M")), end(), flows("start>w>end"))
    assert "bad_duration" in {problem.code for problem in check(files(drawn))}


def test_trap_2_a_timer_that_is_due_twice_over_fires_once() -> None:
    model = files(
        diagram(
            start(),
            user("act"),
            boundary("soon", "act", timer(duration="P1D"), interrupting=False),
            script("count", "fired = fired + 1"),
            user("seen"),
            end(),
            flows("start>act>end", "soon>count>seen>end"),
        )
    )
    story = Case(model).begin(fired=0).wake(days=100).wake(days=100)
    assert next(task for task in story.step.tasks if task.element == "seen").data["fired"] == 1


def test_trap_2_of_two_due_timers_the_earlier_acts_first() -> None:
    model = files(
        diagram(
            start(),
            user("act"),
            boundary("remind", "act", timer(duration="P1D"), interrupting=False),
            user("seen"),
            boundary("stop", "act", timer(duration="P2D")),
            user("assumed"),
            end(),
            flows("start>act>end", "remind>seen>end", "stop>assumed>end"),
        )
    )
    story = Case(model).begin().wake(days=9)
    assert sorted(story.open) == ["assumed", "seen"]
    assert story.passed[1:] == ["remind", "stop"]


@pytest.mark.parametrize("value", [None, 5, "someday"])
def test_trap_2_a_timer_without_a_moment_fails_and_names_itself(value: object) -> None:
    model = files(
        diagram(start(), node("intermediateCatchEvent", "wait", timer("moment")), end(), flows("start>wait>end"))
    )
    with pytest.raises(StepFailed) as caught:
        Case(model).begin(moment=value)
    assert caught.value.element == "wait"


# the two phases: deadlines open before timers are read


def test_a_returned_task_has_its_new_deadline_before_its_timer_is_read() -> None:
    late = boundary("late", "act", timer("due('T11')"), interrupting=False)
    story = Case(
        files(
            diagram(
                start(),
                user("act", deadline_rule="T11"),
                late,
                script("mark", "late_count = late_count + 1"),
                end("marked"),
                user("review"),
                node("exclusiveGateway", "ok", default="ok_to_end"),
                end(),
                flows("start>act>review>ok", "ok>act:again", "ok>end", "late>mark>marked"),
            )
        )
    ).begin(late_count=0)
    assert story.step.tasks[0].due_at == MONDAY + timedelta(days=10)
    story.do("act").wake(days=20)
    story.do("review", again=True)
    assert story.world.opened == ["T11", "T11"]
    assert story.open == ["act"]
    assert "mark" not in story.passed
    assert story.step.tasks[0].due_at == MONDAY + timedelta(days=30)
    assert story.step.timers[0].due_at == MONDAY + timedelta(days=30)


def test_a_deadline_is_opened_once_for_each_opening() -> None:
    model = files(diagram(start(), user("act", deadline_rule="T11"), end(), flows("start>act>end")))
    story = Case(model, cold=True).begin().wake(days=1).wake(days=1)
    assert story.world.opened == ["T11"]


def test_a_due_moment_of_its_own_is_fixed_at_opening() -> None:
    model = files(diagram(start(), user("act", due="days_after(now(), 3)"), end(), flows("start>act>end")))
    story = Case(model, cold=True).begin().wake(days=1)
    assert story.step.tasks[0].due_at == MONDAY + timedelta(days=3)


# 3 — call_service hides every error


def test_trap_3_the_real_error_of_an_operation_surfaces() -> None:
    def broken() -> dict[str, Any]:
        raise KeyError(("a", 1))

    model = files(diagram(start(), service("op", "broken"), end(), flows("start>op>end")))
    with pytest.raises(StepFailed) as caught:
        Case(model, World(operations={"broken": broken})).begin()
    assert caught.value.element == "op"
    assert isinstance(caught.value.cause, KeyError)


# 4 — texts are plain exec and eval


@pytest.mark.parametrize(
    "build",
    [
        lambda text: diagram(start(), script("a", f"x = {text}"), end(), flows("start>a>end")),
        lambda text: diagram(
            start(), node("exclusiveGateway", "a", default="a_to_end"), end(), end("e"), flows("start>a", f"a>e:{text}", "a>end")
        ),
        lambda text: diagram(start(), service("a", "op", x=text), end(), flows("start>a>end")),
        lambda text: diagram(start(), node("intermediateCatchEvent", "a", timer(text)), end(), flows("start>a>end")),
        lambda text: diagram(
            start(),
            node("intermediateThrowEvent", "a", message("m", text)),
            end(),
            flows("start>a>end"),
            extra='<bpmn:message id="m" name="m"/>',
        ),
        lambda text: diagram(
            start(),
            user("a", instances(text)),
            end(),
            flows("start>a>end"),
        ),
    ],
)  # fmt: skip
def test_trap_4_every_slot_goes_through_our_language(build: Callable[[str], bytes]) -> None:
    with pytest.raises(StepFailed):
        Case(files(build("__import__('os').getpid()"))).begin()


# 5 — the state


def test_trap_5_the_state_holds_no_model() -> None:
    story = Case(_loop()).begin()
    document = unpack_state(story.step.state)
    assert set(document) == {"format", "start", "tally", "trail", "last", "top", "parts"}
    assert len(story.step.state) < 500


def test_trap_5_a_warm_instance_is_used_only_for_its_own_state() -> None:
    story = Case(_loop()).begin()
    before = story.step
    first = story.do("act", again=True, who="先").step
    again = story.engine.complete(
        story.model.digest,
        before.state,
        key=before.tasks[0].key,
        answer={"again": True, "who": "后"},
        surroundings=story.world,
    )
    assert (first.data["who"], again.data["who"]) == ("先", "后")


def test_trap_5_another_engine_goes_on_where_this_one_stopped() -> None:
    story = Case(_loop()).begin()
    other = Engine(load=lambda digest: story.model)
    step = other.complete(
        story.model.digest,
        story.step.state,
        key=story.step.tasks[0].key,
        answer={"again": False},
        surroundings=story.world,
    )
    assert step.finished


def test_trap_5_a_state_of_another_kind_is_refused() -> None:
    story = Case(_loop()).begin()
    with pytest.raises(StateRefused):
        story.engine.wake(story.model.digest, b'{"serializer_version": "1.1"}', surroundings=story.world)


def test_trap_5_after_an_exception_the_given_state_is_still_good() -> None:
    calls = []

    def flaky() -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("短暂故障")
        return {}

    model = files(
        diagram(
            start(),
            user("a"),
            script("s", "n = n + 1"),
            service("op", "flaky"),
            user("b"),
            end(),
            flows("start>a>s>op>b>end"),
        )
    )
    story = Case(model, World(operations={"flaky": flaky})).begin(n=0)
    with pytest.raises(StepFailed, match="短暂故障"):
        story.do("a")
    assert story.do("a").step.data["n"] == 1
    assert story.open == ["b"]


def test_trap_5_the_shared_spec_is_not_changed_by_running() -> None:
    """Two instances of one model at once, interleaved, behave as if alone."""
    model = files(
        diagram(
            start(),
            user(
                "ask",
                instances("2"),
            ),
            user("b"),
            end(),
            flows("start>ask>b>end"),
        )
    )
    engine = Engine(load=lambda digest: model)
    first, second = Case(model), Case(model)
    first._engine = second._engine = engine
    first.begin()
    second.begin()
    first.do("ask")
    second.do("ask").do("ask")
    assert (first.open, second.open) == (["ask"], ["b"])
    assert first.do("ask").open == ["b"]


# 6 — decision tables: see test_decisions.py; 7 — foreign files: see test_check.py


# 8 — a process that calls itself


def test_trap_8_a_process_that_calls_itself_is_stopped() -> None:
    model = files(diagram(start(), node("callActivity", "me", calledElement="story"), end(), flows("start>me>end")))
    with pytest.raises(LimitExceeded, match="嵌套"):
        Case(model).begin()


def test_trap_8_a_loop_without_a_task_is_stopped() -> None:
    model = files(
        diagram(
            start(),
            script("s", "n = n + 1"),
            node("exclusiveGateway", "g", default="g_to_s"),
            end(),
            flows("start>s>g>s", "g>end:n < 0"),
        )
    )
    with pytest.raises(LimitExceeded, match="500步"):
        Case(model).begin(n=0)


def test_trap_8_time_is_capped() -> None:
    model = files(diagram(start(), script("s", "n = 1"), end(), flows("start>s>end")))
    with pytest.raises(LimitExceeded, match="秒"):
        Case(model, limits=Limits(seconds=0)).begin()


def test_trap_8_a_large_state_is_refused() -> None:
    model = files(diagram(start(), user("a"), end(), flows("start>a>end")))
    with pytest.raises(LimitExceeded, match="状态"):
        Case(model, limits=Limits(state_bytes=10_000)).begin(text="长" * 10_000)


@pytest.mark.parametrize("sequential", [True, False])
def test_trap_9_too_many_instances_are_refused_before_the_first_is_made(sequential: bool) -> None:
    task = user("ask", instances("n", sequential=sequential))
    model = files(diagram(start(), task, end(), flows("start>ask>end")))
    with pytest.raises(LimitExceeded, match="多实例"):
        Case(model).begin(n=10_000_000)
    assert Case(model).begin(n=500).open.count("ask") == (1 if sequential else 500)


# stalls


def test_a_stall_is_an_error_and_not_silence() -> None:
    """The second branch ends in another way, so that the join waits for ever: nobody could ever act."""
    model = files(
        diagram(
            start(),
            node("parallelGateway", "split"),
            script("a", "x = 1"),
            node("exclusiveGateway", "g", default="g_to_end"),
            node("parallelGateway", "join"),
            end(),
            end("end2"),
            flows("start>split>a>join>end2", "split>g", "g>join:x > 1", "g>end"),
        )
    )
    with pytest.raises(Stalled):
        Case(model).begin(x=0)


def test_the_key_of_a_task_is_the_same_in_every_step_until_it_is_done() -> None:
    model = files(
        diagram(
            start(),
            node("parallelGateway", "split"),
            user("a"),
            user("b"),
            node("parallelGateway", "join"),
            end(),
            flows("start>split>a>join>end", "split>b>join"),
        )
    )
    story = Case(model, cold=True).begin()
    keys = {task.element: task.key for task in story.step.tasks}
    story.do("a")
    assert [task.key for task in story.step.tasks] == [keys["b"]]
    assert UUID(keys["b"])


def test_lanes_without_words_and_unknown_extensions_are_problems_not_silence() -> None:
    drawn = diagram(start(), user("a", extensions("<spiffworkflow:unknown/>")), end(), flows("start>a>end"))
    assert "unsupported" in {problem.code for problem in check(files(drawn))}
