"""集中整改与报告 (P05): the meeting, the monthly reports, the final report, and how the case stands afterwards."""

import re
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Finding, Measure, ProgressReport
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.transitions import state_name
from workflows.records.findings import closure_survey, findings_of, recount
from workflows.refusal import Refusal

PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class ReportRefused(Refusal):
    """A report that is incomplete or does not fit the ledger."""

    rule = "T14"


@operation
def record_democratic_meeting(context: Context, *, held_on: str, minutes: str) -> dict[str, Any]:
    """登记专题民主生活会。"""
    if date.fromisoformat(held_on) > context.today:
        raise ReportRefused("会议日期不能晚于今天。", rule="T12")
    _note(context, "democratic_meeting", {"held_on": held_on, "minutes": minutes})
    context.record("hold_democratic_meeting", "召开专题民主生活会", held_on=held_on, minutes=minutes)
    return {}


@operation
def record_monthly_report(
    context: Context, *, period: str, rows: list[dict[str, Any]] | None, summary: str
) -> dict[str, Any]:
    """登记整改月报：period 为“年-月”，逐条措施的进展记入台账。返回 open_count（未销号数）。"""
    if not PERIOD.fullmatch(period):
        raise ReportRefused("报告月份应写作“年-月”，如2026-09。")
    measures = {f"{finding.finding_no}-M{measure.seq}": measure for finding, measure in _measures(context)}
    for row in rows or []:
        measure = measures.get(row["measure"])
        if measure is None:
            raise ReportRefused(f"台账中没有措施“{row['measure']}”。")
        measure.progress = row["progress"]
        _add(context, period, row["progress"], measure_id=measure.id, percent=row["percent"])
    _add(context, period, summary)
    context.record("report_month", f"报送{period}整改月报", text=summary)
    return {"open_count": recount(context.session, context.case)}


@operation
def begin_reporting(context: Context) -> dict[str, Any]:
    """转入报告阶段：集中整改期（T13）结束，案件转为“整改情况报告”。返回 findings（逐项报告行）。"""
    move(context.case, "reporting")
    context.meet_deadline("T13")
    found = findings_of(context.session, context.case)
    context.record("begin_reporting", f"集中整改期结束，未销号{recount(context.session, context.case)}个")
    return {"findings": [_result_row(finding) for finding in found]}


@operation
def record_report(context: Context, *, rows: list[dict[str, Any]], effect: str, undisclosed: str) -> dict[str, Any]:
    """存档整改情况报告：每个反馈问题都须报告整改结果。"""
    given = {row["finding_no"] for row in rows}
    found = findings_of(context.session, context.case)
    if missing := [finding.finding_no for finding in found if finding.finding_no not in given]:
        raise ReportRefused(f"整改情况报告没有写到以下问题：{'、'.join(missing)}。", rule="S87")
    _note(context, "report", {"rows": rows, "effect": effect, "undisclosed": undisclosed})
    context.record("write_report", "编写整改情况报告", effect=effect, undisclosed=undisclosed)
    return {}


@operation
def publish_report(context: Context, *, scope: str, published_on: str) -> dict[str, Any]:
    """党内通报并公开整改情况。scope：party 党内通报、unit 本单位公开、public 向社会公开。"""
    if date.fromisoformat(published_on) < (context.case.feedback_date or context.today):
        raise ReportRefused("通报公开日期不能早于反馈日期。", rule="P05")
    _note(context, "publication", {"scope": scope, "published_on": published_on})
    context.record("publish_report", "通报公开整改情况", scope=scope, published_on=published_on)
    return {}


@operation(repeatable=True)
def count_open(context: Context) -> dict[str, Any]:
    """清点未销号问题，供判定回头看（D9）使用。返回 open_count、critical_closed、serious_closed、recurrence、mass_evaluation。"""
    return closure_survey(context.session, context.case)


@operation
def settle_case(
    context: Context, *, revisit_kind: str, revisit_months: int | None, revisit_basis: str
) -> dict[str, Any]:
    """整改结账：没有未销号问题的转为“已清零”；有未销号问题或须回头看（D9）的转为“待回头看”。返回 status。"""
    case = context.case
    if recount(context.session, case) == 0:
        move(case, "cleared")
    if case.open_count or revisit_kind == "required":
        move(case, "revisit_due")
    context.record(
        "settle_case",
        f"整改结账：{state_name('case', case.status)}，未销号{case.open_count}个",
        revisit=revisit_kind,
        months=revisit_months,
        basis=revisit_basis,
    )
    return {"status": case.status, "open_count": case.open_count}


def _measures(context: Context) -> list[tuple[Finding, Measure]]:
    rows = context.session.execute(
        select(Finding, Measure)
        .join(Measure, Measure.finding_id == Finding.id)
        .where(Finding.case_id == context.case.id, Measure.status != "superseded")
        .where(Measure.round_no == Finding.round_no)
    )
    return [(finding, measure) for finding, measure in rows]


def _add(context: Context, period: str, text: str, **facts: Any) -> None:
    context.session.add(
        ProgressReport(
            case_id=context.case.id,
            measure_id=facts.get("measure_id"),
            period=period,
            text=text,
            percent=facts.get("percent"),
            by_id=context.actor_id,
            at=context.now,
        )
    )


def _result_row(finding: Finding) -> dict[str, Any]:
    measures = [measure for measure in finding.measures if measure.status == "accepted"]
    return {
        "finding_no": finding.finding_no,
        "title": finding.title,
        "status": state_name("finding", finding.status),
        "result": finding.effect,
        "institutions_n": sum(measure.institutions_n for measure in measures),
        "persons_n": sum(measure.persons_n for measure in measures),
        "amount_wan": sum(measure.amount_wan for measure in measures),
    }


def _note(context: Context, name: str, facts: dict[str, Any]) -> None:
    """Facts of the case that no list asks for."""
    context.case.facts = {**context.case.facts, name: facts}
