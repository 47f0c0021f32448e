"""Initials of Chinese names in pinyin, as people type them: 青澜市委组织部 → qlswzzb.  Knows no table."""

import re
from functools import lru_cache
from importlib import import_module
from typing import Any

# Characters that are read differently as a surname; the dictionary knows them as words.
SURNAMES = {
    "单": "s", "曾": "z", "解": "x", "仇": "q", "区": "o", "查": "z", "盖": "g", "朴": "p", "任": "r", "华": "h",
    "缪": "m", "翟": "z", "乐": "y", "重": "c", "覃": "q", "员": "y", "尉迟": "yc", "万俟": "mq", "长孙": "zs",
}  # fmt: skip
NOT_SAID = re.compile(r"[^0-9a-z]")


def initials_of(name: str) -> str:
    """The first letter of each character, in lower case; Latin letters and digits stay, punctuation falls away."""
    letters = _library().lazy_pinyin(name, style=_library().Style.FIRST_LETTER)
    return NOT_SAID.sub("", "".join(letters).lower())


def initials_of_person(name: str) -> str:
    """The same for a person's name, its surname read as one."""
    surname = next((known for known in SURNAMES if name.startswith(known)), "")
    return SURNAMES.get(surname, "") + initials_of(name[len(surname) :])


@lru_cache(maxsize=1)
def _library() -> Any:
    """Loaded when the first name is written: its dictionary takes 57 MB, which no reader needs."""
    return import_module("pypinyin")
