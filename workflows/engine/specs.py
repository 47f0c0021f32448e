"""Models ready to run, kept by digest: definitions, decisions, forms and roles of each published version."""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from lxml import etree

from workflows.engine.decisions import Decision, read_decisions
from workflows.engine.diagram import Element, elements, message_name
from workflows.engine.parsing import Definition, define
from workflows.engine.step import ModelFiles
from workflows.engine.xml import read_xml


class Model:
    """One published version, parsed on first use and never changed."""

    def __init__(self, files: ModelFiles):
        self.files = files
        self.documents: dict[str, etree._Element] = {
            path: read_xml(content) for path, content in sorted(files.files.items()) if path.endswith(".bpmn")
        }
        self.elements: list[Element] = elements(self.documents)
        self.decisions: Mapping[str, Decision] = _decisions(files.files)
        self.words: Mapping[str, Any] = json.loads(files.files.get("words.json", b"{}"))
        self._definitions: dict[str | None, Definition] = {}

    @cached_property
    def starts(self) -> Mapping[str | None, str]:
        """Message name (None: plain start) -> start event of the process."""
        return {
            message_name(each): each.id
            for each in self.elements
            if each.kind == "startEvent" and each.scope == self.files.process_id
        }

    def definition(self, start: str | None) -> Definition:
        """The specs of the process when it begins at this start event (None: the plain one)."""
        if start not in self._definitions:
            documents = {path: read_xml(self.files.files[path]) for path in self.documents}
            self._definitions[start] = define(self.files.process_id, documents, start)
        return self._definitions[start]

    def role(self, lane: str) -> str:
        """The role code behind a lane's name, empty when the words do not know it."""
        return str(self.words.get("lanes", {}).get(lane, ""))

    def form(self, element: str, properties: Mapping[str, str]) -> str:
        """The path of a task's form inside the model, empty when it has none."""
        return form_path(element, properties, self.files.files)


def form_path(element: str, properties: Mapping[str, str], files: Mapping[str, bytes]) -> str:
    """The form a task names, else forms/<task>.json when there is one, else nothing."""
    named = properties.get("form", "")
    if named:
        return named if named.startswith("forms/") else f"forms/{named}"
    default = f"forms/{element}.json"
    return default if default in files else ""


def _decisions(files: Mapping[str, bytes]) -> dict[str, Decision]:
    return {
        decision.id: decision
        for path, content in sorted(files.items())
        if path.endswith(".dmn")
        for decision in read_decisions(path, read_xml(content))
    }


class Models:
    """The models in use, the most recently used last; loads what it does not have."""

    def __init__(self, load: Callable[[str], ModelFiles], most: int = 64):
        self._load = load
        self._most = most
        self._models: OrderedDict[str, Model] = OrderedDict()

    def __getitem__(self, digest: str) -> Model:
        model = self._models.get(digest)
        if model is None:
            model = Model(self._load(digest))
        self._models[digest] = model
        self._models.move_to_end(digest)
        while len(self._models) > self._most:
            self._models.popitem(last=False)
        return model
