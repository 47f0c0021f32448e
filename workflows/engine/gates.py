"""What data may enter a process, and how a process's state is packed.  Knows no form and no diagram.

A value that passes can be computed with, stored and loaded again: names are safe, nesting and size are
bounded, and the serializer's own key cannot be forged.
"""

import math
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from workflows.engine.language.vocabulary import FORBIDDEN_KEY, RESERVED
from workflows.refusal import Refusal

KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
MAX_DEPTH: Final = 30
MAX_ANSWER_BYTES: Final = 200_000
MAX_NODES: Final = 50_000
MAX_NUMBER: Final = 2**53
MAX_STATE_BYTES: Final = 8_000_000
MAX_STATE_DEPTH: Final = 200
STATE_TAG: Final = b"HTK1"


class AnswerRefused(Refusal):
    """An answer holds something no process may hold; `path` names the field."""

    rule = "answer_data"

    def __init__(self, path: str, reason: str):
        self.path = path
        super().__init__(f"{f'字段“{path}”' if path else '填报内容'}{reason}")


class StateRefused(Refusal):
    """A stored state cannot be trusted or is too large."""

    rule = "state_data"


def check_answer_data(value: Any) -> None:
    """Refuses an answer (a dict of field name to JSON-like value) that must not enter a process's data."""
    if type(value) is not dict:
        raise AnswerRefused("", "必须是一组字段")
    for name in value:
        if type(name) is str and name in RESERVED:
            raise AnswerRefused(name[:64], "用了系统保留的名称")
    for count, (path, item, depth) in enumerate(_walk(value)):
        if count > MAX_NODES:
            raise AnswerRefused("", "数据项过多")
        if depth > MAX_DEPTH:
            raise AnswerRefused(path, f"嵌套超过{MAX_DEPTH}层")
        _check_item(path, item)
    if len(orjson.dumps(value)) > MAX_ANSWER_BYTES:
        raise AnswerRefused("", "超过200KB上限")


def _walk(value: Any) -> Iterator[tuple[str, Any, int]]:
    """Every value with its path and depth; the caller stops the walk, so nothing is walked in vain."""
    waiting: list[tuple[str, Any, int]] = [("", value, 1)]
    while waiting:
        path, item, depth = waiting.pop()
        yield path, item, depth
        if type(item) is dict:
            waiting += [(f"{path[:200]}.{key[:64]}".lstrip("."), part, depth + 1) for key, part in item.items()]
        elif type(item) is list:
            waiting += [(f"{path[:200]}[{place + 1}]", part, depth + 1) for place, part in enumerate(item)]


def _check_item(path: str, item: Any) -> None:
    if type(item) is dict:
        for key in item:
            _check_key(path, key)
    elif type(item) is str:
        _check_text(path, item)
    elif type(item) in (int, float):
        if not math.isfinite(item) or abs(item) > MAX_NUMBER:
            raise AnswerRefused(path, "的数字超出范围")
    elif item is not None and type(item) not in (bool, list):
        raise AnswerRefused(path, "的数据类型不受支持")


def _check_key(path: str, key: Any) -> None:
    if type(key) is not str or not KEY.fullmatch(key):
        raise AnswerRefused(path, "含有不合规的字段名（只能用英文字母、数字和下划线，以字母开头，不超过64字）")
    if key == FORBIDDEN_KEY:
        raise AnswerRefused(f"{path}.{key}".lstrip("."), "用了系统保留的名称")


def _check_text(path: str, text: str) -> None:
    if len(text) > MAX_ANSWER_BYTES:
        raise AnswerRefused(path, "的文本过长")
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise AnswerRefused(path, "含有不能保存的字符")


def pack_state(state: dict[str, Any], *, most: int = MAX_STATE_BYTES) -> bytes:
    """A state as tagged, compressed JSON; StateRefused when its JSON has more than `most` bytes."""
    try:
        plain = orjson.dumps(state)
    except (TypeError, RecursionError) as error:
        raise StateRefused("流程状态中有不能保存的数据") from error
    if len(plain) > min(most, MAX_STATE_BYTES):
        raise StateRefused(f"流程状态超过{most / 1_000_000:g}MB上限")
    return STATE_TAG + zlib.compress(plain, 6)


def unpack_state(packed: bytes) -> dict[str, Any]:
    """The state inside; StateRefused for another version, damaged bytes, or more than 8 MB when unpacked."""
    if not packed.startswith(STATE_TAG):
        raise StateRefused("流程状态不是本系统当前版本写入的")
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(packed[len(STATE_TAG) :], MAX_STATE_BYTES + 1)
    except zlib.error:
        raise StateRefused("流程状态已损坏") from None
    if len(plain) > MAX_STATE_BYTES:
        raise StateRefused("流程状态超过8MB上限")
    if not inflater.eof or inflater.unused_data:
        raise StateRefused("流程状态已损坏")
    try:
        state = orjson.loads(plain)
    except orjson.JSONDecodeError:
        raise StateRefused("流程状态已损坏") from None
    if type(state) is not dict:
        raise StateRefused("流程状态已损坏")
    return state


def check_state(packed: bytes, *, serializer_version: str | None = None) -> None:
    """Refuses a state that must not reach the serializer: size, depth, type names, serializer version.

    SpiffWorkflow migrates old versions with `eval`, so only the version named here may pass.
    """
    state = unpack_state(packed)
    found = state.get("serializer_version")
    if found is not None and found != serializer_version:
        raise StateRefused("流程状态的版本与系统不符")
    level: list[Any] = [state]
    for _ in range(MAX_STATE_DEPTH):
        level = [part for item in level for part in _parts(item)]
        if not level:
            return
    raise StateRefused("流程状态嵌套过深")


def _parts(item: Any) -> Iterable[Any]:
    """What lies one level deeper; on the way a mapping's type name is looked at."""
    if type(item) is list:
        return item
    if type(item) is not dict:
        return ()
    name = item.get(FORBIDDEN_KEY, "known")
    if type(name) is not str or not KEY.fullmatch(name):
        raise StateRefused("流程状态中有不认识的类型")
    return item.values()
