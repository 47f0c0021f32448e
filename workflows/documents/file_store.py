"""Keeps bytes once under their SHA-256, in two levels of folders outside the web root.  Knows no table and no name."""

import os
import secrets
from hashlib import sha256
from pathlib import Path


class Damaged(Exception):
    """The stored bytes are gone or no longer what they were."""


def store(folder: Path, content: bytes) -> str:
    """Writes the bytes, if they are not there already, so that after a crash they are there whole or not at all.

    Returns the SHA-256 in hex.  A file whose transaction is rolled back stays behind unreferenced, which harms nobody.
    """
    digest = sha256(content).hexdigest()
    path = path_of(folder, digest)
    if path.exists() and sha256(path.read_bytes()).hexdigest() == digest:
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{digest}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o440)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return digest


def load(folder: Path, digest: str) -> bytes:
    """The bytes, verified again; raises Damaged."""
    try:
        content = path_of(folder, digest).read_bytes()
    except OSError as error:
        raise Damaged(str(error)) from error
    if sha256(content).hexdigest() != digest:
        raise Damaged("sha-256 differs")
    return content


def path_of(folder: Path, digest: str) -> Path:
    """Where the bytes of a digest lie."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise Damaged("not a digest")
    return folder / digest[:2] / digest[2:4] / digest


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
