"""The register of rules, and what a rule may look at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from workflows.queries import audit


@dataclass(frozen=True)
class Examination:
    """One look at the whole database: `now` is aware, `files_dir` where uploaded files lie."""

    session: Session
    now: datetime
    files_dir: Path

    @cached_property
    def audit_problems(self) -> list[audit.AuditProblem]:
        """What the verification of all chains finds; done once for the rules that need it."""
        return audit.verify(self.session)


Finds = Iterable[tuple[object, str]]
Look = Callable[[Examination], Finds]


@dataclass(frozen=True)
class Rule:
    """A rule: `look` yields (number or id of what is wrong, Chinese sentence)."""

    code: str
    title: str
    look: Look


@dataclass(frozen=True)
class Problem:
    """One thing that does not fit: the rule's code, the object's number or id, and a sentence for an operator."""

    code: str
    object: str
    message: str
    title: str = ""


_register: dict[str, Rule] = {}
RULES: Final = MappingProxyType(_register)
"""Every rule by its code."""


def rule(code: str, title: str) -> Callable[[Look], Look]:
    """Registers a function as a rule."""

    def register(look: Look) -> Look:
        if code in _register:
            raise ValueError(f"two rules are named {code}")
        _register[code] = Rule(code, title, look)
        return look

    return register
