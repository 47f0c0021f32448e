"""Tells people: an in-app notification, and a mail in the outbox for those who have an address."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from workflows.models import Grant, InspectionCase, Notification, OutboxItem, Recusal, Unit, User
from workflows.policy.recusal import TEAM_ROLES
from workflows.queries.people import conflicted_people


def holders(
    session: Session, *, role: str, now: datetime, unit_id: int | None = None, case_id: int | None = None
) -> list[int]:
    """Ids of active people who hold `role` over the unit or case now, the recused left out."""
    scopes = [Grant.scope == "region"]
    if unit_id is not None:
        city = select(Unit.city_id).where(Unit.id == unit_id).scalar_subquery()
        scopes += [
            and_(Grant.scope == "unit", Grant.scope_id == unit_id),
            and_(Grant.scope == "city", or_(Grant.scope_id == unit_id, Grant.scope_id == city)),
        ]
    if case_id is not None:
        round_id = select(InspectionCase.round_id).where(InspectionCase.id == case_id).scalar_subquery()
        scopes += [
            and_(Grant.scope == "case", Grant.scope_id == case_id),
            and_(Grant.scope == "round", Grant.scope_id == round_id),
        ]
    recused = select(Recusal.user_id).where(Recusal.unit_id == unit_id)
    query = (
        select(Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == role, User.is_active, or_(*scopes), Grant.user_id.not_in(recused))
        .where(or_(Grant.valid_from.is_(None), Grant.valid_from <= now))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
    )
    found = session.scalars(query.distinct().order_by(Grant.user_id))
    kept_out = conflicted_people(session, unit_id, now) if role in TEAM_ROLES and unit_id is not None else ()
    return [user_id for user_id in found if user_id not in kept_out]


def notify(
    session: Session,
    *,
    user_ids: Iterable[int],
    kind: str,
    title: str,
    now: datetime,
    body: str = "",
    case_id: int | None = None,
    finding_id: int | None = None,
    task_id: int | None = None,
    key: str = "",
) -> None:
    """Writes one notification a person; `key` makes the mail's idempotency key (default: the notification's id)."""
    wanted = sorted(set(user_ids))
    if not wanted:
        return
    addresses = dict(session.execute(select(User.id, User.email).where(User.id.in_(wanted))).all())
    rows = [
        Notification(
            user_id=user_id, kind=kind, title=title, body=body, created_at=now,
            case_id=case_id, finding_id=finding_id, task_id=task_id,
        )
        for user_id in wanted
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    session.add_all(
        OutboxItem(
            idempotency_key=f"mail:{key}:{row.user_id}" if key else f"notification:{row.id}",
            channel="mail",
            recipient=addresses[row.user_id],
            subject=title,
            body=body or title,
            created_at=now,
            next_at=now,
        )
        for row in rows
        if addresses.get(row.user_id)
    )
