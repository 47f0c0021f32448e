"""`huitou model`: exit codes and words for every kind of file, whole, broken or hostile; never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from click.testing import CliRunner, Result

from huitou.model import model
from tests.workflows.engine.drawing import boundary, diagram, end, flows, script, start, timer, user
from tests.workflows.studio.models import FORM, WORDS, reviewed
from workflows.settings import ROOT

CORPUS = ROOT / "tests/attacks/corpus"
DECISION = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://example.org">'
    '<decision id="grade" name="定级"><decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="e">'
    '<text>n</text></inputExpression></input><output id="o" name="level"/>'
    '<rule id="r1"><inputEntry id="a"><text>{cell}</text></inputEntry><outputEntry id="b"><text>1</text></outputEntry>'
    '</rule><rule id="r2"><inputEntry id="c"><text></text></inputEntry><outputEntry id="f"><text>2</text></outputEntry>'
    "</rule></decisionTable></decision></definitions>"
)
PLAIN = diagram(start(), script("count", "n = 1 + 1"), end(), flows("start>count>end"))
EVIL = diagram(start(), script("count", "n = (1).__class__"), end(), flows("start>count>end"))


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(model, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def told(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    result = run(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)


def codes(*paths: str | Path) -> set[str]:
    """The error codes of a check that must have found some."""
    code, answer = told("check", *paths)
    assert (code, answer["outcome"]) == (1, "problems")
    for problem in answer["problems"]:
        assert set(problem) == {"file", "element", "code", "severity", "message"}
    return {problem["code"] for problem in answer["problems"] if problem["severity"] == "error"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A process folder in order: story/story.bpmn with its form and its words."""
    return written(tmp_path / "story", reviewed().files)


def written(folder: Path, files: Any) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def file(tmp_path: Path, name: str, content: bytes | str) -> Path:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return tmp_path / name


# -- check: what is in order ----------------------------------------------------------------------------------------


def test_every_process_of_this_house_is_clean() -> None:
    code, answer = told("check", ROOT / "bpmn")
    assert [each for each in answer["problems"] if each["severity"] == "error"] == []
    assert (code, answer["outcome"]) == (0, "clean")


def test_a_folder_a_diagram_a_decision_and_a_form_in_order_are_clean(folder: Path, tmp_path: Path) -> None:
    alone = [
        file(tmp_path, "plain.bpmn", PLAIN),
        file(tmp_path, "grade.dmn", DECISION.format(cell="&gt;= 3")),
        file(tmp_path, "form.json", json.dumps(FORM)),
    ]
    for path in (folder, folder / "story.bpmn", folder / "words.json", *alone):
        assert told("check", path)[0] == 0, path
    assert told("check", folder, *alone) == (0, {"outcome": "clean", "problems": []})


def test_a_clean_check_says_so_in_words(folder: Path) -> None:
    result = run("check", folder)
    assert (result.exit_code, result.output.strip()) == (0, "检查通过。")


def test_a_hint_alone_is_no_failure(tmp_path: Path) -> None:
    drawn = written(tmp_path / "story", reviewed(colour="red").files)
    code, answer = told("check", drawn)
    assert (code, [each["severity"] for each in answer["problems"]]) == (0, ["warning"])


def test_a_diagram_takes_forms_and_words_beside_it(tmp_path: Path) -> None:
    files = {**reviewed().files, "forms/review.json": b"{"}
    written(tmp_path, {("audit.bpmn" if path == "story.bpmn" else path): body for path, body in files.items()})
    code, answer = told("check", tmp_path / "audit.bpmn")
    assert code == 1
    assert answer["problems"][0]["file"] == (tmp_path / "forms/review.json").as_posix()


def test_a_decision_given_with_a_diagram_belongs_to_it(tmp_path: Path) -> None:
    rule = (
        '<bpmn:businessRuleTask id="decide"><bpmn:extensionElements><spiffworkflow:calledDecisionId>grade'
        "</spiffworkflow:calledDecisionId></bpmn:extensionElements></bpmn:businessRuleTask>"
    )
    drawn = file(tmp_path, "graded.bpmn", diagram(start(), rule, end(), flows("start>decide>end")))
    table = file(tmp_path, "grade.dmn", DECISION.format(cell="3"))
    assert codes(drawn) == {"unknown_decision"}
    assert told("check", drawn, table)[0] == 0


# -- check: what is broken ------------------------------------------------------------------------------------------

