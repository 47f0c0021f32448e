"""回头看专项 (P01, S108): several past rounds and kinds of unit chosen, and the revisit of each chosen case begun."""

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, func, select

from workflows.models import Finding, InspectionCase, InspectionRound, ProcessInstance, Task, Unit
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.planning import PlanningRefused
from workflows.operations.rounds import require_held, round_of
from workflows.policy.transitions import state_name
from workflows.policy.vocabulary import ROUND_KIND, UNIT_KIND

MOST_CASES = 200


@operation(repeatable=True)
def list_past_rounds(context: Context) -> dict[str, Any]:
    """列出可以回头看的轮次：有已清零、尚未归档案件的轮次及件数。返回 rows。"""
    query = (
        select(InspectionRound, func.count(InspectionCase.id))
        .join(InspectionCase, InspectionCase.round_id == InspectionRound.id)
        .where(_may_be_called())
        .group_by(InspectionRound.id)
        .order_by(InspectionRound.starts_on)
    )
    return {
        "rows": [
            {"round_code": row.code, "round_name": row.name, "round_kind": ROUND_KIND.get(row.kind, row.kind),
             "cases": count, "chosen": True}
            for row, count in context.session.execute(query)
        ]
    }  # fmt: skip


@operation
def list_revisit_cases(
    context: Context, *, past_rounds: list[dict[str, Any]] | None, unit_kinds: list[str] | None
) -> dict[str, Any]:
    """列出回头看候选案件：所选轮次、单位类别中已清零的案件（都不选即为全部）。返回 rows 与 counts（按单位类别）。"""
    codes = [row["round_code"] for row in past_rounds or [] if row.get("chosen")]
    conditions = [_may_be_called()]
    if codes:
        conditions.append(InspectionRound.code.in_(codes))
    if unit_kinds:
        conditions.append(Unit.kind.in_(unit_kinds))
    cases = _cases(context, conditions)
    counts = Counter(UNIT_KIND.get(case.unit.kind, case.unit.kind) for case in cases)
    return {
        "rows": [_row(context, case) for case in cases],
        "counts": [{"unit_kind": kind, "cases": count} for kind, count in sorted(counts.items())],
    }


@operation
def settle_revisits(context: Context, *, chosen_cases: list[dict[str, Any]] | None) -> dict[str, Any]:
    """核定回头看名单。返回与对象名单同形的 rows（拟回头看的案件）、dropped（空）和 case_nos。"""
    chosen = [row for row in chosen_cases or [] if row["choice"] == "include"]
    context.record("settle_revisits", f"核定回头看案件{len(chosen)}件", cases=[row["case_no"] for row in chosen])
    return {
        "officer_id": context.actor_id or 0,
        "count": len(chosen),
        "case_nos": [row["case_no"] for row in chosen],
        "rows": [
            {"unit_name": row["unit_name"], "score": 0, "verdict": "回头看", "grounds": row["case_no"],
             "reason": row.get("reason") or ""}
            for row in chosen
        ],
        "dropped": [],
    }  # fmt: skip


@operation
def start_revisits(
    context: Context,
    *,
    proposal: dict[str, Any],
    key: dict[str, Any],
    settled: dict[str, Any],
    months: int,
    council_date: str,
    minutes: str,
) -> dict[str, Any]:
    """启动回头看：建立回头看专项轮次，逐案发出 case.revisit_due；其间已另行办理的案件不再启动。返回 round_code、case_nos。"""
    require_held(context, council_date)
    if not settled["case_nos"]:
        raise PlanningRefused("没有选定回头看案件，请退回重新选定，或否决。", rule="S108")
    round_ = round_of(context, proposal, key)
    cases = _cases(context, [_may_be_called(), InspectionCase.case_no.in_(settled["case_nos"])])
    for case in cases:
        case.facts = {**case.facts, "revisit_campaign": round_.code}
        payload = {"months": int(months), "revisit_basis": f"列入{round_.name}"}
        context.send("case.revisit_due", key=case.case_no, payload=payload, case=case, unit=case.unit)
    numbers = [case.case_no for case in cases]
    context.record("start_revisits", f"{round_.name}启动回头看{len(numbers)}件", minutes=minutes, cases=numbers)
    return {"round_code": round_.code, "case_nos": numbers}


def _may_be_called() -> ColumnElement[bool]:
    """Cleared, and nothing of its own revisit under way but the question whether to sample it."""
    busy = (
        select(ProcessInstance.id)
        .where(
            ProcessInstance.case_id == InspectionCase.id,
            ProcessInstance.process_id == "revisit",
            ProcessInstance.status.in_(("running", "incident")),
        )
        .where(
            ~select(Task.id)
            .where(Task.instance_id == ProcessInstance.id, Task.status == "open", Task.element == "decide_sampling")
            .exists()
        )
    )
    return (InspectionCase.status == "cleared") & ~busy.exists()


def _cases(context: Context, conditions: list[ColumnElement[bool]]) -> list[InspectionCase]:
    query = select(InspectionCase).join(InspectionCase.round).join(InspectionCase.unit).where(*conditions)
    return list(context.session.scalars(query.order_by(InspectionCase.case_no).limit(MOST_CASES)))


def _row(context: Context, case: InspectionCase) -> dict[str, Any]:
    findings = select(func.count()).select_from(Finding).where(Finding.case_id == case.id)
    kind = UNIT_KIND.get(case.unit.kind, case.unit.kind)
    count = context.session.scalar(findings) or 0
    return {
        "case_no": case.case_no,
        "unit_name": f"{case.unit.name} · {kind}",
        "state": f"{case.round.name}，{state_name('case', case.status)}，问题{count}个",
        "choice": "include",
        "reason": "",
    }
