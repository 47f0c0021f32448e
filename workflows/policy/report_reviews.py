"""一报告两评议 as arithmetic: rates of the votes, the place among peers, the bottom band, and what follows from years.

Facts in, numbers out; knows no table.  The widths of the bottom band are ours to set [DESIGN].
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

BOTTOM_SHARE = 0.10  # of the peer group
BOTTOM_LEAST = 3  # units, but never more than half of a small group
YEARS_TO_MUST = 3  # S57: in the bottom band of three years running
SEVERITY_WEIGHTS = {"minor": 0.5, "moderate": 1.0, "serious": 2.0, "critical": 4.0}
MOST_DEDUCTION = 20.0


@dataclass(frozen=True)
class Ballots:
    """The votes of one question: 好, 较好, 一般, 差."""

    good: int
    fair: int
    average: int
    bad: int

    @property
    def total(self) -> int:
        """All ballots of the question."""
        return self.good + self.fair + self.average + self.bad

    @property
    def good_rate(self) -> float:
        """好 as a share of all ballots; 0 without any."""
        return self.good / self.total if self.total else 0.0

    @property
    def content_rate(self) -> float:
        """好 and 较好 as a share of all ballots; 0 without any."""
        return (self.good + self.fair) / self.total if self.total else 0.0


@dataclass(frozen=True)
class Votes:
    """One unit in one year: three questions and the approval of those newly promoted (None: nobody promoted)."""

    unit_id: int
    peer_group: str
    overall: Ballots
    supervision: Ballots
    last_year_fix: Ballots
    approval_rate: float | None


@dataclass(frozen=True)
class Standing:
    """A unit's place among its peers; 1 is the best, equal votes share a place."""

    rank: int
    rank_of: int
    bottom_band: bool


def standings(year: Iterable[Votes]) -> dict[int, Standing]:
    """Unit id → its standing within its peer group, from the votes of one year; the same votes, the same answer."""
    groups: dict[str, list[Votes]] = defaultdict(list)
    for votes in year:
        groups[votes.peer_group].append(votes)
    found: dict[int, Standing] = {}
    for group in groups.values():
        keys = {votes.unit_id: _merit(votes) for votes in group}
        safe = len(group) - bottom_size(len(group))
        for unit_id, key in keys.items():
            rank = 1 + sum(other > key for other in keys.values())
            found[unit_id] = Standing(rank, len(group), rank > safe)
    return found


def bottom_size(group: int) -> int:
    """How many of a peer group make up its bottom band."""
    return min(max(BOTTOM_LEAST, ceil(group * BOTTOM_SHARE)), group // 2)


def consecutive_bottom(years: Mapping[int, bool], latest: int) -> int:
    """How many years running, back from `latest`, the unit was in the bottom band; a year without votes ends it."""
    count = 0
    while years.get(latest - count):
        count += 1
    return count


def credibility(votes: Votes, severities: Iterable[str]) -> float:
    """选人用人公信度 (S1), 0–100: the mean content of the votes, less the gravity of the year's findings."""
    parts = [votes.overall.content_rate, votes.supervision.content_rate, votes.last_year_fix.content_rate]
    if votes.approval_rate is not None:
        parts.append(votes.approval_rate)
    less = min(sum(SEVERITY_WEIGHTS.get(severity, 0.0) for severity in severities), MOST_DEDUCTION)
    return round(max(100 * sum(parts) / len(parts) - less, 0.0), 1)


def _merit(votes: Votes) -> tuple[float, float, float, float]:
    return (
        votes.overall.good_rate,
        votes.supervision.good_rate,
        votes.last_year_fix.good_rate,
        votes.approval_rate if votes.approval_rate is not None else 1.0,
    )
