"""What is done to a model in a child that can be killed, and what is said when it had to be."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from huitou.targets import Target, safe
from workflows.engine import ModelFiles
from workflows.engine.containment import ChildFailed, Contained, run_contained
from workflows.engine.diagram import processes
from workflows.engine.xml import MAX_BYTES, ModelRefused, read_xml
from workflows.operations import all_operations
from workflows.refusal import Refusal
from workflows.studio.check import check_model
from workflows.studio.layout import lay_out
from workflows.studio.rehearsal import Answers, rehearse
from workflows.studio.rehearsal.trace import FAILED, OUTCOMES

Problem = dict[str, Any]


def check_target(target: Target) -> list[Problem]:
    """Every problem of a target, as JSON-like data; killing the child is a problem too."""
    if target.fault:
        return [_problem(target, "not_a_model", target.fault)]
    try:
        return _named(target, run_contained(_check, target))
    except (Refusal, ChildFailed) as failure:
        return [_ended(target, failure)]


def rehearse_target(target: Target, answers: Answers, now: datetime) -> dict[str, Any]:
    """A rehearsal as JSON-like data; a target without a diagram fails."""
    if target.fault or not target.main:
        return _not_rehearsed([_problem(target, "not_a_model", target.fault or "没有流程图，不能预演")], now)
    try:
        told: dict[str, Any] = run_contained(_rehearse, target, answers, now, cpu_seconds=10, wall_seconds=20.0)
    except (Refusal, ChildFailed) as failure:
        return _not_rehearsed([_ended(target, failure)], now)
    return told | {"problems": _named(target, told["problems"])}


def lay_out_file(path: Path) -> bytes:
    """A diagram with a fresh picture; Refusal for what is no safe diagram."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    try:
        drawn: str = run_contained(_lay_out, content)
    except ChildFailed as failure:
        raise Refusal("这张图不能排版，请先用 model check 检查。", rule="layout") from failure
    return drawn.encode()


def _check(target: Target) -> list[Problem]:
    found = check_model(_model(target), operations=all_operations(), whole=target.whole)
    return [vars(each) for each in found]


def _rehearse(target: Target, answers: Answers, now: datetime) -> dict[str, Any]:
    return rehearse(_model(target), answers, now, all_operations()).plain()


def _lay_out(content: bytes) -> str:
    read_xml(content)
    return lay_out(content).decode()


def _model(target: Target) -> ModelFiles:
    digest = sha256(b"".join(path.encode() + b"\0" + body for path, body in sorted(target.files.items()))).hexdigest()
    return ModelFiles(digest, target.process_id or _process_of(target), target.files)


def _process_of(target: Target) -> str:
    """The process of the main diagram: the one named like the file, else the first that can be run."""
    name = Path(target.main).stem
    try:
        found = processes({target.main: read_xml(target.files[target.main])}) if target.main else {}
    except ModelRefused:
        return name
    runnable = [each for each, (_, node) in found.items() if node.get("isExecutable", "true") == "true"]
    return name if name in found else next(iter([*runnable, *found]), name)


def _named(target: Target, problems: list[Problem]) -> list[Problem]:
    return [each | {"file": target.shown(each["file"])} for each in problems]


def _ended(target: Target, failure: Exception) -> Problem:
    if isinstance(failure, Refusal):
        return _problem(target, failure.rule or Contained.rule, str(failure))
    return _problem(target, "unreadable", f"文件无法处理（{str(failure)[:200]}）")


def _problem(target: Target, code: str, message: str) -> Problem:
    return {"file": safe(target.name), "element": "", "code": code, "severity": "error", "message": message}


def _not_rehearsed(problems: list[Problem], now: datetime) -> dict[str, Any]:
    moment = now.isoformat()
    nothing: dict[str, Any] = {
        name: []
        for name in ("trace", "decisions", "operations", "sent", "deadlines", "timers", "open_tasks", "waits")
    }
    return nothing | {
        "process_id": "", "started_at": moment, "ended_at": moment, "outcome": FAILED, "data": {},
        "outcome_text": OUTCOMES[FAILED], "problems": problems,
    }  # fmt: skip
