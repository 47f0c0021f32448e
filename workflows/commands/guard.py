"""Counts tries that never came back: the outermost ring around a step (trust.md §3, layer 4).

A step that kills its process (a hang ended by the server, memory gone) cannot write its own failure, so a mark is
left on disk *before* the step and removed after it.  Marks of dead processes are failed tries; after three the
instance is an incident and is not touched again until somebody has looked.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflows.refusal import Refusal

MOST_TRIES = 3


class GivenUp(Refusal):
    """The instance has taken its process down three times."""

    rule = "incident"


@contextmanager
def guarded(folder: Path, instance_id: int) -> Iterator[None]:
    """Surrounds one engine step of an instance; raises GivenUp when three tries have ended their process."""
    folder.mkdir(parents=True, exist_ok=True)
    if len(lost_tries(folder, instance_id)) >= MOST_TRIES:
        raise GivenUp("该流程连续三次运行异常，已暂停并转人工处理，请联系系统管理员。")
    mark = folder / f"{instance_id}.{os.getpid()}.{os.urandom(4).hex()}"
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def lost_tries(folder: Path, instance_id: int) -> list[Path]:
    """The marks of steps whose process is gone."""
    return [mark for mark in folder.glob(f"{instance_id}.*") if not _is_alive(int(mark.name.split(".")[1]))]


def forget(folder: Path, instance_id: int) -> None:
    """Removes the marks, after somebody has mended the cause and wants another try."""
    for mark in lost_tries(folder, instance_id):
        mark.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
