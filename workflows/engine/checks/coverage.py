"""Overlaps and gaps of a decision table, found by trying values that stand for all others.

A column's representatives are the constants of its cells, the numbers between and around them, and one value that
is none of them.  Where a cell looks at anything but its input, nothing is claimed.
"""

import ast
from collections.abc import Iterator, Mapping
from itertools import combinations, islice, pairwise, product
from typing import Any

from workflows.engine import language
from workflows.engine.decisions import Decision
from workflows.engine.language.decisions import cell_tree
from workflows.engine.language.vocabulary import DMN_INPUT

MOST_OVERLAPS = 5
MOST_TRIALS = 5_000
ELSE = "（其他）"
Column = list[frozenset[int]]


def overlaps(decision: Decision) -> Iterator[tuple[str, str]]:
    """Pairs of rules (labels) that fit the same inputs; the first few, none where it cannot be decided."""
    fits = _fits(decision)
    if fits is None:
        return
    pairs = (
        (decision.rules[first].label, decision.rules[second].label)
        for first, second in combinations(range(len(decision.rules)), 2)
        if all(column[first] & column[second] for _, column in fits)
    )
    yield from islice(pairs, MOST_OVERLAPS)


def gap(decision: Decision) -> Mapping[str, Any] | None:
    """Inputs that no rule fits, or None when there are none or it cannot be decided."""
    fits = _fits(decision)
    if fits is None or not fits:
        return None
    choices = [[place for place, value in enumerate(values) if value != ELSE] for values, _ in fits]
    for trial in islice(product(*choices), MOST_TRIALS):
        if not any(
            all(place in column[rule] for place, (_, column) in zip(trial, fits, strict=True))
            for rule in range(len(decision.rules))
        ):
            return {
                text: values[place] for text, place, (values, _) in zip(decision.inputs, trial, fits, strict=True)
            }
    return None


def _fits(decision: Decision) -> list[tuple[list[Any], Column]] | None:
    """For each input its representatives, and for each rule which of them its cell fits."""
    found = []
    for place in range(len(decision.inputs)):
        cells = [rule.tests[place] for rule in decision.rules]
        values = _representatives(cells)
        if values is None:
            return None
        found.append((values, [_fitting(cell, values) for cell in cells]))
    return found


def _fitting(cell: str, values: list[Any]) -> frozenset[int]:
    def fits(value: Any) -> bool:
        try:
            return language.matches(cell, "value", {"value": value}, {})
        except language.LanguageError:
            return False

    return frozenset(place for place, value in enumerate(values) if fits(value))


def _representatives(cells: list[str]) -> list[Any] | None:
    constants: dict[Any, None] = {}
    for cell in cells:
        tree = cell_tree(cell)
        for node in ast.walk(tree) if tree is not None else ():
            if (isinstance(node, ast.Name) and node.id != DMN_INPUT) or isinstance(node, ast.Call):
                return None
            if isinstance(node, ast.Constant):
                constants.setdefault((type(node.value), node.value))
    values = [value for _, value in constants]
    numbers = sorted({value for value in values if type(value) in (int, float)})
    if numbers:
        return sorted({*numbers, *_between(numbers), numbers[0] - 1, numbers[-1] + 1})
    if any(type(value) is bool for value in values):
        return [True, False]
    return [*values, ELSE]


def _between(numbers: list[Any]) -> list[Any]:
    """A number between each two; where all are whole, only whole ones count."""
    if all(type(number) is int for number in numbers):
        return [low + 1 for low, high in pairwise(numbers) if low + 1 < high]
    return [(low + high) / 2 for low, high in pairwise(numbers)]
