"""Whether forecasts can be trusted: a back-test over time against the base rate, and how often each level came true."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from workflows.forecast.fitting import TooLittlePast, Weights, fit
from workflows.forecast.past import Snapshot
from workflows.workdays import local_date, start_of_day

EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


class Bin(NamedTuple):
    """Forecasts between two levels: how many, what they said on average, how often it came true."""

    low: float
    high: float
    number: int
    said: float
    came: float


class Period(NamedTuple):
    """One step of the back-test: fitted on what was known when it began, tried on what came in it."""

    begins: str
    fitted_on: int
    tried_on: int
    brier: float
    base: float
    by_rule: float


@dataclass(frozen=True)
class Backtest:
    """The Brier score is the mean squared error of a probability: 0 is perfect; `skill` > 0 beats the base rate."""

    tried_on: int
    late_share: float
    brier: float
    base_brier: float
    rule_brier: float
    periods: tuple[Period, ...]
    bins: tuple[Bin, ...]

    @property
    def skill(self) -> float:
        """1 − Brier ÷ Brier of the base rate (the share of late ones known when the period began)."""
        return _skill(self.brier, self.base_brier)

    @property
    def skill_over_rule(self) -> float:
        """The same against the share of late ones of the same kind of deadline: a harder measure."""
        return _skill(self.brier, self.rule_brier)

    @property
    def beats_base_rate(self) -> bool:
        return self.skill > 0

    def as_data(self) -> dict[str, Any]:
        """For keeping; `backtest_from` is its inverse."""
        return asdict(self)


class _Try(NamedTuple):
    said: float
    base: float
    by_rule: float
    is_late: bool


def backtest_from(data: dict[str, Any]) -> Backtest:
    """A kept back-test."""
    parts = {
        "periods": tuple(Period(*each) for each in data["periods"]),
        "bins": tuple(Bin(*each) for each in data["bins"]),
    }
    return Backtest(**(data | parts))


def backtest(snapshots: Sequence[Snapshot], now: datetime) -> Backtest:
    """Walks through time by quarters: fits on what was known at each one's beginning, tries on the looks in it."""
    tries: list[_Try] = []
    periods: list[Period] = []
    for begins, ends in _quarters(snapshots, now):
        try:
            fitted = fit(snapshots, begins)
        except TooLittlePast:
            continue
        if found := _tries(fitted, snapshots, begins, ends):
            periods.append(_period(begins, fitted.snapshots, found))
            tries += found
    if not tries:
        raise TooLittlePast("已办结的期限跨越的时间还太短，暂不能回测。")
    return Backtest(
        len(tries), sum(each.is_late for each in tries) / len(tries), *_scores(tries), tuple(periods), tuple(_bins(tries))
    )  # fmt: skip


def _quarters(snapshots: Sequence[Snapshot], now: datetime) -> list[tuple[datetime, datetime]]:
    if not snapshots:
        return []
    first, last = local_date(snapshots[0].at), local_date(now)
    days = [day for year in range(first.year, last.year + 1) for day in _quarter_days(year) if first < day <= last]
    moments = [*map(start_of_day, days), now]
    return list(pairwise(moments))


def _quarter_days(year: int) -> list[date]:
    return [date(year, month, 1) for month in (1, 4, 7, 10)]


def _tries(fitted: Weights, snapshots: Sequence[Snapshot], begins: datetime, ends: datetime) -> list[_Try]:
    """Where the item stood within the period, against the share known when it began."""
    return [
        _Try(fitted.forecast(each.facts).probability, fitted.base_rate, _rule_share(each, fitted.base_rate), each.outcome.is_late)
        for each in snapshots
        if begins < each.at <= ends
    ]  # fmt: skip


def _rule_share(look: Snapshot, base: float) -> float:
    return (look.facts.rule_record.late + base) / (look.facts.rule_record.ended + 1)


def _period(begins: datetime, fitted_on: int, found: Sequence[_Try]) -> Period:
    return Period(local_date(begins).isoformat(), fitted_on, len(found), *_scores(found))


def _scores(found: Sequence[_Try]) -> tuple[float, float, float]:
    """Brier scores: ours, of the base rate, of the kind's own share."""
    return _brier(found, "said"), _brier(found, "base"), _brier(found, "by_rule")


def _brier(found: Sequence[_Try], name: str) -> float:
    return sum((float(getattr(each, name)) - each.is_late) ** 2 for each in found) / len(found)


def _bins(found: Sequence[_Try]) -> list[Bin]:
    bins = []
    for low, high in pairwise(EDGES):
        within = [each for each in found if low <= each.said < high or each.said == high == EDGES[-1]]
        if within:
            said, came = (
                sum(values) / len(within) for values in ((e.said for e in within), (e.is_late for e in within))
            )
            bins.append(Bin(low, high, len(within), said, came))
    return bins


def _skill(ours: float, theirs: float) -> float:
    return 1 - ours / theirs if theirs else 0.0
