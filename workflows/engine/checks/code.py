"""Whether every text that will be computed is in the designers' language, each in its own slot."""

from collections.abc import Iterator

from lxml import etree

from workflows.engine.checks.problem import Bundle, ModelProblem, error, title
from workflows.engine.diagram import BPMN, SPIFF, Element, own_text, timer_of
from workflows.engine.language import SLOTS, check_expression

TEXTS = {
    f"{BPMN}conditionExpression": "condition",
    f"{SPIFF}messagePayload": "payload",
    f"{SPIFF}payloadExpression": "payload",
    f"{SPIFF}preScript": "script",
    f"{SPIFF}postScript": "script",
}
TIMER_SLOTS = {"timeDate": "timer", "timeDuration": "duration"}
PROPERTY_SLOTS = {"key": "correlation", "due": "timer", "assignee": "parameter"}
MAX_REPEATS = 500


def code_problems(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of conditions, scripts, parameters, payloads, timers and repetitions."""
    for file, root in bundle.diagrams.items():
        for tag, slot in TEXTS.items():
            for node in root.iter(tag):
                yield from compiled((file, _holder(node)), own_text(node), slot)
    for element in bundle.elements:
        yield from _properties(element)
        yield from _timer(element)
        yield from _repetition(element)
        if element.kind == "scriptTask":
            yield from _script(element)
        elif element.kind == "serviceTask":
            yield from _service(element, bundle)


def compiled(place: Element | tuple[str, str], text: str, slot: str) -> Iterator[ModelProblem]:
    """The language's own problems with a text, worded for a model."""
    where = SLOTS.get(slot, slot)
    if not text.strip() and slot not in ("dmn_cell", "dmn_output"):
        yield error(place, "empty_code", f"{where}是空的")
        return
    for problem in check_expression(text.strip() if slot != "script" else text, slot=slot):
        position = f"第{problem.line}行第{problem.column + 1}列"
        yield error(place, problem.code, f"{where}（{position}）：{problem.message}")


def _holder(node: etree._Element) -> str:
    above = node.getparent()
    while above is not None and not above.get("id"):
        above = above.getparent()
    return above.get("id", "") if above is not None else ""


def _properties(element: Element) -> Iterator[ModelProblem]:
    for name, slot in PROPERTY_SLOTS.items():
        if element.properties.get(name):
            yield from compiled(element, element.properties[name], slot)
    priority = element.properties.get("priority")
    if priority and not priority.isdecimal():
        yield error(element, "bad_priority", f"{title(element)}的优先级应为整数")


def _timer(element: Element) -> Iterator[ModelProblem]:
    timer = timer_of(element)
    if timer is not None and timer.text and timer.kind in TIMER_SLOTS:
        yield from compiled(element, timer.text, TIMER_SLOTS[timer.kind])


def _script(element: Element) -> Iterator[ModelProblem]:
    scripts = element.node.findall(f"{BPMN}script")
    if len(scripts) != 1:
        yield error(element, "one_script", f"脚本任务{title(element)}应当恰有一段脚本")
    for script in scripts:
        yield from compiled(element, own_text(script), "script")


def _service(element: Element, bundle: Bundle) -> Iterator[ModelProblem]:
    operator = element.operator
    if operator is None or not operator.get("id"):
        yield error(element, "no_operation", f"服务任务{title(element)}没有指明操作")
        return
    name = operator.get("id", "")
    if bundle.operations is not None and name not in bundle.operations:
        yield error(element, "unknown_operation", f"服务任务{title(element)}调用的操作“{name}”不存在")
    for parameter in operator.iter(f"{SPIFF}parameter"):
        if not parameter.get("id") or parameter.get("type") is None:
            yield error(element, "bad_parameter", f"服务任务{title(element)}的参数须有 id、type 和 value")
        yield from compiled(element, parameter.get("value", ""), "parameter")
    variable = operator.get("resultVariable")
    if variable and not variable.isidentifier():
        yield error(element, "bad_variable", f"服务任务{title(element)}的结果变量“{variable}”不是合格的名称")


def _repetition(element: Element) -> Iterator[ModelProblem]:
    loop = element.node.find(f"{BPMN}standardLoopCharacteristics")
    if loop is not None:
        maximum = loop.get("loopMaximum", "")
        if not (maximum.isascii() and maximum.isdecimal() and 0 < int(maximum[:9]) <= MAX_REPEATS):
            yield error(element, "loop_maximum", f"循环任务{title(element)}须写明最多次数（1—{MAX_REPEATS}）")
        condition = loop.find(f"{BPMN}loopCondition")
        if condition is not None:
            yield from compiled(element, own_text(condition), "condition")
    instances = element.node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if instances is not None:
        yield from _instances(element, instances)


def _instances(element: Element, instances: etree._Element) -> Iterator[ModelProblem]:
    cardinality = instances.find(f"{BPMN}loopCardinality")
    items = instances.find(f"{BPMN}loopDataInputRef")
    if (cardinality is None) == (items is None):
        yield error(element, "instances", f"多实例{title(element)}须写明次数或输入列表之一")
    if cardinality is not None:
        yield from compiled(element, own_text(cardinality), "cardinality")
        written = own_text(cardinality).strip()
        if written.isascii() and written.isdecimal() and int(written[:9]) > MAX_REPEATS:
            yield error(element, "instances", f"多实例{title(element)}最多{MAX_REPEATS}个实例")
    condition = instances.find(f"{BPMN}completionCondition")
    if condition is not None:
        yield from compiled(element, own_text(condition), "condition")
