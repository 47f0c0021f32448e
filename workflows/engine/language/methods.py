"""What may be called on a value: one table for each exact type, every entry bounded before it works."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from workflows.engine.language.budget import MAX_TEXT, Run, cost, kind, plain
from workflows.engine.language.problems import Fault, Stop
from workflows.engine.language.suggestions import similar

Method = Callable[..., Any]
MAX_PAD: Final = 1_000


def _same_length(name: str, factor: int = 3) -> Method:
    def method(run: Run, value: str) -> Any:
        run.text(len(value) * factor)
        return getattr(value, name)()  # the name is one of the constants below

    return method


def _with_texts(name: str, most: int) -> Method:
    def method(run: Run, value: str, *arguments: Any) -> Any:
        if len(arguments) > most or not all(type(a) is str or a is None for a in arguments):
            raise Fault(f"{name} 的参数必须是至多{most}个文本", "bad_argument")
        run.text(len(value))
        run.spend(sum(len(a) for a in arguments if a) // 8 * (1 + len(value) // 64))
        return getattr(value, name)(*arguments)  # the name is one of the constants below

    return method


def _starts(name: str) -> Method:
    def method(run: Run, value: str, parts: Any) -> bool:
        several = parts if type(parts) in (list, tuple) else [parts]
        cost(run, several)
        if not all(type(part) is str for part in several):
            raise Fault(f"{name} 的参数必须是文本", "bad_argument")
        return bool(getattr(value, name)(tuple(several)))

    return method


def _split(run: Run, value: str, separator: Any = None, most: Any = -1) -> list[str]:
    if (separator is not None and type(separator) is not str) or type(most) is not int:
        raise Fault("split 的参数必须是文本", "bad_argument")
    pieces = len(value) // 2 + 1 if separator is None else value.count(separator) + 1 if separator else 1
    run.items(min(pieces, most + 1) if most >= 0 else pieces)
    run.allocate(2 * len(value) + 64 * pieces)
    return value.split(separator, most)


def _join(run: Run, value: str, parts: Any) -> str:
    if type(parts) not in (list, tuple) or not all(type(part) is str for part in parts):
        raise Fault("join 的参数必须是文本的列表", "bad_argument")
    run.spend(len(parts))
    run.text(sum(len(part) for part in parts) + len(value) * len(parts))
    return value.join(parts)


def _replace(run: Run, value: str, old: Any, new: Any) -> str:
    if type(old) is not str or type(new) is not str:
        raise Fault("replace 的参数必须是文本", "bad_argument")
    run.spend(1 + len(value) // 64)
    run.text(len(value) + value.count(old) * len(new))
    return value.replace(old, new)


def _pad(name: str) -> Method:
    def method(run: Run, value: str, width: Any, fill: Any = " ") -> str:
        if type(width) is not int or width > MAX_PAD or type(fill) is not str:
            raise Fault(f"{name} 的宽度必须是不超过{MAX_PAD}的整数", "bad_argument")
        run.text(max(len(value), width))
        return str(value.zfill(width) if name == "zfill" else getattr(value, name)(width, fill))

    return method


TEXT: Final[dict[str, Method]] = {
    **{name: _same_length(name) for name in ("lower", "upper", "title", "capitalize", "casefold", "swapcase")},
    **{name: _same_length(name, 1) for name in ("isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower")},
    **{name: _with_texts(name, 1) for name in ("strip", "lstrip", "rstrip", "removeprefix", "removesuffix")},
    **{name: _with_texts(name, 1) for name in ("find", "rfind", "count", "partition", "rpartition")},
    **{name: _starts(name) for name in ("startswith", "endswith")},
    **{name: _pad(name) for name in ("ljust", "rjust", "center", "zfill")},
    "split": _split,
    "join": _join,
    "replace": _replace,
    "splitlines": lambda run, value: _split(run, value, "\n"),
}


def _get(run: Run, value: dict[str, Any], key: Any, default: Any = None) -> Any:
    run.spend()
    return value.get(key, default) if type(key) is str else default


def _view(kind_of: str) -> Method:
    def method(run: Run, value: dict[str, Any]) -> list[Any]:
        run.items(len(value) * (5 if kind_of == "items" else 1))
        return list(getattr(value, kind_of)())

    return method


def _update(run: Run, value: dict[str, Any], other: Any) -> None:
    if type(other) is not dict:
        raise Fault("update 的参数必须是数据组", "bad_argument")
    run.items(len(value) + len(other) * 4)
    value.update(other)


def _dict_pop(run: Run, value: dict[str, Any], key: Any, *default: Any) -> Any:
    if type(key) is not str or (key not in value and not default):
        raise Fault("数据组中没有要取出的键", "no_such_key")
    return value.pop(key, default[0] if default else None)


def _setdefault(run: Run, value: dict[str, Any], key: Any, default: Any = None) -> Any:
    if type(key) is not str:
        raise Fault("数据组的键必须是文本", "key_not_text")
    run.allocate(128)
    return value.setdefault(key, default)


def _clear(run: Run, value: Any) -> None:
    value.clear()


def _copy(run: Run, value: Any) -> Any:
    return plain(run, value)


MAPPING: Final[dict[str, Method]] = {
    "get": _get, "keys": _view("keys"), "values": _view("values"), "items": _view("items"), "copy": _copy,
}  # fmt: skip
MAPPING_CHANGES: Final[dict[str, Method]] = {
    "update": _update, "pop": _dict_pop, "setdefault": _setdefault, "clear": _clear,
}  # fmt: skip


def _search(name: str) -> Method:
    def method(run: Run, value: list[Any], item: Any) -> int:
        run.spend(len(value) * (cost(run, item) // 8))
        cost(run, value)
        if name == "index" and item not in value:
            raise Fault("列表中没有要找的项", "no_such_item")
        return int(getattr(value, name)(item))

    return method


def _append(run: Run, value: list[Any], item: Any) -> None:
    run.allocate(16)
    value.append(item)


def _extend(run: Run, value: list[Any], items: Any) -> None:
    if type(items) not in (list, tuple):
        raise Fault("extend 的参数必须是列表", "bad_argument")
    run.items(len(value) + len(items))
    value.extend(list(items))


def _insert(run: Run, value: list[Any], index: Any, item: Any) -> None:
    if type(index) is not int:
        raise Fault("序号必须是整数", "bad_argument")
    run.allocate(16 + len(value) // 8)
    value.insert(index, item)


def _list_pop(run: Run, value: list[Any], index: Any = -1) -> Any:
    if type(index) is not int or not -len(value) <= index < len(value):
        raise Fault("列表中没有要取出的项", "no_such_item")
    run.spend(1 + len(value) // 64)
    return value.pop(index)


def _remove(run: Run, value: list[Any], item: Any) -> None:
    del value[_search("index")(run, value, item)]


def _reverse(run: Run, value: list[Any]) -> None:
    run.spend(1 + len(value) // 64)
    value.reverse()


LIST: Final[dict[str, Method]] = {"index": _search("index"), "count": _search("count"), "copy": _copy}
LIST_CHANGES: Final[dict[str, Method]] = {
    "append": _append, "extend": _extend, "insert": _insert, "pop": _list_pop,
    "remove": _remove, "reverse": _reverse, "clear": _clear,
}  # fmt: skip


def _iso(run: Run, value: date) -> str:
    return value.isoformat()


def _weekday(run: Run, value: date) -> int:
    return value.weekday()


def _isoweekday(run: Run, value: date) -> int:
    return value.isoweekday()


def _date_of(run: Run, value: datetime) -> date:
    return value.date()


DAY: Final[dict[str, Method]] = {"isoformat": _iso, "weekday": _weekday, "isoweekday": _isoweekday}
SPAN: Final[dict[str, Method]] = {"total_seconds": lambda run, value: value.total_seconds()}

METHODS: Final[dict[type, dict[str, Method]]] = {
    str: TEXT, dict: MAPPING, list: LIST, tuple: LIST, date: DAY,
    datetime: {**DAY, "date": _date_of}, timedelta: SPAN,
}  # fmt: skip
CHANGES: Final[dict[type, dict[str, Method]]] = {dict: MAPPING_CHANGES, list: LIST_CHANGES}
CHANGING_NAMES: Final = frozenset(MAPPING_CHANGES) | frozenset(LIST_CHANGES)
METHOD_NAMES: Final = CHANGING_NAMES.union(*METHODS.values())


def call_method(run: Run, value: Any, name: str, arguments: list[Any], *, may_change: bool) -> Any:
    """value.name(*arguments); methods that change a value exist in scripts only."""
    run.spend()
    method = METHODS.get(type(value), {}).get(name)
    if method is None and name in CHANGES.get(type(value), ()):
        if not may_change:
            raise Fault(f"条件和表达式只能读取数据，不能使用“{name}”", "read_only")
        method = CHANGES[type(value)][name]
    if method is None:
        advice = similar(name, METHODS.get(type(value), ()))
        raise Fault(f"{kind(value)}没有“{name}”这一方法{advice}", "unknown_method")
    try:
        return method(run, value, *arguments)
    except TypeError:
        raise Fault(f"“{name}”的参数数量或类型不对", "bad_argument") from None
    except OverflowError:
        raise Stop(f"“{name}”的参数超出范围（文本上限{MAX_TEXT}字）") from None
