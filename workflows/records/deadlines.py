"""Opens, meets and moves deadlines: the rules of `workflows.deadlines` written into the tables.

A deadline's subject is a finding, else its case; its rows of change reconcile to where it stands.  `next_at` is the
next moment at which the clock has anything to do with it, so a sweep is one look at an index.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from workflows.deadlines import extension, history, levels, lights, reschedule
from workflows.deadlines.derivation import derive
from workflows.deadlines.history import Change, PauseKind, Standing
from workflows.deadlines.time_limit import Unit, limit_of
from workflows.models import (
    Deadline,
    DeadlineChange,
    ExtensionRequest,
    Finding,
    InspectionCase,
    ProcessInstance,
    Task,
    Timer,
)
from workflows.policy import Actor
from workflows.queries.deadline_changes import change_of
from workflows.records import calendars, messages, time_limits
from workflows.records.history import record
from workflows.workdays import Calendar, local_date

FINDING_RULE = "D4"  # a finding's own limit: its amount comes from decision table D4
FINDING_TITLE = "单项整改时限"


def open_deadline(
    session: Session,
    *,
    rule: str,
    anchor_at: datetime,
    anchor_label: str,
    now: datetime,
    case: InspectionCase,
    calendar: Calendar | None = None,
    finding: Finding | None = None,
    amount: int | None = None,
    unit: str | None = None,
    title: str | None = None,
) -> Deadline:
    """Opens the subject's next deadline under `rule`, counted from `anchor_at`.

    `amount` and `unit` are given for D4, whose numbers a decision table yields; else the register in force on the
    anchor's day rules.  "T13" means the variant that the case's round follows.
    """
    calendar = calendar or calendars.in_force(session)
    if amount is not None:
        limit, row = limit_of(amount, unit or Unit.MONTH, name=title or FINDING_TITLE), None
    else:
        code = case.round.concentrated_rule if rule == "T13" else rule
        limit, row = time_limits.limit_in_force(session, code, local_date(anchor_at))
    derived = derive(limit, anchor_at, calendar, anchor_label=anchor_label or "起算")
    subject_no = finding.finding_no if finding else case.case_no
    previous = latest(session, subject_no, rule)
    deadline = Deadline(
        subject_no=subject_no,
        rule=rule,
        seq=previous.seq + 1 if previous else 1,
        title=title or limit.name,
        case_id=case.id,
        finding_id=finding.id if finding else None,
        unit_id=case.unit_id,
        responsible_role=row.responsible_role if row else "unit_liaison",
        escalates=row.escalates if row else True,
        amount=limit.amount,
        amount_unit=limit.unit.value,
        anchor_label=anchor_label or "起算",
        anchor_at=anchor_at,
        calendar_version=calendar.version,
        words=derived.words,
        is_provisional=derived.provisional,
        original_due_at=derived.due_at,
        due_at=derived.due_at,
        paused_days=0,
        extension_count=0,
        level=0,
        opened_at=now,
    )
    _plan(session, deadline, now, sent=[])
    session.add(deadline)
    _note(session, deadline, "opened", now, derived.words)
    _known(session, subject_no)[rule] = deadline
    return deadline


def latest(session: Session, subject_no: str, rule: str) -> Deadline | None:
    """The subject's newest deadline under `rule`, or None."""
    return _known(session, subject_no).get(rule)


def changes_of(session: Session, deadline: Deadline) -> list[Change]:
    """The deadline's rows of change as the pure rules want them."""
    with session.no_autoflush:
        return [change_of(row) for row in deadline.changes]


def standing_of(session: Session, deadline: Deadline) -> Standing:
    """Where the deadline stands after all its changes."""
    return history.current(changes_of(session, deadline))


def meet(session: Session, deadline: Deadline, now: datetime) -> None:
    """What was due has been done; an escalation under way is told so."""
    deadline.met_at, deadline.next_at, deadline.paused_since = now, None, None
    deadline.last_act_at = now
    _note(session, deadline, "met", now, "已按要求办理")
    _tell_followers(session, deadline, now)


def void(session: Session, deadline: Deadline, *, reason: str, now: datetime, by_id: int | None = None) -> None:
    """Strikes the deadline out, with a reason."""
    standing = standing_of(session, deadline)
    history.voided(standing, reason=reason, at=now)
    deadline.voided_at, deadline.next_at = now, None
    _note(session, deadline, "voided", now, "作废", reason=reason, by_id=by_id)
    _tell_followers(session, deadline, now)


