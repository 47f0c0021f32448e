"""How evenly a team is spread over ages, years of experience and present posts (S28): a score, and its reasons."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workflows.teams.people import AGE_BANDS, EXPERIENCE_BANDS, POST_KINDS, Candidate


@dataclass(frozen=True)
class Scale:
    """One thing a team should be mixed in."""

    title: str
    bands: Sequence[str]
    band_of: Callable[[Candidate], str]

    def quota(self, size: int) -> int:
        """How many of one band an even team of this size has at most."""
        return -(-size // len(self.bands))


SCALES = (
    Scale("年龄结构", AGE_BANDS, lambda each: each.age_band),
    Scale("工作经历", EXPERIENCE_BANDS, lambda each: each.experience_band),
    Scale("现任岗位", tuple(POST_KINDS.values()), lambda each: POST_KINDS.get(each.post_kind, "一般干部")),
)


@dataclass(frozen=True)
class Dimension:
    """One scale looked at: how many people in each band, and how many too many."""

    title: str
    counts: Mapping[str, int]
    surplus: int
    words: str


@dataclass(frozen=True)
class Balance:
    """`score` 0–100: 100 when no band holds more people than an even spread would give it."""

    score: int
    dimensions: tuple[Dimension, ...]

    @property
    def surplus(self) -> int:
        """People too many in their bands, over all scales."""
        return sum(each.surplus for each in self.dimensions)

    @property
    def words(self) -> list[str]:
        """The score explained, a line a scale."""
        return [each.words for each in self.dimensions]


def balance_of(team: Sequence[Candidate]) -> Balance:
    """The balance of a whole team, its leader included; an empty one scores 0."""
    dimensions = tuple(_look(scale, team) for scale in SCALES)
    worst = sum(len(team) - scale.quota(len(team)) for scale in SCALES)
    surplus = sum(each.surplus for each in dimensions)
    score = 0 if not team else 100 if not worst else round(100 * (worst - surplus) / worst)
    return Balance(score, dimensions)


def _look(scale: Scale, team: Sequence[Candidate]) -> Dimension:
    found = Counter(scale.band_of(each) for each in team)
    counts = {band: found[band] for band in scale.bands}
    quota = scale.quota(len(team))
    crowded = {band: count - quota for band, count in counts.items() if count > quota}
    spread = "、".join(f"{band}{count}人" for band, count in counts.items() if count)
    verdict = "、".join(f"{band}偏多{more}人" for band, more in crowded.items()) or "分布均衡"
    return Dimension(scale.title, counts, sum(crowded.values()), f"{scale.title}：{spread or '无人'}；{verdict}")