BROKEN: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n ",
    "binary": bytes(range(256)) * 20,
    "utf16": PLAIN.decode().encode("utf-16"),
    "bom": b"\xef\xbb\xbf" + PLAIN,
    "latin1": PLAIN + "<!-- é -->".encode("latin-1"),
    "truncated": PLAIN[: len(PLAIN) // 2],
    "wrong_root": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "large": PLAIN.replace(b"n = 1 + 1", b"n = 1 # " + b"x" * 2_000_000),
    "entities": b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
    "deep": b"<a>" * 100_000,
}


@pytest.mark.parametrize("suffix", [".bpmn", ".dmn", ".json"])
@pytest.mark.parametrize("kind", BROKEN)
def test_whatever_a_file_holds_the_answer_is_a_list_of_problems(tmp_path: Path, kind: str, suffix: str) -> None:
    path = file(tmp_path, f"{kind}{suffix}", BROKEN[kind])
    assert codes(path)
    result = run("check", path)
    assert result.exit_code == 1
    assert "错误：" in result.output
    assert run("rehearse", path).exit_code == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [("empty", "empty"), ("utf16", "encoding"), ("truncated", "not_xml"), ("wrong_root", "not_a_model"),
     ("large", "too_large"), ("entities", "doctype")],
)  # fmt: skip
def test_a_broken_diagram_is_named_by_its_fault(tmp_path: Path, kind: str, code: str) -> None:
    assert code in codes(file(tmp_path, "x.bpmn", BROKEN[kind]))


def test_a_hostile_script_is_named_with_its_element(tmp_path: Path) -> None:
    path = file(tmp_path, "x.bpmn", EVIL)
    _, answer = told("check", path)
    assert [(each["file"], each["element"]) for each in answer["problems"]] == [(path.as_posix(), "count")]


def test_a_hostile_cell_is_named(tmp_path: Path) -> None:
    assert codes(file(tmp_path, "x.dmn", DECISION.format(cell="().__class__")))


def test_words_by_themselves_are_checked(tmp_path: Path) -> None:
    words = {**WORDS, "lanes": {"监督处": "king"}}
    assert codes(file(tmp_path, "words.json", json.dumps(words))) == {"unknown_role"}
    assert codes(file(tmp_path, "words.json", "[")) >= {"not_json"}


def test_a_folder_without_a_diagram_and_a_strange_file_are_no_models(tmp_path: Path) -> None:
    assert codes(tmp_path) == {"not_a_model"}
    assert codes(file(tmp_path, "notes.txt", "你好")) == {"not_a_model"}


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.bpmn")
    assert codes(tmp_path / "pipe.bpmn") == {"not_a_model"}


def test_a_file_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.bpmn"))
    path.write_bytes(EVIL)
    assert codes(path)
    assert run("check", path).exit_code == 1


def test_what_a_file_holds_cannot_move_the_cursor(tmp_path: Path) -> None:
    name = "办理\u202e\x9b2J"
    drawn = diagram(start(), user("ask", name=name), end(), flows("start>ask>end"))
    written(tmp_path, {"x.bpmn": drawn, "words.json": json.dumps(WORDS).encode()})
    output = run("check", tmp_path / "x.bpmn").output
    assert "办理" in output
    assert "\u202e" not in output
    assert "\x9b" not in output


# -- usage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "missing.bpmn"),
        ("rehearse",),
        ("rehearse", "missing.bpmn"),
        ("rehearse", "{x}", "--now", "tomorrow"),
        ("rehearse", "{x}", "--now", "0001-01-01"),
        ("rehearse", "{x}", "--answers", "{"),
        ("rehearse", "{x}", "--answers", "[]"),
        ("rehearse", "{x}", "--answers", "missing.json"),
        ("rehearse", "{x}", "--answers", '{"operations": 3}'),
        ("publish", "missing"),
        ("layout", "missing.bpmn"),
        ("check", "{x}", "--colour"),
    ],
)
def test_wrong_usage_is_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    path = file(tmp_path, "x.bpmn", PLAIN)
    assert run(*(str(path) if each == "{x}" else each for each in arguments)).exit_code == 2


# -- rehearse -------------------------------------------------------------------------------------------------------


def test_a_rehearsal_tells_its_trace_and_its_outcome(folder: Path) -> None:
    code, answer = told("rehearse", folder, "--now", "2026-09-21T09:00+08:00")
    assert (code, answer["outcome"]) == (0, "finished")
    assert [line["element"] for line in answer["trace"]] == ["start", "review", "end"]
    assert answer["trace"][0]["at"] == "2026-09-21T09:00:00+08:00"
    assert "预演结果：流程办结。" in run("rehearse", folder).output


