"""A fitted set of weights: from what it was fitted, and what it says of an item with its reasons in words."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import sqrt
from typing import Any, NamedTuple

from workflows.forecast.factors import FACTORS, measures
from workflows.forecast.past import Facts, Snapshot
from workflows.forecast.regression import probability, weights
from workflows.refusal import Refusal

FEWEST_SNAPSHOTS, FEWEST_LATE = 100, 15
MOST_SNAPSHOTS = 40_000
"""The newest ones count; more would not change the weights, only the minutes."""
FEWEST_TELLING = 0.1
"""A reason is told when it moves the odds by at least a tenth of their logarithm's unit."""


BELIEVED = (1.0, *(0.0 for _ in FACTORS[1:]))
"""Beforehand: as often as others of its kind that had come as far, whatever else is the case."""


class TooLittlePast(Refusal):
    """Not enough has ended yet, or not enough of it late."""

    rule = "forecast"


class Reason(NamedTuple):
    """A factor's part in a forecast: its weight in log odds (> 0 raises the risk), and its sentence."""

    name: str
    weight: float
    sentence: str


class Forecast(NamedTuple):
    """The probability of being missed, and the reasons, weightiest first."""

    probability: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Weights:
    """One fitted set.  `until`: nothing known later was used; `middle` and `spread` standardise each factor."""

    until: datetime
    snapshots: int
    deadlines: int
    base_rate: float
    intercept: float
    weights: tuple[float, ...]
    middle: tuple[float, ...]
    spread: tuple[float, ...]

    def forecast(self, facts: Facts) -> Forecast:
        """What the set says of an item."""
        values = self._standard(measures(facts))
        parts = [weight * value for weight, value in zip(self.weights, values, strict=True)]
        told = sorted(zip(FACTORS, parts, strict=True), key=lambda pair: -abs(pair[1]))
        reasons = tuple(
            Reason(factor.name, round(part, 4), factor.sentence(facts))
            for factor, part in told
            if abs(part) >= FEWEST_TELLING and factor.sentence(facts)
        )
        return Forecast(probability(self.intercept + sum(parts)), reasons)

    def as_data(self) -> dict[str, Any]:
        """For keeping; `from_data` is its inverse."""
        return asdict(self) | {"until": self.until.isoformat(), "factors": [factor.name for factor in FACTORS]}

    def _standard(self, values: Sequence[float]) -> list[float]:
        return [(value - m) / s for value, m, s in zip(values, self.middle, self.spread, strict=True)]


def from_data(data: dict[str, Any]) -> Weights | None:
    """A kept set; None when it was fitted for other factors than today's."""
    if data.get("factors") != [factor.name for factor in FACTORS]:
        return None
    return Weights(
        until=datetime.fromisoformat(data["until"]), snapshots=data["snapshots"], deadlines=data["deadlines"],
        base_rate=data["base_rate"], intercept=data["intercept"], weights=tuple(data["weights"]),
        middle=tuple(data["middle"]), spread=tuple(data["spread"]),
    )  # fmt: skip


def known_by(snapshots: Sequence[Snapshot], until: datetime) -> list[Snapshot]:
    """The looks whose outcome was known at a moment: all that may be learned from then."""
    return [each for each in snapshots if each.at <= until and each.outcome.known_at <= until]


def fit(snapshots: Sequence[Snapshot], until: datetime) -> Weights:
    """The set fitted from what was known at `until`.  Raises TooLittlePast."""
    known = known_by(snapshots, until)[-MOST_SNAPSHOTS:]
    late = [each.outcome.is_late for each in known]
    if len(known) < FEWEST_SNAPSHOTS or sum(late) < FEWEST_LATE:
        raise TooLittlePast(f"已办结的期限还太少（{len(known)}次观察，其中逾期{sum(late)}次），暂不测算临期风险。")
    values = [measures(each.facts) for each in known]
    columns = list(zip(*values, strict=True))
    middle = tuple(sum(column) / len(column) for column in columns)
    spread = (1.0, *(_spread(column, mean) for column, mean in zip(columns[1:], middle[1:], strict=True)))
    rows = [[(v - m) / s for v, m, s in zip(row, middle, spread, strict=True)] for row in values]
    intercept, *found = _sensible(rows, late, middle[0])
    return Weights(
        until, len(known), len({each.key for each in known}), sum(late) / len(late), intercept, tuple(found), middle, spread
    )  # fmt: skip


def _sensible(rows: list[list[float]], late: list[bool], start: float) -> list[float]:
    """Weights of which none runs against sense: a factor that would lower a risk it should raise is left out."""
    left_out: set[int] = set()
    while True:
        kept = [[0.0 if i in left_out else value for i, value in enumerate(row)] for row in rows]
        found = weights(kept, late, (start, *BELIEVED))
        against = {i for i, factor in enumerate(FACTORS) if found[i + 1] * factor.way < 0} - left_out
        if not against:
            return [found[0], *(0.0 if i in left_out else weight for i, weight in enumerate(found[1:]))]
        left_out |= against


def _spread(column: Sequence[float], mean: float) -> float:
    """The standard deviation; 1 for a column that never varies."""
    return sqrt(sum((value - mean) ** 2 for value in column) / len(column)) or 1.0
