"""Compiled texts are remembered, but only so many: the most recently used, counted apart by length."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

SHORT: Final = 200
SHORT_TEXTS: Final = 1_024
LONG_TEXTS: Final = 64
T = TypeVar("T")


def remembered(build: Callable[[str], T]) -> Callable[[str], T]:
    """`build`, remembering what it made from a text; a text that is refused is built anew each time."""
    short, long = lru_cache(SHORT_TEXTS)(build), lru_cache(LONG_TEXTS)(build)

    def recall(text: str) -> T:
        if type(text) is not str:
            return build(text)
        return short(text) if len(text) <= SHORT else long(text)

    return recall