def test_answers_come_as_text_or_from_a_file(folder: Path, tmp_path: Path) -> None:
    given = json.dumps({"review": {"result": "通过", "opinion": "材料齐全，同意按程序办理"}})
    for answers in (given, str(file(tmp_path, "answers.json", given))):
        assert told("rehearse", folder, "--answers", answers)[1]["data"]["result"] == "通过"


def test_a_rehearsal_that_fails_is_one_and_names_the_element(tmp_path: Path) -> None:
    path = file(tmp_path, "x.bpmn", diagram(start(), script("count", "n = m"), end(), flows("start>count>end")))
    code, answer = told("rehearse", path)
    assert (code, answer["outcome"], answer["problems"][0]["element"]) == (1, "failed", "count")


def test_a_rehearsal_left_waiting_is_no_failure(tmp_path: Path) -> None:
    late = boundary("late", "ask", timer("days_after(now(), 3)"))
    path = file(
        tmp_path,
        "x.bpmn",
        diagram(start(), user("ask"), late, end(), end("gone"), flows("start>ask>end", "late>gone")),
    )
    code, answer = told("rehearse", path, "--answers", '{"ask": null}', "--now", "2026-09-21T09:00+08:00")
    assert (code, answer["outcome"]) == (0, "finished")
    assert answer["ended_at"].startswith("2026-09-24")


def test_a_costly_model_costs_seconds(tmp_path: Path) -> None:
    heavy = "n = sum([a * b for a in range(3000) for b in range(3000)])"
    path = file(tmp_path, "x.bpmn", diagram(start(), script("count", heavy), end(), flows("start>count>end")))
    begun = monotonic()
    assert run("rehearse", path).exit_code == 1
    assert monotonic() - begun < 30


# -- publish and layout ---------------------------------------------------------------------------------------------


def test_what_does_not_pass_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUITOU_VAR", str(tmp_path / "var"))
    result = run("publish", written(tmp_path / "story", reviewed(words=None).files))
    assert result.exit_code == 1
    assert "没有发布" in result.output
    assert not (tmp_path / "var").exists()


def test_a_laid_out_diagram_has_a_picture_and_passes_as_before(tmp_path: Path) -> None:
    path = file(tmp_path, "plain.bpmn", PLAIN)
    assert run("layout", path, "--output", tmp_path / "drawn.bpmn").exit_code == 0
    assert path.read_bytes() == PLAIN
    assert b"BPMNShape" in (tmp_path / "drawn.bpmn").read_bytes()
    assert told("check", tmp_path / "drawn.bpmn")[0] == 0
    assert run("layout", path).exit_code == 0
    assert b"BPMNShape" in path.read_bytes()


# -- as a program ---------------------------------------------------------------------------------------------------


def program(*arguments: str | Path, var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "huitou", "model", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, "HUITOU_VAR": str(var), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_the_program_s_exit_codes(folder: Path, tmp_path: Path) -> None:
    evil = file(tmp_path, "evil.bpmn", EVIL)
    for arguments, code in (
        (("check", folder, "--json"), 0),
        (("check", evil), 1),
        (("rehearse", evil, "--json"), 1),
        (("check", tmp_path / "none.bpmn"), 2),
        (("layout", file(tmp_path, "no.bpmn", b"<a/>")), 1),
    ):
        ended = program(*arguments, var=tmp_path / "var")
        assert ended.returncode == code, (arguments, ended.stdout, ended.stderr)
        assert "Traceback" not in ended.stdout + ended.stderr


def test_publishing_without_a_database_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    ended = program("publish", folder, var=tmp_path / "var")
    assert ended.returncode == 1
    assert "huitou init" in ended.stderr
    assert "Traceback" not in ended.stderr


# -- the attack files -----------------------------------------------------------------------------------------------


def _attacks() -> Iterator[Any]:
    for each in json.loads((CORPUS / "manifest.json").read_text("utf-8")):
        if each["file"].endswith((".bpmn", ".dmn")) and each["expect"] != "benign":
            yield pytest.param(CORPUS / each["file"], id=each["file"])


@pytest.mark.parametrize("path", list(_attacks()))
def test_no_attack_passes_the_command_line(path: Path) -> None:
    assert codes(path)
    assert run("rehearse", path).exit_code == 1
