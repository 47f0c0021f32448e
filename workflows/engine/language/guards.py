"""Operators on values, each bounded before it happens; only the language's own types take part."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from operator import add, floordiv, ge, gt, le, lt, mod, mul, sub, truediv
from typing import Any, Final

from workflows.engine.language.budget import KNOWN, SEQUENCES, Run, cost, kind, number, unsupported
from workflows.engine.language.problems import Fault
from workflows.engine.language.suggestions import no_such_key

NUMBERS: Final = frozenset({int, float, bool})
COMPARED: Final = frozenset({int, float, bool})
MOMENTS: Final = frozenset({date, datetime, timedelta})
Binary = Callable[[Run, Any, Any], Any]


def truth(value: Any) -> bool:
    """Whether a value counts as true; refuses types the language does not know."""
    if value is True or value is False:
        return bool(value)
    if type(value) not in KNOWN:
        raise unsupported()
    return bool(value)


def equal(run: Run, left: Any, right: Any) -> bool:
    """left == right, its cost counted first."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return bool(left == right)
    cost(run, left)
    cost(run, right)
    if type(left) in SEQUENCES and type(right) in SEQUENCES:
        return list(left) == list(right)
    return bool(left == right)


def unequal(run: Run, left: Any, right: Any) -> bool:
    """left != right, its cost counted first."""
    return not equal(run, left, right)


def _ordered(symbol: str, operator: Callable[[Any, Any], Any]) -> Binary:
    def compare(run: Run, left: Any, right: Any) -> bool:
        a, b = type(left), type(right)
        if a in COMPARED and b in COMPARED:
            return bool(operator(left, right))
        if a is not b or a in (dict, type(None)):
            advice = "，时刻请先用 .date() 取日期" if {a, b} == {date, datetime} else ""
            raise Fault(f"{kind(left)}与{kind(right)}不能用 {symbol} 比较大小{advice}", "cannot_compare")
        cost(run, left)
        cost(run, right)
        try:
            return bool(operator(left, right))
        except TypeError:
            raise Fault(f"这两个{kind(left)}不能用 {symbol} 比较大小", "cannot_compare") from None

    return compare


less, less_equal, greater, greater_equal = (
    _ordered("<", lt), _ordered("<=", le), _ordered(">", gt), _ordered(">=", ge),
)  # fmt: skip


