"""Checks the package as a whole: files nobody uses, files that do not belong, too many of them."""

from collections.abc import Iterator

from workflows.engine.diagram import processes
from workflows.studio.draft import WORDS, Draft
from workflows.studio.problems import ModelProblem

MOST_FILES = 200
SUFFIXES = (".bpmn", ".dmn", ".json")


def check_package(draft: Draft) -> Iterator[ModelProblem]:
    """Problems of the set of files."""
    files = draft.model.files
    if len(files) > MOST_FILES:
        yield ModelProblem("", "", "too_many_files", "error", f"流程包含的文件超过{MOST_FILES}个")
        return
    for path in sorted(files):
        if not path.endswith(SUFFIXES):
            yield ModelProblem(path, "", "foreign_file", "error", "流程包只能含有 .bpmn、.dmn 与 .json 文件")
    if draft.documents:
        used = _used(draft)
        for path in sorted(files):
            if path not in used and path.endswith(SUFFIXES):
                yield ModelProblem(path, "", "unused_file", "warning", f"文件 {path} 没有被流程使用")


def _used(draft: Draft) -> set[str]:
    """The paths that the process needs: diagrams it calls, decisions, forms, words; unreadable ones count as used."""
    reached = _reached(draft)
    found = processes(draft.documents)
    unread = {path for path in draft.model.files if path.endswith(".bpmn")} - set(draft.documents)
    forms = {draft.form(task) for task in draft.user_tasks}
    return {WORDS, *unread, *forms, *_decision_files(draft), *(found[name][0] for name in reached if name in found)}


def _reached(draft: Draft) -> set[str]:
    """The process and every process it calls, directly or not."""
    calls: dict[str, set[str]] = {}
    for element in draft.elements:
        if element.kind == "callActivity":
            calls.setdefault(element.process, set()).add(element.node.get("calledElement") or "")
    reached, ahead = set(), [draft.model.process_id]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += calls.get(name, ())
    return reached


def _decision_files(draft: Draft) -> set[str]:
    called = {element.extension("calledDecisionId") for element in draft.elements}
    tables = draft.tables
    unread = {path for path in draft.model.files if path.endswith(".dmn")} - {table.file for table in tables}
    return unread | {table.file for table in tables if table.id in called}
