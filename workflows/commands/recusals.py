"""回避申报: a person declares that he keeps away from a unit; the chief registers it for somebody, and lifts it again.

From that moment the person holds no right on any case of the unit, and what he had in hand there goes back to the others.
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Recusal, Task, Unit, User
from workflows.policy import Actor, NotAllowed
from workflows.policy.recusal import REASONS
from workflows.records import history, notices
from workflows.refusal import Refusal

REGISTRAR = "supervision_chief"
LONGEST_NOTE = 500  # characters


class RecusalRefused(Refusal):
    """The declaration is incomplete, or stands already."""

    rule = "recusal"


def declare_recusal(
    work: Work, *, unit_code: str, reason: str, note: str = "", staff_no: str = "", actor: Actor, now: datetime
) -> Recusal:
    """申报回避: for oneself, or (`staff_no`) for somebody else by the chief.  Raises NotAllowed, RecusalRefused."""
    session = work.session
    user = _person(session, staff_no.strip(), actor)
    unit = session.scalar(select(Unit).where(Unit.code == unit_code.strip(), Unit.is_active))
    if unit is None:
        raise RecusalRefused("请从列表中选择需要回避的单位。")
    if reason not in REASONS:
        raise RecusalRefused("请选择回避情形。")
    if reason == "other" and not note.strip():
        raise RecusalRefused("选择“其他情形”的，请写明具体情况。")
    if session.scalar(select(Recusal.id).where(Recusal.user_id == user.id, Recusal.unit_id == unit.id)):
        raise RecusalRefused(f"{user.name}已对{unit.name}申报回避，不必重复申报。")
    row = Recusal(
        user_id=user.id, unit_id=unit.id, reason=reason, note=note.strip()[:LONGEST_NOTE], declared_by_id=actor.user_id,
        declared_at=now,
    )  # fmt: skip
    session.add(row)
    returned = _give_back(session, user.id, unit.id, now)
    session.flush()
    summary = f"{user.name}申报回避{unit.name}（{REASONS[reason]}）" + (f"，退回待办{returned}项" if returned else "")
    history.record(
        session, action="declare_recusal", summary=summary, now=now, actor=actor, object_kind="recusal", object_id=row.id,
        details={"user_id": user.id, "unit": unit.code, "reason": reason},
    )  # fmt: skip
    _tell(session, row, user, unit, summary, actor, now)
    return row


def lift_recusal(work: Work, *, recusal_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """解除回避, by the chief and with a reason; never one's own."""
    actor.require_role(REGISTRAR, act="解除回避")
    row = work.session.scalars(select(Recusal).where(Recusal.id == recusal_id)).one()
    if row.user_id == actor.user_id:
        raise NotAllowed("本人的回避不得由本人解除。", rule="recusal")
    if not reason.strip():
        raise RecusalRefused("解除回避须写明理由。")
    history.record(
        work.session, action="lift_recusal", summary=f"解除{row.user.name}对{row.unit.name}的回避", now=now, actor=actor,
        object_kind="recusal", object_id=row.id,
        details={"user_id": row.user_id, "unit": row.unit.code, "reason": reason.strip()},
    )  # fmt: skip
    work.session.delete(row)


def _person(session: Session, staff_no: str, actor: Actor) -> User:
    """Whom it is about; only the chief speaks for others."""
    own = session.get_one(User, actor.user_id)
    if staff_no in ("", own.staff_no):
        return own
    actor.require_role(REGISTRAR, act="为他人登记回避", rule="recusal")
    found = session.scalar(select(User).where(User.staff_no == staff_no, User.is_active))
    if found is None:
        raise RecusalRefused(f"没有工号为“{staff_no[:40]}”的人员。")
    return found


def _give_back(session: Session, user_id: int, unit_id: int, now: datetime) -> int:
    """Open tasks of the unit's cases that the person had taken, or delegated: anybody else of the role may take them now.

    What he was asked by name is withdrawn: nobody else can answer for him.
    """
    his = (or_(Task.assignee_id == user_id, Task.owner_id == user_id), Task.unit_id == unit_id, Task.status == "open")
    steps = list(session.scalars(select(Task.id).where(*his, Task.kind == "step")))
    asked = list(session.scalars(select(Task.id).where(*his, Task.kind != "step")))
    free = {"assignee_id": None, "claimed_at": None, "owner_id": None}
    session.execute(update(Task).where(Task.id.in_(steps)).values(free))
    session.execute(update(Task).where(Task.id.in_(asked)).values(status="withdrawn", done_at=now))
    return len(steps)


def _tell(session: Session, row: Recusal, user: User, unit: Unit, summary: str, actor: Actor, now: datetime) -> None:
    keepers = {
        *notices.holders(session, role=REGISTRAR, now=now),
        *notices.holders(session, role="security_admin", now=now),
    }
    told = (keepers | {user.id}) - {actor.user_id}
    notices.notify(
        session, user_ids=told, kind="alert", title=f"回避申报：{user.name}", body=f"{summary}。", now=now,
        key=f"recusal:{row.id}",
    )  # fmt: skip
