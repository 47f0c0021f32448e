"""Writes closure records (销号单): immutable, numbered without gaps, chained by hash (S97)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import ClosureRecord, Finding
from workflows.queries.chain_hashes import closure_hash


def add_closure(
    session: Session,
    *,
    closure_no: str,
    finding: Finding,
    snapshot: dict[str, Any],
    approver_id: int | None,
    now: datetime,
) -> ClosureRecord:
    """Appends one record to the chain.  `closure_no` comes from `numbers`, whose lock keeps the chain single-file."""
    with session.no_autoflush:
        last = session.scalar(select(ClosureRecord.hash).order_by(ClosureRecord.id.desc()).limit(1))
    record = ClosureRecord(
        closure_no=closure_no,
        finding_id=finding.id,
        round_no=finding.round_no,
        snapshot=snapshot,
        approver_id=approver_id,
        at=now,
        prev_hash=last or "",
    )
    record.hash = closure_hash(record)
    session.add(record)
    session.flush()
    return record
