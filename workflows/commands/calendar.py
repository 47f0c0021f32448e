"""A new version of the working-day table: proposed by one person, published by another, with what it does to deadlines."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.deadlines import reschedule
from workflows.deadlines.derivation import derive
from workflows.models import CalendarDay, CalendarProposal, CalendarVersion, Deadline
from workflows.policy import Actor
from workflows.records import calendars, deadlines, history
from workflows.refusal import Refusal
from workflows.workdays import Calendar, NoticeDay, whole_years

APPROVERS = ("sys_admin", "supervision_chief")


class CalendarRefused(Refusal):
    """The same person, a decided proposal, or no basis given."""

    rule = "calendar"


def propose_calendar(
    work: Work, *, days: Sequence[NoticeDay], last_certain_year: int, note: str, actor: Actor, now: datetime
) -> CalendarProposal:
    """提出新版工作日历: nothing moves until a second person publishes it.  Raises CalendarRefused, NoticeRefused."""
    actor.require_role("sys_admin", act="维护工作日历")
    if not note.strip():
        raise CalendarRefused("请填写依据，如通知的文号。")
    session = work.session
    if session.scalar(select(CalendarProposal.id).where(CalendarProposal.status == "proposed")) is not None:
        raise CalendarRefused("已有一份调整方案等待复核，请先处理。")
    whole = whole_years(days, calendars.in_force(session), last_certain_year)
    proposal = CalendarProposal(
        days=[[each.day.isoformat(), each.is_workday, each.name] for each in whole], note=note.strip(),
        last_certain_year=last_certain_year, proposed_by_id=actor.user_id, proposed_at=now,
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    history.record(
        session, action="propose_calendar", summary=f"提出工作日历调整方案，涉及{len(days)}天：{note.strip()}", now=now,
        actor=actor, object_kind="calendar_proposal", object_id=proposal.id, details={"days": proposal.days},
    )  # fmt: skip
    return proposal


def reject_calendar(work: Work, *, proposal_id: int, note: str, actor: Actor, now: datetime) -> None:
    """退回 the proposal with a reason, or the proposer withdraws it."""
    actor.require_role(*APPROVERS, act="复核工作日历")
    if not note.strip():
        raise CalendarRefused("请写明退回的理由。")
    proposal = _waiting(work.session, proposal_id)
    _decide(proposal, "rejected", note, actor, now)
    history.record(
        work.session, action="reject_calendar", summary=f"退回工作日历调整方案：{note.strip()}", now=now, actor=actor,
        object_kind="calendar_proposal", object_id=proposal.id,
    )  # fmt: skip


def publish_calendar(work: Work, *, proposal_id: int, actor: Actor, now: datetime) -> list[reschedule.Moved]:
    """复核发布: a new version by somebody other than the proposer; open deadlines are derived afresh.

    Returns those that moved.  What was provisional and is certain now loses its mark, moved or not.
    """
    actor.require_role(*APPROVERS, act="复核工作日历")
    session = work.session
    proposal = _waiting(session, proposal_id)
    if proposal.proposed_by_id == actor.user_id:
        raise CalendarRefused("提出人不能复核自己的方案，请由另一人发布。")
    old = calendars.in_force(session)
    new = calendar_of(old, proposal)
    _keep(session, proposal, new, actor, now)
    moves = preview_calendar(session, old, new)
    for move in moves:
        deadline = session.get_one(Deadline, int(move.key))
        deadlines.recalculate(session, deadline, due_at=move.new_due, words=move.words, calendar=new, now=now)
    confirmed = _confirm(session, new)
    _decide(proposal, "published", "", actor, now)
    proposal.version = new.version
    history.record(
        session, action="publish_calendar", summary=f"发布工作日历第{new.version}版，{len(moves)}项时限随之调整",
        now=now, actor=actor, object_kind="calendar", object_id=new.version,
        details={"proposal": proposal.id, "proposed_by": proposal.proposed_by_id, "note": proposal.note,
                 "no_longer_provisional": confirmed},
    )  # fmt: skip
    return moves


def days_of(proposal: CalendarProposal) -> list[NoticeDay]:
    """The days of a proposal."""
    return [NoticeDay(date.fromisoformat(day), works, name) for day, works, name in proposal.days]


def calendar_of(old: Calendar, proposal: CalendarProposal) -> Calendar:
    """The version that the proposal would make of the present one."""
    return calendar_with(old, days_of(proposal), proposal.last_certain_year)


def calendar_with(old: Calendar, days: Sequence[NoticeDay], last_certain_year: int) -> Calendar:
    """The next version: the old table with some days changed."""
    changed = dict(old.exceptions) | {each.day: each.is_workday for each in days}
    return Calendar(old.version + 1, changed, last_certain_year)


def preview_calendar(session: Session, old: Calendar, new: Calendar) -> list[reschedule.Moved]:
    """Which open deadlines a new table would move, with words; writes nothing."""
    return reschedule.preview((deadlines.for_preview(session, row) for row in _open(session)), old, new)


def _keep(session: Session, proposal: CalendarProposal, new: Calendar, actor: Actor, now: datetime) -> None:
    session.add(
        CalendarVersion(
            number=new.version,
            published_at=now,
            published_by_id=actor.user_id,
            last_certain_year=new.last_certain_year,
            note=proposal.note,
        )
    )
    session.flush()
    session.add_all(
        CalendarDay(
            day=each.day, version=new.version, is_workday=each.is_workday, name=each.name, source=proposal.note
        )
        for each in days_of(proposal)
    )
    session.info["calendar"] = new


def _confirm(session: Session, new: Calendar) -> int:
    """Takes the mark 暂定 from open deadlines whose count lies in certain years now; how many."""
    found = 0
    for row in _open(session):
        if row.is_provisional:
            known = deadlines.for_preview(session, row)
            again = derive(known.limit, known.anchor, new, anchor_label=known.anchor_label)
            if not again.provisional:
                row.is_provisional, row.calendar_version = False, new.version
                row.words = again.words if again.due_at == row.due_at else row.words
                found += 1
    return found


def _open(session: Session) -> list[Deadline]:
    query = select(Deadline).where(Deadline.met_at.is_(None), Deadline.voided_at.is_(None))
    return list(session.scalars(query.order_by(Deadline.id)))


def _waiting(session: Session, proposal_id: int) -> CalendarProposal:
    proposal = session.get(CalendarProposal, proposal_id, with_for_update=True)
    if proposal is None or proposal.status != "proposed":
        raise CalendarRefused("这份方案已经处理。")
    return proposal


def _decide(proposal: CalendarProposal, status: str, note: str, actor: Actor, now: datetime) -> None:
    proposal.status, proposal.decision_note = status, note.strip()
    proposal.decided_by_id, proposal.decided_at = actor.user_id, now
