"""The named reasons why a deadline may be missed: how each is measured, and how an official would say it."""

from collections.abc import Callable
from math import log
from typing import NamedTuple

from workflows.forecast.past import PRIOR, Facts, Tally

SEVERITY_WORDS = ("", "轻微", "一般", "较重", "严重")


class Factor(NamedTuple):
    """A reason: its name, its measure, and its sentence ("" where there is nothing to say).

    `way` is the only direction in which it may count: 1 raises the risk, -1 lowers it, 0 either.
    """

    name: str
    title: str
    measure: Callable[[Facts], float]
    sentence: Callable[[Facts], str]
    way: int = 1


def shrunk(record: Tally, towards: float) -> float:
    """The share of late ones, with PRIOR items of the general share behind a short record."""
    return (record.late + PRIOR * towards) / (record.ended + PRIOR)


def overall(facts: Facts) -> float:
    """The region's share of late items of the past year, never quite 0 or 1."""
    return (facts.region_record.late + 0.5) / (facts.region_record.ended + 1)


def log_odds(share: float) -> float:
    return log(share / (1 - share))


def excess(facts: Facts) -> float:
    """How much more is late with this party than its kinds of deadlines let expect, in logarithms; 0 is as expected.

    PRIOR items of the general share stand on both sides, so a short record says little.
    """
    kept = PRIOR * overall(facts)
    return log((facts.party_record.late + kept) / (facts.party_record.expected + kept))


def on_time(ended: int, late: float) -> str:
    """The share that was on time, in whole percent."""
    return f"{round(100 * (ended - late) / ended)}%"


def stage_share(facts: Facts) -> float:
    """The share of late ones among those of the kind that had come as far, leaning on the kind's own share."""
    return shrunk(facts.stage_record, shrunk(facts.rule_record, overall(facts)))


def _rule(facts: Facts) -> str:
    ended, late, _ = facts.stage_record
    if not ended:
        return "同类期限尚无办结先例，按一般情况估计"
    return f"同类期限办到这一步仍未办结的，以往{round(100 * late / ended)}%逾期（{ended}项）"


def _party(facts: Facts) -> str:
    ended, late, expected = facts.party_record
    if not ended:
        return "责任方近一年没有办结记录，按一般情况估计"
    own, usual = on_time(ended, late), on_time(ended, expected)
    way = "持平" if own == usual else "偏低" if late > expected else "偏高"
    return f"责任方近一年按期率{own}（{ended}项），与全区同类期限的{usual}相比{way}"


def _severity(facts: Facts) -> str:
    return f"问题程度{SEVERITY_WORDS[facts.severity]}" if facts.severity else ""


FACTORS: tuple[Factor, ...] = (
    Factor("rule", "期限种类", lambda f: log_odds(stage_share(f)), _rule),
    Factor("party", "责任方按期率", excess, _party),
    Factor("days_left", "剩余工作日", lambda f: log(1 + f.days_left), lambda f: f"距期限还有{f.days_left}个工作日", -1),
    Factor("share", "已用时间", lambda f: f.share, lambda f: f"已用去期限的{round(100 * f.share)}%"),
    Factor("idle", "未见办理", lambda f: log(1 + f.idle_days), lambda f: f"已{f.idle_days}个工作日没有办理动作"),
    Factor("returns", "退回次数", lambda f: min(f.returns, 3), lambda f: f"验收已被退回{f.returns}次" if f.returns else ""),
    Factor("severity", "问题程度", lambda f: f.severity, _severity, 0),
    Factor("extensions", "延期次数", lambda f: min(f.extensions, 2), lambda f: f"已延期{f.extensions}次" if f.extensions else ""),
    Factor("load", "责任方在办", lambda f: log(1 + f.load), lambda f: f"责任方现有{f.load}项期限在办"),
)  # fmt: skip


def measures(facts: Facts) -> list[float]:
    """The factors' values, in the order of FACTORS."""
    return [float(factor.measure(facts)) for factor in FACTORS]
