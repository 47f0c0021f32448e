"""The language's own functions: len, sum, sorted …  The date functions come from outside at run time."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from workflows.engine.language.budget import (
    SCALARS,
    SEQUENCES,
    Run,
    cost,
    kind,
    number,
)  # fmt: skip
from workflows.engine.language.guards import NUMBERS, elements, less, plus, truth
from workflows.engine.language.problems import Fault

Function = Callable[..., Any]
MAX_DIGITS: Final = 40


def _length(run: Run, value: Any) -> int:
    if type(value) not in SEQUENCES and type(value) is not str and type(value) is not dict:
        raise Fault(f"{kind(value)}没有长度", "bad_argument")
    return len(value)


def _sum(run: Run, values: Any, start: Any = 0) -> Any:
    total = start
    for value in elements(run, values):
        if type(value) not in NUMBERS or type(total) not in NUMBERS:
            raise Fault(f"只能对数字求和，不能对{kind(value)}求和", "bad_argument")
        total = plus(run, total, value)
    return total


def _any(run: Run, values: Any) -> bool:
    return any(truth(value) for value in elements(run, values))


def _all(run: Run, values: Any) -> bool:
    return all(truth(value) for value in elements(run, values))


class _Rank:
    """Orders values by our own guarded `<`, so that a sort is counted and mixed types are refused."""

    __slots__ = ("run", "value")

    def __init__(self, run: Run, value: Any):
        self.run = run
        self.value = value

    def __lt__(self, other: "_Rank") -> bool:
        return bool(less(self.run, self.value, other.value))


def _ranked(run: Run, values: list[Any], key: Function | None) -> list[tuple[_Rank, Any]]:
    run.spend(len(values))
    return [(_Rank(run, key(value) if key else value), value) for value in values]


def _sorted(run: Run, values: Any, *, key: Function | None = None, reverse: Any = False) -> list[Any]:
    ranked = _ranked(run, elements(run, values), key)
    run.spend(len(ranked) * len(ranked).bit_length() // 4)
    ranked.sort(key=lambda pair: pair[0], reverse=truth(reverse))
    return [value for _, value in ranked]


def _extreme(name: str) -> Function:
    def function(run: Run, *given: Any, key: Function | None = None, **other: Any) -> Any:
        values = elements(run, given[0]) if len(given) == 1 else list(given)
        if set(other) - {"default"}:
            raise Fault(f"“{name}”的参数名称不对", "bad_argument")
        if not values and "default" in other:
            return other["default"]
        if not values:
            raise Fault("列表为空，没有最大最小值，可写 default=…", "no_such_item")
        ranked = _ranked(run, values, key)
        best = ranked[0]
        for pair in ranked[1:]:
            if pair[0] < best[0] if name == "min" else best[0] < pair[0]:
                best = pair
        return best[1]

    return function


def _round(run: Run, value: Any, digits: Any = None) -> Any:
    if type(value) not in NUMBERS or not (digits is None or (type(digits) is int and -30 <= digits <= 30)):
        raise Fault("round 的参数必须是数字，位数在-30至30之间", "bad_argument")
    return number(round(number(value), digits))


def _abs(run: Run, value: Any) -> Any:
    if type(value) not in NUMBERS:
        raise Fault(f"{kind(value)}没有绝对值", "bad_argument")
    return abs(value)


def text_of(run: Run, value: Any) -> str:
    """A value as text; what it would take is counted first."""
    if type(value) is str:
        return value
    if type(value) not in SCALARS:
        run.text(cost(run, value) * 32)
    run.allocate(64)
    return str(value)


def _int(run: Run, value: Any = 0) -> int:
    if type(value) is str and len(value) <= MAX_DIGITS and value.strip().lstrip("+-").isascii():
        return int(number(int(value)))
    if type(value) in NUMBERS:
        return int(number(int(number(value))))
    raise Fault(f"这个{kind(value)}不能变为整数", "bad_argument")


def _float(run: Run, value: Any = 0.0) -> float:
    if type(value) in NUMBERS or (type(value) is str and len(value) <= MAX_DIGITS and value.isascii()):
        return float(number(float(value)))
    raise Fault(f"这个{kind(value)}不能变为小数", "bad_argument")


def _bool(run: Run, value: Any = False) -> bool:
    return truth(value)


def _range(run: Run, *bounds: Any) -> list[int]:
    if not 1 <= len(bounds) <= 3 or any(type(bound) is not int for bound in bounds) or bounds[2:] == (0,):
        raise Fault("range 的参数必须是一至三个整数，步长不能为0", "bad_argument")
    numbers = range(*(max(-(10**18), min(bound, 10**18)) for bound in bounds))
    run.items(len(numbers))
    return list(numbers)


def _list(run: Run, values: Any = ()) -> list[Any]:
    return elements(run, values)


def _enumerate(run: Run, values: Any, start: Any = 0) -> list[Any]:
    run.items(5 * _length(run, values))
    return [(place + int(number(start)), value) for place, value in enumerate(elements(run, values))]


def _zip(run: Run, first: Any, second: Any) -> list[Any]:
    run.items(5 * min(_length(run, first), _length(run, second)))
    return list(zip(elements(run, first), elements(run, second), strict=False))


def _reversed(run: Run, values: Any) -> list[Any]:
    return elements(run, values)[::-1]


def _date(run: Run, text: Any) -> date:
    if type(text) in (date, datetime):
        return text  # type: ignore[no-any-return]
    if type(text) is not str or len(text) > MAX_DIGITS:
        raise Fault("date 的参数必须是形如 2026-09-25 的文本", "bad_argument")
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise Fault("date 的参数必须是形如 2026-09-25 的文本", "bad_argument") from None


OWN: Final[dict[str, Function]] = {
    "len": _length, "length": _length, "sum": _sum, "any": _any, "all": _all, "sorted": _sorted,
    "min": _extreme("min"), "max": _extreme("max"), "round": _round, "abs": _abs, "str": text_of,
    "int": _int, "float": _float, "bool": _bool, "range": _range, "list": _list, "enumerate": _enumerate,
    "zip": _zip, "reversed": _reversed, "date": _date,
}  # fmt: skip
"""The functions every text may call; what `evaluate` is given as helpers wins over these."""
