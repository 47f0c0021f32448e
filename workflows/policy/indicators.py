"""指标口径: the arithmetic of every figure of the cockpit.  Pure: numbers in, numbers out; knows no table and no page.

A rate without a denominator is no rate: every function answers None where there is nothing to count yet.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date

QUANTILES: Mapping[str, int] = {"P50": 50, "P80": 80, "P95": 95}


def percent(part: int, whole: int) -> float | None:
    """part ÷ whole in per cent, to one decimal place."""
    return round(100 * part / whole, 1) if whole else None


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean, to one decimal place."""
    return round(sum(values) / len(values), 1) + 0.0 if values else None  # no -0.0


def median(values: Sequence[float]) -> float | None:
    """The middle value; of an even number, the mean of the two in the middle."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percentile(values: Sequence[float], per_cent: int) -> float | None:
    """Nearest rank: the smallest value that at least `per_cent` of all do not exceed; always one that occurred."""
    ordered = sorted(values)
    return float(ordered[max(math.ceil(per_cent * len(ordered) / 100), 1) - 1]) if ordered else None


def quantiles(values: Sequence[float]) -> dict[str, float | None]:
    """P50, P80 and P95 of the values."""
    return {name: percentile(values, per_cent) for name, per_cent in QUANTILES.items()}


def conversions(levels: Mapping[int, int]) -> dict[int, float | None]:
    """转化率: of what reached the level before, how much reached this one; the first level has none before it."""
    return {level: percent(number, levels[level - 1]) if level - 1 in levels else None
            for level, number in levels.items()}  # fmt: skip


def month_ends(today: date, months: int) -> list[date]:
    """The last days of the `months` whole months before today's, oldest first, and today."""
    found = [today]
    first = today.replace(day=1)
    for _ in range(months):
        last = date.fromordinal(first.toordinal() - 1)
        found.append(last)
        first = last.replace(day=1)
    return found[::-1]
