"""A child that can always be killed: for runs of models nobody has approved yet (check, rehearsal).

What the language's own budget misses ends here: the kernel counts the child's processor time and memory,
and the parent kills it when the clock runs out.  Knows nothing of models.
"""

import os
import resource
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Final, NoReturn

import orjson

from workflows.refusal import Refusal

MAX_RESULT: Final = 32_000_000
ENDED: Final = "模型运行超出时间或内存上限，已被终止"


class Contained(Refusal):
    """A contained run used up its time or memory, or died, and was ended."""

    rule = "contained"

    def __init__(self, message: str = ENDED):
        super().__init__(message)


class ChildFailed(Exception):
    """The contained function raised something that is a fault of ours; str(self) is its type and text."""


def run_contained(
    function: Callable[..., Any],
    *args: Any,
    cpu_seconds: int = 5,
    wall_seconds: float = 10.0,
    memory_mb: int = 512,
) -> Any:
    """function(*args) in a forked child; its JSON-like value.

    `memory_mb` is what the child may use beyond what it starts with.  Contained when a limit ends it,
    the child's own Refusal as a Refusal with the same sentence and rule, ChildFailed for any other exception.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _live(writer, function, args, cpu_seconds, memory_mb)
    os.close(writer)
    try:
        received = _receive(reader, monotonic() + wall_seconds)
    finally:
        os.close(reader)
        _end(child)
    return _outcome(received)


def _live(writer: int, function: Callable[..., Any], args: tuple[Any, ...], cpu: int, memory: int) -> NoReturn:
    """The child's whole life; leaves by os._exit so that nothing of the parent's is cleaned up twice."""
    try:
        _limit(cpu, memory)
        answer = _answer(function, args)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def _limit(cpu: int, memory: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    most = _address_space() + memory * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _address_space() -> int:
    with open("/proc/self/statm", "rb") as statistics:
        return int(statistics.read().split()[0]) * resource.getpagesize()


def _answer(function: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    try:
        return orjson.dumps({"value": function(*args)})
    except Refusal as refusal:
        return orjson.dumps({"refusal": str(refusal), "rule": refusal.rule})
    except MemoryError:
        return orjson.dumps({"ended": True})
    except Exception as error:
        return orjson.dumps({"error": f"{type(error).__name__}: {error}"[:2_000].encode("utf-8", "replace").decode()})


def _receive(reader: int, deadline: float) -> bytes:
    """What the child wrote before the deadline; nothing when it is still at work or wrote too much."""
    received = bytearray()
    while len(received) <= MAX_RESULT:
        left = deadline - monotonic()
        ready, _, _ = select.select([reader], [], [], max(left, 0))
        if not ready:
            return b""
        part = os.read(reader, 1 << 20)
        if not part:
            return bytes(received)
        received += part
    return b""


def _end(child: int) -> None:
    """Kills the child (harmless when it is done) and collects it."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _outcome(received: bytes) -> Any:
    try:
        outcome = orjson.loads(received)
    except orjson.JSONDecodeError:
        raise Contained from None
    if "value" in outcome:
        return outcome["value"]
    if "refusal" in outcome:
        raise Refusal(outcome["refusal"], rule=outcome["rule"])
    if "error" in outcome:
        raise ChildFailed(outcome["error"])
    raise Contained
