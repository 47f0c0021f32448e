"""全局搜索: hits by kind, how many there are, and suggestions while typing; each through the person's own scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from workflows.models import Inspector
from workflows.policy import Actor
from workflows.queries.paging import Page, fetch
from workflows.queries.search import Asked
from workflows.queries.search_kinds import ALL, KINDS, Hit, Kind

FIRST_HITS = 5
SUGGESTED = 3


@dataclass(frozen=True)
class Results:
    """What was found: the number of each kind, and the hits of the kinds that are shown."""

    counts: Mapping[str, int]
    hits: Mapping[str, Page[Hit]]

    @property
    def total(self) -> int:
        """All hits of all kinds."""
        return sum(self.counts.values())


def results(session: Session, actor: Actor, asked: Asked, *, kind: str = "", after: str = "") -> Results:
    """The first hits of every kind, or a page of one: a statement for the counts and one a kind, no more."""
    if not asked.is_enough:
        return Results({}, {})
    counts = _counts(session, actor, asked)
    if kind in KINDS:
        return Results(counts, {kind: _page(session, actor, asked, KINDS[kind], after)})
    first = {each.code: _first(session, actor, asked, each, FIRST_HITS) for each in ALL if counts[each.code]}
    return Results(counts, first)


def suggestions(session: Session, actor: Actor, asked: Asked) -> list[Hit]:
    """A few hits of each kind, for a box that is being typed into."""
    if not asked.is_enough:
        return []
    return [hit for kind in ALL for hit in _first(session, actor, asked, kind, SUGGESTED).rows]


def _counts(session: Session, actor: Actor, asked: Asked) -> dict[str, int]:
    columns = [_counted(kind.finds(actor, asked), kind).label(kind.code) for kind in ALL]
    return dict(session.execute(select(*columns)).one()._mapping)


def _counted(query: Select[Any], kind: Kind) -> Any:
    return query.with_only_columns(func.count(kind.id_), maintain_column_froms=True).scalar_subquery()


def _page(session: Session, actor: Actor, asked: Asked, kind: Kind, after: str) -> Page[Hit]:
    query = kind.finds(actor, asked)
    found = fetch(session, query, order=kind.order, id_=kind.id_, after=after, then=kind.then)
    return Page(_hits(session, kind, found.rows), found.next)


def _first(session: Session, actor: Actor, asked: Asked, kind: Kind, most: int) -> Page[Hit]:
    found = fetch(session, kind.finds(actor, asked), order=kind.order, id_=kind.id_, then=kind.then, size=most)
    return Page(_hits(session, kind, found.rows))


def _hits(session: Session, kind: Kind, rows: Sequence[Any]) -> list[Hit]:
    """The rows as hits; of people it is said who has a record in the talent pool."""
    hits = [kind.hit(row) for row in rows]
    if kind.code != "person" or not hits:
        return hits
    pool = set(session.scalars(select(Inspector.user_id).where(Inspector.user_id.in_([hit.id for hit in hits]))))
    return [replace(hit, is_inspector=hit.id in pool) for hit in hits]
