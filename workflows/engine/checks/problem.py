"""One thing wrong with a model, and the bundle that the checks look at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from workflows.engine.decisions import Decision
from workflows.engine.diagram import Element, elements, processes
from workflows.engine.step import ModelFiles

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class ModelProblem:
    """What is wrong, where: `severity` is error (cannot be published) or warning; `message` is Chinese."""

    file: str
    element: str
    code: str
    severity: str
    message: str


@dataclass(frozen=True)
class Bundle:
    """The readable files of a model, each kind parsed once."""

    files: ModelFiles
    diagrams: Mapping[str, etree._Element]
    tables: Mapping[str, etree._Element]
    decisions: tuple[Decision, ...]
    forms: Mapping[str, Any]
    words: Mapping[str, Any]
    operations: Collection[str] | None = field(default=None)

    @cached_property
    def elements(self) -> list[Element]:
        """Every flow node of every diagram."""
        return elements(self.diagrams)

    @cached_property
    def processes(self) -> dict[str, tuple[str, etree._Element]]:
        """Process id -> (file, node)."""
        return processes(self.diagrams)


def error(place: Element | tuple[str, str], code: str, message: str) -> ModelProblem:
    """A problem that forbids publishing; `place` is an element or (file, element id)."""
    return _problem(place, code, ERROR, message)


def warning(place: Element | tuple[str, str], code: str, message: str) -> ModelProblem:
    """A problem that a designer may leave as it is."""
    return _problem(place, code, WARNING, message)


def _problem(place: Element | tuple[str, str], code: str, severity: str, message: str) -> ModelProblem:
    file, id = (place.file, place.id) if isinstance(place, Element) else place
    return ModelProblem(file, id, code, severity, message)


def title(element: Element) -> str:
    """How a message names an element."""
    return f"“{element.name or element.id}”"
