"""Checks of designers' texts before a model is published: the same grammar as at run time, plus each slot's rules."""

import ast
import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from workflows.engine.language.decisions import cell_tree
from workflows.engine.language.durations import duration
from workflows.engine.language.evaluation import checked
from workflows.engine.language.grammar import problem
from workflows.engine.language.methods import CHANGING_NAMES
from workflows.engine.language.problems import LanguageError, Problem
from workflows.engine.language.suggestions import similar
from workflows.engine.language.vocabulary import DATE_HELPERS, DMN_INPUT, HELPERS

SLOTS: Final[dict[str, str]] = {
    "condition": "流转条件", "timer": "定时时刻", "duration": "定时时长", "parameter": "参数", "payload": "消息内容",
    "correlation": "消息关联键", "cardinality": "多实例次数", "prefill": "表单预填", "dmn_input": "决策表输入",
    "dmn_cell": "决策表条件格", "dmn_output": "决策表结果格", "script": "脚本",
}  # fmt: skip
"""Where a text can stand -> what a person calls it."""

_BARE_ISO: Final = re.compile(r"\d{4}-\d{1,2}(-\d{1,2})?([T ].{0,30})?|R?\d{0,6}/?P[\dYMWDTHS.]{1,40}")


def check_expression(text: str, *, slot: str, names: Collection[str] | None = None) -> list[Problem]:
    """What is wrong with one text in this slot (a key of SLOTS); with `names`, unknown names count too."""
    if slot not in SLOTS:
        raise ValueError(f"unknown slot: {slot}")
    if slot == "script":
        return check_script(text, names=names)
    early = EARLY.get(slot)
    if early and (settled := early(text)) is not None:
        return settled
    try:
        tree = cell_tree(text) if slot == "dmn_cell" else checked(text, "eval")
    except LanguageError as error:
        return list(error.problems)
    if tree is None:
        return []
    extra = LATE[slot](tree) if slot in LATE else []
    return [*_reads_only(tree), *extra, *_unknown(tree, names, cell=slot == "dmn_cell")]


def check_script(text: str, *, names: Collection[str] | None = None) -> list[Problem]:
    """What is wrong with a script; the names it assigns are known to it."""
    try:
        tree = checked(text, "exec")
    except LanguageError as error:
        return list(error.problems)
    return _unknown(tree, names, cell=False)


def _reads_only(tree: ast.AST) -> list[Problem]:
    return [
        problem(node, "read_only", f"条件和表达式只能读取数据，不能使用“{node.func.attr}”")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING_NAMES
    ]


def _unknown(tree: ast.AST, names: Collection[str] | None, *, cell: bool) -> list[Problem]:
    called = {id(node.func): node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    functions = [name for name in called.values() if isinstance(name, ast.Name) and name.id not in HELPERS]
    loaded = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    known = {*(names or ()), *_bound(tree), *([DMN_INPUT] if cell else [])}
    read = [name for name in loaded if id(name) not in called and name.id not in known]
    missing = [name for name in read if names is not None or name.id == DMN_INPUT]
    return [
        *(problem(n, "unknown_function", f"没有名为“{n.id}”的函数{similar(n.id, HELPERS)}") for n in functions[:10]),
        *(problem(n, "unknown_name", f"没有名为“{n.id}”的数据{similar(n.id, known)}") for n in missing[:10]),
    ]


def _bound(tree: ast.AST) -> set[str]:
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


# -- what a slot asks beyond the grammar


def _early_timer(text: str) -> list[Problem] | None:
    bare = text.strip()
    if not _BARE_ISO.fullmatch(bare):
        return None
    wanted = f'date("{bare}")' if bare[:1].isdigit() else 'days_after(now(), 10) 或 due("T10")'
    return [Problem("bare_iso", f"时刻不能直接写“{bare[:40]}”，请写成 {wanted}")]


def _early_duration(text: str) -> list[Problem] | None:
    if not _BARE_ISO.fullmatch(text.strip().strip("\"'")):
        return None
    try:
        duration(text)
    except LanguageError as error:
        return list(error.problems)
    return []


def _late_timer(tree: ast.AST) -> list[Problem]:
    body = tree.body if isinstance(tree, ast.Expression) else None
    if isinstance(body, ast.Constant) and type(body.value) is str and _is_moment(body.value):
        return []
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    if called & DATE_HELPERS:
        return []
    return [
        Problem("not_a_moment", '定时时刻必须由日期函数给出，如 due("T10")、days_after(now(), 3)、date("2026-09-25")')
    ]


def _is_moment(text: str) -> bool:
    try:
        return len(text) <= 40 and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


EARLY: Final[dict[str, Callable[[str], list[Problem] | None]]] = {"timer": _early_timer, "duration": _early_duration}
LATE: Final[dict[str, Callable[[Any], list[Problem]]]] = {"timer": _late_timer}
