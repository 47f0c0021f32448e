"""The border of the language: compile once, run within a budget, and let out only plain data or our errors."""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from workflows.engine.language.budget import Run, plain
from workflows.engine.language.expressions import Compiler, Compute
from workflows.engine.language.grammar import grammar_problems
from workflows.engine.language.memory import remembered
from workflows.engine.language.methods import CHANGING_NAMES
from workflows.engine.language.problems import BudgetExceeded, Fault, LanguageError, Outside, Problem, Stop
from workflows.engine.language.source import parse
from workflows.engine.language.statements import Act, ScriptCompiler

Helpers = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Script:
    """A compiled script: what to run, the names it assigns, those of its loops, whether it reaches into data."""

    act: Act
    assigned: frozenset[str]
    loop_names: frozenset[str]
    reaches_in: bool


def evaluate(text: str, data: Mapping[str, Any], helpers: Helpers) -> Any:
    """The value of an expression over the data: plain (no tuple, no reference into `data`), dates allowed.

    `helpers` are the functions of the surroundings (due, today …); they win over data of the same name.
    LanguageError when the text is not in the language or cannot be computed, BudgetExceeded when it takes
    too much.  A helper's Refusal becomes a LanguageError (its __cause__); a database error passes unchanged.
    """
    compute = compile_expression(text)
    run = Run(data, helpers)
    with border(run):
        return plain(run, compute(run))


def execute(script: str, data: dict[str, Any], helpers: Helpers) -> None:
    """Runs a script and updates `data`, wholly or, when anything fails, not at all.

    Dates and moments are stored as ISO texts.  Names only a `for` binds are not kept.  Errors as `evaluate`.
    """
    compiled = compile_script(script)
    run = Run({}, helpers)
    with border(run):
        before = plain(Run({}, {}), data) if compiled.reaches_in else data
        run.data = dict(before)
        compiled.act(run)
        made = _kept(run, compiled, data)
    data.update(made)


def _kept(run: Run, script: Script, before: dict[str, Any]) -> dict[str, Any]:
    passing = {name for name in script.loop_names - script.assigned if name not in before}
    wanted = set(run.data) if script.reaches_in else script.assigned | script.loop_names
    keeper = Run({}, {})
    return {n: plain(keeper, v, iso=True) for n, v in run.data.items() if n in wanted and n not in passing}


@contextmanager
def border(run: Run) -> Iterator[None]:
    """Nothing but LanguageError, BudgetExceeded or an outside fault leaves this block."""
    try:
        yield
    except Stop as stop:
        raise BudgetExceeded([_at(run, "budget", f"{stop}，请简化")]) from None
    except (RecursionError, MemoryError):
        raise BudgetExceeded([_at(run, "budget", "计算过深或占用内存过多，请简化")]) from None
    except Outside as outside:
        raise outside.error from None
    except Fault as fault:
        raise LanguageError([_at(run, fault.code, str(fault))]) from fault.__cause__
    except ZeroDivisionError:
        raise LanguageError([_at(run, "division_by_zero", "除数为零")]) from None
    except (ArithmeticError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise LanguageError([_at(run, "cannot_compute", "表达式无法计算，请检查数据的类型和大小")]) from error


def _at(run: Run, code: str, message: str) -> Problem:
    return Problem(code, message, run.line)


@remembered
def compile_expression(text: str) -> Compute:
    """The compiled form of an expression; LanguageError when it is not in the language."""
    tree = checked(text, "eval")
    assert isinstance(tree, ast.Expression)
    return Compiler(may_change=False).expression(tree.body)


@remembered
def compile_script(text: str) -> Script:
    """The compiled form of a script; LanguageError when it is not in the language."""
    tree = checked(text, "exec")
    assert isinstance(tree, ast.Module)
    act = ScriptCompiler().block(tree.body)
    return Script(act, *_stored_names(tree), _reaches_in(tree))


def checked(text: str, mode: Any) -> ast.Expression | ast.Module:
    """A tree that has passed the grammar."""
    tree = parse(text, mode)
    problems = grammar_problems(tree)
    if problems:
        raise LanguageError(problems)
    return tree


def _stored_names(tree: ast.Module) -> tuple[frozenset[str], frozenset[str]]:
    loops: set[str] = set()
    assigned: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            assigned |= {
                n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
        elif isinstance(node, ast.For):
            loops |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    return frozenset(assigned), frozenset(loops)


def _reaches_in(tree: ast.Module) -> bool:
    """Whether the script may change what a name refers to, not only what it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING_NAMES:
            return True
    return False
