"""登记已审定问题: opens a case for what an inspection found and enters the findings once the council has approved them.

Stands in for P01–P03b; knows nothing of feedback and rectification.
"""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Finding, InspectionCase, InspectionRound, Unit
from workflows.operations._findings import approve_all
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.records import time_limits
from workflows.refusal import Refusal


class IntakeRefused(Refusal):
    """What was registered is incomplete or contradicts what is known."""

    rule = "intake"


@operation
def open_case(
    context: Context, *, round_code: str, unit_code: str, source_level: str, entry_date: str, exit_date: str
) -> dict[str, Any]:
    """立案编号：一个单位在一个轮次只立一案；进驻不少于T03规定天数。返回 case_no、unit_name、round_name、key_task。"""
    round_ = context.session.scalar(select(InspectionRound).where(InspectionRound.code == round_code.strip()))
    unit = context.session.scalar(select(Unit).where(Unit.code == unit_code.strip(), Unit.is_active))
    if round_ is None or unit is None:
        raise IntakeRefused(
            f"没有{'轮次' if round_ is None else '单位'}“{round_code if round_ is None else unit_code}”。"
        )
    known = select(InspectionCase).where(InspectionCase.round_id == round_.id, InspectionCase.unit_id == unit.id)
    if (other := context.session.scalar(known)) is not None:
        raise IntakeRefused(f"{unit.name}在{round_.name}已立案（{other.case_no}），不能重复立案。")
    entered, left = _stay(context, entry_date, exit_date)
    case = InspectionCase(
        case_no=context.number("XR-{code}-{n:03d}", code=round_.code),
        round=round_,
        unit=unit,
        source_level=source_level,
        status="council_review",
        entry_date=entered,
        exit_date=left,
        officer_id=context.actor_id,
        opened_at=context.now,
        facts={},
    )
    context.session.add(case)
    context.session.flush()
    instance = context.instance
    instance.case, instance.case_id, instance.unit, instance.unit_id = case, case.id, unit, unit.id
    context.record("open_case", f"立案：{case.case_no} {unit.name}")
    return {
        "case_no": case.case_no,
        "unit_name": unit.name,
        "round_name": round_.name,
        "key_task": round_.kind == "key_task",
    }


@operation(repeatable=True)
def weigh_category(context: Context, *, category: str) -> dict[str, Any]:
    """统计同轮次存在同类问题的单位数，供判定性质（D8）使用。返回 units_in_region、units_in_city，均含本单位。"""
    case = context.case
    rows = context.session.execute(
        select(Unit.id, Unit.city_id)
        .join(InspectionCase, InspectionCase.unit_id == Unit.id)
        .join(Finding, Finding.case_id == InspectionCase.id)
        .where(InspectionCase.round_id == case.round_id, Finding.category == category)
        .where(Finding.status != "not_upheld")
    )
    units = {row.id: row.city_id for row in rows}
    units[case.unit_id] = case.unit.city_id
    here = case.unit.city_id or case.unit_id
    return {
        "units_in_region": len(units),
        "units_in_city": sum((city_id or unit_id) == here for unit_id, city_id in units.items()),
    }


@operation
def approve_findings(
    context: Context,
    *,
    findings: list[dict[str, Any]] | None,
    assessed: list[dict[str, Any]],
    council_date: str,
    minutes: str,
    zero_declaration: str | None = None,
) -> dict[str, Any]:
    """审定立账：按部务会审定结果建立问题，案件转为“待反馈”。没有问题的须有零问题声明。返回 finding_count。"""
    found = approve_all(
        context,
        findings or [],
        assessed,
        council_date=council_date,
        minutes=minutes,
        zero_declaration=zero_declaration,
    )
    return {"finding_count": len(found)}


def _stay(context: Context, entry_date: str, exit_date: str) -> tuple[date, date]:
    entered, left = date.fromisoformat(entry_date), date.fromisoformat(exit_date)
    least = time_limits.limit_in_force(context.session, "T03", context.today)[0].amount
    if left > context.today:
        raise IntakeRefused("离点日期不能晚于今天。")
    if (left - entered).days + 1 < least:
        raise IntakeRefused(f"进驻不足{least}天，不能转入认定。", rule="T03")
    return entered, left
