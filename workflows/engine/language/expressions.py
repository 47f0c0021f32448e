"""Allowed expressions become closures that compute on a Run; no Python code object is ever made.

Names bound by a comprehension or a key function live in `run.locals`, everything else in `run.data`;
which of the two is settled here, once, so that a running text cannot blur it.
"""

import ast
from collections.abc import Callable
from typing import Any, Final

from workflows.engine.language import guards
from workflows.engine.language.budget import SCALARS, Run, cost, kind, own_time, plain
from workflows.engine.language.formats import formatted
from workflows.engine.language.functions import OWN
from workflows.engine.language.methods import call_method
from workflows.engine.language.problems import Fault, Outside
from workflows.engine.language.suggestions import unknown_function, unknown_name
from workflows.engine.language.vocabulary import DMN_INPUT
from workflows.refusal import Refusal

Compute = Callable[[Run], Any]
Emit = Callable[[Any], bool]
Produce = Callable[[Run, Emit], bool]
PLAIN_COMPARED: Final = frozenset({int, float, bool, str})
HELPER_STEPS: Final = 100

COMPARISONS: Final[dict[type[ast.cmpop], guards.Binary]] = {
    ast.Eq: guards.equal, ast.NotEq: guards.unequal, ast.Lt: guards.less, ast.LtE: guards.less_equal,
    ast.Gt: guards.greater, ast.GtE: guards.greater_equal, ast.In: guards.contains, ast.NotIn: guards.excludes,
    ast.Is: lambda run, left, right: left is None, ast.IsNot: lambda run, left, right: left is not None,
}  # fmt: skip
OPERATIONS: Final[dict[type[ast.operator], guards.Binary]] = {
    ast.Add: guards.plus, ast.Sub: guards.subtract, ast.Mult: guards.times, ast.Div: guards.divide,
    ast.FloorDiv: guards.floor_divide, ast.Mod: guards.modulo, ast.Pow: guards.power,
}  # fmt: skip


