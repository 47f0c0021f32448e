"""年度考核参考 (P13): collects the year, keeps D11's grade and the division's, and what the assessment office made of it."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.deadlines.derivation import derive
from workflows.models import AssessmentReference, Unit
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.vocabulary import ASSESSMENT_GRADE, word
from workflows.queries.annual import in_words, numbers_of, units_touched
from workflows.records import time_limits
from workflows.refusal import Refusal

ANSWER_WORKDAYS = 20


class AnnualRefused(Refusal):
    """A year that is not over, or a grade without its reason."""

    rule = "S107"


@operation(repeatable=True)
def collect_annual_numbers(context: Context, *, year: int) -> dict[str, Any]:
    """汇总年度整改情况：该年度涉及的每个单位一行，已编制过的不重复。返回 rows（unit_code、numbers）、due（T23）。"""
    if year >= context.today.year:
        raise AnnualRefused(f"{year}年尚未终了，不能编制年度考核参考。")
    limit, _ = time_limits.limit_in_force(context.session, "T23", context.today)
    known = set(context.session.scalars(select(AssessmentReference.unit_id).where(AssessmentReference.year == year)))
    rows = [
        {"unit_code": unit.code, "numbers": numbers_of(context.session, unit, year, context.now)}
        for unit in units_touched(context.session, year)
        if unit.id not in known
    ]
    return {"rows": rows, "due": derive(limit, date(year, 12, 31), context.calendar).due_at.isoformat()}


@operation
def draft_annual_references(
    context: Context, *, year: int, graded: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """编制参考表：按D11定等，每个单位一份。返回 rows（供核定）。"""
    grades = {row["unit_code"]: row["grade"] for row in graded}
    for row in rows:
        grade = grades[row["unit_code"]]
        unit = context.session.scalars(select(Unit).where(Unit.code == row["unit_code"])).one()
        context.session.add(
            AssessmentReference(
                unit_id=unit.id, year=year, numbers=row["numbers"], grade_by_rule=grade, grade=grade, status="drafted"
            )
        )
    context.session.flush()
    context.record("draft_annual", f"编制{year}年度考核参考{len(rows)}份", grades=grades)
    return {"rows": _rows(context, year, "drafted"), "returned": ""}


@operation
def record_annual_grades(context: Context, *, year: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """登记核定等次：调整按规则定的等次，须写明理由。返回 rows（单位、等次、理由）。"""
    given = {row["unit_code"]: row for row in rows}
    for reference in _references(context, year, "drafted"):
        row = given.get(reference.unit.code, {})
        grade, reason = row.get("adjusted") or reference.grade_by_rule, (row.get("reason") or "").strip()
        if grade != reference.grade_by_rule and not reason:
            by_rule = word(ASSESSMENT_GRADE, reference.grade_by_rule)
            raise AnnualRefused(f"{reference.unit.name}按规则为“{by_rule}”，调整须写明理由。")
        reference.grade, reference.reason = grade, reason
        move(reference, "graded")
    context.record("grade_annual", f"核定{year}年度考核参考{len(given)}份")
    return {"rows": [_short(reference) for reference in _references(context, year, "graded")]}


@operation
def return_annual_references(context: Context, *, year: int, reason: str) -> dict[str, Any]:
    """退回重新核定。返回 rows、returned（退回意见）。"""
    for reference in _references(context, year, "graded"):
        move(reference, "drafted")
    context.record("return_annual", f"退回{year}年度考核参考", reason=reason)
    return {"rows": _rows(context, year, "drafted"), "returned": reason}


@operation
def send_annual_references(context: Context, *, year: int, reason: str) -> dict[str, Any]:
    """送年度考核办：审批同意后送出，二十个工作日内反馈采纳情况。返回 rows、answer_due。"""
    references = _references(context, year, "graded")
    for reference in references:
        move(reference, "approved", "sent")
        reference.sent_at = context.now
    context.notify("assessment_office", f"请收阅{year}年度考核参考，并反馈采纳情况", f"共{len(references)}份")
    context.record("send_annual", f"{year}年度考核参考{len(references)}份送年度考核办", reason=reason)
    due = context.workdays_after(context.today, ANSWER_WORKDAYS)
    return {"rows": [_short(reference) for reference in references], "answer_due": due.isoformat()}


@operation
def record_annual_adoption(context: Context, *, year: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """登记采纳情况：填有未采纳说明的为未采纳，其余采纳。"""
    given = {row["unit_code"]: row for row in rows}
    for reference in _references(context, year, "sent"):
        note = (given.get(reference.unit.code, {}).get("not_adopted") or "").strip()
        reference.adopted, reference.adopted_note = not note, note
        move(reference, "answered")
    adopted = sum(not (row.get("not_adopted") or "").strip() for row in rows)
    context.record("adopt_annual", f"{year}年度考核参考采纳{adopted}份，共{len(rows)}份")
    return {}


def _references(context: Context, year: int, status: str) -> list[AssessmentReference]:
    query = select(AssessmentReference).join(Unit).where(AssessmentReference.year == year)
    return list(context.session.scalars(query.where(AssessmentReference.status == status).order_by(Unit.code)))


def _rows(context: Context, year: int, status: str) -> list[dict[str, Any]]:
    return [
        {
            "unit_code": reference.unit.code,
            "unit_name": reference.unit.name,
            "words": in_words(reference.numbers),
            "by_rule": word(ASSESSMENT_GRADE, reference.grade_by_rule),
            **({"adjusted": reference.grade} if reference.grade != reference.grade_by_rule else {}),
            "reason": reference.reason,
        }
        for reference in _references(context, year, status)
    ]


def _short(reference: AssessmentReference) -> dict[str, Any]:
    return {
        "unit_code": reference.unit.code,
        "unit_name": reference.unit.name,
        "grade_name": word(ASSESSMENT_GRADE, reference.grade),
        "reason": reference.reason,
    }
