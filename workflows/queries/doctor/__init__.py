"""`doctor`: whether ledger, deadlines, instances and history agree with each other.  Reads everything, changes nothing.

One rule is one small function, in the file of its subject; it yields what it found wrong.  A new rule needs nothing
but its function: `@rule(code, title)` registers it.
"""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from sqlalchemy.orm import Session

from workflows.queries.doctor._rules import RULES, Examination, Problem, Rule

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["RULES", "Examination", "Problem", "Rule", "examine"]


def examine(session: Session, *, now: datetime, files_dir: Path) -> list[Problem]:
    """Every problem of every rule, in the order of the rules.  `files_dir` is where uploaded files lie."""
    patient = Examination(session, now, files_dir)
    return [
        Problem(rule.code, str(thing), message, rule.title)
        for rule in RULES.values()
        for thing, message in rule.look(patient)
    ]
