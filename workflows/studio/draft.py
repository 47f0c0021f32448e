"""The files of a model nobody has approved yet, as far as they can be read.  Judges nothing."""

import json
from contextlib import suppress
from functools import cached_property
from typing import Any

from lxml import etree

from workflows.engine import ModelFiles
from workflows.engine.decisions import Decision, read_decisions
from workflows.engine.diagram import Element, elements
from workflows.engine.specs import form_path
from workflows.engine.xml import ModelRefused, read_xml

PEOPLE = frozenset({"userTask", "manualTask"})
WORDS = "words.json"


class NotJson(Exception):
    """A file that should hold JSON does not."""


class Draft:
    """Diagrams, forms and words of an unpublished model; diagrams that cannot be read are left out."""

    def __init__(self, model: ModelFiles):
        self.model = model

    @cached_property
    def documents(self) -> dict[str, etree._Element]:
        """Path -> root of every diagram that can be read safely."""
        return self._readable(".bpmn")

    @cached_property
    def tables(self) -> list[Decision]:
        """Every decision table of the readable decision files."""
        return [table for path, root in self._readable(".dmn").items() for table in read_decisions(path, root)]

    @cached_property
    def elements(self) -> list[Element]:
        """Every flow node of the readable diagrams."""
        return elements(self.documents)

    @property
    def user_tasks(self) -> list[Element]:
        """The tasks that people complete."""
        return [each for each in self.elements if each.kind in PEOPLE]

    def form(self, task: Element) -> str:
        """The path of a task's form, empty when it has none."""
        return form_path(task.id, task.properties, self.model.files)

    def _readable(self, suffix: str) -> dict[str, etree._Element]:
        found = {}
        for path, content in sorted(self.model.files.items()):
            if path.endswith(suffix):
                with suppress(ModelRefused):
                    found[path] = read_xml(content)
        return found

    def json(self, path: str) -> Any:
        """What a JSON file says; NotJson when it is none."""
        try:
            return json.loads(self.model.files[path].decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise NotJson(path) from error
