"""Free text as a condition: what was typed must occur in one of the columns.  Knows no table.

The columns are narrow and the tables of a region small enough to be looked through (docs/decisions/0015): a substring
needs no index, so words of two characters, pieces of numbers and pieces of words are found alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from workflows.sealing import PREFIX

LONGEST = 100
MOST_WORDS = 5
LEAST = 2  # characters, without spaces
INITIALS = re.compile(r"[0-9a-z]{2,20}")
LEAST_SKIPPING = 4  # letters from which on some may be left out: 青澜市委组织部 is called qlszzb


@dataclass(frozen=True)
class Asked:
    """What was typed, as words each of which must be found."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Asked":
        """The first five different words of a text."""
        return cls(tuple(dict.fromkeys(text[:LONGEST].split()))[:MOST_WORDS])

    @property
    def is_enough(self) -> bool:
        """Whether there is enough of it to look for."""
        return sum(map(len, self.words)) >= LEAST


def contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """A condition: at least one column contains the text, wildcards taken literally."""
    return _occurs(text.strip()[:LONGEST], columns)


def found_in(asked: Asked, *columns: Any, initials: Sequence[Any] = ()) -> ColumnElement[bool]:
    """A condition: each word occurs in one of the columns, or is spelt by one of the columns of initials."""
    return and_(*(or_(_occurs(word, columns), *_spelt(word, initials)) for word in asked.words))


def is_no_token(column: Any) -> ColumnElement[bool]:
    """A condition: the column holds no sealed text, which is never looked through."""
    is_open: ColumnElement[bool] = column.not_like(f"{PREFIX}%")
    return is_open


def spelling(word: str) -> str:
    """The word as initials; "" when it cannot be any."""
    letters = word.lower()
    return letters if INITIALS.fullmatch(letters) else ""


def _occurs(text: str, columns: Sequence[Any]) -> ColumnElement[bool]:
    """Letters in the cases people write them in: a few LIKEs are many times quicker than ILIKE on PostgreSQL."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    written = dict.fromkeys((plain, plain.upper(), plain.lower(), plain.capitalize()))
    return or_(false(), *(column.like(f"%{each}%", escape="\\") for each in written for column in columns))


def _spelt(word: str, columns: Sequence[Any]) -> list[ColumnElement[bool]]:
    letters = spelling(word)
    if not letters:
        return []
    patterns = [f"%{letters}%"]
    if len(letters) >= LEAST_SKIPPING:
        patterns.append("%".join(letters) + "%")
    return [column.like(pattern) for column in columns for pattern in patterns]
