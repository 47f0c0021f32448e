"""规范化水平评分 (S83): what a unit's selection work is worth before and after a campaign.  Pure arithmetic.

Before: 100 points, 8 off for every problem the unit found, 20 off for a false report.
After: what was rectified and looked at by others (on-site guidance or a passed spot check) costs nothing more; what was
rectified but seen by nobody else keeps 2 of its 8 points, what was not rectified all 8; a false report keeps 10 of its
20; a guidance item not yet carried out costs 5, every failed spot check 10.  Nothing falls below 0; the campaign's score
is the mean of its units, rounded.
"""

from collections.abc import Iterable

FULL, PROBLEM, UNSEEN, FALSE_REPORT, STILL_FALSE, GUIDANCE, FAILED = 100, 8, 2, 20, 10, 5, 10
FORMULA = (
    f"每个单位{FULL}分。自查前：每个问题扣{PROBLEM}分，虚报瞒报扣{FALSE_REPORT}分。"
    f"自纠后：未销号的问题每个扣{PROBLEM}分，已自纠但未经驻点或抽查核验的每个扣{UNSEEN}分，虚报瞒报扣{STILL_FALSE}分，"
    f"未落实的指导事项每项扣{GUIDANCE}分，抽查每不通过一次扣{FAILED}分。专项得分为各单位平均分。"
)


def score_before(*, found: int, false_report: bool) -> int:
    """Points of a unit at the self-check, 0 to 100."""
    return max(0, FULL - PROBLEM * found - FALSE_REPORT * false_report)


def score_after(
    *, unrectified: int, rectified: int, seen: bool, false_report: bool, guidance_open: int, failed_checks: int
) -> int:
    """Points of a unit at the end; `seen`: visited on site, or passed a spot check."""
    lost = PROBLEM * unrectified + (0 if seen else UNSEEN * rectified) + STILL_FALSE * false_report
    return max(0, FULL - lost - GUIDANCE * guidance_open - FAILED * failed_checks)


def mean(scores: Iterable[int]) -> int:
    """The campaign's score; 100 when nobody had to check."""
    known = list(scores)
    return round(sum(known) / len(known)) if known else FULL
