"""外出委托: a person says from when to when he is away and who stands in, for all his roles or some of them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Absence, User
from workflows.policy import ROLE_NAMES, Actor, NotAllowed
from workflows.policy.absences import NEVER_LENT, AbsenceRefused, require_sensible
from workflows.queries.people import actor_of
from workflows.records import history, notices
from workflows.workdays import local_date


def declare_absence(
    work: Work,
    *,
    substitute_id: int,
    first_day: date,
    last_day: date,
    roles: Sequence[str] = (),
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Absence:
    """登记外出委托 for oneself; the substitute is a colleague of the same unit.  `roles` empty: all that can be lent."""
    session = work.session
    require_sensible(first_day, last_day, local_date(now))
    substitute = session.get(User, substitute_id)
    if substitute is None or not substitute.is_active or substitute.unit_id != actor.unit_id:
        raise AbsenceRefused("代办人须是本单位的在职人员。")
    if substitute.id == actor.user_id:
        raise AbsenceRefused("代办人不能是本人。")
    lendable = _lendable(session, actor, now)
    if not lendable or not set(roles) <= lendable:
        raise AbsenceRefused("所选角色不能委托他人代行。")
    _require_nobody_else_away(session, actor, substitute, first_day, last_day)
    row = Absence(
        user_id=actor.user_id, substitute_id=substitute.id, first_day=first_day, last_day=last_day, roles=sorted(set(roles)),
        reason=reason.strip()[:500], declared_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    scope = "、".join(ROLE_NAMES.get(role, role) for role in row.roles) or "全部角色"
    summary = f"{first_day.isoformat()}至{last_day.isoformat()}外出，委托{substitute.name}代行职责（{scope}）"
    _record(session, row, "declare_absence", summary, actor, now)
    notices.notify(
        session, user_ids=[substitute.id], kind="process", title=f"{actor.name}委托您代行职责", body=f"{actor.name}{summary}。",
        now=now, key=f"absence:{row.id}",
    )  # fmt: skip
    return row


def end_absence(work: Work, *, absence_id: int, actor: Actor, now: datetime) -> None:
    """提前结束: from this moment nobody stands in any more."""
    session = work.session
    row = session.scalars(select(Absence).where(Absence.id == absence_id)).one()
    if row.user_id != actor.user_id:
        raise NotAllowed("只有委托人本人可以结束外出委托。", rule="absence")
    if row.ended_at is not None or row.last_day < local_date(now):
        raise AbsenceRefused("该外出委托已经结束。")
    row.ended_at = now
    _record(session, row, "end_absence", f"结束外出委托，{row.substitute.name}不再代行职责", actor, now)
    notices.notify(
        session, user_ids=[row.substitute_id], kind="process", title=f"{actor.name}已结束外出委托",
        body="您不再代行其职责。", now=now, key=f"absence-end:{row.id}",
    )  # fmt: skip


def _lendable(session: Session, actor: Actor, now: datetime) -> set[str]:
    """The roles the person holds himself and may lend."""
    own = actor_of(session, actor.user_id, now)
    return set(own.in_person().roles if own else ()) - NEVER_LENT


def _require_nobody_else_away(session: Session, actor: Actor, substitute: User, first: date, last: date) -> None:
    """No chains and no doubles: neither is away otherwise in these days, nor stands in for a third."""
    people = (actor.user_id, substitute.id)
    query = select(Absence).where(
        Absence.ended_at.is_(None), Absence.first_day <= last, Absence.last_day >= first,
        or_(Absence.user_id.in_(people), Absence.substitute_id == actor.user_id),
    )  # fmt: skip
    for row in session.scalars(query):
        if row.user_id == actor.user_id:
            raise AbsenceRefused(
                f"{row.first_day.isoformat()}至{row.last_day.isoformat()}已登记外出委托，不能重复登记。"
            )
        if row.user_id == substitute.id:
            raise AbsenceRefused(f"{substitute.name}在此期间也已登记外出，请另选代办人。")
        raise AbsenceRefused(f"您在此期间受{row.user.name}委托代行职责，不能再委托他人。")


def _record(session: Session, row: Absence, action: str, summary: str, actor: Actor, now: datetime) -> None:
    history.record(
        session, action=action, summary=summary, now=now, actor=actor, object_kind="absence", object_id=row.id,
        details={"substitute_id": row.substitute_id, "roles": row.roles},
    )  # fmt: skip
