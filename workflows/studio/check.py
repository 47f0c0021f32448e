"""The whole check of a model before it may be published: diagram and decisions, forms, words, operations, files.

Nothing of the model is run.  Every problem is named with file and element; whatever the files hold, the answer is a
list, never an exception.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from workflows.engine import ModelFiles
from workflows.engine.checks import ModelProblem, check
from workflows.engine.checks.bundle import read_bundle
from workflows.studio.form_files import check_forms
from workflows.studio.operation_calls import check_calls
from workflows.studio.package import check_package
from workflows.studio.properties import check_properties
from workflows.studio.words import check_words

__all__ = ["MOST_PROBLEMS", "ModelProblem", "check_model"]

MOST_PROBLEMS = 200
OF_THE_WHOLE = frozenset({"no_form", "no_lane", "lane_without_role", "unused_form"})
"""What only matters once diagram, forms and words stand together."""

Operations = Mapping[str, Callable[..., Any]] | Collection[str]


def check_model(model: ModelFiles, *, operations: Operations, whole: bool = True) -> list[ModelProblem]:
    """Every problem of the model, errors first, each once, at most MOST_PROBLEMS.

    `operations` are those a diagram may call; given as functions by name, their arguments are checked too.
    `whole` False looks at a diagram drawn so far: forms and words may still be missing.
    """
    bundle, _ = read_bundle(model, operations)  # what cannot be read is named by the engine's check
    found = [*check(model, operations=operations), *check_forms(bundle), *check_properties(bundle)]
    if isinstance(operations, Mapping):
        found += check_calls(bundle, operations)
    if whole:
        found += [*check_words(bundle), *check_package(bundle)]
    else:
        found = [each for each in found if each.code not in OF_THE_WHOLE]
    return sorted(dict.fromkeys(found), key=lambda each: (each.severity != "error", each.file))[:MOST_PROBLEMS]
