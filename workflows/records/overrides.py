"""Uses an override (越权特批) that has been approved: once, and on the record (S128)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Override
from workflows.policy import Actor
from workflows.records import history


def use_override(
    session: Session, rule: str, object_kind: str, object_id: int, now: datetime, *, actor: Actor | None = None
) -> bool:
    """Whether this rule may be set aside for this object now; if so, the approval is used up."""
    query = (
        select(Override)
        .where(Override.rule == rule, Override.object_kind == object_kind, Override.object_id == object_id)
        .where(Override.status == "approved", Override.used_at.is_(None))
        .order_by(Override.id)
        .limit(1)
        .with_for_update()
    )
    override = session.scalar(query)
    if override is None:
        return False
    override.status, override.used_at = "used", now
    history.record(
        session, action="use_override", summary=f"依特批不适用规则{rule}：{override.reason[:200]}", now=now, actor=actor,
        case_id=override.case_id, object_kind=object_kind, object_id=object_id,
        details={"override": override.id, "rule": rule, "approver": override.approver_id},
    )  # fmt: skip
    return True
