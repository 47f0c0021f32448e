"""检查工作方案与检查清单 (S6, S20, S54, S55): one plan a unit, made after the analysis; its checklist is the unit's own."""

from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from workflows.models import ChecklistItem, FocusSet, WorkPlan
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.checklist import KEPT_SECTIONS, SECTIONS, TEMPLATE, droppable
from workflows.queries import preparation, taxonomy
from workflows.records import time_limits
from workflows.refusal import Refusal


class WorkPlanRefused(Refusal):
    """The plan was not made after the analysis, or its dates cannot be kept."""

    rule = "S6"


@operation(repeatable=True)
def offer_plan(context: Context) -> dict[str, Any]:
    """提供起草工作方案的底稿：重点集、可删减的模板条目、必查条目、研判确定的重点、最早可进驻日期。

    返回 focus_sets、template、kept（必查条目数）、focus、earliest_entry。
    """
    analysis = preparation.signed_analysis(context.session, context.case)
    if analysis is None:
        raise WorkPlanRefused("分析研判尚未签批，不能起草工作方案。", rule="S18")
    round_ = context.case.round
    chosen = set(round_.focus_sets)
    is_key_task = round_.kind == "key_task" and not chosen
    sets = context.session.scalars(select(FocusSet).where(FocusSet.is_active).order_by(FocusSet.id))
    return {
        "analysis_id": analysis.id,
        "direction": analysis.direction,
        "differences": analysis.differences,
        "focus": [{"text": row["text"], "why": row["why"]} for row in analysis.focus],
        "focus_sets": [
            {"code": row.code, "name": row.name, "chosen": is_key_task or row.code in chosen} for row in sets
        ],
        "template": [
            {"code": item.code, "section_name": SECTIONS[item.section], "text": item.text} for item in droppable()
        ],
        "kept": "、".join(SECTIONS[code] for code in SECTIONS if code in KEPT_SECTIONS),
        "earliest_entry": earliest_entry(context).isoformat(),
    }


