"""Sealed text: what only cleared people may read is stored as a token that the installation's secret alone opens.

Knows no form, no table and no person; who may open a token is policy's to say.
"""

import base64
from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "sealed:"
WORDS = "（密文，须经授权查阅）"
"""What people see in the place of a token."""


class BrokenSeal(Exception):
    """The token was not made with a secret of this installation, or has been changed."""


class Sealer:
    """Seals with the present secret; opens what it or a former secret of the installation has sealed."""

    def __init__(self, secret: str, *former: str):
        self._keys = MultiFernet([Fernet(_key(each)) for each in (secret, *former)])

    def seal(self, text: str) -> str:
        """The token of a text; the same text gives another token each time."""
        return PREFIX + self._keys.encrypt(text.encode()).decode()

    def open(self, token: str) -> str:
        """The text in a token.  Raises BrokenSeal."""
        try:
            return self._keys.decrypt(token.removeprefix(PREFIX).encode()).decode()
        except InvalidToken as error:
            raise BrokenSeal(token[: len(PREFIX)]) from error


def is_sealed(value: Any) -> bool:
    """Whether a value has the form of a token."""
    return isinstance(value, str) and value.startswith(PREFIX)


def masked(value: Any) -> Any:
    """The value, and everything in it, with WORDS in the place of each token."""
    if is_sealed(value):
        return WORDS
    if isinstance(value, dict):
        return {key: masked(part) for key, part in value.items()}
    if isinstance(value, list):
        return [masked(part) for part in value]
    return value


def tokens_in(value: Any) -> Iterator[str]:
    """Every token in a value of nested lists and groups."""
    if is_sealed(value):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from tokens_in(part)


def _key(secret: str) -> bytes:
    """A key of its own for sealing, so that the secret that signs cookies says nothing about it."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"huitou sealed text")
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))
