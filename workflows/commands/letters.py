"""The clock's look at a deadline: one letter, the start of the escalation, the alarm for what nobody attends to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.deadlines import levels, lights
from workflows.deadlines.history import pause_ends_at
from workflows.deadlines.lights import LetterKind
from workflows.models import Deadline, Letter, Task
from workflows.policy import UNIT_ROLES
from workflows.records import calendars, deadlines, messages, notices, numbers
from workflows.workdays import due_text, local_date

LETTER_TITLES = {
    LetterKind.GREEN: "绿色提示函",
    LetterKind.YELLOW: "黄色预警函",
    LetterKind.FINAL: "到期前最后提醒",
    LetterKind.RED: "红色督办函",
}


def sweep_deadline(work: Work, *, deadline_id: int, now: datetime) -> dict[str, int]:
    """Looks at one deadline: at most one letter, the start of the escalation, the unattended alarm (T15, T18, T27).

    After downtime only the highest missed letter is sent; the passed-over ones are kept as superseded.
    """
    session = work.session
    deadline = deadlines.locked(session, deadline_id)
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
                letter_no=numbers.numbered(session, "YJ-{year}-{n:04d}", year=local_date(now).year),
                deadline=deadline,
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
    is_late = found.letter.kind is LetterKind.RED
    ending = f"已于{due_text(deadline.due_at)}到期" if is_late else f"将于{due_text(deadline.due_at)}到期"
    notices.notify(
        session,
        user_ids=recipients,
        kind=f"letter_{found.letter.kind.name.lower()}",
        title=title,
        body=f"{deadline.title}{ending}，请抓紧办理。",
        now=now,
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        key=f"letter:{deadline.id}:{deadline.due_at.isoformat()}:{found.letter.kind.name}",
    )
    deadlines.record_act(
        session, deadline, "send_letter", title, now, kind=found.letter.kind.name.lower(), recipients=recipients
    )
    return 1


def _recipients(session: Session, deadline: Deadline, roles: Sequence[str], now: datetime) -> list[int]:
    """Widening circle: the handler, then leader, liaison and principal; outside the unit only the handler."""
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
        key=deadlines.key_of(deadline),
        now=now,
        payload={"rule": deadline.rule, "deadline_id": deadline.id, "title": deadline.title},
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        unit_id=deadline.unit_id,
    )
    deadlines.record_act(
        session, deadline, "start_escalation", f"“{deadline.title}”逾期，启动督办升级", now, level=deadline.level
    )
    return 1


def _alarm_unattended(session: Session, deadline: Deadline, now: datetime) -> int:
    """破窗: overdue and no act for three working days (S126); told once for each standstill."""
    if deadline.unattended_alarm_at and deadline.unattended_alarm_at >= (deadline.last_act_at or deadline.opened_at):
        return 0
    if not levels.is_unattended(
        deadline.due_at, deadline.last_act_at, calendars.in_force(session), met_at=None, paused=False, now=now
    ):
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
    deadlines.record_act(session, deadline, "alarm_unattended", title, now)
    return 1


def _end_long_pause(session: Session, deadline: Deadline, now: datetime) -> None:
    pause = deadlines.standing_of(session, deadline).pause
    ends_at = pause_ends_at(pause) if pause else None
    deadline.next_at = ends_at
    if ends_at and ends_at <= now:
        deadlines.resume(session, deadline, now=now, by_id=None)
        deadlines.record_act(
            session, deadline, "resume_deadline", f"“{deadline.title}”中止已满最长期限，恢复计时", now
        )
