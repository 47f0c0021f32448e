"""What a person has chosen for himself: how a list looks, its saved filters, his own opinions.  Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from workflows.models import Preference, SavedFilter, User
from workflows.policy import Actor

OPINIONS = "opinions"
USUAL_OPINIONS = ("同意。", "请补充佐证材料。", "情况属实。")  # offered until the person keeps opinions of his own
MOST_SHARED = 60


@dataclass(frozen=True)
class NamedFilter:
    """A saved filter as one person sees it; `owner` is empty for one's own."""

    id: int
    name: str
    query: str
    owner: str = ""
    shared_with_role: str | None = None
    is_default: bool = False

    @property
    def is_own(self) -> bool:
        return not self.owner


@dataclass(frozen=True)
class Chosen:
    """What a person chose for one list: how it looks (a mapping of the page's own making) and the named filters."""

    look: Mapping[str, Any] = field(default_factory=dict)
    filters: Sequence[NamedFilter] = ()

    @property
    def default(self) -> NamedFilter | None:
        return next((each for each in self.filters if each.is_default), None)


def of_list(session: Session, actor: Actor, page: str) -> Chosen:
    """One list's look and filters in one statement: one's own, then those shared with a role one holds."""
    owner = aliased(User)
    mine = SavedFilter.owner_id == actor.user_id
    shared = SavedFilter.shared_with_role.in_(sorted(actor.roles))
    look = and_(Preference.user_id == User.id, Preference.name == look_of(page))
    query = (
        select(Preference.value, SavedFilter, owner.name)
        .select_from(User)
        .outerjoin(Preference, look)
        .outerjoin(SavedFilter, and_(SavedFilter.page == page, or_(mine, shared)))
        .outerjoin(owner, owner.id == SavedFilter.owner_id)
        .where(User.id == actor.user_id)
        .order_by(mine.desc(), SavedFilter.name)
        .limit(MOST_SHARED)
    )
    rows = session.execute(query).all()
    value = rows[0][0] if rows else None
    filters = [_named(kept, name, actor) for _, kept, name in rows if kept is not None]
    return Chosen(value if isinstance(value, dict) else {}, filters)


def look_of(page: str) -> str:
    """Under what name the look of a list is kept."""
    return f"{page}.look"


def value_of(session: Session, actor: Actor, name: str) -> Any:
    """One choice of the person's; None when he has not chosen."""
    return session.scalar(
        select(Preference.value).where(Preference.user_id == actor.user_id, Preference.name == name)
    )


def opinions(session: Session, actor: Actor) -> list[str]:
    """常用意见: the person's own, in his order; the usual ones until he keeps any."""
    kept = value_of(session, actor, OPINIONS)
    return [str(text) for text in kept] if isinstance(kept, list) else list(USUAL_OPINIONS)


def _named(kept: SavedFilter, owner: str, actor: Actor) -> NamedFilter:
    is_own = kept.owner_id == actor.user_id
    return NamedFilter(
        kept.id, kept.name, kept.query, "" if is_own else owner, kept.shared_with_role, is_own and kept.is_default
    )
