"""Whether the flows of a diagram connect what they should: starts, ends, ways, gateways, boundaries."""

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from workflows.engine.checks.problem import Bundle, ModelProblem, error, title, warning
from workflows.engine.diagram import BPMN, Element

GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})
ACTIVITIES = frozenset(
    {"userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask",
     "subProcess", "callActivity"}
)  # fmt: skip


class Scope:
    """One process or sub-process: its nodes and the flows drawn in it."""

    def __init__(self, file: str, node: etree._Element, members: list[Element]):
        self.file, self.node = file, node
        self.members = {element.id: element for element in members}
        self.flows = list(node.iterfind(f"{BPMN}sequenceFlow"))
        self.leaving: dict[str, list[etree._Element]] = defaultdict(list)
        self.entering: dict[str, list[etree._Element]] = defaultdict(list)
        for flow in self.flows:
            self.leaving[flow.get("sourceRef", "")].append(flow)
            self.entering[flow.get("targetRef", "")].append(flow)


def flow_problems(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of connection, scope by scope."""
    grouped: dict[tuple[str, str], list[Element]] = defaultdict(list)
    for element in bundle.elements:
        grouped[element.file, element.scope].append(element)
    for file, root in bundle.diagrams.items():
        for node in root.iter(f"{BPMN}process", f"{BPMN}subProcess"):
            scope = Scope(file, node, grouped[file, node.get("id", "")])
            yield from _starts_and_ends(scope)
            yield from _dangling(scope)
            yield from _boundaries(scope)
            for element in scope.members.values():
                yield from _node(scope, element)
            yield from _unreachable(scope)


def _starts_and_ends(scope: Scope) -> Iterator[ModelProblem]:
    kinds = [element.kind for element in scope.members.values()]
    name = scope.node.get("name") or scope.node.get("id", "")
    place = (scope.file, scope.node.get("id", ""))
    if "startEvent" not in kinds:
        yield error(place, "no_start", f"“{name}”没有开始事件")
    if "endEvent" not in kinds:
        yield error(place, "no_end", f"“{name}”没有结束事件")
    if kinds.count("startEvent") > 1 and scope.node.tag == f"{BPMN}subProcess":
        yield error(place, "several_starts", f"子流程“{name}”只能有一个开始事件")


def _dangling(scope: Scope) -> Iterator[ModelProblem]:
    for flow in scope.flows:
        place = (scope.file, flow.get("id", ""))
        for end, word in (("sourceRef", "起点"), ("targetRef", "终点")):
            if flow.get(end) not in scope.members:
                yield error(place, "dangling_flow", f"连线“{place[1]}”的{word}“{flow.get(end)}”不存在或不在同一层")


def _boundaries(scope: Scope) -> Iterator[ModelProblem]:
    for element in scope.members.values():
        if element.kind == "boundaryEvent":
            holder = scope.members.get(element.node.get("attachedToRef", ""))
            if holder is None or holder.kind not in ACTIVITIES:
                yield error(element, "dangling_boundary", f"边界事件{title(element)}没有附着在任务上")


def _node(scope: Scope, element: Element) -> Iterator[ModelProblem]:
    leaving, entering = scope.leaving[element.id], scope.entering[element.id]
    if element.kind in ("startEvent", "boundaryEvent") and entering:
        yield error(element, "wrong_way", f"{title(element)}不能有进入的连线")
    elif element.kind not in ("startEvent", "boundaryEvent") and not entering:
        yield error(element, "not_connected", f"{title(element)}没有进入的连线")
    if element.kind == "endEvent":
        if leaving:
            yield error(element, "wrong_way", f"结束事件{title(element)}不能有离开的连线")
        return
    if not leaving:
        yield error(element, "not_connected", f"{title(element)}没有离开的连线")
    if len(leaving) > 1 and element.kind not in GATEWAYS:
        yield error(element, "several_ways", f"{title(element)}只能有一条离开的连线，分支请用网关")
    yield from _ways(element, leaving)


def _ways(element: Element, leaving: list[etree._Element]) -> Iterator[ModelProblem]:
    default = element.node.get("default")
    if default and default not in {flow.get("id") for flow in leaving}:
        yield error(element, "dangling_default", f"{title(element)}的默认连线“{default}”不是它的连线")
    for flow in leaving:
        has_condition = flow.find(f"{BPMN}conditionExpression") is not None
        if has_condition and element.kind not in DECIDING:
            place = (element.file, flow.get("id", ""))
            yield error(
                place, "idle_condition", f"{title(element)}之后的条件不起作用，条件只能写在排他或包容网关之后"
            )
        if not has_condition and element.kind in DECIDING and len(leaving) > 1 and flow.get("id") != default:
            place = (element.file, flow.get("id", ""))
            yield error(
                place, "no_condition", f"网关{title(element)}的连线“{flow.get('id')}”没有条件，也不是默认连线"
            )
    if element.kind in DECIDING and len(leaving) > 1 and not default:
        yield warning(element, "no_default", f"网关{title(element)}没有默认连线，条件都不成立时流程会停下")


def _unreachable(scope: Scope) -> Iterator[ModelProblem]:
    attached: dict[str, list[str]] = defaultdict(list)
    for element in scope.members.values():
        if element.kind == "boundaryEvent":
            attached[element.node.get("attachedToRef", "")].append(element.id)
    ahead = [element.id for element in scope.members.values() if element.kind == "startEvent"]
    seen = set(ahead)
    while ahead:
        here = ahead.pop()
        onward = [flow.get("targetRef", "") for flow in scope.leaving[here]] + attached[here]
        fresh = [each for each in onward if each in scope.members and each not in seen]
        seen.update(fresh)
        ahead += fresh
    if any(element.kind == "startEvent" for element in scope.members.values()):
        for element in scope.members.values():
            if element.id not in seen:
                yield error(element, "unreachable", f"从开始事件到不了{title(element)}")
