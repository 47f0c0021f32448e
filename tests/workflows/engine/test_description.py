"""A model at a glance, where an instance stands, and what the diagrams' date functions give."""

from datetime import UTC, date, datetime, timedelta

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
    message,
    node,
    service,
    start,
    timer,
    user,
)
from workflows.engine import CannotStart, Engine, ModelFiles, Timer, UnreadableModel
from workflows.engine.surroundings import helpers_of
from workflows.engine.xml import ModelRefused

LANES = '<bpmn:laneSet id="l"><bpmn:lane id="l1" name="联络员"><bpmn:flowNodeRef>sub</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
MODEL = files(
    diagram(
        LANES,
        start(),
        start("on_message", message("asked")),
        node("subProcess", "sub", start("i"), user("act", part="drafter"), end("o"), flows("i>act>o")),
        boundary("late", "sub", timer("due('T10')"), interrupting=False),
        service("op", "open_findings"),
        node(
            "businessRuleTask",
            "d",
            extensions("<spiffworkflow:calledDecisionId>level</spiffworkflow:calledDecisionId>"),
        ),
        end("end", message("told")),
        end("end2"),
        flows("start>sub>op>d>end", "on_message>sub", "late>end2"),
        extra='<bpmn:message id="asked" name="case.asked"/><bpmn:message id="told" name="case.told"/>',
        name="整改",
    ),
    words_json='{"lanes": {"联络员": "unit_liaison"}}',
    forms__act_json="{}",
)


def test_a_description_names_what_the_model_consists_of() -> None:
    engine = Engine(load=lambda digest: MODEL)
    told = engine.description(MODEL.digest)
    assert (told.process_id, told.name, told.start_messages) == ("story", "整改", ("case.asked",))
    (task,) = told.user_tasks
    assert (task.element, task.lane, task.role, task.form) == ("act", "联络员", "unit_liaison", "forms/act.json")
    assert task.properties == {"part": "drafter"}
    assert (told.operations, told.decisions) == (("open_findings",), ("level",))
    assert (told.thrown, told.caught) == (("case.told",), ("case.asked",))
    assert told.timers == (Timer("late", "timeDate", "due('T10')"),)


def test_a_task_in_a_sub_process_belongs_to_the_lane_of_the_sub_process() -> None:
    story = Case(MODEL).begin()
    assert story.step.tasks[0].role == "unit_liaison"


@pytest.mark.parametrize("cold", [False, True])
def test_tokens_show_where_the_instance_stands(cold: bool) -> None:
    story = Case(MODEL, cold=cold).begin()
    tokens = story.engine.tokens(MODEL.digest, story.step.state)
    assert sorted(tokens.active) == ["act", "sub"]
    assert sorted(tokens.done) == ["i", "start"]
    assert tokens.counts == {"start": 1, "i": 1}


def test_a_model_that_cannot_be_read_is_refused_and_not_an_accident() -> None:
    world = World()
    for content, kind in ((b"<broken", ModelRefused), (diagram(user("a")), CannotStart)):
        model = files(content)
        with pytest.raises(kind):
            Engine(load=lambda digest, model=model: model).start(model.digest, data={}, surroundings=world)
    lost = files(diagram(start(), node("callActivity", "a", calledElement="ghost"), end(), flows("start>a>end")))
    with pytest.raises(UnreadableModel, match="ghost"):
        Engine(load=lambda digest: lost).start(lost.digest, data={}, surroundings=world)


def test_models_are_loaded_once_and_forgotten_in_turn() -> None:
    loaded: list[str] = []

    def load(digest: str) -> ModelFiles:
        loaded.append(digest)
        return files(diagram(start(), end(), flows("start>end")))

    engine = Engine(load=load)
    for digest in [*map(str, range(70)), "69", "0"]:
        engine.start(digest, data={}, surroundings=World())
    assert len(loaded) == 71
    assert loaded[-1] == "0"


def test_the_date_functions_of_a_diagram() -> None:
    world = World(deadlines={"T10": MONDAY + timedelta(days=10)})
    given = helpers_of(world)
    assert given["due"]("T10") == MONDAY + timedelta(days=10)
    assert given["days_after"](date(2026, 9, 30), 1) == date(2026, 10, 1)
    assert given["today"]() == date(2026, 9, 21)
    assert given["next_monthday"](25) == date(2026, 9, 25)
    assert given["next_monthday"](21) == date(2026, 10, 21)
    assert given["next_monthday"](31) == date(2026, 9, 30)
    assert given["date"]("2026-09-25") == date(2026, 9, 25)
    assert given["date"]("2026-09-25T08:00:00") == datetime(2026, 9, 25, tzinfo=UTC)
    assert given["is_workday"](MONDAY) is True


def test_days_are_counted_in_shanghai() -> None:
    late_evening = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    given = helpers_of(World(now=late_evening))
    assert given["today"]() == date(2027, 1, 1)
    assert given["next_monthday"](1) == date(2027, 2, 1)
