"""The whole check of a model before it may be published: diagram and decisions, forms, words, operations, files.

Nothing of the model is run.  Every problem is named with file and element; whatever the files hold, the answer is a
list, never an exception.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from workflows.engine import ModelFiles, UnreadableModel
from workflows.engine.specs import Model
from workflows.engine.xml import ModelRefused, read_xml
from workflows.studio.draft import Draft
from workflows.studio.form_files import check_forms
from workflows.studio.operation_calls import check_calls
from workflows.studio.package import check_package
from workflows.studio.problems import ModelProblem
from workflows.studio.properties import check_properties
from workflows.studio.words import check_words

__all__ = ["MOST_PROBLEMS", "ModelProblem", "check_model"]

MOST_PROBLEMS = 200

Operations = Mapping[str, Callable[..., Any]] | Collection[str]


def check_model(model: ModelFiles, *, operations: Operations, whole: bool = True) -> list[ModelProblem]:
    """Every problem of the model, errors first, each once, at most MOST_PROBLEMS.

    `operations` are those a diagram may call; given as functions by name, their arguments are checked too.
    `whole` False checks files on their own way to becoming a process: words and unused files do not matter yet.
    """
    draft = Draft(model)
    found = [*_runnable(model), *check_forms(draft), *check_properties(draft), *check_calls(draft, operations)]
    if whole:
        found += [*check_words(draft), *check_package(draft)]
    once = {(each.file, each.element, each.code, each.message): each for each in found}
    return sorted(once.values(), key=lambda each: (each.severity != "error", each.file))[:MOST_PROBLEMS]


def _runnable(model: ModelFiles) -> Iterator[ModelProblem]:
    unsafe = [problem for path, content in sorted(model.files.items()) for problem in _unsafe(path, content)]
    yield from unsafe
    if unsafe:
        return
    main = f"{model.process_id}.bpmn"
    try:
        read = Model(model)
        for start in read.starts or {None: ""}:
            read.definition(read.starts.get(start) if start else None)
    except UnreadableModel as refusal:
        yield ModelProblem(main, "", refusal.rule, "error", str(refusal))
    except ValueError:
        return  # words.json is no JSON: said there


def _unsafe(path: str, content: bytes) -> Iterator[ModelProblem]:
    if not path.endswith((".bpmn", ".dmn")):
        return
    try:
        read_xml(content)
    except ModelRefused as refusal:
        yield from (
            ModelProblem(path, each.element or "", each.code, "error", each.message) for each in refusal.problems
        )
