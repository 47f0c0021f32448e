"""Checks words.json: the title of the process, and which role stands behind each lane of the diagram."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.policy import ROLE_NAMES
from workflows.studio.draft import WORDS, Draft, NotJson
from workflows.studio.problems import ModelProblem

LONGEST_TITLE = 60


def check_words(draft: Draft) -> Iterator[ModelProblem]:
    """Problems of words.json, and of lanes and tasks that no role stands behind."""
    if WORDS not in draft.model.files:
        yield _problem("words_missing", "缺少 words.json（流程名称与泳道对应的角色）")
        return
    try:
        words = draft.json(WORDS)
    except NotJson:
        yield _problem("words_invalid", "words.json 不是有效的 JSON")
        return
    if not isinstance(words, Mapping):
        yield _problem("words_invalid", "words.json 应为对象，含 title 与 lanes")
        return
    yield from _check_title(words.get("title"))
    lanes = words.get("lanes", {})
    if not isinstance(lanes, Mapping):
        yield _problem("words_invalid", "words.json 中的 lanes 应为“泳道名称：角色代码”的对象")
        return
    yield from _check_roles(lanes)
    yield from _check_lanes(draft, lanes)


def _check_title(title: Any) -> Iterator[ModelProblem]:
    if not isinstance(title, str) or not 0 < len(title.strip()) <= LONGEST_TITLE:
        yield _problem("words_title", f"words.json 中的 title 应为不超过{LONGEST_TITLE}字的流程名称")


def _check_roles(lanes: Mapping[str, Any]) -> Iterator[ModelProblem]:
    for lane, role in lanes.items():
        if not isinstance(role, str) or role not in ROLE_NAMES:
            yield _problem("unknown_role", f"泳道“{lane}”对应的角色“{str(role)[:40]}”不在角色目录中")


def _check_lanes(draft: Draft, lanes: Mapping[str, Any]) -> Iterator[ModelProblem]:
    for task in draft.user_tasks:
        if not task.lane:
            yield ModelProblem(
                task.file, task.id, "no_lane", "error", f"人工任务“{task.name or task.id}”不在任何泳道中，无人可办"
            )
    with_people = {task.lane for task in draft.user_tasks}
    places = {element.lane: element for element in reversed(draft.elements) if element.lane}
    for lane, element in places.items():
        if lane not in lanes:
            severity = "error" if lane in with_people else "warning"
            message = f"泳道“{lane}”没有在 words.json 中对应到角色"
            yield ModelProblem(element.file, element.id, "lane_without_role", severity, message)
    for lane in lanes:
        if draft.elements and lane not in places:
            yield _problem("unused_lane", f"words.json 中的泳道“{lane}”在流程图中不存在", "warning")


def _problem(code: str, message: str, severity: str = "error") -> ModelProblem:
    return ModelProblem(WORDS, "", code, severity, message)
