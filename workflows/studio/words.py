"""Checks words.json: the title of the process, and which role stands behind each lane of the diagram."""

from collections.abc import Iterator
from typing import Any

from workflows.engine.checks.problem import Bundle, ModelProblem, error, warning
from workflows.engine.description import PEOPLE
from workflows.policy import ROLE_NAMES
from workflows.policy.transitions import STATES

WORDS = "words.json"
LONGEST_TITLE = 60
SUBJECTS = ("", "case", "call")


def check_words(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of words.json that the engine does not mind: title, roles nobody knows, lanes without a role."""
    if WORDS not in bundle.files.files:
        yield error((WORDS, ""), "words_missing", "缺少 words.json（流程名称与泳道对应的角色）")
        return
    yield from _check_title(bundle.words.get("title"))
    if bundle.words.get("subject", "") not in SUBJECTS:
        yield error(
            (WORDS, ""),
            "words_subject",
            "words.json 中的 subject 只能是 case（在个案上发起）、call（只供其他流程调用），或不写",
        )
    yield from _check_case_states(bundle.words.get("case_states", []))
    yield from _check_roles(bundle)
    yield from _check_lanes(bundle)


def _check_case_states(states: Any) -> Iterator[ModelProblem]:
    if not isinstance(states, list) or any(str(state) not in STATES["case"] for state in states):
        yield error((WORDS, ""), "words_case_states", "words.json 中的 case_states 应为可以发起的个案状态代码的列表")


def _check_title(title: Any) -> Iterator[ModelProblem]:
    if not isinstance(title, str) or not 0 < len(title.strip()) <= LONGEST_TITLE:
        yield error((WORDS, ""), "words_title", f"words.json 中的 title 应为不超过{LONGEST_TITLE}字的流程名称")


def _check_roles(bundle: Bundle) -> Iterator[ModelProblem]:
    for lane, role in _lanes(bundle).items():
        if not isinstance(role, str) or role not in ROLE_NAMES:
            message = f"泳道“{lane[:60]}”对应的角色“{str(role)[:40]}”不在角色目录中"
            yield error((WORDS, ""), "unknown_role", message)


def _check_lanes(bundle: Bundle) -> Iterator[ModelProblem]:
    lanes, people = _lanes(bundle), {each.lane for each in bundle.elements if each.kind in PEOPLE}
    for element in bundle.elements:
        if element.kind in PEOPLE and not element.lane:
            yield error(element, "no_lane", f"人工任务“{element.name or element.id}”不在任何泳道中，无人可办")
    drawn = {element.lane: element for element in reversed(bundle.elements) if element.lane}
    for lane, element in drawn.items():
        if lane not in lanes and lane not in people:  # the engine names those with people in them
            yield warning(element, "lane_without_role", f"泳道“{lane}”没有在 words.json 中对应到角色")
    for lane in lanes:
        if bundle.elements and lane not in drawn:
            yield warning((WORDS, ""), "unused_lane", f"words.json 中的泳道“{lane[:60]}”在流程图中不存在")


def _lanes(bundle: Bundle) -> dict[str, Any]:
    lanes = bundle.words.get("lanes", {})
    return lanes if isinstance(lanes, dict) else {}
