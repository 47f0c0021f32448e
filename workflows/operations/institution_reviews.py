"""对照修订与执行检查 (P11): what a superior change asks of its dependants, and whether an institution is carried out."""

from datetime import date
from typing import Any

from workflows.models import InstitutionCheck, InstitutionDoc, InstitutionImpact, Unit
from workflows.operations._institutions import is_changing, open_change, spread, unit_named
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.vocabulary import DEVIATION, REVIEW_OUTCOME
from workflows.records import institutions, messages
from workflows.records.institutions import InstitutionRefused
from workflows.workdays import end_of_day

CORRECTION_MONTHS = 1


@operation(repeatable=True)
def begin_review(context: Context, *, doc_no: str) -> dict[str, Any]:
    """调出现行制度。返回 by_unit（是否由单位自行对照）、issue_no、text。"""
    doc = institutions.find(context.session, doc_no)
    current = institutions.latest(doc)
    return {
        "by_unit": doc.unit_id is not None,
        "issue_no": current.issue_no if current else "",
        "text": current.text if current else "",
    }


@operation
def record_review_outcome(
    context: Context, *, doc_no: str, impact_id: int, outcome: str, note: str
) -> dict[str, Any]:
    """登记对照结论：本级制度需要修订、废止的即行立项办理。outcome：keep、amend、repeal。返回 registers（由单位登记新版本）。"""
    doc = institutions.find(context.session, doc_no)
    impact = context.session.get_one(InstitutionImpact, impact_id)
    impact.outcome, impact.note, impact.settled_at = outcome, note, context.now
    changes = outcome != "keep"
    if changes and doc.unit_id is None:
        _open_reviewed_change(context, doc, outcome, note)
    context.record("review_institution", f"对照修订《{doc.title}》：{REVIEW_OUTCOME[outcome]}", note=note)
    return {"registers": changes and doc.unit_id is not None}


@operation
def record_unit_version(context: Context, *, doc_no: str, outcome: str, issue_no: str, text: str) -> dict[str, Any]:
    """登记单位制度的新版本：修订的转回“现行有效”，废止的转为“已废止”。返回 version_no。"""
    doc = institutions.find(context.session, doc_no)
    move(doc, *(("amending", "in_force") if outcome == "amend" else ("repealed",)))
    version = institutions.add_version(
        context.session, doc, action=outcome, issue_no=issue_no, issuing_body=doc.issuing_body,
        issued_on=context.today, effective_on=context.today, text=text, now=context.now,
    )  # fmt: skip
    spread(context, version)
    context.record("register_version", f"《{doc.title}》登记第{version.version_no}版：{issue_no}", doc_no=doc_no)
    return {"version_no": version.version_no}


@operation
def record_execution_checks(context: Context, *, doc_no: str, checks: list[dict[str, Any]]) -> dict[str, Any]:
    """登记执行情况检查（S122）：打折扣、作选择、搞变通的逐件交单位纠正（institution.deviation）。返回 deviations。"""
    doc = institutions.find(context.session, doc_no)
    found = [_add_check(context, doc, row) for row in checks]
    context.record("check_execution", f"检查《{doc.title}》执行情况", doc_no=doc_no, checks=checks)
    return {"deviations": sum(found)}


@operation
def settle_correction(context: Context, *, check_id: int, outcome: str) -> dict[str, Any]:
    """办结一件执行偏差：登记纠正情况和日期。"""
    check = context.session.get_one(InstitutionCheck, check_id)
    check.result, check.done_on = outcome, context.today
    context.record("settle_correction", f"制度执行偏差已纠正：{DEVIATION[check.deviation]}", result=outcome)
    return {}


def _open_reviewed_change(context: Context, doc: InstitutionDoc, outcome: str, note: str) -> None:
    """An institution that is being changed anyway takes the superior change along."""
    if doc.status == "in_force" and not is_changing(context, doc):
        open_change(context, doc, outcome, f"上位制度变动：{note}")


def _add_check(context: Context, doc: InstitutionDoc, row: dict[str, Any]) -> bool:
    unit = unit_named(context, row["unit_code"])
    deviates = str(row["deviation"]) != "none"
    due_on = _correct_by(context, row.get("due_on")) if deviates else None
    check = InstitutionCheck(
        version_id=doc.versions[-1].id,
        unit_id=unit.id,
        checked_at=context.now,
        checked_by_id=context.actor_id,
        deviation=row["deviation"],
        fact=row["fact"],
        correction=row["correction"],
        due_on=due_on,
    )
    context.session.add(check)
    context.session.flush()
    if due_on:
        _send_deviation(context, doc, check, unit, due_on)
    return deviates


def _send_deviation(context: Context, doc: InstitutionDoc, check: InstitutionCheck, unit: Unit, due_on: date) -> None:
    messages.send(
        context.session,
        name="institution.deviation",
        key=f"{doc.doc_no}/C{check.id}",
        now=context.now,
        payload={
            "doc_no": doc.doc_no,
            "title": doc.title,
            "check_id": check.id,
            "deviation_text": DEVIATION[check.deviation],
            "fact": check.fact,
            "correction": check.correction,
            "correct_by": end_of_day(due_on).isoformat(),
        },
        unit_id=unit.id,
        sender_id=context.instance.id,
    )


def _correct_by(context: Context, given: str | None) -> date:
    if not given:
        return context.calendar.months_after(context.today, CORRECTION_MONTHS)
    day = date.fromisoformat(given)
    if day <= context.today:
        raise InstitutionRefused("纠正期限应在今天之后。", rule="S122")
    return day
