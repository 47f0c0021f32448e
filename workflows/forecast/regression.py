"""Logistic regression with a ridge, by Newton's method, in plain Python: the same rows give the same weights.

It knows numbers only.  The columns are to be standardised; the first weight is the intercept, which the ridge spares.
"""

from collections.abc import Sequence
from math import exp

RIDGE = 40.0
"""How many looks it takes, roughly, before a weight leaves what is believed beforehand."""
STEPS, CLOSE = 30, 1e-8
Row = Sequence[float]


def probability(score: float) -> float:
    """The logistic curve, without overflow."""
    if score >= 0:
        return 1 / (1 + exp(-score))
    grown = exp(score)
    return grown / (1 + grown)


def weights(rows: Sequence[Row], late: Sequence[bool], believed: Row, ridge: float = RIDGE) -> list[float]:
    """Intercept and one weight a column, those under which what happened is likeliest.

    The ridge holds each weight near the one `believed` beforehand; the intercept begins there and is left free.
    """
    full = [(1.0, *row) for row in rows]
    found = list(believed)
    for _ in range(STEPS):
        gradient, curvature = _slopes(full, late, found, believed, ridge)
        step = _damped(solve(curvature, gradient))
        found = [weight + change for weight, change in zip(found, step, strict=True)]
        if max(abs(change) for change in step) < CLOSE:
            break
    return found


def _damped(step: Row) -> list[float]:
    """No weight moves by more than 1 at once, so that a far start does not overshoot."""
    longest = max(1.0, *(abs(change) for change in step))
    return [change / longest for change in step]


def _slopes(
    rows: Sequence[Row], late: Sequence[bool], found: Row, believed: Row, ridge: float
) -> tuple[list[float], list[list[float]]]:
    size = len(found)
    gradient = [0.0, *(ridge * (b - weight) for b, weight in zip(believed[1:], found[1:], strict=True))]
    curvature = [[ridge if i == j and i else 0.0 for j in range(size)] for i in range(size)]
    for row, is_late in zip(rows, late, strict=True):
        p = probability(sum(map(float.__mul__, found, row)))
        rest, spread = is_late - p, p * (1 - p)
        for i in range(size):
            gradient[i] += rest * row[i]
            weighted, line = spread * row[i], curvature[i]
            for j in range(i + 1):
                line[j] += weighted * row[j]
    for i in range(size):
        curvature[i][i] += 1e-9
        for j in range(i):
            curvature[j][i] = curvature[i][j]
    return gradient, curvature


def solve(matrix: Sequence[Row], right: Row) -> list[float]:
    """Solves a small linear system by elimination with pivoting."""
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size = len(lines)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(lines[k][i]))
        lines[i], lines[pivot] = lines[pivot], lines[i]
        for k in range(i + 1, size):
            part = lines[k][i] / lines[i][i]
            lines[k] = [a - part * b for a, b in zip(lines[k], lines[i], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(lines[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (lines[i][size] - rest) / lines[i][i]
    return found
