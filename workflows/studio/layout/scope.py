"""What is to be drawn: nodes, flows and lanes of a process or sub-process, as the XML has them.  No coordinates."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from workflows.refusal import Refusal

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

_EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"})
_TASKS = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
        "callActivity",
    }
)  # fmt: skip
_SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
_TASK, _GATEWAY, _EVENT = (120.0, 80.0), (50.0, 50.0), (36.0, 36.0)


class NothingToDraw(Refusal):
    """The file holds no process, or is not BPMN."""

    rule = "layout"


@dataclass
class Node:
    """A flow node.  `host` is set for a boundary event, `inner` for a sub-process."""

    id: str
    kind: str
    name: str
    lane: int = 0
    host: str | None = None
    inner: "Scope | None" = None
    width: float = 0.0
    height: float = 0.0

    @property
    def is_gateway(self) -> bool:
        return self.kind.endswith("Gateway")

    @property
    def is_event(self) -> bool:
        return self.kind.endswith("Event")


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    name: str
    source: str
    target: str


@dataclass
class Scope:
    """A process or the inside of a sub-process.  `lanes` are (id, name) from the top; none means one unnamed band."""

    id: str
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[tuple[str, str]] = field(default_factory=list)

    def boundary_events(self, host: str) -> list[Node]:
        """The events on the border of `host`, in the author's order."""
        return [node for node in self.nodes.values() if node.host == host]

    def free_nodes(self) -> Iterator[Node]:
        """Every node that has a place of its own."""
        return (node for node in self.nodes.values() if node.host is None)


def parse(xml: bytes) -> etree._Element:
    """The document; DTDs and entities are never followed.  Raises NothingToDraw for what is not XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as fault:
        raise NothingToDraw(f"不是有效的 XML 文件：{fault.msg}") from fault


def processes(document: etree._Element) -> list[Scope]:
    """Every process of the document.  Raises NothingToDraw if there is none."""
    found = [_read_scope(element) for element in document.iter(f"{BPMN}process")]
    if not found:
        raise NothingToDraw("文件中没有流程（bpmn:process）。")
    return found


def _read_scope(element: etree._Element) -> Scope:
    scope = Scope(element.get("id", ""))
    for child in element:
        if not isinstance(child.tag, str) or not child.tag.startswith(BPMN):
            continue
        kind = child.tag.removeprefix(BPMN)
        if kind == "sequenceFlow":
            scope.flows.append(Flow(child.get("id", ""), child.get("name", ""), *_ends(child)))
        elif _is_node(kind):
            scope.nodes[child.get("id", "")] = _read_node(child, kind)
    known = scope.nodes
    scope.flows = [flow for flow in scope.flows if flow.source in known and flow.target in known]
    _read_lanes(element, scope)
    return scope


def _ends(flow: etree._Element) -> tuple[str, str]:
    return flow.get("sourceRef", ""), flow.get("targetRef", "")


def _is_node(kind: str) -> bool:
    return (
        kind in _EVENTS
        or kind in _TASKS
        or kind in _SUB_PROCESSES
        or kind == "boundaryEvent"
        or kind.endswith("Gateway")
    )


def _read_node(element: etree._Element, kind: str) -> Node:
    node = Node(element.get("id", ""), kind, element.get("name", ""))
    if kind in _SUB_PROCESSES:
        node.inner = _read_scope(element)
    elif kind == "boundaryEvent":
        node.host = element.get("attachedToRef")
    node.width, node.height = _GATEWAY if node.is_gateway else _EVENT if node.is_event else _TASK
    return node


def _read_lanes(element: etree._Element, scope: Scope) -> None:
    for lane in element.iterfind(f"{BPMN}laneSet/{BPMN}lane"):
        for reference in lane.iterfind(f"{BPMN}flowNodeRef"):
            node = scope.nodes.get((reference.text or "").strip())
            if node:
                node.lane = len(scope.lanes)
        scope.lanes.append((lane.get("id", ""), lane.get("name", "")))
    for node in scope.nodes.values():
        if node.host in scope.nodes:
            node.lane = scope.nodes[node.host].lane
