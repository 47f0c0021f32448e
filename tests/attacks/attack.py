"""One file of the corpus as a case: what it is tried against, and what must come of it.

Every case runs in a killable child with two seconds of processor time: a file that needs the kill has got
through the language's own budget and fails its test.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from workflows.engine import ModelFiles, gates
from workflows.engine.containment import run_contained
from workflows.engine.language import (
    LanguageError,
    check_expression,
    check_script,
    evaluate,
    execute,
    matches,
)
from workflows.engine.xml import ModelRefused, read_xml
from workflows.refusal import Refusal
from workflows.studio.check import check_model

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
DATA: dict[str, Any] = {
    "amount": 120,
    "level": "重大",
    "findings": [
        {"level": "重大", "amount": 30, "open": True, "unit": "甲"},
        {"level": "一般", "amount": 5, "open": False, "unit": "乙"},
        {"level": "重大", "amount": 12, "open": True, "unit": "丙"},
    ],
}


def _due(rule: str) -> datetime:
    if rule != "T10":
        raise Refusal(f"没有期限规则{rule}")
    return NOW + timedelta(days=15)


HELPERS: dict[str, Callable[..., Any]] = {
    "due": _due,
    "before_due": lambda rule, days=0, workdays=0: _due(rule) - timedelta(days=days + workdays),
    "after_due": lambda rule, days=0, workdays=0: _due(rule) + timedelta(days=days + workdays),
    "workdays_after": lambda moment, days: moment + timedelta(days=days),
    "days_after": lambda moment, days: moment + timedelta(days=days),
    "months_after": lambda moment, months: moment + timedelta(days=30 * months),
    "today": lambda: date(2026, 9, 28),
    "now": lambda: NOW,
    "is_workday": lambda day: day.weekday() < 5,
    "next_monthday": lambda day: date(2026, 10, day),
}


@dataclass(frozen=True)
class Attack:
    file: str
    kind: str
    expect: str
    slot: str = "condition"
    input: str = "level"
    value: Any = None
    data: dict[str, Any] | None = None

    def run(self) -> dict[str, Any]:
        """What came of it: `refused` (sentences of the check), `stopped` (sentence at run time), `value`."""
        tried: dict[str, Any] = run_contained(TRIALS[self.kind], self, cpu_seconds=2, wall_seconds=20)
        return tried

    @property
    def content(self) -> bytes:
        return (CORPUS / self.file).read_bytes()

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "surrogatepass")


def attacks() -> list[Attack]:
    return [Attack(**entry) for entry in json.loads((CORPUS / "manifest.json").read_text("utf-8"))]


def _try_expression(attack: Attack) -> dict[str, Any]:
    data = {**DATA, **(attack.data or {})}
    refused = [problem.message for problem in check_expression(attack.text, slot=attack.slot, names=list(data))]
    try:
        if attack.slot == "dmn_cell":
            return {"refused": refused, "value": matches(attack.text, attack.input, data, HELPERS)}
        return {"refused": refused, "value": evaluate(attack.text, data, HELPERS)}
    except LanguageError as error:
        return {"refused": refused, "stopped": str(error)}


def _try_script(attack: Attack) -> dict[str, Any]:
    refused = [problem.message for problem in check_script(attack.text, names=list(DATA))]
    data = json.loads(json.dumps(DATA))
    try:
        execute(attack.text, data, HELPERS)
    except LanguageError as error:
        return {"refused": refused, "stopped": str(error), "unchanged": data == DATA}
    return {
        "refused": refused,
        "value": {name: value for name, value in data.items() if value != DATA.get(name, data)},
    }


def _try_answer(attack: Attack) -> dict[str, Any]:
    gates.check_answer_data(json.loads(attack.text))
    return {"refused": [], "value": None}


def _try_state(attack: Attack) -> dict[str, Any]:
    gates.check_state(attack.content, serializer_version="1.5")
    return {"refused": [], "value": None}


def _try_xml(attack: Attack) -> dict[str, Any]:
    read_xml(attack.content)
    return {"refused": [], "value": None}


def _try_model(attack: Attack) -> dict[str, Any]:
    files = {"attack.bpmn": attack.content}
    if attack.file.endswith(".dmn"):
        files = {
            "attack.bpmn": (CORPUS / "models" / "benign_script.bpmn").read_bytes(),
            "decisions/attack.dmn": attack.content,
        }
    model = ModelFiles("attack", "attack", files)
    found = check_model(model, operations={"open_findings"}, whole=False)
    return {"refused": [problem.message for problem in found if problem.severity == "error"], "value": None}


def _refusable(trial: Callable[[Attack], dict[str, Any]]) -> Callable[[Attack], dict[str, Any]]:
    def attempt(attack: Attack) -> dict[str, Any]:
        try:
            return trial(attack)
        except ModelRefused as refusal:
            return {"refused": [problem.message for problem in refusal.problems]}
        except Refusal as refusal:
            return {"refused": [str(refusal)]}

    return attempt


TRIALS = {
    "expression": _try_expression, "script": _try_script, "answer": _refusable(_try_answer),
    "state": _refusable(_try_state), "xml": _refusable(_try_xml), "model": _refusable(_try_model),
}  # fmt: skip
