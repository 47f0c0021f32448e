"""The designers' language: conditions, parameters, timers, decision cells and short scripts.

A small subset of Python's notation with its own meaning: a text is parsed, checked against an allow-list,
compiled to closures over guarded operations and run within a budget.  Nothing of Python's object model is
reachable.  Designers are not trusted; this package knows no process, no database and no clock.
"""

from workflows.engine.language.budget import allowance
from workflows.engine.language.checking import SLOTS, check_expression, check_script
from workflows.engine.language.decisions import matches
from workflows.engine.language.durations import duration
from workflows.engine.language.evaluation import evaluate, execute
from workflows.engine.language.problems import BudgetExceeded, LanguageError, Problem
from workflows.engine.language.vocabulary import HELPERS, RESERVED

__all__ = [
    "HELPERS",
    "RESERVED",
    "SLOTS",
    "BudgetExceeded",
    "LanguageError",
    "Problem",
    "allowance",
    "check_expression",
    "check_script",
    "duration",
    "evaluate",
    "execute",
    "matches",
]
