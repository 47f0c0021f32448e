"""整改成效 (S101): how well rectification works, over the cases a person sees.  Counts; judges nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflows.policy import Actor
from workflows.policy.indicators import percent
from workflows.queries import figures
from workflows.queries.finding_filters import Filters


@dataclass(frozen=True)
class Ratio:
    """One figure: what it measures, the facts behind it with their counts, and whether more of it is better."""

    title: str
    part_fact: str
    whole_fact: str
    note: str
    more_is_better: bool = True
    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> float | None:
        """None when there is nothing to count yet."""
        return percent(self.part, self.whole)


RATIOS: Sequence[Ratio] = (
    Ratio("销号率", "settled", "told", "已销号问题 ÷ 已反馈问题"),
    Ratio("成效优良率", "good", "settled", "成效等次为“好”的问题 ÷ 已销号问题"),
    Ratio("问题反复率", "repeated", "told", "反复出现的问题 ÷ 已反馈问题", more_is_better=False),
    Ratio("一次验收通过率", "first_passed", "first_verifications", "首次验收即通过 ÷ 首次验收"),
    Ratio("虚假整改率", "false_rectified", "verifications", "发现虚假整改的验收 ÷ 全部验收", more_is_better=False),
    Ratio("根源建制率", "answered", "rooted", "有制度对应的问题根源 ÷ 已剖析的问题根源"),
    Ratio("建章立制率", "instituted", "told", "建立或修订制度的问题 ÷ 已反馈问题"),
    Ratio("培训覆盖率", "attended", "due_to_attend", "已参加人次 ÷ 应参加人次"),
)
"""The quality figures, in the order people read them."""


def quality(session: Session, actor: Actor, *, now: datetime) -> list[Ratio]:
    """The quality figures with their counts: a statement a subject."""
    names = sorted({name for ratio in RATIOS for name in (ratio.part_fact, ratio.whole_fact)})
    counts = figures.counts(session, actor, names, Filters(), now=now)
    return [
        Ratio(
            ratio.title, ratio.part_fact, ratio.whole_fact, ratio.note, ratio.more_is_better,
            counts[ratio.part_fact], counts[ratio.whole_fact],
        )
        for ratio in RATIOS
    ]  # fmt: skip
