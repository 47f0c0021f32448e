"""Whether people can do their tasks: every lane has a role, every user task a form."""

from collections.abc import Iterator, Mapping

from workflows.engine.checks.problem import Bundle, ModelProblem, error, title, warning
from workflows.engine.description import PEOPLE
from workflows.engine.diagram import Element
from workflows.engine.specs import form_path


def _lane(element: Element, roles: Mapping[str, str]) -> Iterator[ModelProblem]:
    if not element.lane:
        yield warning(element, "no_lane", f"任务{title(element)}不在任何泳道里，不知由谁办理")
    elif not roles.get(element.lane):
        yield error(element, "lane_without_role", f"泳道“{element.lane}”在 words.json 中没有对应的角色")


def people_problems(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of lanes and forms."""
    roles = bundle.words.get("lanes", {})
    used: set[str] = set()
    for element in bundle.elements:
        if element.kind not in PEOPLE:
            continue
        yield from _lane(element, roles)
        path = form_path(element.id, element.properties, bundle.files.files)
        used.add(path)
        if not path and element.kind == "userTask":
            yield error(element, "no_form", f"任务{title(element)}没有表单 forms/{element.id}.json")
        elif path and path not in bundle.files.files:
            yield error(element, "no_form", f"任务{title(element)}的表单“{path}”不存在")
    for path in bundle.forms:
        if path not in used and path.startswith("forms/"):
            yield warning((path, ""), "unused_form", f"表单“{path}”没有任务使用")
