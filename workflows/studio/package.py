"""Checks that the package holds nothing the process does not use."""

from collections.abc import Iterator

from workflows.engine.checks.problem import Bundle, ModelProblem, warning


def check_package(bundle: Bundle) -> Iterator[ModelProblem]:
    """Diagrams no call leads to, and decision files no task asks for; forms are named by the engine's check."""
    called = {element.extension("calledDecisionId") for element in bundle.elements}
    asked = {decision.file for decision in bundle.decisions if decision.id in called}
    for path in bundle.tables:
        if bundle.diagrams and path not in asked:
            yield warning((path, ""), "unused_file", f"决策文件 {path} 没有任务使用")
    reached = _reached(bundle)
    needed = {bundle.processes[name][0] for name in reached if name in bundle.processes}
    for path in bundle.diagrams:
        if needed and path not in needed:
            yield warning((path, ""), "unused_file", f"流程图 {path} 没有被流程调用")


def _reached(bundle: Bundle) -> set[str]:
    """The process and every process it calls, directly or not."""
    calls: dict[str, set[str]] = {}
    for element in bundle.elements:
        if element.kind == "callActivity":
            calls.setdefault(element.process, set()).add(element.node.get("calledElement") or "")
    reached: set[str] = set()
    ahead = [bundle.files.process_id]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += calls.get(name, ())
    return reached
