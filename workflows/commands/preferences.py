"""What a person chooses for himself: a preference by name, and named filters of a list.

Like theme and language these are no acts on a case: they leave no history.
"""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Preference, SavedFilter
from workflows.policy import SUPERVISORS, Actor
from workflows.queries.preferences import OPINIONS
from workflows.refusal import Refusal

LONGEST_NAME = 30
LONGEST_QUERY = 1000
MOST_OPINIONS = 9  # one a key
LONGEST_OPINION = 200
MOST_FILTERS = 30  # of one person on one list
NOT_KEPT = ("after", "page", "filter")  # where one stood is no part of a filter


def choose(work: Work, *, name: str, value: Any, actor: Actor, now: datetime) -> None:
    """Remembers one choice of the person's; None forgets it."""
    mine = (Preference.user_id == actor.user_id, Preference.name == name)
    kept = work.session.scalar(select(Preference).where(*mine))
    if value is None:
        work.session.execute(delete(Preference).where(*mine))
    elif kept is None:
        work.session.add(Preference(user_id=actor.user_id, name=name, value=value, changed_at=now))
    else:
        kept.value, kept.changed_at = value, now


def keep_opinions(work: Work, *, texts: list[str], actor: Actor, now: datetime) -> None:
    """常用意见: the person's own sentences in his order; none at all brings the usual ones back."""
    kept = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if len(kept) > MOST_OPINIONS:
        raise Refusal(f"常用意见最多{MOST_OPINIONS}条。", rule="opinion_number")
    if any(len(text) > LONGEST_OPINION for text in kept):
        raise Refusal(f"每条常用意见不超过{LONGEST_OPINION}字。", rule="opinion_length")
    choose(work, name=OPINIONS, value=kept or None, actor=actor, now=now)


def save_filter(
    work: Work,
    *,
    page: str,
    name: str,
    query: str,
    actor: Actor,
    now: datetime,
    shared_with_role: str | None = None,
    is_default: bool = False,
) -> SavedFilter:
    """Keeps the present filter of a list under a name; one of the same name is replaced."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(f"请为筛选方案起一个不超过{LONGEST_NAME}字的名称。", rule="filter_name")
    if shared_with_role and shared_with_role not in roles_to_share_with(actor):
        raise Refusal("只能共享给您本人所在岗位。", rule="filter_role")
    kept = _named(work.session, actor, page, name)
    if is_default:
        _no_default(work.session, actor, page)
    kept.query, kept.shared_with_role, kept.is_default = _kept_query(query), shared_with_role or None, is_default
    kept.created_at = now
    work.session.add(kept)
    work.session.flush()
    return kept


def choose_default_filter(work: Work, *, filter_id: int, is_default: bool, actor: Actor, now: datetime) -> None:
    """The filter that the list opens with, or no longer so."""
    chosen = _own(work.session, actor, filter_id)
    _no_default(work.session, actor, chosen.page)
    chosen.is_default = is_default


def remove_filter(work: Work, *, filter_id: int, actor: Actor, now: datetime) -> None:
    """Takes one of the person's own filters away, from him and from those he shared it with."""
    work.session.delete(_own(work.session, actor, filter_id))


def roles_to_share_with(actor: Actor) -> frozenset[str]:
    """The person's own roles; supervisors work on one table and share among all of them."""
    return frozenset(actor.roles | (SUPERVISORS if actor.has_role(*SUPERVISORS) else frozenset()))


def _named(session: Session, actor: Actor, page: str, name: str) -> SavedFilter:
    mine = (SavedFilter.owner_id == actor.user_id, SavedFilter.page == page)
    kept = session.scalar(select(SavedFilter).where(*mine, SavedFilter.name == name))
    if kept is not None:
        return kept
    if session.scalars(select(func.count()).select_from(SavedFilter).where(*mine)).one() >= MOST_FILTERS:
        raise Refusal(f"最多保存{MOST_FILTERS}个筛选方案，请先删除不用的。", rule="filter_number")
    return SavedFilter(owner_id=actor.user_id, page=page, name=name)


def _kept_query(query: str) -> str:
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key not in NOT_KEPT])
    if len(kept) > LONGEST_QUERY:
        raise Refusal("筛选条件过长，无法保存。", rule="filter_length")
    return kept


def _own(session: Session, actor: Actor, filter_id: int) -> SavedFilter:
    found = session.get(SavedFilter, filter_id)
    if found is None or found.owner_id != actor.user_id:
        raise Refusal("没有找到这个筛选方案，可能已被删除。", rule="filter")
    return found


def _no_default(session: Session, actor: Actor, page: str) -> None:
    mine = (SavedFilter.owner_id == actor.user_id, SavedFilter.page == page)
    session.execute(update(SavedFilter).where(*mine).values(is_default=False))
