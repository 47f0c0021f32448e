"""Whether everything called is there: called processes (without circles), decisions, data objects, ids once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from workflows.engine.checks.problem import Bundle, ModelProblem, error, title
from workflows.engine.diagram import BPMN, message_name, own_text


def call_problems(bundle: Bundle) -> Iterator[ModelProblem]:
    """Problems of references between the files and within them."""
    if bundle.diagrams and bundle.files.process_id not in bundle.processes:
        yield error(("", ""), "no_process", f"模型中没有流程“{bundle.files.process_id}”")
    yield from _repeated(bundle)
    calls: dict[str, set[str]] = defaultdict(set)
    plain = {e.scope for e in bundle.elements if e.kind == "startEvent" and message_name(e) is None}
    known = {decision.id for decision in bundle.decisions}
    for element in bundle.elements:
        if element.kind == "callActivity":
            called = element.node.get("calledElement") or ""
            calls[element.process].add(called)
            if called not in bundle.processes:
                yield error(element, "unknown_process", f"调用活动{title(element)}所调用的流程“{called}”不在模型中")
            elif called not in plain:
                yield error(element, "cannot_call", f"流程“{called}”没有普通开始事件，不能被{title(element)}调用")
        elif element.kind == "businessRuleTask" and (element.extension("calledDecisionId") or "") not in known:
            wanted = element.extension("calledDecisionId") or ""
            yield error(element, "unknown_decision", f"决策任务{title(element)}引用的决策“{wanted}”不存在")
    for circle in _circles(calls):
        file, _ = bundle.processes[circle[0]]
        yield error((file, circle[0]), "circular_call", f"流程互相调用成环：{'→'.join(circle)}")
    yield from _data(bundle)


def _repeated(bundle: Bundle) -> Iterator[ModelProblem]:
    seen: dict[str, str] = {}
    for file, root in bundle.diagrams.items():
        for process in root.iter(f"{BPMN}process"):
            if seen.setdefault(process.get("id", ""), file) != file:
                yield error(
                    (file, process.get("id", "")), "duplicate_id", f"流程“{process.get('id')}”出现在两个文件中"
                )
    for element in bundle.elements:
        if not element.id:
            yield error(element, "no_id", f"有一个 {element.kind} 没有 id")
        elif seen.setdefault(element.id, element.file) != element.file:
            yield error(element, "duplicate_id", f"id“{element.id}”在“{seen[element.id]}”中已经用过")


def _circles(calls: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Each circle of calls once, from where it was met first."""
    closed: set[str] = set()
    for first in list(calls):
        way: list[str] = [first]
        ahead = [iter(sorted(calls.get(first, ())))]
        while ahead and first not in closed:
            called = next(ahead[-1], None)
            if called is None:
                ahead.pop()
                closed.add(way.pop())
            elif called in way:
                yield [*way[way.index(called) :], called]
            elif called not in closed:
                way.append(called)
                ahead.append(iter(sorted(calls.get(called, ()))))


def _data(bundle: Bundle) -> Iterator[ModelProblem]:
    for file, root in bundle.diagrams.items():
        objects = {each.get("id") for each in root.iter(f"{BPMN}dataObject")}
        references = {each.get("id"): each.get("dataObjectRef") for each in root.iter(f"{BPMN}dataObjectReference")}
        for reference, target in references.items():
            if target not in objects:
                yield error((file, reference or ""), "dangling_data", f"数据对象引用“{reference}”没有所指的数据对象")
        for end in ("dataInputAssociation/{0}sourceRef", "dataOutputAssociation/{0}targetRef"):
            for node in root.iterfind(f".//{BPMN}{end.format(BPMN)}"):
                if own_text(node).strip() not in references:
                    yield error((file, own_text(node).strip()), "dangling_data", "数据关联没有所指的数据对象引用")
