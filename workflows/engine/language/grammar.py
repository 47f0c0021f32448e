"""Which syntax trees are in the language: an allow-list of node types with a rule for each.

Everything not listed is refused.  Knows names and shapes only; values are guarded when it runs.
"""

import ast
from collections.abc import Callable
from typing import Final

from workflows.engine.language.budget import MAX_INT
from workflows.engine.language.methods import METHOD_NAMES
from workflows.engine.language.problems import Problem
from workflows.engine.language.suggestions import similar
from workflows.engine.language.vocabulary import RESERVED

READ_ONLY: Final = frozenset(
    {
        ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Attribute, ast.Subscript, ast.Slice,
        ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd,
        ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow,
        ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot,
        ast.IfExp, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Call, ast.keyword, ast.JoinedStr, ast.FormattedValue,
        ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.comprehension,
        ast.Lambda, ast.arguments, ast.arg, ast.Store,
    }
)  # fmt: skip
STATEMENTS: Final = frozenset(
    {ast.Module, ast.Assign, ast.AugAssign, ast.If, ast.For, ast.While, ast.Pass, ast.Break, ast.Continue, ast.Expr}
)

MAX_PROBLEMS: Final = 20
REFUSED: Final[dict[str, str]] = {
    "Import": "导入模块", "ImportFrom": "导入模块", "FunctionDef": "定义函数", "AsyncFunctionDef": "定义函数",
    "ClassDef": "定义类", "Return": "return", "Delete": "del", "With": "with", "AsyncWith": "with",
    "AsyncFor": "async", "Raise": "raise", "Try": "try", "TryStar": "try", "Assert": "assert",
    "Global": "global", "Nonlocal": "nonlocal", "NamedExpr": "“:=”", "Lambda": "lambda", "Await": "await",
    "Yield": "yield", "YieldFrom": "yield", "Starred": "星号展开", "Match": "match", "AnnAssign": "类型标注",
    "BitOr": "位运算", "BitAnd": "位运算", "BitXor": "位运算", "LShift": "位运算", "RShift": "位运算",
    "Invert": "位运算", "MatMult": "矩阵运算",
}  # fmt: skip
INTERNAL: Final = frozenset(
    {
        "gi_frame", "gi_code", "gi_yieldfrom", "cr_frame", "cr_code", "cr_await", "ag_frame", "ag_code", "tb_frame",
        "tb_next", "f_back", "f_globals", "f_locals", "f_builtins", "f_code", "func_globals", "func_code", "mro",
        "co_consts", "co_code", "im_func", "im_self",
    }
)  # fmt: skip
"""Doors into the interpreter: unreachable here whatever they are called on, refused so that nobody tries."""
WITHOUT_ATTRIBUTES: Final = (
    ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.List, ast.Tuple, ast.Set, ast.Constant, ast.JoinedStr,
    ast.Compare, ast.BoolOp, ast.UnaryOp,
)  # fmt: skip
MAX_GENERATORS: Final = 5
KEYED: Final = frozenset({"sorted", "min", "max"})
SPEC_CHARACTERS: Final = frozenset("0123456789.,%dfsY年m月日时分秒HMS:- <>^+=")


