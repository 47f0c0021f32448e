"""Whether events can happen: which definition stands where, and whether what it refers to exists."""

from collections.abc import Iterator

from lxml import etree

from workflows.engine.checks.problem import Bundle, ModelProblem, error, title
from workflows.engine.diagram import BPMN, Element, local, message_of, timer_of

ALLOWED = {
    "startEvent": {"messageEventDefinition"},
    "endEvent": {
        "messageEventDefinition", "errorEventDefinition", "escalationEventDefinition", "signalEventDefinition",
        "terminateEventDefinition",
    },
    "intermediateCatchEvent": {"messageEventDefinition", "timerEventDefinition", "signalEventDefinition"},
    "intermediateThrowEvent": {"messageEventDefinition", "signalEventDefinition", "escalationEventDefinition"},
    "boundaryEvent": {
        "messageEventDefinition", "timerEventDefinition", "errorEventDefinition", "escalationEventDefinition",
        "signalEventDefinition",
    },
}  # fmt: skip
BARE = frozenset({"startEvent", "endEvent", "intermediateThrowEvent"})
REFERS = {
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "signalEventDefinition": "signal",
}


def event_problems(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of events, of send and receive tasks, and of event-based gateways."""
    by_scope = {(element.file, element.scope, element.id): element for element in bundle.elements}
    for element in bundle.elements:
        if element.kind in ALLOWED:
            yield from _event(element)
        elif element.kind in ("sendTask", "receiveTask"):
            yield from _message(element, element.node)
        elif element.kind == "eventBasedGateway":
            yield from _gateway(element, bundle, by_scope)


def _event(element: Element) -> Iterator[ModelProblem]:
    definitions = [child for child in element.node if local(child).endswith("EventDefinition")]
    if not definitions and element.kind not in BARE:
        yield error(element, "no_definition", f"{title(element)}没有说明等待什么")
    if len(definitions) > 1:
        yield error(element, "unsupported", f"{title(element)}只能有一个事件定义")
    for definition in definitions:
        yield from _definition(element, definition)


def _definition(element: Element, definition: etree._Element) -> Iterator[ModelProblem]:
    kind = local(definition)
    if kind not in ALLOWED[element.kind]:
        yield error(element, "unsupported", f"{title(element)}不支持 {kind}")
    elif kind == "messageEventDefinition":
        yield from _message(element, definition)
        if element.kind == "startEvent" and element.depth:
            yield error(element, "unsupported", f"子流程的开始事件{title(element)}不能等待消息")
    elif kind == "timerEventDefinition":
        yield from _timer(element)
    elif kind in REFERS:
        yield from _reference(element, definition, REFERS[kind])


def _message(element: Element, holder: etree._Element) -> Iterator[ModelProblem]:
    message = message_of(holder)
    if message is None:
        yield error(
            element, "dangling_message", f"{title(element)}引用的消息“{holder.get('messageRef') or ''}”不存在"
        )
    elif not message.get("name"):
        yield error(element, "nameless_message", f"消息“{message.get('id')}”没有名称")


def _reference(element: Element, definition: etree._Element, kind: str) -> Iterator[ModelProblem]:
    wanted = definition.get(f"{kind}Ref")
    if wanted is None and kind != "signal":
        return
    known = {each.get("id") for each in definition.getroottree().iter(f"{BPMN}{kind}")}
    if wanted not in known:
        yield error(element, f"dangling_{kind}", f"{title(element)}引用的“{wanted or ''}”不存在")


def _timer(element: Element) -> Iterator[ModelProblem]:
    timer = timer_of(element)
    if timer is None or not timer.kind or not timer.text:
        yield error(element, "empty_timer", f"定时{title(element)}没有写明时刻或时长")
    elif timer.kind == "timeCycle":
        yield error(element, "unsupported", f"定时{title(element)}不支持循环（timeCycle），请用回路表达重复")


def _gateway(
    gateway: Element, bundle: Bundle, by_scope: dict[tuple[str, str, str], Element]
) -> Iterator[ModelProblem]:
    for flow in bundle.diagrams[gateway.file].iter(f"{BPMN}sequenceFlow"):
        if flow.get("sourceRef") != gateway.id:
            continue
        target = by_scope.get((gateway.file, gateway.scope, flow.get("targetRef", "")))
        if target is not None and target.kind not in ("intermediateCatchEvent", "receiveTask"):
            yield error(gateway, "unsupported", f"事件网关{title(gateway)}之后只能是中间捕获事件或接收任务")
        elif target is not None and timer_of(target) is not None:
            yield error(gateway, "event_gateway_timer", f"事件网关{title(gateway)}之后不能有定时，请用边界定时")
