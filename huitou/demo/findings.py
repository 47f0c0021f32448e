"""Invented findings of the demo region, in the three-part form: what was seen, how it is qualified, who answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLAUSE = "《党政领导干部选拔任用工作条例》有关规定"
OPINION = "限期整改到位，举一反三，健全制度，防止同类问题再次发生。"
ROOT_CAUSE = "制度执行不严，监督检查不经常。"
USUAL = {
    "violation_appointment": False, "falsified": False, "involves_principal": False, "appointment_effect": "none",
    "root_cause_kind": "execution", "root_cause": ROOT_CAUSE,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One thing an inspection finds; `hints` are what decides its severity and nature (D3, D8)."""

    title: str
    phenomenon: str
    qualification: str
    responsibility: str
    category: str
    chain: str
    rectify_type: str
    hints: dict[str, Any]

    @property
    def text(self) -> str:
        """The three parts in one."""
        return f"{self.phenomenon}{self.qualification}，{self.responsibility}。"


def _read() -> tuple[Case, ...]:
    lines = (Path(__file__).with_suffix(".txt")).read_text("utf-8").splitlines()
    return tuple(_case(line.split("|")) for line in lines if line and not line.startswith("#"))


def _case(cells: list[str]) -> Case:
    title, phenomenon, qualification, responsibility, category, chain, rectify_type, hints = cells
    pairs = (hint.split("=") for hint in hints.split())
    named = {name: True if value == "1" else value for name, value in pairs}
    return Case(title, phenomenon, qualification, responsibility, category, chain, rectify_type, named)


LIBRARY = _read()


def finding(number: int) -> Case:
    """One of the library; numbers beyond its end begin again."""
    return LIBRARY[number % len(LIBRARY)]


def titled(title: str) -> Case | None:
    """The one of this title."""
    return next((each for each in LIBRARY if each.title == title), None)


def findings(numbers: Sequence[int], **special: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the registration form for some of the library; `special` changes a row, keyed "n0", "n1" …"""
    return [_row(finding(number)) | special.get(f"n{index}", {}) for index, number in enumerate(numbers)]


def _row(of: Case) -> dict[str, Any]:
    known = {"title": of.title, "text": of.text, "category": of.category, "chain": of.chain}
    judged = {"rectify_type": of.rectify_type, "recurrence_count": 0, "clauses": CLAUSE, "opinion": OPINION}
    return known | judged | USUAL | of.hints
