"""The cell of a decision table as a comparison with its input, parsed as one tree and never glued as text.

`>= 3`, `== "x"`, `in ("a", "b")`, `not in [...]`   the input compared with the rest
`"x"`, `3`, `None`, `limit`                         the input equals it;  `"a", "b"` the input is one of them
`not "x"`, `not ("a", "b")`                         the input is none of them
`1 <= ? < 5`, `? > limit and ?.strip()`             any condition, `?` standing for the input
empty or `-`                                        always
"""

import ast
from collections.abc import Mapping
from typing import Any, Final

from workflows.engine.language.budget import Run
from workflows.engine.language.evaluation import Helpers, border, compile_expression
from workflows.engine.language.expressions import Compiler, Compute
from workflows.engine.language.grammar import grammar_problems
from workflows.engine.language.guards import truth
from workflows.engine.language.memory import remembered
from workflows.engine.language.problems import LanguageError, Problem
from workflows.engine.language.source import parse, scan
from workflows.engine.language.vocabulary import DMN_INPUT

MAX_CELL: Final = 500
COMPARERS: Final = ("==", "!=", "<=", ">=", "<", ">", "in ", "in(", "in[", "not in ", "not in(", "not in[", "is ")


def matches(cell: str, input_text: str, data: Mapping[str, Any], helpers: Helpers) -> bool:
    """Whether the value of `input_text` fits the cell; errors as `evaluate`."""
    test = compile_cell(cell)
    if test is None:
        return True
    value = compile_expression(input_text)
    run = Run(data, helpers)
    with border(run):
        run.locals[DMN_INPUT] = value(run)
        return truth(test(run))


@remembered
def compile_cell(cell: str) -> Compute | None:
    """The compiled test, None for a cell that always fits; LanguageError when it is not a test."""
    tree = cell_tree(cell)
    return None if tree is None else Compiler(may_change=False).expression(tree.body)


def cell_tree(cell: str) -> ast.Expression | None:
    """The cell's tree over `dmn_input`, checked against the grammar."""
    text = cell.strip()
    if text in ("", "-"):
        return None
    if len(text) > MAX_CELL:
        raise LanguageError([Problem("too_long", f"单元格超过{MAX_CELL}字")])
    problems = scan(text)
    if problems:
        raise LanguageError(problems)
    tree = _test(text)
    if found := grammar_problems(tree):
        raise LanguageError(found)
    return tree


def _test(text: str) -> ast.Expression:
    asked = _with_input(text)
    if asked != text:
        return _expression(asked)
    if text.startswith(COMPARERS):
        tree = _expression(f"{DMN_INPUT} {text}")
        if (
            isinstance(tree.body, ast.Compare)
            and isinstance(tree.body.left, ast.Name)
            and tree.body.left.id == DMN_INPUT
        ):
            return tree
        raise _not_a_test()
    negated = text.startswith(("not ", "not("))
    value = _expression(text[3:] if negated else text).body
    if isinstance(value, ast.Compare | ast.BoolOp):
        raise _not_a_test()
    several = isinstance(value, ast.Tuple | ast.List)
    operator = (ast.NotIn() if negated else ast.In()) if several else (ast.NotEq() if negated else ast.Eq())
    left = ast.Name(DMN_INPUT, ast.Load(), lineno=1, col_offset=0)
    return ast.Expression(ast.Compare(left, [operator], [value], lineno=1, col_offset=0))


def _expression(text: str) -> ast.Expression:
    tree = parse(text, "eval")
    assert isinstance(tree, ast.Expression)
    return tree


def _with_input(text: str) -> str:
    """Every `?` outside quotes replaced by the input's name; the quotes are known to be paired."""
    made: list[str] = []
    quote, escaped = "", False
    for char in text:
        made.append(f" {DMN_INPUT} " if char == "?" and not quote else char)
        if quote:
            quote, escaped = ("" if char == quote and not escaped else quote), char == "\\" and not escaped
        elif char in "\"'":
            quote = char
    return "".join(made)


def _not_a_test() -> LanguageError:
    message = '单元格应以比较符号开头（如 >= 3），或写出取值（如 "甲"），复杂条件请用 ? 代表输入'
    return LanguageError([Problem("not_a_test", message)])
