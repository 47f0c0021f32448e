"""Allowed statements become closures that change a Run's data: assignment, if, for, while."""

import ast
from collections.abc import Callable
from enum import Enum
from typing import Any

from workflows.engine.language import guards
from workflows.engine.language.budget import Run, kind
from workflows.engine.language.expressions import OPERATIONS, Compiler, target_names, text_key, unpack
from workflows.engine.language.problems import Fault


class Flow(Enum):
    """How a statement ends when it does not simply go on."""

    BREAK = "break"
    CONTINUE = "continue"


Act = Callable[[Run], Flow | None]
Store = Callable[[Run, Any], None]


class ScriptCompiler(Compiler):
    """Compiles the statements of a script; expressions are compiled as in a condition."""

    def __init__(self) -> None:
        super().__init__(may_change=True)

    def block(self, nodes: list[ast.stmt]) -> Act:
        """The closure that runs these statements in order until one leaves the loop."""
        acts = [(node.lineno, self._statement(node)) for node in nodes]

        def run_block(run: Run) -> Flow | None:
            for line, act in acts:
                run.line = line
                run.spend()
                flow = act(run)
                if flow is not None:
                    return flow
            return None

        return run_block

    def _statement(self, node: ast.stmt) -> Act:
        compiled: Act = getattr(self, f"_do_{type(node).__name__.lower()}")(node)
        return compiled

    def _do_pass(self, node: ast.Pass) -> Act:
        return lambda run: None

    def _do_break(self, node: ast.Break) -> Act:
        return lambda run: Flow.BREAK

    def _do_continue(self, node: ast.Continue) -> Act:
        return lambda run: Flow.CONTINUE

    def _do_expr(self, node: ast.Expr) -> Act:
        value = self.expression(node.value)

        def act(run: Run) -> None:
            value(run)

        return act

    def _do_assign(self, node: ast.Assign) -> Act:
        value, store = self.expression(node.value), self._store(node.targets[0])
        return lambda run: store(run, value(run))

    def _do_augassign(self, node: ast.AugAssign) -> Act:
        operation, change, store = OPERATIONS[type(node.op)], self.expression(node.value), self._store(node.target)
        before = self.expression(node.target)
        return lambda run: store(run, operation(run, before(run), change(run)))

    def _do_if(self, node: ast.If) -> Act:
        test, then, other = self.expression(node.test), self.block(node.body), self.block(node.orelse)
        return lambda run: then(run) if guards.truth(test(run)) else other(run)

    def _do_while(self, node: ast.While) -> Act:
        test, body = self.expression(node.test), self.block(node.body)

        def act(run: Run) -> None:
            while guards.truth(test(run)):
                run.spend()
                if body(run) is Flow.BREAK:
                    break

        return act

    def _do_for(self, node: ast.For) -> Act:
        source, store, body = self.expression(node.iter), self._store(node.target), self.block(node.body)

        def act(run: Run) -> None:
            for value in guards.elements(run, source(run)):
                run.spend()
                store(run, value)
                if body(run) is Flow.BREAK:
                    break

        return act

    # -- where a value may go

    def _store(self, target: ast.expr) -> Store:
        if isinstance(target, ast.Name):
            return _store_name(target.id)
        if isinstance(target, ast.Attribute):
            return self._store_item(target.value, ast.Constant(target.attr))
        if isinstance(target, ast.Subscript):
            return self._store_item(target.value, target.slice)
        assert isinstance(target, ast.Tuple | ast.List)  # the grammar lets nothing else be a target
        if len(target_names(target)) < len(target.elts):
            return self._store_parts([self._store(part) for part in target.elts])
        return self._store_parts([_store_name(name) for name in target_names(target)])

    def _store_parts(self, stores: list[Store]) -> Store:
        numbers = [str(place) for place in range(len(stores))]

        def store(run: Run, value: Any) -> None:
            for part, (_, item) in zip(stores, unpack(run, numbers, value), strict=True):
                part(run, item)

        return store

    def _store_item(self, owner: ast.expr, key: ast.expr) -> Store:
        container, place = self.expression(owner), self.expression(key)

        def store(run: Run, value: Any) -> None:
            _set_item(run, container(run), place(run), value)

        return store


def _store_name(name: str) -> Store:
    def store(run: Run, value: Any) -> None:
        run.data[name] = value  # type: ignore[index]  # a script's run works on a dict of its own

    return store


def _set_item(run: Run, container: Any, place: Any, value: Any) -> None:
    run.allocate(96)
    if type(container) is dict:
        container[text_key(place)] = value
        return
    if type(container) is not list:
        raise Fault(f"不能改变{kind(container)}的某一项", "cannot_change")
    if type(place) is not int or not -len(container) <= place < len(container):
        raise Fault(f"序号超出范围，共有{len(container)}项", "no_such_item")
    container[place] = value
