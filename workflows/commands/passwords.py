"""Passwords: how they are hashed (argon2id) and which are refused.  It knows no table and no page.

Length and rarity decide, not composition: 12 characters or more, any Unicode, nothing cut off, not a common one, not
the organisation's or the person's own words (ASVS 6.2).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from workflows.refusal import Refusal

SHORTEST, LONGEST = 12, 1024
# 19 MiB, two passes, one lane: the OWASP profile, light enough for many people signing in at nine o'clock.
STRONG = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# For a demo's sixty accounts and for tests; a real sign-in replaces such a hash with a strong one.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

ORGANISATION_WORDS = (
    "huitou", "回头看", "组织部", "干部监督", "选人用人", "专项检查", "zuzhibu", "ganbujiandu", "ganjian", "xuanren",
    "yongren", "xunshi", "巡视", "yunshuo", "云朔",
)  # fmt: skip
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgb",
)  # fmt: skip
_LEAST_OF_ITS_OWN = 6  # characters that must remain when all that is guessable has been taken out
_COMMON = Path(__file__).parent / "common_passwords.txt"


class WeakPassword(Refusal):
    """The new password is too short or too easily guessed."""

    rule = "password"


def hash_password(password: str, *, hasher: PasswordHasher = STRONG) -> str:
    """The argon2id hash to be stored."""
    return hasher.hash(_normal(password))


def matches(stored: str, password: str) -> bool:
    """Whether the password is the one behind the hash."""
    if len(password) > LONGEST:
        return False
    try:
        return STRONG.verify(stored, _normal(password))  # cost and kind come from the hash itself
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return STRONG.check_needs_rehash(stored)


@cache
def nobodys_hash() -> str:
    """What an unknown account's password is checked against, so that the answer takes as long."""
    return STRONG.hash("nobody has this password")


def require_strong(password: str, *, own_words: Iterable[str] = ()) -> None:
    """Raises WeakPassword unless the password is long and unlikely; `own_words`: login, name, unit of the person."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"口令不得少于{SHORTEST}个字符，建议使用一句便于自己记忆的话。")
    if len(password) > LONGEST:
        raise WeakPassword(f"口令不得超过{LONGEST}个字符。")
    plain = _normal(password).casefold()
    if plain in _common():
        raise WeakPassword("该口令属于常见口令，极易被猜中，请另设。")
    words = [word.casefold() for word in (*ORGANISATION_WORDS, *own_words) if len(word) >= 2]
    if any(word in plain for word in words) and len(_without(plain, words)) < SHORTEST:
        raise WeakPassword("口令不得以单位名称、姓名、账号或业务用语为主，请另设。")
    if len(_without_patterns(plain)) < _LEAST_OF_ITS_OWN:
        raise WeakPassword("口令不得由连续、重复或键盘相邻的字符组成，请另设。")


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text("utf-8").split())


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _without_patterns(text: str) -> str:
    """What is left when runs along an alphabet or a keyboard, and repetitions, are taken out."""
    repeated = re.fullmatch(r"(.{1,6}?)\1+", text)
    if repeated:
        return repeated[1] if len(set(repeated[1])) > 1 and len(repeated[1]) > _LEAST_OF_ITS_OWN else ""
    text = re.sub(r"(.)\1{2,}", "", text)
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(row) - 3):
            for stop in range(len(row), start + 3, -1):
                text = text.replace(row[start:stop], "")
    return text
