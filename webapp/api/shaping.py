"""Rows into the shapes of the API.  Decides nothing and asks nothing but the registers of notices."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.api.shapes import (
    ActShape,
    CaseFull,
    CaseShape,
    DeadlineChangeShape,
    DeadlineFull,
    DeadlineShape,
    FindingFull,
    FindingShape,
    MeasureShape,
    NoticesAsked,
)
from workflows.models import Deadline, Finding, InspectionCase
from workflows.policy import Actor
from workflows.policy.transitions import state_name
from workflows.queries import cases, deadlines, findings, history, notices


def case(row: cases.CaseRow) -> CaseShape:
    return CaseShape(**_case(row.case, row.findings, row.closed, row.overdue))


def case_full(view: cases.Overview, now: datetime) -> CaseFull:
    closed = sum(1 for row in view.findings if row.finding.status in cases.SETTLED)
    late = sum(1 for deadline, _ in view.deadlines if deadline.due_at <= now and deadline.paused_since is None)
    return CaseFull(
        **_case(view.case, len(view.findings), closed, late),
        stages=[{"title": stage.title, "state": stage.state, "note": stage.note} for stage in view.stages],
        finding_list=[finding(row.finding, view.case) for row in view.findings],
        deadlines=[_deadline(row, light, view.case) for row, light in view.deadlines],
    )


def finding(row: Finding, of_case: InspectionCase) -> FindingShape:
    return FindingShape(**_finding(row, of_case))


def finding_full(life: findings.Life) -> FindingFull:
    return FindingFull(
        **_finding(life.finding, life.case),
        opinion=life.finding.opinion,
        effect=life.finding.effect,
        light=life.light,
        measures=[MeasureShape.model_validate(row, from_attributes=True) for row in life.measures],
        deadlines=[_deadline(story.deadline, story.light, life.case) for story in life.deadlines],
        verifications=[
            {"round_no": row.round_no, "method": row.method, "result": row.result, "reason": row.reason,
             "by": life.names.get(row.by_id or 0, ""), "at": row.at.isoformat()}
            for row in life.verifications
        ],
        closures=[
            {"closure_no": row.closure_no, "round_no": row.round_no, "at": row.at.isoformat(), "hash": row.hash}
            for row in life.closures
        ],
    )  # fmt: skip


def deadline(row: deadlines.DeadlineRow) -> DeadlineShape:
    return _deadline(row.deadline, row.light, row.case)


def deadline_full(view: deadlines.DeadlineView) -> DeadlineFull:
    changes = [
        DeadlineChangeShape(kind=row.kind, at=row.at, due_at=row.due_at, words=row.words, reason=row.reason)
        for row in view.changes
    ]
    return DeadlineFull(**deadline(view.row).model_dump(), changes=changes)


def act(row: history.Act) -> ActShape:
    return ActShape(at=row.at, who=row.who, action=row.action, summary=row.what, detail=row.detail, kind=row.kind)


def notices_of(session: Session, actor: Actor, asked: NoticesAsked) -> tuple[list[dict[str, Any]], str]:
    """One page of the kind asked for, and where the next begins."""
    match asked.kind:
        case "letters":
            letters = notices.letters(session, actor, text=asked.text, after=asked.after, size=asked.limit)
            return [_letter(row) for row in letters.rows], letters.next
        case "supervision":
            found = notices.supervision_notices(session, actor, text=asked.text, after=asked.after, size=asked.limit)
            return [_notice(row) for row in found.rows], found.next
        case "circulars":
            circulars = notices.circulars(session, actor, after=asked.after, size=asked.limit)
            return [_circular(row) for row in circulars.rows], circulars.next
    told = notices.notifications(session, actor, only_unread=asked.unread, after=asked.after, size=asked.limit)
    return [_told(row) for row in told.rows], told.next


def _case(row: InspectionCase, count: int, closed: int, overdue: int) -> dict[str, Any]:
    return {
        "case_no": row.case_no, "unit": row.unit.name, "round": row.round.name, "status": row.status,
        "status_name": state_name("case", row.status), "feedback_date": row.feedback_date,
        "concentrated_end": row.concentrated_end, "revisit_cycle": row.revisit_cycle, "findings": count,
        "closed": closed, "open": row.open_count, "overdue": overdue,
    }  # fmt: skip


def _finding(row: Finding, of_case: InspectionCase) -> dict[str, Any]:
    names = ("finding_no", "title", "text", "category", "chain", "severity", "nature", "rectify_type", "status",
             "round_no", "return_count", "watch", "closed_no", "closed_at")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "case_no": of_case.case_no,
        "unit": of_case.unit.name,
        "status_name": state_name("finding", row.status),
    }


def _deadline(row: Deadline, light: str, of_case: InspectionCase) -> DeadlineShape:
    return DeadlineShape(
        id=row.id, rule=row.rule, title=row.title, subject_no=row.subject_no, case_no=of_case.case_no,
        unit=of_case.unit.name, due_at=row.due_at, original_due_at=row.original_due_at, derivation=row.words,
        is_provisional=row.is_provisional, light=light, level=row.level, extension_count=row.extension_count,
        paused_days=row.paused_days, is_paused=row.paused_since is not None, met_at=row.met_at,
    )  # fmt: skip


def _letter(row: notices.LetterRow) -> dict[str, Any]:
    return {
        "kind": row.letter.kind, "rule_at": row.letter.rule_at, "sent_at": row.letter.sent_at,
        "superseded": row.letter.superseded, "deadline_id": row.deadline.id, "title": row.deadline.title,
        "case_no": row.case_no, "finding_no": row.finding_no, "unit": row.unit, "recipients": row.recipients,
    }  # fmt: skip


def _notice(row: notices.NoticeRow) -> dict[str, Any]:
    notice = row.notice
    return {
        "notice_no": notice.notice_no, "level": notice.level, "form": notice.form, "status": notice.status,
        "text": notice.text, "issued_at": notice.issued_at, "due_at": notice.due_at,
        "received_at": notice.received_at, "answer": notice.answer, "unit": row.unit, "case_no": row.case_no,
        "finding_no": row.finding.finding_no if row.finding else "",
    }  # fmt: skip


def _circular(row: notices.CircularRow) -> dict[str, Any]:
    return {
        "circular_no": row.circular.circular_no, "title": row.circular.title, "issued_on": row.circular.issued_on,
        "receipts": row.receipts, "read": row.read, "answered": row.answered,
    }  # fmt: skip


def _told(row: notices.Told) -> dict[str, Any]:
    told = row.notification
    return {
        "id": told.id, "kind": told.kind, "title": told.title, "body": told.body, "case_no": row.case_no,
        "finding_no": row.finding_no, "task_id": told.task_id, "created_at": told.created_at,
        "read_at": told.read_at,
    }  # fmt: skip
