"""回避: from which units' teams a person must keep away, whoever chooses him and however the work reaches him.

Pure: facts in, units out.  A declared recusal (kinship, declared interest) bars every role over the unit; what is said
here bars the two roles of a team: own unit, and a unit left less than three years ago.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

TEAM_ROLES = frozenset({"team_leader", "team_member"})
YEARS_AFTER_LEAVING = 3
REASONS: Mapping[str, str] = MappingProxyType({"relative": "亲属关系", "interest": "利害关系", "other": "其他情形"})


def conflicted_units(unit_id: int, posts: Iterable[Mapping[str, Any]] | None, today: date) -> frozenset[int]:
    """Own unit, and each unit of `posts` ({unit_id, to}: ISO day, None while held) left less than three years ago."""
    former = {int(post["unit_id"]) for post in posts or () if post.get("unit_id") and _is_recent(post, today)}
    return frozenset(former | {unit_id})


def _is_recent(post: Mapping[str, Any], today: date) -> bool:
    left = post.get("to")
    return left is None or _years_before(today) < date.fromisoformat(str(left))


def _years_before(today: date) -> date:
    year = today.year - YEARS_AFTER_LEAVING
    return today.replace(year=year, day=28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def objections(
    unit_id: int, own_unit_id: int, posts: Iterable[Mapping[str, Any]] | None, declared: str | None, today: date
) -> tuple[str, ...]:
    """Why somebody may not be sent to a unit, in words (D10); `declared` is the reason of a declared recusal, if any."""
    found = [f"已申报回避：{REASONS.get(declared, declared)}"] if declared is not None else []
    if own_unit_id == unit_id:
        found.append("现任职于被检查单位")
    elif unit_id in conflicted_units(own_unit_id, posts, today):
        found.append(f"曾任职于被检查单位，离任不满{YEARS_AFTER_LEAVING}年")
    return tuple(found)
