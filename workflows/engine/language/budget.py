"""What one evaluation may spend: steps, time, memory; and what values may exist at all.

Knows the types of the language, not its texts.  Every walk over a value counts the nodes it would
expand to (a list that is contained twice counts twice), so shared references cannot hide size.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from math import inf
from threading import local
from time import thread_time
from typing import Any, Final

from workflows.engine.language.problems import Fault, Stop
from workflows.engine.language.vocabulary import FORBIDDEN_KEY

MAX_STEPS: Final = 50_000
MAX_SECONDS: Final = 0.25
MAX_BYTES: Final = 4_000_000
MAX_TEXT: Final = 200_000
MAX_ITEMS: Final = 20_000
MAX_INT: Final = 10**30
MAX_RESULT_INT: Final = 2**53
MAX_DEPTH: Final = 40

SCALARS: Final = frozenset({type(None), bool, int, float, str, date, datetime, timedelta})
SEQUENCES: Final = frozenset({list, tuple})
KNOWN: Final = SCALARS | SEQUENCES | {dict}

TYPE_NAMES: Final[dict[type, str]] = {
    type(None): "空值", bool: "是否值", int: "整数", float: "小数", str: "文本", list: "列表",
    tuple: "列表", dict: "数据组", date: "日期", datetime: "时刻", timedelta: "时长",
}  # fmt: skip


def kind(value: object) -> str:
    """The Chinese word for a value's type."""
    return TYPE_NAMES.get(type(value), "不支持的数据")


_allowed_until: ContextVar[float] = ContextVar("allowed_until", default=inf)


class _Collector(local):
    """CPU seconds the garbage collector has taken in this thread: a pause is not the text's doing."""

    began = 0.0
    spent = 0.0

    def watch(self, phase: str, _facts: dict[str, int]) -> None:
        """Called by the collector as it starts and stops."""
        if phase == "start":
            self.began = thread_time()
        else:
            self.spent += thread_time() - self.began


_collector = _Collector()
gc.callbacks.append(_collector.watch)


def own_time() -> float:
    """CPU seconds of this thread without the collector's: neither a busy machine nor a large heap counts."""
    return thread_time() - _collector.spent


@contextmanager
def allowance(seconds: float) -> Iterator[None]:
    """All texts evaluated in this block share this time, each still within its own: one step, many cells."""
    token = _allowed_until.set(min(_allowed_until.get(), own_time() + seconds))
    try:
        yield
    finally:
        _allowed_until.reset(token)


class Run:
    """One evaluation under way: the data it sees, its local names, and what it has spent."""

    __slots__ = ("bytes", "data", "deadline", "helpers", "line", "locals", "look_at", "steps")

    def __init__(self, data: Mapping[str, Any], helpers: Mapping[str, Callable[..., Any]]):
        self.data = data
        self.helpers = helpers
        self.locals: dict[str, Any] = {}
        self.line = 1
        self.steps = 0
        self.bytes = 0
        self.look_at = 64
        self.deadline = min(own_time() + MAX_SECONDS, _allowed_until.get())

    def spend(self, steps: int = 1) -> None:
        """Count steps; now and then look at the limits."""
        self.steps += steps
        if self.steps > self.look_at:
            if self.steps > MAX_STEPS:
                raise Stop("计算步数超出上限")
            if own_time() > self.deadline:
                raise Stop("计算时间超出上限")
            self.look_at = self.steps + 64

    def allocate(self, size: int) -> None:
        """Count bytes about to be used; called before the operation that uses them."""
        self.bytes += size
        if self.bytes > MAX_BYTES:
            raise Stop("占用内存超出上限")
        self.spend(1 + size // 256)

    def text(self, length: int) -> None:
        """A text of this many characters is about to be made."""
        if length > MAX_TEXT:
            raise Stop("文本过长")
        self.allocate(64 + 2 * length)

    def items(self, count: int) -> None:
        """A list of this many items is about to be made."""
        if count > MAX_ITEMS:
            raise Stop("列表过长")
        self.allocate(64 + 16 * count)


def cost(run: Run, value: Any, depth: int = 0) -> int:
    """Steps a walk over this value takes, counted as if nothing were shared, and spent at once."""
    found = type(value)
    if found in SCALARS:
        spent = 1 + len(value) // 32 if found is str else 1
        run.spend(spent)
        return spent
    if depth >= MAX_DEPTH:
        raise Stop("数据嵌套过深")
    run.spend()
    if found is dict:
        return 1 + sum(cost(run, k) + cost(run, v, depth + 1) for k, v in value.items())
    if found in SEQUENCES:
        return 1 + sum(cost(run, item, depth + 1) for item in value)
    raise unsupported()


def unsupported() -> Fault:
    """The refusal of a value whose type the language does not know."""
    return Fault("数据中有不支持的类型", "unsupported_type")


def number(value: Any) -> Any:
    """The number itself when it is small enough and finite."""
    if type(value) is int:
        if -MAX_INT < value < MAX_INT:
            return value
        raise Fault("整数过大", "number_too_large")
    if value - value != 0.0:  # infinite or not a number
        raise Fault("计算结果不是有限的数", "number_not_finite")
    return value


def plain(run: Run, value: Any, *, iso: bool = False, depth: int = 0) -> Any:
    """A fresh copy made of plain data only; tuples become lists, with `iso` dates become ISO texts."""
    found = type(value)
    run.spend()
    if found in SCALARS:
        return _plain_scalar(run, value, found, iso)
    if depth >= MAX_DEPTH:
        raise Stop("数据嵌套过深")
    if found is dict:
        run.items(len(value))
        return {_key(run, k): plain(run, v, iso=iso, depth=depth + 1) for k, v in value.items()}
    if found in SEQUENCES:
        run.items(len(value))
        return [plain(run, item, iso=iso, depth=depth + 1) for item in value]
    raise unsupported()


def _plain_scalar(run: Run, value: Any, found: type, iso: bool) -> Any:
    if found is str:
        run.text(len(value)) if len(value) > 256 else run.allocate(64)
    elif found is float:
        number(value)
    elif found is int:
        if abs(value) > MAX_RESULT_INT:
            raise Fault("结果中的整数过大", "number_too_large")
    elif found is timedelta:
        raise Fault("结果不能是时长，请取其天数（.days）", "result_not_plain")
    elif iso and found in (date, datetime):
        return value.isoformat()
    return value


def _key(run: Run, key: object) -> str:
    if type(key) is not str:
        raise Fault("数据组的键必须是文本", "key_not_text")
    if key == FORBIDDEN_KEY:
        raise Fault(f"“{key}”是系统保留的键", "reserved_name")
    if len(key) > 64:
        run.text(len(key))
    return key