def problem(node: ast.AST, code: str, message: str) -> Problem:
    """A problem at a node's position."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    return Problem(code, message, line, column)


def grammar_problems(tree: ast.AST) -> list[Problem]:
    """Every place where the tree leaves the language; an empty list means it may be compiled."""
    allowed = READ_ONLY | STATEMENTS if isinstance(tree, ast.Module) else READ_ONLY
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    keys = {id(word.value) for word in _key_arguments(tree)}
    problems: list[Problem] = []
    for node in ast.walk(tree):
        if len(problems) >= MAX_PROBLEMS:
            break
        if type(node) not in allowed or (isinstance(node, ast.Lambda) and id(node) not in keys):
            word = REFUSED.get(type(node).__name__, "这种写法")
            problems.append(problem(node, "not_allowed", f"不允许使用{word}"))
        elif isinstance(node, ast.Name):
            problems += _name(node, called=id(node) in called)
        elif isinstance(node, ast.Attribute):
            problems += _attribute(node, called=id(node) in called)
        elif type(node) in RULES:
            problems += RULES[type(node)](node)
    problems += _stray_jumps(tree)
    return sorted(problems, key=lambda found: (found.line, found.column))


def _stray_jumps(tree: ast.AST) -> list[Problem]:
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)]
    inside = {id(node) for loop in loops for node in ast.walk(loop)}
    jumps = [node for node in ast.walk(tree) if isinstance(node, ast.Break | ast.Continue)]
    return [
        problem(jump, "not_allowed", "break 和 continue 只能写在循环内") for jump in jumps if id(jump) not in inside
    ]


def _key_arguments(tree: ast.AST) -> list[ast.keyword]:
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    keyed = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in KEYED]
    return [word for call in keyed for word in call.keywords if word.arg == "key"]


def is_name(name: str) -> bool:
    """True for a name a designer or a form may use: ASCII, no leading underscore, at most 64 characters."""
    return name.isascii() and name.isidentifier() and not name.startswith("_") and len(name) <= 64


def _name(node: ast.Name, *, called: bool) -> list[Problem]:
    if not is_name(node.id):
        return [
            problem(node, "bad_name", f"名称“{node.id[:64]}”不合规：只能用英文字母、数字和下划线，不得以下划线开头")
        ]
    if isinstance(node.ctx, ast.Store) and node.id in RESERVED:
        return [problem(node, "reserved_name", f"“{node.id}”是保留名称，不能用作变量")]
    if isinstance(node.ctx, ast.Load) and node.id in RESERVED and not called and node.id != "dmn_input":
        return [problem(node, "reserved_name", f"“{node.id}”是函数或保留名称，不能当作数据使用")]
    return []


def _attribute(node: ast.Attribute, *, called: bool) -> list[Problem]:
    if not is_name(node.attr):
        return [problem(node, "bad_name", f"属性“{node.attr[:64]}”不合规：不得以下划线开头")]
    if node.attr in INTERNAL or (not called and isinstance(node.value, WITHOUT_ATTRIBUTES)):
        return [problem(node, "no_attribute", f"这里没有“{node.attr}”可用")]
    if called and node.attr not in METHOD_NAMES:
        advice = similar(node.attr, METHOD_NAMES)
        return [problem(node, "unknown_method", f"没有“{node.attr}”这一方法{advice}")]
    return []


def _constant(node: ast.Constant) -> list[Problem]:
    value = node.value
    if type(value) not in (type(None), bool, int, float, str):
        return [problem(node, "bad_constant", "只能使用文本、数字、True、False 和 None")]
    if type(value) is int and value >= MAX_INT:
        return [problem(node, "number_too_large", "整数过大")]
    if type(value) is float and value in (float("inf"), float("-inf")):
        return [problem(node, "number_not_finite", "小数超出范围")]
    return []


def _compare(node: ast.Compare) -> list[Problem]:
    for operator, right in zip(node.ops, node.comparators, strict=True):
        none = isinstance(right, ast.Constant) and right.value is None
        if isinstance(operator, ast.Is | ast.IsNot) and not none:
            return [problem(node, "is_only_none", "is 只能用于与 None 比较，其他情况请用 ==")]
    return []


def _call(node: ast.Call) -> list[Problem]:
    if not isinstance(node.func, ast.Name | ast.Attribute):
        return [problem(node, "not_callable", "只能按名称调用函数或方法")]
    if any(word.arg is None for word in node.keywords):
        return [problem(node, "not_allowed", "不允许使用星号展开")]
    if isinstance(node.func, ast.Attribute) and node.keywords:
        return [problem(node, "bad_argument", "方法的参数不能写名称")]
    if any(not is_name(word.arg or "") for word in node.keywords):
        return [problem(node, "bad_name", "参数名称不合规")]
    return []


def _targets(node: ast.Assign | ast.AugAssign | ast.For | ast.comprehension) -> list[Problem]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    loop = isinstance(node, ast.For | ast.comprehension)
    shapes = (ast.Name,) if loop else (ast.Name, ast.Subscript, ast.Attribute)
    flat = [part for t in targets for part in (t.elts if isinstance(t, ast.Tuple | ast.List) else [t])]
    if len(targets) > 1 or (isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Tuple)):
        return [problem(node, "not_allowed", "一次只能给一个变量赋值")]
    if any(not isinstance(part, shapes) or isinstance(getattr(part, "slice", None), ast.Slice) for part in flat):
        return [problem(flat[0], "bad_target", "不能对这里赋值")]
    if getattr(node, "is_async", 0):
        return [problem(flat[0], "not_allowed", "不允许使用async")]
    return []


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> list[Problem]:
    if len(node.generators) > MAX_GENERATORS:
        return [problem(node, "too_deep", f"一个推导式最多写{MAX_GENERATORS}个 for")]
    return []


def _loop(node: ast.For | ast.While) -> list[Problem]:
    if node.orelse:
        return [problem(node, "not_allowed", "循环不允许使用else")]
    return _targets(node) if isinstance(node, ast.For) else []


def _lambda(node: ast.Lambda) -> list[Problem]:
    given = node.args
    extra = given.posonlyargs or given.kwonlyargs or given.vararg or given.kwarg or given.defaults
    if extra or len(given.args) != 1 or not is_name(given.args[0].arg) or given.args[0].arg in RESERVED:
        return [problem(node, "not_allowed", "key 中的 lambda 只能有一个普通参数")]
    return []


def _formatted(node: ast.FormattedValue) -> list[Problem]:
    if node.conversion != -1:
        return [problem(node, "bad_format", "f 文本中不允许使用 ! 转换")]
    if node.format_spec is None:
        return []
    parts = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else [node.format_spec]
    spec = "".join(str(part.value) if isinstance(part, ast.Constant) else "{" for part in parts)
    if len(spec) > 24 or not set(spec) <= SPEC_CHARACTERS or any(len(run) > 2 for run in _digit_runs(spec)):
        return [problem(node, "bad_format", "f 文本中的格式不合规，可用如 .2f、,、03d、%Y年%m月%d日")]
    return []


def _digit_runs(spec: str) -> list[str]:
    return "".join(char if char.isdigit() else " " for char in spec).split()


def _dictionary(node: ast.Dict) -> list[Problem]:
    return [problem(node, "not_allowed", "不允许使用星号展开")] if None in node.keys else []


RULES: Final[dict[type[ast.AST], Callable[..., list[Problem]]]] = {
    ast.Constant: _constant, ast.Compare: _compare, ast.Call: _call, ast.Assign: _targets, ast.AugAssign: _targets,
    ast.comprehension: _targets, ast.For: _loop, ast.While: _loop, ast.Lambda: _lambda,
    ast.FormattedValue: _formatted, ast.Dict: _dictionary, ast.ListComp: _comprehension, ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension, ast.DictComp: _comprehension,
}  # fmt: skip
