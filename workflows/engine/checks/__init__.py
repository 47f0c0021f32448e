"""Whether a model can be run: every file read within limits, every element known, connected and computable.

Checks what the engine needs.  Whether a model is sound or wise is the studio's business, which builds on this.
"""

from collections.abc import Collection

from workflows.engine.checks.bundle import read_bundle
from workflows.engine.checks.calls import call_problems
from workflows.engine.checks.code import code_problems
from workflows.engine.checks.events import event_problems
from workflows.engine.checks.flow import flow_problems
from workflows.engine.checks.kinds import kind_problems
from workflows.engine.checks.people import people_problems
from workflows.engine.checks.problem import ERROR, WARNING, Bundle, ModelProblem
from workflows.engine.checks.tables import table_problems
from workflows.engine.parsing import UnreadableModel
from workflows.engine.specs import Model
from workflows.engine.step import ModelFiles
from workflows.refusal import Refusal

CHECKS = (
    kind_problems,
    flow_problems,
    event_problems,
    code_problems,
    call_problems,
    people_problems,
    table_problems,
)


def check(files: ModelFiles, *, operations: Collection[str] | None = None) -> list[ModelProblem]:
    """Everything wrong with a model; with `operations`, service tasks may call only these.  Never raises.

    Decisions and forms without a process (process id "") are checked by themselves.
    """
    bundle, problems = read_bundle(files, operations)
    problems += [problem for look in CHECKS for problem in look(bundle)]
    if files.process_id and not any(problem.severity == ERROR for problem in problems):
        problems += _unreadable(bundle)
    return list(dict.fromkeys(problems))


def _unreadable(bundle: Bundle) -> list[ModelProblem]:
    """What none of the checks foresaw: the parser itself is asked."""
    try:
        model = Model(bundle.files)
        for start in model.starts.values() or [None]:
            plain = start == model.starts.get(None)
            model.definition(None if plain else start)
    except (UnreadableModel, Refusal) as refusal:
        return [ModelProblem(bundle.files.process_id, "", "unreadable", ERROR, str(refusal))]
    return []


__all__ = ["ERROR", "WARNING", "ModelProblem", "check"]
