"""The sentences about a name that is not there; looks at a bounded number of candidates."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Any

from workflows.engine.language.problems import Fault


def similar(name: str, known: Iterable[str]) -> str:
    """Advice naming up to three close matches among the first 150 names, or nothing."""
    candidates = [other for other in islice(known, 150) if type(other) is str and len(other) <= 40]
    found = get_close_matches(name[:40], candidates, n=3)
    return f"，是否想写{'、'.join(f'“{match}”' for match in found)}" if found else ""


def unknown_name(name: str, known: Iterable[str]) -> Fault:
    """The refusal of a name the data does not have."""
    return Fault(f"没有名为“{name[:64]}”的数据{similar(name, known)}", "unknown_name")


def unknown_function(name: str, known: Iterable[str]) -> Fault:
    """The refusal of a function that does not exist."""
    return Fault(f"没有名为“{name[:64]}”的函数{similar(name, known)}", "unknown_function")


def no_such_key(key: Any, value: dict[str, Any]) -> Fault:
    """The refusal of a key a mapping does not have."""
    if type(key) is not str:
        return Fault("数据组只能按文本键取值", "no_such_key")
    return Fault(f"数据组中没有“{key[:64]}”{similar(key, value)}", "no_such_key")
