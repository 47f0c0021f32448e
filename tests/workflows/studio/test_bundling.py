"""A package holds the processes it calls, and what they call, with their forms and lanes; a file missing is named."""

import json

from tests.workflows.engine.drawing import diagram, end, flows, node, start, user
from workflows.commands.publishing import digest_of, read_folder
from workflows.engine import ModelFiles
from workflows.settings import ROOT
from workflows.studio.bundling import bundled, is_only_called
from workflows.studio.check import check_model

FORM = json.dumps({"type": "object", "title": "办理", "properties": {"note": {"type": "string", "title": "说明"}}})


def lane(process: str, *elements: str, name: str) -> str:
    inside = "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in elements)
    return f'<bpmn:laneSet id="{process}_lanes"><bpmn:lane id="{process}_lane" name="{name}">{inside}</bpmn:lane></bpmn:laneSet>'


def calls(process: str, called: str) -> dict[str, bytes]:
    """A process of one call; its start has no lane of its own."""
    ids = f"{process}_start", f"{process}_call", f"{process}_end"
    drawn = diagram(
        lane(process, *ids, name="经办"), start(ids[0]), node("callActivity", ids[1], calledElement=called, name="调用"),
        end(ids[2]), flows(">".join(ids)), process=process,
    )  # fmt: skip
    return {f"{process}.bpmn": drawn, "words.json": words("总流程", {"经办": "supervision_officer"})}


def asks(process: str, lane_name: str, role: str) -> dict[str, bytes]:
    ids = f"{process}_start", f"{process}_ask", f"{process}_end"
    drawn = diagram(
        lane(process, *ids, name=lane_name), start(ids[0]), user(ids[1]), end(ids[2]), flows(">".join(ids)),
        process=process,
    )  # fmt: skip
    more = {f"forms/{ids[1]}.json": FORM.encode(), "words.json": words("分流程", {lane_name: role}, subject="call")}
    return {f"{process}.bpmn": drawn} | more


def words(title: str, lanes: dict[str, str], **more: str) -> bytes:
    return json.dumps({"title": title, "lanes": lanes, **more}).encode()


def test_what_is_called_comes_into_the_package_with_forms_and_lanes():
    house = {"inner": asks("inner", "组员", "team_member"), "middle": calls("middle", "inner")}
    files = bundled(calls("outer", "middle"), lambda name: house[name])
    assert {"outer.bpmn", "middle.bpmn", "inner.bpmn", "forms/inner_ask.json"} <= set(files)
    merged = json.loads(files["words.json"])
    assert merged == {"title": "总流程", "lanes": {"经办": "supervision_officer", "组员": "team_member"}}
    problems = check_model(ModelFiles(digest_of(files), "outer", files), operations={})
    assert [problem.code for problem in problems if problem.severity == "error"] == []


def test_the_callers_word_for_a_lane_counts():
    files = bundled(calls("outer", "inner"), lambda _name: asks("inner", "经办", "team_member"))
    assert json.loads(files["words.json"])["lanes"] == {"经办": "supervision_officer"}


def test_a_missing_callee_is_named_and_a_circle_ends():
    missing = bundled(calls("outer", "nowhere"), lambda _name: {})
    assert missing == calls("outer", "nowhere")
    codes = {p.code for p in check_model(ModelFiles(digest_of(missing), "outer", missing), operations={})}
    assert "unknown_process" in codes
    circle = bundled(calls("outer", "middle"), lambda name: calls(name, "outer"))
    assert set(circle) == {"outer.bpmn", "middle.bpmn", "words.json"}


def test_a_broken_callee_costs_nothing():
    files = bundled(calls("outer", "inner"), lambda _name: {"inner.bpmn": b"<", "words.json": b"[" * 100_000})
    assert files["inner.bpmn"] == b"<"
    assert json.loads(files["words.json"])["title"] == "总流程"


def test_a_process_that_is_only_called_says_so():
    assert is_only_called(asks("inner", "组员", "team_member"))
    assert not is_only_called(calls("outer", "inner"))


def test_our_folders_are_read_with_what_they_call():
    own = read_folder(ROOT / "bpmn" / "feedback")
    assert [path for path in own if path.endswith(".bpmn")] == ["feedback.bpmn"]
