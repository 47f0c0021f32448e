"""What moves or watches a deadline: the clock's look, extension, pause, and a new working-day table."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.commands.desk import Work
from workflows.deadlines import extension, levels, lights, reschedule
from workflows.deadlines.history import PauseKind, pause_ends_at
from workflows.deadlines.lights import LetterKind
from workflows.models import CalendarDay, CalendarVersion, Deadline, ExtensionRequest, InspectionCase, Letter, Task
from workflows.policy import UNIT_ROLES, Actor, NotAllowed, Place
from workflows.records import calendars, deadlines, history, messages, notices
from workflows.refusal import Refusal
from workflows.workdays import Calendar, due_text, end_of_day

LETTER_TITLES = {
    LetterKind.GREEN: "绿色提示函",
    LetterKind.YELLOW: "黄色预警函",
    LetterKind.FINAL: "到期前最后提醒",
    LetterKind.RED: "红色督办函",
}


class RequestPending(Refusal):
    """An extension of this deadline has been asked for and not yet decided."""

    rule = "extension_pending"


# -- the clock's look ---------------------------------------------------------------------------------


def sweep_deadline(work: Work, *, deadline_id: int, now: datetime) -> dict[str, int]:
    """Looks at one deadline: at most one letter, the start of the escalation, the unattended alarm (T15, T18, T27).

    After downtime only the highest missed letter is sent; the passed-over ones are kept as superseded.
    """
    session = work.session
    deadline = _locked(session, deadline_id)
    counts = {"letters": 0, "escalations": 0, "alarms": 0}
    if deadline.met_at or deadline.voided_at:
        deadline.next_at = None
        return counts
    if deadline.paused_since:
        _end_long_pause(session, deadline, now)
        return counts
    counts["letters"] = _send_letter(session, deadline, now)
    counts["escalations"] = _start_escalation(session, deadline, now)
    counts["alarms"] = _alarm_unattended(session, deadline, now)
    deadlines.plan_next_look(session, deadline, now)
    return counts


def _send_letter(session: Session, deadline: Deadline, now: datetime) -> int:
    standing = deadlines.standing_of(session, deadline)
    found = lights.letters_due(
        deadline.due_at,
        since=standing.since,
        sent=deadlines.sent_letters(session, deadline),
        met_at=None,
        paused=False,
        now=now,
    )
    if found.letter is None:
        return 0
    recipients = _recipients(session, deadline, found.letter.recipients, now)
    for letter in (*found.superseded, found.letter):
        session.add(
            Letter(
                deadline_id=deadline.id,
                due_at=deadline.due_at,
                kind=letter.kind.name.lower(),
                rule_at=letter.rule_at,
                sent_at=now,
                superseded=letter is not found.letter,
                recipients=recipients if letter is found.letter else [],
            )
        )
    session.flush()
    title = f"【{LETTER_TITLES[found.letter.kind]}】{deadline.subject_no} {deadline.title}"
    ending = "已超过" if found.letter.kind is LetterKind.RED else "将于"
    notices.notify(
        session,
        user_ids=recipients,
        kind=f"letter_{found.letter.kind.name.lower()}",
        title=title,
        body=f"{deadline.title}{ending}{due_text(deadline.due_at)}{'的期限' if ending == '已超过' else '到期'}，请抓紧办理。",
        now=now,
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        key=f"letter:{deadline.id}:{deadline.due_at.isoformat()}:{found.letter.kind.name}",
    )
    _record(session, deadline, "send_letter", title, now, kind=found.letter.kind.name.lower(), recipients=recipients)
    return 1


def _recipients(session: Session, deadline: Deadline, roles: Sequence[str], now: datetime) -> list[int]:
    """Widening circle: who handles it first, then leader, liaison and principal; outside the unit only the handler."""
    wanted = {deadline.responsible_role}
    if deadline.responsible_role in UNIT_ROLES:
        wanted |= {role for role in roles if role in UNIT_ROLES}
    found: set[int] = set()
    for role in sorted(wanted):
        found |= set(notices.holders(session, role=role, now=now, unit_id=deadline.unit_id, case_id=deadline.case_id))
    handlers = select(Task.assignee_id).where(
        Task.deadline_id == deadline.id, Task.status == "open", Task.assignee_id.is_not(None)
    )
    return sorted(found | {user_id for user_id in session.scalars(handlers) if user_id})


def _start_escalation(session: Session, deadline: Deadline, now: datetime) -> int:
    if not deadline.escalates or deadline.level:
        return 0
    found = levels.level_due(
        deadline.due_at,
        reached=0,
        met_at=None,
        paused=False,
        now=now,
        critical=deadlines.is_critical(session, deadline),
    )
    if found.level is None:
        return 0
    deadline.level = found.level.level
    messages.send(
        session,
        name="deadline.overdue",
        key=deadlines.escalation_key(deadline),
        now=now,
        payload={"rule": deadline.rule, "deadline_id": deadline.id, "title": deadline.title},
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        unit_id=deadline.unit_id,
    )
    _record(session, deadline, "start_escalation", f"“{deadline.title}”逾期，启动督办升级", now, level=deadline.level)
    return 1


def _alarm_unattended(session: Session, deadline: Deadline, now: datetime) -> int:
    """破窗: overdue and no act for three working days (S126); told once for each standstill."""
    if deadline.unattended_alarm_at and deadline.unattended_alarm_at >= (deadline.last_act_at or deadline.opened_at):
        return 0
    if not levels.is_unattended(deadline.due_at, deadline.last_act_at, calendars.in_force(session), now=now):
        return 0
    deadline.unattended_alarm_at = now
    title = f"【破窗警示】{deadline.subject_no} {deadline.title}逾期且三个工作日无人办理"
    for role in ("supervision_officer", "supervision_chief"):
        notices.notify(
            session,
            user_ids=notices.holders(session, role=role, now=now, unit_id=deadline.unit_id, case_id=deadline.case_id),
            kind="unattended",
            title=title,
            now=now,
            case_id=deadline.case_id,
            finding_id=deadline.finding_id,
        )
    _record(session, deadline, "alarm_unattended", title, now)
    return 1


def _end_long_pause(session: Session, deadline: Deadline, now: datetime) -> None:
    pause = deadlines.standing_of(session, deadline).pause
    ends_at = pause_ends_at(pause) if pause else None
    deadline.next_at = ends_at
    if ends_at and ends_at <= now:
        deadlines.resume(session, deadline, now=now, by_id=None)
        _record(session, deadline, "resume_deadline", f"“{deadline.title}”中止已满最长期限，恢复计时", now)


# -- extension, pause ---------------------------------------------------------------------------------


def request_extension(
    work: Work, *, deadline_id: int, new_due_on: date, reason: str, actor: Actor, now: datetime
) -> ExtensionRequest:
    """申请延期 (P06a): by the unit, five working days before the due day (T26), at most twice, within T25."""
    session = work.session
    deadline = _locked(session, deadline_id)
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
        key=deadline.subject_no,
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
    deadline.last_act_at = now
    _record(
        session, deadline, "request_extension", f"申请将“{deadline.title}”延期至{due_on.isoformat()}", now, actor,
        reason=request.reason, nth=request.nth,
    )  # fmt: skip
    return request


def pause_deadline(
    work: Work, *, deadline_id: int, kind: PauseKind, reason: str, actor: Actor, now: datetime
) -> None:
    """中止计时: an open objection by the division, an external dependency by the deputy minister (max 60 days)."""
    session = work.session
    deadline = _locked(session, deadline_id)
    role = "deputy_minister" if kind is PauseKind.EXTERNAL_DEPENDENCY else "supervision_chief"
    _require(session, actor, deadline, role, "中止计时")
    deadlines.pause(session, deadline, kind=kind, reason=reason, now=now, by_id=actor.user_id)
    _record(session, deadline, "pause_deadline", f"中止“{deadline.title}”计时", now, actor, reason=reason)


def resume_deadline(work: Work, *, deadline_id: int, actor: Actor, now: datetime) -> None:
    """恢复计时."""
    session = work.session
    deadline = _locked(session, deadline_id)
    _require(session, actor, deadline, "supervision_chief", "恢复计时")
    deadlines.resume(session, deadline, now=now, by_id=actor.user_id)
    _record(session, deadline, "resume_deadline", f"恢复“{deadline.title}”计时", now, actor)


# -- the working-day table ----------------------------------------------------------------------------

DayRow = tuple[date, bool, str, str]  # day, is_workday, name, source


def publish_calendar(
    work: Work, *, days: Sequence[DayRow], last_certain_year: int, note: str, actor: Actor, now: datetime
) -> list[reschedule.Moved]:
    """A new version of the working-day table; open deadlines are derived afresh.  Returns those that moved."""
    actor.require_role("sys_admin", act="维护工作日历")
    session = work.session
    old = calendars.in_force(session)
    new = calendar_with(old, days, last_certain_year)
    session.add(
        CalendarVersion(
            number=new.version,
            published_at=now,
            published_by_id=actor.user_id,
            last_certain_year=last_certain_year,
            note=note,
        )
    )
    session.flush()
    session.add_all(
        CalendarDay(day=day, version=new.version, is_workday=works, name=name, source=source)
        for day, works, name, source in days
    )
    session.info["calendar"] = new
    moves = preview_calendar(session, old, new)
    for move in moves:
        deadline = session.get_one(Deadline, int(move.key))
        deadlines.recalculate(session, deadline, due_at=move.new_due, words=move.words, calendar=new, now=now)
    history.record(
        session, action="publish_calendar", summary=f"发布工作日历第{new.version}版，{len(moves)}项时限随之调整",
        now=now, actor=actor, object_kind="calendar", object_id=new.version,
        details={"days": [day.isoformat() for day, *_ in days], "note": note},
    )  # fmt: skip
    return moves


def calendar_with(old: Calendar, days: Sequence[DayRow], last_certain_year: int) -> Calendar:
    """The next version: the old table with some days changed."""
    changed = dict(old.exceptions) | {day: works for day, works, *_ in days}
    return Calendar(old.version + 1, changed, last_certain_year)


def preview_calendar(session: Session, old: Calendar, new: Calendar) -> list[reschedule.Moved]:
    """Which open deadlines a new table would move, with words; writes nothing."""
    rows = session.scalars(
        select(Deadline).where(Deadline.met_at.is_(None), Deadline.voided_at.is_(None)).order_by(Deadline.id)
    )
    return reschedule.preview((deadlines.for_preview(session, row) for row in rows), old, new)


# -- in common ----------------------------------------------------------------------------------------


def _locked(session: Session, deadline_id: int) -> Deadline:
    query = select(Deadline).where(Deadline.id == deadline_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


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


def _record(
    session: Session,
    deadline: Deadline,
    action: str,
    summary: str,
    now: datetime,
    actor: Actor | None = None,
    **details: Any,
) -> None:
    history.record(
        session,
        action=action,
        summary=summary,
        now=now,
        actor=actor,
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        object_kind="deadline",
        object_id=deadline.id,
        details={"rule": deadline.rule, **details},
    )
