"""Appends to the history: one hash chain a case, so that cases never wait for each other (design §3, S75).

An entry's hash covers the hash before it and everything the entry says; `queries.audit` finds the first bad one.
What a transaction records is kept with its session and written just before the commit, in the order it happened:
the chain is locked for an instant, and however much was recorded costs the same three statements.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, event, func, literal, select, update
from sqlalchemy.orm import Session, SessionTransaction

from workflows.models import Chain, HistoryEntry, InspectionCase, ProcessInstance
from workflows.policy import Actor
from workflows.queries.chain_hashes import entry_hash

CLOCK_NAME = "系统时钟"
SYSTEM_CHAIN = "system"
RECORDED = "recorded"
SEEN = "seen_chains"

of_instance: ColumnElement[bool] = Chain.name == func.coalesce(
    literal("case:") + cast(ProcessInstance.case_id, String), SYSTEM_CHAIN
)
"""Joins an instance to the chain its acts go to, to be read along with it; `note_seen` takes the answer."""
seen_end = (Chain.id, Chain.name, Chain.length, Chain.head)


def record(
    session: Session,
    *,
    action: str,
    summary: str,
    now: datetime,
    actor: Actor | None = None,
    case_id: int | None = None,
    finding_id: int | None = None,
    object_kind: str = "",
    object_id: int | None = None,
    details: dict[str, Any] | None = None,
    denied: bool = False,
) -> None:
    """Adds one entry to the chain of the case (or of the system); `actor` None means the clock acted."""
    entry = HistoryEntry(
        at=now,
        action=action,
        actor_id=actor.user_id if actor else None,
        actor_name=actor.name if actor else CLOCK_NAME,
        on_behalf_of_id=actor.acts_for if actor else None,
        case_id=case_id,
        finding_id=finding_id,
        object_kind=object_kind,
        object_id=object_id,
        denied=denied,
        summary=summary,
        details=json.loads(json.dumps(details or {}, default=str)),
    )
    session.info.setdefault(RECORDED, []).append(entry)


@event.listens_for(Session, "before_commit")
def write_down(session: Session) -> None:
    """Chains and writes what has been recorded; whoever must read it before the commit calls this first."""
    if session.in_nested_transaction() or not session.info.get(RECORDED):
        return
    recorded: list[HistoryEntry] = session.info.pop(RECORDED)
    if not _follow_seen(session, recorded):
        chains = _locked_chains(session, {entry.case_id for entry in recorded})
        for entry in recorded:
            chain = chains[entry.case_id]
            chain.length, chain.head = _link(entry, chain.id, chain.length, chain.head)
    session.add_all(recorded)
    session.flush()


@dataclass(frozen=True)
class End:
    """Where a chain ended when it was looked at."""

    chain_id: int
    name: str
    length: int
    head: str


def note_seen(session: Session, chain_id: int | None, name: str, length: int, head: str) -> None:
    """Where a chain ended when its instance was locked; it has grown since only if somebody else acted on the case."""
    if chain_id is not None:
        session.info[SEEN] = End(chain_id, name, length, head)


_CHAINS: Any = Chain.__table__
_ENDS = _CHAINS.c
_MOVE = (
    update(_CHAINS)
    .where(_ENDS.id == bindparam("chain"), _ENDS.length == bindparam("was_long"), _ENDS.head == bindparam("was_end"))
    .values(length=bindparam("long"), head=bindparam("end"))
    .returning(_ENDS.id)
)


def _follow_seen(session: Session, recorded: list[HistoryEntry]) -> bool:
    """Links the entries to the end that was seen and moves it, unless it is another chain's or has moved meanwhile."""
    seen: End | None = session.info.pop(SEEN, None)
    if seen is None or {_name(entry.case_id) for entry in recorded} != {seen.name}:
        return False
    length, end = seen.length, seen.head
    for entry in recorded:
        length, end = _link(entry, seen.chain_id, length, end)
    asked = {"chain": seen.chain_id, "was_long": seen.length, "was_end": seen.head, "long": length, "end": end}
    return session.execute(_MOVE, asked).one_or_none() is not None


def _link(entry: HistoryEntry, chain_id: int, length: int, end: str) -> tuple[int, str]:
    """Hangs the entry on the chain's end; where the chain ends then."""
    entry.chain_id, entry.seq, entry.prev_hash = chain_id, length + 1, end
    entry.hash = entry_hash(entry)
    return entry.seq, entry.hash


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    """What did not happen is not recorded."""
    if not undone.nested:
        session.info.pop(RECORDED, None)


def _locked_chains(session: Session, case_ids: Iterable[int | None]) -> dict[int | None, Chain]:
    """The chains of these cases under their locks (None: the system's), taken in one order by everybody."""
    names = {_name(case_id): case_id for case_id in case_ids}
    locked = select(Chain).where(Chain.name.in_(names)).order_by(Chain.name).with_for_update()
    found = {chain.name: chain for chain in session.scalars(locked.execution_options(populate_existing=True))}
    fresh = [Chain(name=name, case_id=names[name], length=0, head="") for name in sorted(names.keys() - found.keys())]
    session.add_all(fresh)
    if fresh:
        session.flush()
    return {names[chain.name]: chain for chain in (*found.values(), *fresh)}


def _name(case_id: int | None) -> str:
    return f"case:{case_id}" if case_id else SYSTEM_CHAIN


def chain_of(session: Session, case: InspectionCase) -> Chain | None:
    """The chain of a case, or None when nothing has been recorded yet."""
    return session.scalar(select(Chain).where(Chain.case_id == case.id))
