"""Small whole models for the studio's tests: a diagram with a lane, its form, its words."""

import json
from typing import Any

from tests.workflows.engine.drawing import diagram, end, files, flows, start, user
from workflows.engine import ModelFiles

FORM: dict[str, Any] = {
    "type": "object",
    "title": "审核",
    "properties": {
        "result": {"type": "string", "title": "结论", "enum": ["退回", "通过"]},
        "opinion": {"type": "string", "title": "意见", "minLength": 10},
    },
    "required": ["result", "opinion"],
}
WORDS: dict[str, Any] = {"title": "审核流程", "lanes": {"监督处": "supervision_officer"}}


def lane(*elements: str, name: str = "监督处") -> str:
    """A lane that holds the elements."""
    inside = "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in elements)
    return f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="{name}">{inside}</bpmn:lane></bpmn:laneSet>'


def reviewed(
    *, words: Any = WORDS, form: Any = FORM, parts: tuple[str, ...] = (), in_lane: str = "监督处", **properties: str
) -> ModelFiles:
    """start → review → end, with a form; what is given as None is left out."""
    drawn = parts or (start(), user("review", name="审核", **properties), end(), flows("start>review>end"))
    more: dict[str, str] = {}
    if words is not None:
        more["words_json"] = words if isinstance(words, str) else json.dumps(words)
    if form is not None:
        more["forms__review_json"] = form if isinstance(form, str) else json.dumps(form)
    return files(diagram(lane("start", "review", "end", name=in_lane), *drawn), **more)
