"""Appends to the history: one hash chain a case, so that cases never wait for each other (design §3, S75).

An entry's hash covers the hash before it and everything the entry says; `queries.audit` finds
the first bad one.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Chain, HistoryEntry, InspectionCase
from workflows.policy import Actor
from workflows.queries.chain_hashes import entry_hash

CLOCK_NAME = "系统时钟"
SYSTEM_CHAIN = "system"


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
) -> HistoryEntry:
    """Adds one entry to the chain of the case (or of the system); `actor` None means the clock acted."""
    chain = _locked_chain(session, case_id)
    entry = HistoryEntry(
        chain_id=chain.id,
        seq=chain.length + 1,
        at=now,
        action=action,
        actor_id=actor.user_id if actor else None,
        actor_name=actor.name if actor else CLOCK_NAME,
        case_id=case_id,
        finding_id=finding_id,
        object_kind=object_kind,
        object_id=object_id,
        denied=denied,
        summary=summary,
        details=json.loads(json.dumps(details or {}, default=str)),
        prev_hash=chain.head,
    )
    entry.hash = entry_hash(entry)
    chain.length, chain.head = entry.seq, entry.hash
    session.add(entry)
    return entry


def _locked_chain(session: Session, case_id: int | None) -> Chain:
    name = f"case:{case_id}" if case_id else SYSTEM_CHAIN
    cached: Chain | None = session.info.get(("chain", name))
    if cached is not None:
        return cached  # locked earlier in this very transaction; see `atomic`: one session, one transaction
    chain = session.scalar(select(Chain).where(Chain.name == name).with_for_update())
    if chain is None:
        chain = Chain(name=name, case_id=case_id, length=0, head="")
        session.add(chain)
        session.flush()
    session.info[("chain", name)] = chain
    return chain


def chain_of(session: Session, case: InspectionCase) -> Chain | None:
    """The chain of a case, or None when nothing has been recorded yet."""
    return session.scalar(select(Chain).where(Chain.case_id == case.id))
