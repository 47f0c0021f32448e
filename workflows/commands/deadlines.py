"""What people do to a deadline: ask for an extension, stop the clock, start it again."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.commands.desk import Work
from workflows.deadlines import extension
from workflows.deadlines.history import PauseKind
from workflows.models import Deadline, ExtensionRequest, InspectionCase
from workflows.policy import Actor, NotAllowed, Place
from workflows.records import calendars, deadlines, messages
from workflows.refusal import Refusal
from workflows.workdays import due_text, end_of_day


class RequestPending(Refusal):
    """An extension of this deadline has been asked for and not yet decided."""

    rule = "extension_pending"


def request_extension(
    work: Work, *, deadline_id: int, new_due_on: date, reason: str, actor: Actor, now: datetime
) -> ExtensionRequest:
    """申请延期 (P06a): by the unit, five working days before the due day (T26), at most twice, within T25."""
    session = work.session
    deadline = deadlines.locked(session, deadline_id)
    _require_unit_hand(session, actor, deadline)
    if not reason.strip():
        raise extension.ExtensionRefused("申请延期须写明理由。", rule="extension_reason")
    if deadlines.pending_extension(session, deadline):
        raise RequestPending("该事项已有延期申请正在审批，不能重复申请。")
    standing = deadlines.standing_of(session, deadline)
    case = session.get_one(InspectionCase, deadline.case_id)
    due_on = extension.check_request(
        standing, new_due_on, calendars.in_force(session), requested_at=now, anchor=case.feedback_date
    )
    request = ExtensionRequest(
        deadline_id=deadline.id,
        finding_id=deadline.finding_id,
        nth=standing.extension_count + 1,
        old_due_at=deadline.due_at,
        new_due_at=end_of_day(due_on),
        reason=reason.strip(),
        status="pending",
        requested_by_id=actor.user_id,
        requested_at=now,
    )
    session.add(request)
    session.flush()
    messages.send(
        session,
        name="extension.requested",
        key=deadlines.key_of(deadline),
        now=now,
        payload={
            "request_id": request.id,
            "nth": request.nth,
            "requested_due_on": due_on.isoformat(),
            "old_due": due_text(deadline.due_at),
            "reason": request.reason,
            "requested_by": actor.name,
        },
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        unit_id=deadline.unit_id,
    )
    deadline.last_act_at, deadline.extension_asked = now, True
    deadlines.record_act(
        session, deadline, "request_extension", f"申请将“{deadline.title}”延期至{due_on.isoformat()}", now, actor,
        reason=request.reason, nth=request.nth,
    )  # fmt: skip
    return request


def pause_deadline(
    work: Work, *, deadline_id: int, kind: PauseKind, reason: str, actor: Actor, now: datetime
) -> None:
    """中止计时: an open objection by the division, an external dependency by the deputy minister (max 60 days)."""
    session = work.session
    deadline = deadlines.locked(session, deadline_id)
    role = "deputy_minister" if kind is PauseKind.EXTERNAL_DEPENDENCY else "supervision_chief"
    _require(session, actor, deadline, role, "中止计时")
    deadlines.pause(session, deadline, kind=kind, reason=reason, now=now, by_id=actor.user_id)
    deadlines.record_act(
        session, deadline, "pause_deadline", f"中止“{deadline.title}”计时", now, actor, reason=reason
    )


def resume_deadline(work: Work, *, deadline_id: int, actor: Actor, now: datetime) -> None:
    """恢复计时."""
    session = work.session
    deadline = deadlines.locked(session, deadline_id)
    _require(session, actor, deadline, "supervision_chief", "恢复计时")
    deadlines.resume(session, deadline, now=now, by_id=actor.user_id)
    deadlines.record_act(session, deadline, "resume_deadline", f"恢复“{deadline.title}”计时", now, actor)


def _place(session: Session, deadline: Deadline) -> Place:
    case = session.scalars(
        select(InspectionCase).where(InspectionCase.id == deadline.case_id).options(joinedload(InspectionCase.unit))
    ).one()
    return Place(case.unit_id, case.unit.city_id, case.id, case.round_id)


def _require(session: Session, actor: Actor, deadline: Deadline, role: str, act: str) -> None:
    if not actor.holds(role, _place(session, deadline)):
        raise NotAllowed(f"您没有“{act}”的权限。", rule="role")


def _require_unit_hand(session: Session, actor: Actor, deadline: Deadline) -> None:
    if not actor.holds_any(("unit_liaison", "unit_leader", "unit_principal"), _place(session, deadline)):
        raise NotAllowed("延期由被检查单位申请。", rule="role")
