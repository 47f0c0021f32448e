"""Sends a message between instances: a row, written with the step that sent it and delivered after its commit."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflows.models import Message


def send(
    session: Session,
    *,
    name: str,
    key: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    case_id: int | None = None,
    finding_id: int | None = None,
    unit_id: int | None = None,
    sender_id: int | None = None,
) -> Message:
    """Queues one message addressed to (name, key).  The ids are the subject of an instance it may start."""
    message = Message(
        name=name,
        key=key,
        payload=payload or {},
        case_id=case_id,
        finding_id=finding_id,
        unit_id=unit_id,
        sender_id=sender_id,
        status="pending",
        sent_at=now,
        next_at=now,
    )
    session.add(message)
    session.info.setdefault("sent", []).append(message)
    return message