@operation
def record_work_plan(
    context: Context,
    *,
    tasks: str,
    methods: str,
    requirements: str,
    schedule: list[dict[str, Any]],
    entry_date: str,
    focus_sets: list[dict[str, Any]],
    template: list[dict[str, Any]],
    added: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """登记工作方案一稿：任务、方法、要求、日程、重点集和对清单模板的增减。返回 version_no、dropped、added（条数）。"""
    analysis = preparation.signed_analysis(context.session, context.case)
    entry = date.fromisoformat(entry_date)
    for row in added or []:
        if row.get("category") and taxonomy.leaf(context.session, row["category"], context.today) is None:
            raise WorkPlanRefused(f"没有“{row['category']}”这一问题类别，请从列表中选择。")
    if entry <= context.today:
        raise WorkPlanRefused("拟进驻日期须在今天之后。")
    dropped = {row["code"]: row["dropped_reason"] for row in template if (row.get("dropped_reason") or "").strip()}
    latest = select(func.max(WorkPlan.version_no)).where(WorkPlan.case_id == context.case.id)
    plan = WorkPlan(
        case_id=context.case.id, version_no=(context.session.scalar(latest) or 0) + 1, tasks=tasks, methods=methods,
        requirements=requirements, schedule=schedule, entry_date=entry, status="draft",
        focus_sets=[row["code"] for row in focus_sets if row.get("chosen")],
        checklist_delta={"dropped": dropped, "added": added or []}, analysis_id=analysis.id if analysis else None,
        drafted_by_id=context.actor_id, drafted_at=context.now,
    )  # fmt: skip
    context.session.add(plan)
    context.session.flush()
    context.record("record_work_plan", f"起草工作方案第{plan.version_no}稿", version_no=plan.version_no)
    return {"version_no": plan.version_no, "dropped": len(dropped), "added": len(added or [])}


@operation
def approve_work_plan(context: Context, *, version_no: int) -> dict[str, Any]:
    """批准工作方案：须在分析研判签批之后起草（S6、S18）；据此生成本单位的检查清单，案件转为“方案已批准”。

    返回 checklist（清单条数）、own（与模板不同的条数）。
    """
    plan = context.session.scalars(
        select(WorkPlan).where(WorkPlan.case_id == context.case.id, WorkPlan.version_no == version_no)
    ).one()
    if plan.analysis_id is None or context.actor_id is None:
        raise WorkPlanRefused("工作方案须在分析研判签批之后起草，并经分管副部长批准。", rule="S18")
    for other in context.session.scalars(select(WorkPlan).where(WorkPlan.case_id == context.case.id)):
        other.status = "superseded" if other.status == "approved" else other.status
    plan.status, plan.approved_by_id, plan.approved_at = "approved", context.actor_id, context.now
    items = _write_checklist(context, plan)
    move(context.case, "plan_approved")
    context.record("approve_work_plan", f"批准工作方案第{version_no}稿，生成清单{len(items)}条")
    own = sum(bool(item.dropped_reason) or not item.from_template for item in items)
    return {"checklist": len(items), "own": own}


def earliest_entry(context: Context) -> date:
    """The first day on which the team may enter when the unit is told today (T02)."""
    limit, _ = time_limits.limit_in_force(context.session, "T02", context.today)
    return context.calendar.workdays_after(context.today, limit.amount)


def _write_checklist(context: Context, plan: WorkPlan) -> list[ChecklistItem]:
    """The template, the plan's focus sets, the focuses of the analysis and what the plan adds, in this order."""
    session, case_id = context.session, context.case.id
    session.execute(delete(ChecklistItem).where(ChecklistItem.case_id == case_id, ChecklistItem.answer == ""))
    answered = set(session.scalars(select(ChecklistItem.code).where(ChecklistItem.case_id == case_id)))
    rows = [*_from_template(plan), *_from_focus_sets(context, plan), *_from_analysis(context), *_from_plan(plan)]
    items = [
        ChecklistItem(case_id=case_id, seq=seq, **row)
        for seq, row in enumerate(rows, len(answered) + 1)
        if row["code"] not in answered
    ]
    session.add_all(items)
    session.flush()
    return items


def _from_template(plan: WorkPlan) -> list[dict[str, Any]]:
    dropped = plan.checklist_delta["dropped"]
    return [
        {
            "code": item.code, "section": item.section, "chain": item.chain, "category": item.category,
            "text": item.text, "from_template": True, "origin": "template",
            "dropped_reason": "" if item.section in KEPT_SECTIONS else dropped.get(item.code, ""),
        }
        for item in TEMPLATE
    ]  # fmt: skip


def _from_focus_sets(context: Context, plan: WorkPlan) -> list[dict[str, Any]]:
    sets = context.session.scalars(select(FocusSet).where(FocusSet.code.in_(plan.focus_sets)).order_by(FocusSet.id))
    return [
        {
            "code": f"{row.code}-{item.seq}", "section": "focus", "chain": item.chain, "category": item.category,
            "text": f"{row.name}：{item.text}", "origin": "focus_set",
        }
        for row in sets
        for item in row.items
    ]  # fmt: skip


def _from_analysis(context: Context) -> list[dict[str, Any]]:
    analysis = preparation.signed_analysis(context.session, context.case)
    return [
        {
            "code": row["code"], "section": "focus", "chain": row.get("chain") or "", "text": row["text"],
            "category": row.get("category") or "", "origin": "analysis",
        }
        for row in (analysis.focus if analysis else [])
    ]  # fmt: skip


def _from_plan(plan: WorkPlan) -> list[dict[str, Any]]:
    return [
        {
            "code": f"A{number:02d}", "section": row["section"], "chain": row.get("chain") or "",
            "category": row.get("category") or "", "text": row["text"], "origin": "plan",
        }
        for number, row in enumerate(plan.checklist_delta["added"], 1)
    ]  # fmt: skip