class Compiler:
    """Turns one checked tree into closures; `may_change` is true for scripts."""

    def __init__(self, *, may_change: bool):
        self.may_change = may_change
        self.bound: list[str] = [DMN_INPUT]

    def expression(self, node: ast.expr) -> Compute:
        """The closure that computes this node; the tree must have passed the grammar."""
        compiled: Compute = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return compiled

    def _constant(self, node: ast.Constant) -> Compute:
        value = node.value
        return lambda run: value

    def _name(self, node: ast.Name) -> Compute:
        name = node.id
        if name in self.bound:
            return lambda run: _local(run, name)

        def load(run: Run) -> Any:
            try:
                return run.data[name]
            except KeyError:
                raise unknown_name(name, run.data) from None

        return load

    def _attribute(self, node: ast.Attribute) -> Compute:
        value, name = self.expression(node.value), node.attr
        return lambda run: guards.attribute_of(run, value(run), name)

    def _subscript(self, node: ast.Subscript) -> Compute:
        value = self.expression(node.value)
        if isinstance(node.slice, ast.Slice):
            nothing = ast.Constant(None)
            ends = [self.expression(end or nothing) for end in (node.slice.lower, node.slice.upper, node.slice.step)]
            return lambda run: guards.part_of(run, value(run), (ends[0](run), ends[1](run), ends[2](run)))
        key = self.expression(node.slice)
        return lambda run: guards.item_of(run, value(run), key(run))

    def _boolop(self, node: ast.BoolOp) -> Compute:
        parts = [self.expression(value) for value in node.values]
        stop_at = isinstance(node.op, ast.Or)

        def decide(run: Run) -> Any:
            value: Any = None
            for part in parts:
                value = part(run)
                if guards.truth(value) is stop_at:
                    return value
            return value

        return decide

    def _unaryop(self, node: ast.UnaryOp) -> Compute:
        value = self.expression(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda run: not guards.truth(value(run))
        operation = guards.negative if isinstance(node.op, ast.USub) else guards.positive
        return lambda run: operation(run, value(run))

    def _binop(self, node: ast.BinOp) -> Compute:
        left, right, operation = self.expression(node.left), self.expression(node.right), OPERATIONS[type(node.op)]
        return lambda run: operation(run, left(run), right(run))

    def _compare(self, node: ast.Compare) -> Compute:
        first = self.expression(node.left)
        links = [(COMPARISONS[type(o)], self.expression(c)) for o, c in zip(node.ops, node.comparators, strict=True)]
        if len(links) == 1:
            operation, second = links[0]
            return lambda run: operation(run, first(run), second(run))

        def compare(run: Run) -> bool:
            left = first(run)
            for operation, other in links:
                right = other(run)
                if not operation(run, left, right):
                    return False
                left = right
            return True

        return compare

    def _ifexp(self, node: ast.IfExp) -> Compute:
        test, then, other = self.expression(node.test), self.expression(node.body), self.expression(node.orelse)
        return lambda run: then(run) if guards.truth(test(run)) else other(run)

    def _list(self, node: ast.List | ast.Tuple) -> Compute:
        parts = [self.expression(part) for part in node.elts]
        make = tuple if isinstance(node, ast.Tuple) else list

        def build(run: Run) -> Any:
            run.items(len(parts))
            return make([part(run) for part in parts])

        return build

    _tuple = _list

    def _set(self, node: ast.Set) -> Compute:
        parts = [self.expression(part) for part in node.elts]
        return lambda run: _distinct(run, [part(run) for part in parts])

    def _dict(self, node: ast.Dict) -> Compute:
        pairs = [(self.expression(k), self.expression(v)) for k, v in zip(node.keys, node.values, strict=True) if k]

        def build(run: Run) -> dict[str, Any]:
            run.items(len(pairs) * 4)
            return {text_key(key(run)): value(run) for key, value in pairs}

        return build

    def _joinedstr(self, node: ast.JoinedStr) -> Compute:
        parts = [self.expression(part) for part in node.values]

        def build(run: Run) -> str:
            made = [part(run) for part in parts]
            run.text(sum(len(part) for part in made))
            return "".join(made)

        return build

    def _formattedvalue(self, node: ast.FormattedValue) -> Compute:
        value = self.expression(node.value)
        spec = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else []
        layout = "".join(str(part.value) for part in spec if isinstance(part, ast.Constant))
        return lambda run: formatted(run, value(run), layout)

    # -- comprehensions

    def _produce(self, generators: list[ast.comprehension], element: Callable[[], Compute]) -> Produce:
        first, rest = generators[0], generators[1:]
        source = self.expression(first.iter)
        names = target_names(first.target)
        single = isinstance(first.target, ast.Name)
        self.bound += names
        tests = [self.expression(test) for test in first.ifs]
        inner = self._produce(rest, element) if rest else _last(element())
        del self.bound[len(self.bound) - len(names) :]

        def produce(run: Run, emit: Emit) -> bool:
            outer = {name: run.locals[name] for name in names if name in run.locals}
            values = guards.elements(run, source(run))
            try:
                for value in values:
                    run.spend()
                    run.locals.update([(names[0], value)] if single else unpack(run, names, value))
                    if all(guards.truth(test(run)) for test in tests) and inner(run, emit):
                        return True
                return False
            finally:
                run.locals.update(outer)

        return produce

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Compute:
        produce = self._produce(node.generators, lambda: self.expression(node.elt))

        def build(run: Run) -> list[Any]:
            made: list[Any] = []

            def emit(value: Any) -> bool:
                run.allocate(16)
                made.append(value)
                return False

            produce(run, emit)
            return _distinct(run, made) if isinstance(node, ast.SetComp) else made

        return build

    _generatorexp = _setcomp = _listcomp

    def _dictcomp(self, node: ast.DictComp) -> Compute:
        pair = ast.Tuple([node.key, node.value], ast.Load())
        produce = self._produce(node.generators, lambda: self.expression(pair))

        def build(run: Run) -> dict[str, Any]:
            made: dict[str, Any] = {}

            def emit(value: Any) -> bool:
                run.allocate(96)
                made[text_key(value[0])] = value[1]
                return False

            produce(run, emit)
            return made

        return build

    # -- calls

    def _call(self, node: ast.Call) -> Compute:
        if isinstance(node.func, ast.Attribute):
            return self._method_call(node, node.func)
        assert isinstance(node.func, ast.Name)  # the grammar lets nothing else be called
        name = node.func.id
        only = node.args[0] if len(node.args) == 1 and not node.keywords else None
        if name in ("any", "all") and isinstance(only, ast.GeneratorExp | ast.ListComp):
            return self._quantifier(only, wanted=name == "any")
        arguments = [self.expression(argument) for argument in node.args]
        named = [(word.arg or "", self._argument(word.value)) for word in node.keywords]

        def call(run: Run) -> Any:
            given = [argument(run) for argument in arguments]
            words = {word: value(run) for word, value in named}
            return call_function(run, name, given, words)

        return call

    def _method_call(self, node: ast.Call, function: ast.Attribute) -> Compute:
        value, name = self.expression(function.value), function.attr
        arguments = [self.expression(argument) for argument in node.args]
        may_change = self.may_change

        def call(run: Run) -> Any:
            receiver = value(run)
            return call_method(run, receiver, name, [a(run) for a in arguments], may_change=may_change)

        return call

    def _quantifier(self, node: ast.GeneratorExp | ast.ListComp, *, wanted: bool) -> Compute:
        produce = self._produce(node.generators, lambda: self.expression(node.elt))
        return lambda run: produce(run, lambda value: guards.truth(value) is wanted) is wanted

    def _argument(self, node: ast.expr) -> Compute:
        if not isinstance(node, ast.Lambda):
            return self.expression(node)
        name = node.args.args[0].arg
        self.bound.append(name)
        body = self.expression(node.body)
        self.bound.pop()

        def bind(run: Run) -> Any:
            def key(value: Any) -> Any:
                run.spend()
                outer = run.locals.get(name)
                run.locals[name] = value
                try:
                    return body(run)
                finally:
                    run.locals[name] = outer

            return key

        return bind


def _local(run: Run, name: str) -> Any:
    try:
        return run.locals[name]
    except KeyError:
        raise unknown_name(name, run.data) from None


def _last(element: Compute) -> Produce:
    return lambda run, emit: emit(element(run))


def _distinct(run: Run, values: list[Any]) -> list[Any]:
    if all(type(value) in SCALARS for value in values):
        run.items(len(values))
        cost(run, values)
        return list(dict.fromkeys(values))
    made: list[Any] = []
    for value in values:
        if not guards.contains(run, value, made):
            run.allocate(16)
            made.append(value)
    return made


def text_key(key: Any) -> str:
    """The key itself when it is a text, as the keys of our data must be."""
    if type(key) is not str:
        raise Fault("数据组的键必须是文本", "key_not_text")
    return key


def target_names(target: ast.expr) -> list[str]:
    """The names a loop or an assignment binds: one, or one for each part."""
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def unpack(run: Run, names: list[str], value: Any) -> list[tuple[str, Any]]:
    """Pairs of name and part for a value taken apart; the counts must agree."""
    if type(value) not in (list, tuple) or len(value) != len(names):
        raise Fault(f"不能把{kind(value)}拆成{len(names)}个变量", "cannot_unpack")
    run.spend(len(names))
    return list(zip(names, value, strict=True))


def call_function(run: Run, name: str, given: list[Any], words: dict[str, Any]) -> Any:
    """Calls one of the helpers, else one of our own functions; data is never called."""
    run.spend()
    helper = run.helpers.get(name)
    try:
        if helper is not None:
            return _call_helper(run, helper, name, given, words)
        if name in OWN:
            return OWN[name](run, *given, **words)
    except TypeError:
        raise Fault(f"“{name}”的参数数量或类型不对", "bad_argument") from None
    raise unknown_function(name, [*run.helpers, *OWN])


def _call_helper(run: Run, helper: Callable[..., Any], name: str, given: list[Any], words: dict[str, Any]) -> Any:
    """The outside function gets copies of plain data and must give plain data; its time is not ours."""
    run.spend(HELPER_STEPS)
    arguments = [plain(run, value) for value in given]
    named = {word: plain(run, value) for word, value in words.items()}
    began = own_time()
    try:
        value = helper(*arguments, **named)
    except (Refusal, ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        why = str(error) if isinstance(error, Refusal) else "参数不对"
        raise Fault(f"“{name}”无法计算：{why}", "helper_refused") from error
    except Exception as error:
        raise Outside(error) from error
    run.deadline += own_time() - began
    cost(run, value)
    return value
