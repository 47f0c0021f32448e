"""The diagrams of a model as a flat list of elements, read straight from the XML.

For checks and descriptions; running is the parser's and the workflow's business.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
CONTAINERS = frozenset({"process", "subProcess"})
NODES = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
        "userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask",
        "subProcess", "callActivity", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Element:
    """One flow node: `scope` is the process or sub-process that holds it, `depth` how deep that lies."""

    file: str
    process: str
    scope: str
    depth: int
    kind: str
    id: str
    name: str
    lane: str
    node: etree._Element = field(repr=False, compare=False)

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """The spiffworkflow:properties of the element."""
        found = self.node.iterfind(f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property")
        return {each.get("name", ""): each.get("value", "") for each in found}

    def extension(self, name: str) -> str | None:
        """The text of a spiffworkflow extension of this element."""
        found = self.node.find(f"{BPMN}extensionElements/{SPIFF}{name}")
        return own_text(found).strip() if found is not None else None

    @property
    def operator(self) -> etree._Element | None:
        """The serviceTaskOperator of a service task."""
        return self.node.find(f"{BPMN}extensionElements/{SPIFF}serviceTaskOperator")

    @property
    def event(self) -> etree._Element | None:
        """The event definition of an event, if it has one."""
        return next((each for each in self.node if local(each).endswith("EventDefinition")), None)


def own_text(node: etree._Element | None) -> str:
    """The text of a node; comments and children are not skipped over silently, they end it."""
    return (node.text or "") if node is not None else ""


def local(node: etree._Element) -> str:
    """The name of a tag without its namespace; comments and instructions have none."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def elements(documents: Mapping[str, etree._Element]) -> list[Element]:
    """Every flow node of the diagrams, in document order."""
    return [
        element
        for file, root in documents.items()
        for process in root.iter(f"{BPMN}process")
        for element in _within(file, process, process, 0, _lanes(process))
    ]


def processes(documents: Mapping[str, etree._Element]) -> dict[str, tuple[str, etree._Element]]:
    """Process id -> (file, node); the first of two with one id."""
    found: dict[str, tuple[str, etree._Element]] = {}
    for file, root in documents.items():
        for process in root.iter(f"{BPMN}process"):
            found.setdefault(process.get("id", ""), (file, process))
    return found


def message_of(event: etree._Element) -> etree._Element | None:
    """The bpmn:message that an event definition (or a send or receive task) refers to."""
    wanted = event.get("messageRef")
    return next(
        (each for each in event.getroottree().iter(f"{BPMN}message") if wanted and each.get("id") == wanted), None
    )


@dataclass(frozen=True)
class Timer:
    """A timer of the model and its text."""

    element: str
    kind: str
    text: str


def message_name(element: Element) -> str | None:
    """The name of the message an element throws or catches, if it does."""
    definition = element.event
    holder = element.node if element.node.get("messageRef") else definition
    if holder is None or (holder is definition and local(holder) != "messageEventDefinition"):
        return None
    message = message_of(holder)
    return message.get("name") if message is not None else None


def operation_of(element: Element) -> str | None:
    """The operation a service task calls."""
    return element.operator.get("id") if element.operator is not None else None


def timer_of(element: Element) -> Timer | None:
    """The timer of an event: kind timeDate, timeDuration or timeCycle, and its text."""
    definition = element.event
    if definition is None or local(definition) != "timerEventDefinition":
        return None
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        written = definition.find(f"{BPMN}{kind}")
        if written is not None:
            return Timer(element.id, kind, own_text(written).strip())
    return Timer(element.id, "", "")


def _within(
    file: str, process: etree._Element, scope: etree._Element, depth: int, lanes: Mapping[str, str], lane: str = ""
) -> Iterator[Element]:
    for node in scope:
        kind, own_lane = local(node), lanes.get(node.get("id", ""), lane)
        if kind in NODES:
            yield Element(
                file, process.get("id", ""), scope.get("id", ""), depth, kind,
                node.get("id", ""), node.get("name") or "", own_lane, node,
            )  # fmt: skip
        if kind == "subProcess" and depth < 100:
            yield from _within(file, process, node, depth + 1, lanes, own_lane)


def _lanes(process: etree._Element) -> dict[str, str]:
    return {
        own_text(ref).strip(): lane.get("name") or ""
        for lane in process.iter(f"{BPMN}lane")
        for ref in lane.iterfind(f"{BPMN}flowNodeRef")
    }
