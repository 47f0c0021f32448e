"""Numbers that must have no gaps: closures, notices, letters, talks, referrals, circulars (design §3)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from workflows.models import (
    AdmonitionTalk,
    Circular,
    ClosureRecord,
    Letter,
    NumberSeries,
    Referral,
    SupervisionNotice,
)
from workflows.queries.doctor._rules import Examination, Finds, rule

NUMBER = re.compile(r"(.*?)(\d+)(号?)")
OURS = ("XH-", "DB-", "YJ-", "YT-", "WZ-", "组监通")
"""How the series begin whose numbers stand on papers: closures, notices, letters, talks, referrals, circulars."""


@rule("number_gap", "销号单、督办文书、预警函、约谈、移送、通报的编号必须连续不重")
def number_gap(seen: Examination) -> Finds:
    """Each series runs from 1 to the last number given."""
    given = dict(seen.session.execute(select(NumberSeries.series, NumberSeries.last)).all())
    used: dict[str, list[int]] = {series: [] for series in given if series.startswith(OURS)} | series_of(
        _all_numbers(seen)
    )
    for series, numbers in used.items():
        last = max(given.get(series, 0), *numbers, 0)
        missing = sorted(set(range(1, last + 1)) - set(numbers))
        twice = sorted({each for each in numbers if numbers.count(each) > 1})
        if missing:
            yield series, f"编号 {series} 缺第 {_listed(missing)} 号"
        if twice:
            yield series, f"编号 {series} 的第 {_listed(twice)} 号重复"
        if series in given and given[series] < max(numbers, default=0):
            yield series, f"编号 {series} 已用到第 {max(numbers)} 号，登记簿却只到第 {given[series]} 号"


def _all_numbers(seen: Examination) -> Iterator[str]:
    for column in (
        ClosureRecord.closure_no,
        SupervisionNotice.notice_no,
        Letter.letter_no,
        AdmonitionTalk.talk_no,
        Circular.circular_no,
    ):
        yield from seen.session.scalars(select(column))
    yield from seen.session.scalars(select(Referral.ref_no).where(Referral.track == ""))


def series_of(numbers: Iterable[str]) -> dict[str, list[int]]:
    """Series, as the register names it → the numbers used."""
    found: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        if match := NUMBER.fullmatch(number):
            found[f"{match[1]}#{match[3]}"].append(int(match[2]))
    return found


def missing_in(numbers: list[int], given: int) -> str:
    """The numbers left out up to the last one used or given, in words; "" when there is none."""
    return _listed(sorted(set(range(1, max(given, *numbers, 0) + 1)) - set(numbers)))


def _listed(numbers: list[int]) -> str:
    return "、".join(map(str, numbers[:10])) + ("……" if len(numbers) > 10 else "")
