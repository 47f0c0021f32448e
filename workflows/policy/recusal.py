"""回避: from which units' teams a person must keep away, whoever chooses him and however the work reaches him.

Pure: facts in, units out.  A declared recusal (kinship, declared interest) bars every role over the unit; what is said
here bars the two roles of a team: own unit, and a unit left less than three years ago.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

TEAM_ROLES = frozenset({"team_leader", "team_member"})
YEARS_AFTER_LEAVING = 3


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
