"""Which papers wait for a unit's receipt, as conditions; and which of them have waited too long without a reminder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, select, union_all
from sqlalchemy.orm import Session

from workflows.models import Circular, CircularReceipt, Deadline, Letter, SupervisionNotice
from workflows.policy import UNIT_ROLES
from workflows.policy.receipts import HIGHEST_SIGNED_LEVEL, SIGNED_LETTERS

Condition = ColumnElement[bool]
NOTICE, LETTER, TALK, CIRCULAR = "notice", "letter", "talk", "circular"


@dataclass(frozen=True)
class Paper:
    """One paper of the register: its kind (notice, letter, talk, circular: the unit's copy of one) and its row."""

    kind: str
    id: int


def waiting_notice() -> Condition:
    """Over SupervisionNotice: issued to the unit, and nobody has signed."""
    return and_(SupervisionNotice.status == "issued", SupervisionNotice.level <= HIGHEST_SIGNED_LEVEL)


def waiting_letter() -> Condition:
    """Over Letter joined with Deadline: wants a receipt, and its matter is still open as the letter says."""
    return and_(
        Letter.kind.in_(SIGNED_LETTERS),
        Letter.superseded.is_(False),
        Letter.received_at.is_(None),
        Deadline.responsible_role.in_(sorted(UNIT_ROLES)),
        Deadline.met_at.is_(None),
        Deadline.voided_at.is_(None),
        Deadline.paused_since.is_(None),
        Deadline.due_at == Letter.due_at,
    )


def waiting_circular() -> Condition:
    """Over CircularReceipt: the unit has not signed."""
    return CircularReceipt.read_at.is_(None)


WAITING: Mapping[str, Any] = MappingProxyType(
    {NOTICE: waiting_notice, LETTER: waiting_letter, CIRCULAR: waiting_circular, TALK: false}
)
ISSUED_AT: Mapping[str, Any] = MappingProxyType(
    {NOTICE: SupervisionNotice.issued_at, LETTER: Letter.sent_at, CIRCULAR: Circular.issued_at}
)
TABLES: Mapping[str, Any] = MappingProxyType({NOTICE: SupervisionNotice, LETTER: Letter, CIRCULAR: CircularReceipt})


def overdue_receipts(session: Session, since: datetime, limit: int) -> list[Paper]:
    """Papers issued before `since`, unsigned, of which nobody has been reminded; one statement."""
    parts = [
        _joined(kind)
        .where(WAITING[kind](), table.reminded_at.is_(None), ISSUED_AT[kind] < since)
        .order_by(table.id)
        .limit(limit)
        .subquery()
        for kind, table in TABLES.items()
    ]
    every = union_all(*(select(part.c.kind, part.c.id) for part in parts)).limit(limit)
    return [Paper(kind, number) for kind, number in session.execute(every)]


def _joined(kind: str) -> Any:
    table = TABLES[kind]
    query = select(literal(kind).label("kind"), table.id.label("id"))
    if kind == LETTER:
        return query.join(Deadline, Deadline.id == Letter.deadline_id)
    return query.join(Circular, Circular.id == CircularReceipt.circular_id) if kind == CIRCULAR else query