def extend(
    session: Session,
    deadline: Deadline,
    *,
    new_due_on: date,
    reason: str,
    role: str,
    now: datetime,
    by_id: int | None,
) -> None:
    """Moves the due day after an approval (P06a).  Count, ceiling (T25) and deciding role are checked again."""
    calendar = calendars.in_force(session)
    change = extension.extended(
        standing_of(session, deadline), new_due_on, calendar, reason=reason, role=role, at=now,
        anchor=_ceiling_anchor(session, deadline),
    )  # fmt: skip
    was_late, was = deadline.level > 0, deadline.due_at
    deadline.due_at, deadline.extension_count = change.due_at, deadline.extension_count + 1
    deadline.level, deadline.last_act_at, deadline.unattended_alarm_at = 0, now, None
    words = f"第{deadline.extension_count}次延期，延至 {new_due_on.isoformat()}"
    _note(session, deadline, "extended", now, words, reason=reason, by_id=by_id, facts={"approver_role": role})
    plan_next_look(session, deadline, now)
    _moved(session, deadline, was, now)
    if was_late:
        _tell(session, deadline, "deadline.met", now)


def pause(
    session: Session, deadline: Deadline, *, kind: PauseKind, reason: str, now: datetime, by_id: int | None
) -> None:
    """Stops the clock."""
    history.paused(standing_of(session, deadline), kind, reason=reason, at=now)
    deadline.paused_since, deadline.next_at, deadline.last_act_at = now, None, now
    _note(session, deadline, "paused", now, "中止计时", reason=reason, by_id=by_id, facts={"kind": kind.value})
    deadline.next_at = history.pause_ends_at(history.Paused(now, kind, reason))
    _moved(session, deadline, deadline.due_at, now)


def resume(session: Session, deadline: Deadline, *, now: datetime, by_id: int | None) -> None:
    """Starts the clock again; the due day moves by the paused days, rolled to a working day."""
    change = history.resumed(standing_of(session, deadline), calendars.in_force(session), at=now)
    was = deadline.due_at
    deadline.due_at, deadline.paused_since = change.due_at, None
    deadline.paused_days += change.paused_days
    _note(
        session, deadline, "resumed", now, f"恢复计时，顺延{change.paused_days}天", by_id=by_id,
        facts={"paused_days": change.paused_days},
    )  # fmt: skip
    plan_next_look(session, deadline, now)
    _moved(session, deadline, was, now)


def recalculate(
    session: Session, deadline: Deadline, *, due_at: datetime, words: str, calendar: Calendar, now: datetime
) -> None:
    """Moves the due moment because the working-day table has changed."""
    was = deadline.due_at
    deadline.due_at, deadline.calendar_version = due_at, calendar.version
    _note(session, deadline, "recalculated", now, words)
    plan_next_look(session, deadline, now)
    _moved(session, deadline, was, now)


def plan_next_look(session: Session, deadline: Deadline, now: datetime) -> None:
    """Sets `next_at`: the next letter, level or unattended alarm, whichever comes first."""
    if deadline.met_at or deadline.voided_at or deadline.paused_since:
        return
    _plan(session, deadline, now, sent=sent_letters(session, deadline))


def _plan(session: Session, deadline: Deadline, now: datetime, *, sent: list[lights.LetterKind]) -> None:
    moments = [lights.next_letter_at(deadline.due_at, sent=sent, now=now)]
    if lights.LetterKind.RED not in sent and deadline.due_at <= now:
        moments.append(now)
    if deadline.escalates and deadline.level == 0:  # once it runs, the escalation (P09) climbs by itself
        moments.append(levels.next_level_at(deadline.due_at, reached=0, critical=is_critical(session, deadline)))
    if deadline.unattended_alarm_at is None or (
        deadline.last_act_at and deadline.last_act_at > deadline.unattended_alarm_at
    ):
        calendar = calendars.in_force(session)
        moments.append(levels.unattended_at(deadline.due_at, deadline.last_act_at, calendar))
    deadline.next_at = min((moment for moment in moments if moment is not None), default=None)


def sent_letters(session: Session, deadline: Deadline) -> list[lights.LetterKind]:
    """The letters already handled for the present due moment, superseded ones among them."""
    with session.no_autoflush:
        sent = [letter.kind for letter in deadline.letters if letter.due_at == deadline.due_at]
    return [lights.LetterKind[kind.upper()] for kind in sent]


def pending_extension(session: Session, deadline: Deadline) -> ExtensionRequest | None:
    """The extension that has been asked for and not yet decided."""
    return session.scalar(
        select(ExtensionRequest).where(
            ExtensionRequest.deadline_id == deadline.id, ExtensionRequest.status == "pending"
        )
    )


def for_preview(session: Session, deadline: Deadline) -> reschedule.OpenDeadline:
    """The deadline as the preview of a new calendar wants it."""
    limit = limit_of(deadline.amount, deadline.amount_unit, name=deadline.title)
    return reschedule.OpenDeadline(deadline.id, limit, deadline.anchor_label, changes_of(session, deadline))


