"""Which elements a diagram may hold: everything the engine would pass over in silence is named here."""

from collections.abc import Iterator

from lxml import etree

from workflows.engine.checks.problem import Bundle, ModelProblem, error, warning
from workflows.engine.diagram import BPMN, CONTAINERS, NODES, SPIFF, local

MAX_ELEMENTS = 400
MAX_NESTING = 8
BESIDE = frozenset(
    {"process", "collaboration", "message", "signal", "error", "escalation", "itemDefinition", "category", "import",
     "documentation", "extensionElements"}
)  # fmt: skip
DRAWN = frozenset(
    {"sequenceFlow", "laneSet", "dataObject", "dataObjectReference", "textAnnotation", "association", "group",
     "documentation", "extensionElements", "incoming", "outgoing", "multiInstanceLoopCharacteristics",
     "standardLoopCharacteristics", "property", "dataInputAssociation", "dataOutputAssociation", "ioSpecification"}
)  # fmt: skip
INSIDE = frozenset(
    {"incoming", "outgoing", "documentation", "extensionElements", "script", "multiInstanceLoopCharacteristics",
     "standardLoopCharacteristics", "dataInputAssociation", "dataOutputAssociation", "property", "ioSpecification",
     "dataInput", "dataOutput", "inputSet", "outputSet"}
)  # fmt: skip
POOL = frozenset(
    {"participant", "messageFlow", "textAnnotation", "association", "group", "documentation", "extensionElements"}
)
EXTENSIONS = frozenset(
    {"properties", "serviceTaskOperator", "calledDecisionId", "preScript", "postScript", "messagePayload",
     "messageVariable", "variableName", "payloadExpression", "instructionsForEndUser", "category"}
)  # fmt: skip
PROPERTIES = frozenset({"form", "deadline_rule", "due", "part", "assignee", "priority", "key"})
ADVICE = {
    "task": "请明确为用户任务、脚本任务或服务任务",
    "adHocSubProcess": "请画成普通子流程",
    "transaction": "请画成子流程与边界事件",
    "complexGateway": "请用排他、并行或包容网关",
    "dataStoreReference": "数据请用服务任务读写",
}


def kind_problems(bundle: Bundle) -> Iterator[ModelProblem]:
    """Unknown elements and extensions, too many elements, too deep nesting."""
    for file, root in bundle.diagrams.items():
        yield from _unknown(file, root, BESIDE)
        for pool in root.iterfind(f"{BPMN}collaboration"):
            yield from _unknown(file, pool, POOL)
        for container in root.iter(*(f"{BPMN}{kind}" for kind in CONTAINERS)):
            yield from _unknown(file, container, NODES | DRAWN)
        yield from _extensions(file, root)
        yield from _properties(file, root)
        yield from _not_executable(file, root)
    for element in bundle.elements:
        if element.kind != "subProcess":
            yield from _unknown(element.file, element.node, INSIDE)
        elif element.node.get("triggeredByEvent") == "true":
            yield error(element, "unsupported", "不支持事件子流程，请改用边界事件")
    yield from _size(bundle)


def _unknown(file: str, holder: etree._Element, known: frozenset[str]) -> Iterator[ModelProblem]:
    for child in holder.iterchildren(f"{BPMN}*"):
        name = local(child)
        if name not in known and not name.endswith("EventDefinition"):
            advice = ADVICE.get(name, "请从图中去掉")
            yield error((file, child.get("id") or name), "unsupported", f"不支持元素 {name}，{advice}")


def _extensions(file: str, root: etree._Element) -> Iterator[ModelProblem]:
    for holder in root.iter(f"{BPMN}extensionElements"):
        above = holder.getparent()
        place = (file, (above.get("id") or local(above)) if above is not None else "")
        for child in holder.iterchildren("*"):
            name, ours = local(child), child.tag.startswith(SPIFF)
            if ours and name not in EXTENSIONS:
                yield error(place, "unsupported", f"不支持扩展 spiffworkflow:{name}")
            elif not ours:
                yield warning(place, "ignored_extension", f"其他工具的扩展 {name} 不起作用")


def _properties(file: str, root: etree._Element) -> Iterator[ModelProblem]:
    for node in root.iter(f"{SPIFF}property"):
        holder = next((above.get("id") for above in node.iterancestors() if above.get("id")), "") or ""
        name = node.get("name")
        if not name or node.get("value") is None:
            yield error((file, holder), "bad_property", "属性须有 name 和 value")
        elif name not in PROPERTIES:
            yield warning((file, holder), "unknown_property", f"属性“{name}”不起作用")


def _not_executable(file: str, root: etree._Element) -> Iterator[ModelProblem]:
    for process in root.iterfind(f"{BPMN}process"):
        if process.get("isExecutable", "true") != "true":
            yield error((file, process.get("id", "")), "not_executable", "流程须设为可执行（isExecutable）")


def _size(bundle: Bundle) -> Iterator[ModelProblem]:
    if len(bundle.elements) > MAX_ELEMENTS:
        yield error((bundle.elements[0].file, ""), "too_many", f"流程元素超过{MAX_ELEMENTS}个，请拆分流程")
    for element in bundle.elements:
        if element.kind == "subProcess" and element.depth >= MAX_NESTING:
            yield error(element, "too_deep", f"子流程嵌套超过{MAX_NESTING}层")
