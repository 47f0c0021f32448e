"""Opens an incident that stops no instance: a mail, a message or a stored file of ours that failed for good."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflows.models import Incident
from workflows.records import history


def open_incident(
    session: Session,
    *,
    kind: str,
    element: str,
    message: str,
    now: datetime,
    case_id: int | None = None,
    finding_id: int | None = None,
) -> Incident:
    """Notes what failed (`element` is "outbox:7", "message:9", "file:<sha256>") for the operators' page."""
    incident = Incident(kind=kind, element=element, message=message[:2000], opened_at=now)
    session.add(incident)
    session.flush()
    history.record(
        session, action="open_incident", summary=f"系统异常：{message[:200]}", now=now,
        case_id=case_id, finding_id=finding_id, object_kind="incident", object_id=incident.id,
        details={"kind": kind, "element": element},
    )  # fmt: skip
    return incident
