"""反馈、通报、整改、销号: the data of the documents from feedback to closure (P04–P06)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import (
    Circular,
    CircularReceipt,
    ClosureRecord,
    Deadline,
    Feedback,
    Finding,
    InspectionCase,
    Measure,
    RectificationPlan,
    Verification,
)
from workflows.policy import vocabulary as words
from workflows.policy.transitions import state_name
from workflows.queries.document_data._ground import (
    Data,
    Subject,
    before,
    count,
    day,
    evidence_names,
    finding_rows,
    gathers,
    issuer,
    last_day,
    limit_words,
    lists,
    measure_rows,
    measures_of,
    name_of,
    numbered,
    upheld,
)

SETTLED = ("closed", "consolidated", "archived")


@gathers("feedback_letter")
def feedback_letter(session: Session, case: InspectionCase, _subject: str) -> Data:
    found = upheld(session, case)
    due = select(Deadline.due_at).where(
        Deadline.case_id == case.id, Deadline.rule == "T10", Deadline.voided_at.is_(None)
    )
    plan_due = session.scalar(due.order_by(Deadline.id).limit(1))
    return {
        "addressee": f"{case.unit.name}党组织",
        "entry_date": day(case.entry_date),
        "exit_date": day(case.exit_date),
        "council_date": day(case.council_date),
        "finding_count": len(found),
        "findings": finding_rows(found),
        "plan_limit": before(last_day(plan_due)) or limit_words(session, "T10", case.council_date),
        "report_limit": before(day(case.concentrated_end))
        or limit_words(session, case.round.concentrated_rule, case.council_date),
    }


@gathers("tour_chapter")
def tour_chapter(session: Session, case: InspectionCase, _subject: str) -> Data:
    """S51: the chapter of the tour's feedback; it carries the very date of the unified feedback."""
    rows = select(Feedback).where(Feedback.case_id == case.id, Feedback.revisit_cycle == 0)
    channels = {row.channel: row for row in session.scalars(rows)}
    told, chapter = channels.get("unified"), channels.get("one_to_one")
    found = upheld(session, case)
    return {
        "tour_round": case.round.linked_tour_round,
        "feedback_date": day(told.held_on) if told else "",
        "chapter": str(chapter.facts.get("chapter", "")) if chapter else "",
        "finding_count": len(found),
        "findings": finding_rows(found),
    }


@lists("circular")
def circulars(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(Circular).where(Circular.case_id == case.id).order_by(Circular.id)
    return [Subject(row.circular_no, row.title) for row in session.scalars(query)]


@gathers("circular")
def circular(session: Session, case: InspectionCase, subject: str) -> Data:
    query = select(Circular).where(Circular.circular_no == subject, Circular.case_id == case.id)
    row = session.scalars(query).one()
    return {
        "number": row.circular_no,
        "title": row.title,
        "body": row.body,
        "reply_limit": limit_words(session, "T21", row.issued_on),
        "receivers": count(session, CircularReceipt.circular_id == row.id),
    }


@gathers("rectification_plan")
def rectification_plan(session: Session, case: InspectionCase, _subject: str) -> Data:
    """S86: without the principal's signature there is no first responsible person to name."""
    query = select(RectificationPlan).where(
        RectificationPlan.case_id == case.id, RectificationPlan.status.in_(("submitted", "approved"))
    )
    plan = session.scalar(query.order_by(RectificationPlan.id.desc()).limit(1))
    found = upheld(session, case)
    return {
        "meeting_date": day(plan.meeting_date) if plan else "",
        "leading_group": plan.leading_group if plan else "",
        "principal": name_of(session, plan.signed_by_id) if plan else "",
        "finding_count": len(found),
        "findings": finding_rows(found),
        "measures": measure_rows(session, found) if plan else [],
    }


@gathers("rectification_report")
def rectification_report(session: Session, case: InspectionCase, _subject: str) -> Data:
    report: dict[str, Any] = case.facts.get("report", {})
    said = {row["finding_no"]: row for row in report.get("rows", ())}
    found = upheld(session, case)
    pairs = measures_of(session, found)
    return {
        "addressee": issuer(session),
        "finding_count": len(found),
        "closed_count": sum(finding.status in SETTLED for finding in found),
        "effect": report.get("effect", ""),
        "results": numbered(
            _result(session, finding, said[finding.finding_no], pairs)
            for finding in found
            if finding.finding_no in said
        ),
        "institutions": sum(measure.institutions_n for _, measure in pairs),
        "persons": sum(measure.persons_n for _, measure in pairs),
        "undisclosed": report.get("undisclosed", ""),
    }


@lists("closure")
def closures(session: Session, case: InspectionCase) -> list[Subject]:
    query = (
        select(ClosureRecord.closure_no, Finding.finding_no, Finding.title)
        .join(Finding, ClosureRecord.finding_id == Finding.id)
        .where(Finding.case_id == case.id)
        .order_by(ClosureRecord.id)
    )
    return [Subject(no, f"{finding_no} {title}") for no, finding_no, title in session.execute(query)]


@gathers("closure_sheet")
def closure_sheet(session: Session, case: InspectionCase, subject: str) -> Data:
    """From the sealed snapshot, not from today's rows: the sheet says what was struck off."""
    query = (
        select(ClosureRecord, Finding)
        .join(Finding, ClosureRecord.finding_id == Finding.id)
        .where(ClosureRecord.closure_no == subject, Finding.case_id == case.id)
    )
    record, finding = session.execute(query).one()
    check = session.get(Verification, record.snapshot.get("verification") or 0)
    return {
        "number": record.closure_no,
        "finding_no": finding.finding_no,
        "title": record.snapshot["title"],
        "text": finding.text,
        "measures": numbered(_kept_measure(finding, row) for row in record.snapshot["measures"]),
        "parties": numbered(dict(party) for party in check.parties) if check else [],
        "method": words.word(words.VERIFICATION_METHOD, check.method) if check else "",
        "verification": _verdict(check) if check else "",
        "effect": record.snapshot["effect"],
        "grade": words.word(words.EFFECT_GRADE, record.snapshot.get("effect_grade")),
        "evidence": "、".join(evidence_names(session, finding)),
        "approver": name_of(session, record.approver_id),
        "closed_on": day(record.at),
        "seal": record.hash,
    }


def _verdict(check: Verification) -> str:
    result = words.word(words.VERIFICATION_RESULT, check.result)
    return f"{result}。{check.reason}" if check.reason else result


def _kept_measure(finding: Finding, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "no": finding.finding_no,
        "finding": finding.title,
        "goal": "",
        "content": row["content"],
        "leader": "",
        "department": "",
        "owner": row["owner"],
        "due": row["due_date"],
        "completion": words.word(words.COMPLETION, row["completion"]),
        "progress": "",
        "evidence": row["document_ref"] or "见证据目录",
    }


def _result(
    session: Session, finding: Finding, said: dict[str, Any], pairs: list[tuple[Finding, Measure]]
) -> dict[str, Any]:
    mine = [measure for other, measure in pairs if other.id == finding.id]
    proofs = [measure.document_ref for measure in mine if measure.document_ref]
    return {
        "no": finding.finding_no,
        "title": finding.title,
        "measures": "；".join(measure.content for measure in mine),
        "result": said.get("result") or finding.effect,
        "evidence": "、".join([*proofs, *evidence_names(session, finding)]) or "—",
        "state": state_name("finding", finding.status),
    }
