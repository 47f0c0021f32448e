"""A line of the benchmark's table, and how a median of CPU time is taken."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple


class Row(NamedTuple):
    """One measurement: ours, what stands beside it, their ratio, and what it must reach."""

    what: str
    ours: str
    beside: str
    ratio: str
    target: str


def cpu_ms(act: Callable[[], object]) -> float:
    """CPU milliseconds of this process for one call."""
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1000


def wall_ms(act: Callable[[], object]) -> float:
    """Elapsed milliseconds of one call."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def middle(values: list[float]) -> float:
    """The median."""
    return median(values)
