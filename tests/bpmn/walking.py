"""Walks a process of bpmn/ without a database: scripted operations, real forms, a cold engine before every act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import pytest

from tests.workflows.engine.drawing import Case, World
from workflows.commands.publishing import read_folder
from workflows.engine import ModelFiles
from workflows.engine.diagram import elements
from workflows.engine.xml import read_xml
from workflows.forms import Form
from workflows.queries.task_form import prefill
from workflows.settings import ROOT

Scripted = Mapping[str, Any] | Callable[..., Mapping[str, Any]]


@cache
def model_of(process_id: str) -> ModelFiles:
    """The files of a process folder."""
    files = read_folder(ROOT / "bpmn" / process_id)
    digest = sha256(b"".join(path.encode() + body for path, body in sorted(files.items()))).hexdigest()
    return ModelFiles(digest, process_id, files)


def nodes_of(process_id: str) -> set[str]:
    """Every flow node of a diagram."""
    content = model_of(process_id).files[f"{process_id}.bpmn"]
    return {element.id for element in elements({f"{process_id}.bpmn": read_xml(content)})}


@dataclass
class Stage(World):
    """A world whose operations answer what the story says: one result for always, or a list, one a call."""

    script: dict[str, Any] = field(default_factory=dict)

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.called.append((operation, arguments))
        given = self.script.get(operation, {})
        if isinstance(given, list):
            given = given.pop(0) if len(given) > 1 else given[0]
        return dict(given(**arguments) if callable(given) else given)

    def workdays_after(self, moment: datetime | date, days: int) -> datetime:
        """Every day is a working day here."""
        day = moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)
        return day + timedelta(days=days)

    def arguments_of(self, operation: str) -> dict[str, Any]:
        """What the operation was last called with."""
        return next(arguments for name, arguments in reversed(self.called) if name == operation)

    def times(self, operation: str) -> int:
        """How often the operation was called."""
        return sum(name == operation for name, _ in self.called)


class Walk(Case):
    """One instance of a process of bpmn/; every answer passes its form as it would in production."""

    def __init__(self, process_id: str, script: dict[str, Any], **lengths: int):
        super().__init__(model_of(process_id), Stage(script=script, lengths=lengths), cold=True)

    def answer(self, element: str, **answer: Any) -> "Walk":
        """Completes the open task of this element."""
        task = next(task for task in self.step.tasks if task.element == element)
        form = Form.load(self.model.files[task.form])
        known = {**task.data, **prefill(form, task.data, self.world.now)}
        blank = dict.fromkeys(form.schema["properties"])
        self.complete(task.key, **(blank | form.accept(answer, given=known)))
        return self

    def role_of(self, element: str) -> str:
        """Who has the open task of this element."""
        return next(task.role for task in self.step.tasks if task.element == element)


@cache
def told(story: Callable[[], Walk]) -> Walk:
    """A story is walked once, however many tests look at it."""
    return story()


def pair_of_tests(stories: Mapping[str, list[Callable[[], Walk]]]) -> tuple[Callable[..., None], Callable[..., None]]:
    """The two tests of a module's stories: each comes to its end, and together they pass every node of a diagram."""

    @pytest.mark.parametrize("story", [story for told_of in stories.values() for story in told_of])
    def test_story_ends(story: Callable[[], Walk]) -> None:
        assert told(story).step.finished

    @pytest.mark.parametrize("process", sorted(stories))
    def test_stories_pass_every_node(process: str) -> None:
        passed = {node for story in stories[process] for node in told(story).passed}
        assert nodes_of(process) - passed == set()

    return test_story_ends, test_stories_pass_every_node