def locked(session: Session, deadline_id: int) -> Deadline:
    """The deadline under its row lock, read afresh."""
    query = select(Deadline).where(Deadline.id == deadline_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def record_act(
    session: Session,
    deadline: Deadline,
    action: str,
    summary: str,
    now: datetime,
    actor: Actor | None = None,
    **details: Any,
) -> None:
    """Adds an act on a deadline to its case's history."""
    record(
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


def is_critical(session: Session, deadline: Deadline) -> bool:
    """Whether the finding behind the deadline is critical: D5 then stands one level higher."""
    if deadline.finding_id is None:
        return False
    return session.get_one(Finding, deadline.finding_id).severity == "critical"


def asked_due(deadline: Deadline, now: datetime) -> datetime:
    """The due moment as a timer sees it: while the clock stands still it moves along with the time."""
    return deadline.due_at + (now - deadline.paused_since) if deadline.paused_since else deadline.due_at


def _moved(session: Session, deadline: Deadline, was: datetime, now: datetime) -> None:
    """Whatever shows or waits for the old moment follows: open tasks, and the timers of the subject's instances.

    A task that only asks for the moment (`due` in the diagram) is known by its subject and the moment it shows.
    """
    if deadline.id is None:
        return  # opened in this very step: nobody has seen it yet
    if deadline.due_at != was:
        for task in _open_tasks(session, deadline.case_id):
            asks = task.deadline_id is None and task.due_at == was and task.finding_id == deadline.finding_id
            if asks or (task.deadline_id is not None and task.deadline_id == deadline.id):
                task.due_at = deadline.due_at
    _look_again(session, deadline, now)


def _open_tasks(session: Session, case_id: int) -> Sequence[Task]:
    """The open tasks of the case; read once a transaction."""
    key = ("open tasks", case_id)
    if key not in session.info:
        with session.no_autoflush:
            query = select(Task).where(Task.case_id == case_id, Task.status == "open")
            session.info[key] = session.scalars(query).all()
    return [task for task in session.info[key] if task.status == "open"]


def _look_again(session: Session, deadline: Deadline, now: datetime) -> None:
    """The clock wakes the subject's instances, which ask for their due moments afresh; once a transaction is enough."""
    woken: set[tuple[int, int | None]] = session.info.setdefault("woken", set())
    subject = (deadline.case_id, deadline.finding_id)
    if subject in woken:
        return
    woken.add(subject)
    of_subject = select(ProcessInstance.id).where(
        ProcessInstance.case_id == deadline.case_id,
        ProcessInstance.status == "running",
        or_(ProcessInstance.finding_id == deadline.finding_id, ProcessInstance.finding_id.is_(None)),
    )
    with session.no_autoflush:
        session.execute(update(Timer).where(Timer.state == 0, Timer.instance_id.in_(of_subject)).values(due_at=now))


def _ceiling_anchor(session: Session, deadline: Deadline) -> date | None:
    case = session.get_one(InspectionCase, deadline.case_id)
    return case.feedback_date if deadline.finding_id else None


def _tell_followers(session: Session, deadline: Deadline, now: datetime) -> None:
    """What is settled needs neither pressing (P09) nor more time (P06a)."""
    if deadline.escalates and deadline.level:
        _tell(session, deadline, "deadline.met", now)
    if deadline.extension_asked:
        deadline.extension_asked = False
        _tell(session, deadline, "extension.moot", now)


def _tell(session: Session, deadline: Deadline, name: str, now: datetime) -> None:
    messages.send(
        session,
        name=name,
        key=key_of(deadline),
        now=now,
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        unit_id=deadline.unit_id,
    )


def key_of(deadline: Deadline) -> str:
    """Under which key the escalation (P09) of this deadline and the decision on its extension (P06a) run."""
    return f"{deadline.subject_no}|{deadline.rule}"


def _known(session: Session, subject_no: str) -> dict[str, Deadline]:
    """The newest deadline of the subject under each rule: one statement a subject and transaction."""
    read(session, [subject_no])
    kept: dict[str, dict[str, Deadline]] = session.info["deadlines"]
    return kept[subject_no]


def read(session: Session, subject_nos: Iterable[str]) -> None:
    """Reads the deadlines of several subjects with one statement, where the transaction has not yet."""
    kept: dict[str, dict[str, Deadline]] = session.info.setdefault("deadlines", {})
    unread = [number for number in subject_nos if number not in kept]
    if not unread:
        return
    kept.update({number: {} for number in unread})
    rows = select(Deadline).where(Deadline.subject_no.in_(unread)).order_by(Deadline.seq)
    with session.no_autoflush:
        for row in session.scalars(rows.options(joinedload(Deadline.changes), joinedload(Deadline.letters))).unique():
            kept[row.subject_no][row.rule] = row


def _note(
    session: Session,
    deadline: Deadline,
    kind: str,
    now: datetime,
    words: str,
    *,
    reason: str = "",
    by_id: int | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    session.add(
        DeadlineChange(
            deadline=deadline,
            kind=kind,
            at=now,
            due_at=deadline.due_at,
            calendar_version=deadline.calendar_version,
            words=words,
            reason=reason,
            by_id=by_id,
            facts=(facts or {}) | ({"anchor_at": deadline.anchor_at.isoformat()} if kind == "opened" else {}),
        )
    )
