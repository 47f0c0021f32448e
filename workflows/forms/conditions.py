"""The short conditions of `visible_when`: names, constants, comparisons, and / or / not.

Parsed once into a plain tree that the server and the browser evaluate alike; nothing else of the
language is reachable here.  Knows no form.
"""

import ast
from collections.abc import Mapping
from typing import Any

Tree = list[Any]
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
LONGEST = 300


class BadCondition(ValueError):
    """The text is not a condition of this kind; str(self) says why, in Chinese."""


def parse(text: str) -> Tree:
    """The tree of a condition, e.g. ["==", ["name", "result"], ["value", "退回"]]; raises BadCondition."""
    if len(text) > LONGEST:
        raise BadCondition(f"条件过长（超过 {LONGEST} 个字符）")
    try:
        return _tree(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, BadCondition):
            raise
        raise BadCondition(f"条件写法有误：{text}") from error


def names(tree: Tree) -> set[str]:
    """The names a condition asks for."""
    if tree[0] == "name":
        return {tree[1]}
    if tree[0] == "value":
        return set()
    return set().union(*(names(part) for part in tree[1:]))


def holds(tree: Tree, data: Mapping[str, Any]) -> bool:
    """Whether the condition is true of the data; a name that is missing is None, and nothing is raised."""
    return bool(_value(tree, data))


def _tree(node: ast.expr) -> Tree:
    match node:
        case ast.BoolOp(op=op, values=values):
            return ["and" if isinstance(op, ast.And) else "or", *map(_tree, values)]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ["not", _tree(operand)]
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            return [COMPARISONS[type(op)], _tree(left), _tree(right)]
        case ast.Name(id=name):
            return ["name", name]
        case _:
            return ["value", _constant(node)]


def _constant(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_constant(item) for item in items]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
    raise BadCondition("条件中只能使用字段名、常量、比较和 and / or / not")


def _value(tree: Tree, data: Mapping[str, Any]) -> Any:
    kind, *parts = tree
    match kind:
        case "name":
            return data.get(parts[0])
        case "value":
            return parts[0]
        case "and":
            return all(_value(part, data) for part in parts)
        case "or":
            return any(_value(part, data) for part in parts)
        case "not":
            return not _value(parts[0], data)
    return _compare(kind, _value(parts[0], data), _value(parts[1], data))


def _compare(kind: str, left: Any, right: Any) -> bool:
    if kind in ("==", "!="):
        return _is_same(left, right) is (kind == "==")
    if kind in ("in", "not in"):
        return (isinstance(right, list | str) and _is_in(left, right)) is (kind == "in")
    return _is_ordered(kind, left, right)


def _is_in(left: Any, right: list[Any] | str) -> bool:
    if isinstance(right, list):
        return any(_is_same(left, item) for item in right)
    return isinstance(left, str) and left in right


def _is_same(left: Any, right: Any) -> bool:
    """Equal, and True is not 1: the browser sees it so."""
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)


def _is_ordered(kind: str, left: Any, right: Any) -> bool:
    if not (_is_number(left) and _is_number(right)) and not (isinstance(left, str) and isinstance(right, str)):
        return False
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[kind])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