def contains(run: Run, item: Any, container: Any) -> bool:
    """item in container: a part of a text, a key of a mapping, an element of a list."""
    found = type(container)
    if found is dict:
        return type(item) is str and item in container
    if found is str:
        if type(item) is not str:
            raise Fault(f"{kind(item)}不能与文本作包含判断", "cannot_compare")
        run.spend(1 + len(container) * (1 + len(item) // 512) // 128)
        return item in container
    if found not in SEQUENCES:
        raise Fault(f"{kind(container)}不能用 in 判断", "cannot_compare")
    one = cost(run, item)
    run.spend(len(container) * (one // 8))
    cost(run, container)
    return item in container


def excludes(run: Run, item: Any, container: Any) -> bool:
    """item not in container."""
    return not contains(run, item, container)


def _arithmetic(symbol: str, operator: Callable[[Any, Any], Any]) -> Binary:
    def compute(run: Run, left: Any, right: Any) -> Any:
        run.spend()
        if type(left) in NUMBERS and type(right) in NUMBERS:
            return number(operator(number(left), number(right)))
        if symbol in "+-" and (type(left) in MOMENTS or type(right) in MOMENTS):
            return _moment(symbol, operator, left, right)
        raise Fault(f"{kind(left)}与{kind(right)}不能用 {symbol} 运算", "cannot_compute")

    return compute


def _moment(symbol: str, operator: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    try:
        return operator(left, right)
    except TypeError:
        raise Fault(f"{kind(left)}与{kind(right)}不能用 {symbol} 运算", "cannot_compute") from None


_add_numbers = _arithmetic("+", add)
_multiply_numbers = _arithmetic("*", mul)
subtract, divide, floor_divide, modulo = (
    _arithmetic("-", sub), _arithmetic("/", truediv), _arithmetic("//", floordiv), _arithmetic("%", mod),
)  # fmt: skip


def plus(run: Run, left: Any, right: Any) -> Any:
    """left + right: numbers, texts, lists, or a moment and a length of time."""
    if type(left) is str and type(right) is str:
        run.text(len(left) + len(right))
        return left + right
    if type(left) in SEQUENCES and type(right) in SEQUENCES:
        run.items(len(left) + len(right))
        return [*left, *right]
    return _add_numbers(run, left, right)


def times(run: Run, left: Any, right: Any) -> Any:
    """left * right; a text or a list is repeated only within the size limits."""
    if type(right) is str or type(right) in SEQUENCES:
        left, right = right, left
    if type(left) is str and type(right) is int:
        run.text(len(left) * max(right, 0))
        return left * right
    if type(left) in SEQUENCES and type(right) is int:
        run.items(len(left) * max(right, 0))
        return list(left) * right
    return _multiply_numbers(run, left, right)


def power(run: Run, left: Any, right: Any) -> Any:
    """left ** right for small exponents."""
    run.spend()
    if type(left) not in NUMBERS or type(right) not in NUMBERS:
        raise Fault(f"{kind(left)}与{kind(right)}不能用 ** 运算", "cannot_compute")
    if not -200 <= right <= 200 or int(abs(number(left))).bit_length() * abs(right) > 400:
        raise Fault("乘方结果过大", "number_too_large")
    result = left**right
    if type(result) is complex:
        raise Fault("负数不能开方", "cannot_compute")
    return number(result)


def negative(run: Run, value: Any) -> Any:
    """-value."""
    if type(value) not in NUMBERS and type(value) is not timedelta:
        raise Fault(f"{kind(value)}前不能写负号", "cannot_compute")
    return -value


def positive(run: Run, value: Any) -> Any:
    """+value."""
    if type(value) not in NUMBERS:
        raise Fault(f"{kind(value)}前不能写正号", "cannot_compute")
    return +value


def item_of(run: Run, value: Any, key: Any) -> Any:
    """value[key]."""
    if type(value) is dict:
        if type(key) is not str or key not in value:
            raise no_such_key(key, value)
        return value[key]
    if type(value) not in SEQUENCES and type(value) is not str:
        raise Fault(f"{kind(value)}不能按序号或键取值", "cannot_compute")
    if type(key) is not int:
        raise Fault(f"序号必须是整数，不能是{kind(key)}", "cannot_compute")
    if not -len(value) <= key < len(value):
        raise Fault(f"序号{key}超出范围，共有{len(value)}项", "no_such_item")
    return value[key]


def part_of(run: Run, value: Any, bounds: tuple[Any, Any, Any]) -> Any:
    """value[start:stop:step]."""
    if type(value) not in SEQUENCES and type(value) is not str:
        raise Fault(f"{kind(value)}不能截取", "cannot_compute")
    if any(bound is not None and type(bound) is not int for bound in bounds) or bounds[2] == 0:
        raise Fault("截取的起止必须是整数，步长不能为0", "cannot_compute")
    run.allocate(64 + 16 * len(range(*slice(*bounds).indices(len(value)))))
    return value[slice(*bounds)]


ATTRIBUTES: Final[dict[type, frozenset[str]]] = {
    date: frozenset({"year", "month", "day"}),
    datetime: frozenset({"year", "month", "day", "hour", "minute", "second"}),
    timedelta: frozenset({"days", "seconds"}),
}


def attribute_of(run: Run, value: Any, name: str) -> Any:
    """value.name: a key of a mapping, or a listed part of a date, a moment, a length of time."""
    found = type(value)
    if found is dict:
        if name not in value:
            raise no_such_key(name, value)
        return value[name]
    if name in ATTRIBUTES.get(found, ()):
        return getattr(value, name)  # the name is one of the constants above
    raise Fault(f"{kind(value)}没有“{name}”", "no_such_key")


def elements(run: Run, value: Any) -> list[Any]:
    """What a loop walks over: a copy, so that the loop's body cannot stretch it."""
    if type(value) not in SEQUENCES and type(value) is not str and type(value) is not dict:
        raise Fault(f"{kind(value)}不能逐项处理", "cannot_iterate")
    run.items(len(value))
    return list(value)
