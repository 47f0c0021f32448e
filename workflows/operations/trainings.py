"""政策宣讲培训 (P12): the year's plan over 3 tiers × 2 levels, its approval, its sessions and their effect."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import TrainingPlan, TrainingSession
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.vocabulary import ORG_TIER, TRAINING_KIND, TRAINING_LEVEL, word
from workflows.queries import audiences, training_effect
from workflows.records import messages
from workflows.refusal import Refusal

MOST_AT_ONCE = 200
"""So many people sign in on one form; a larger audience is taught in several sessions."""


class TrainingRefused(Refusal):
    """The plan, or what came of a session, does not hold together."""

    rule = "S110"


@operation
def list_audience(context: Context) -> dict[str, Any]:
    """开列培训对象：三个层次、两类对象及其应训人数。返回 plan_no、year、title、cells。"""
    year = context.today.year
    return {
        "plan_no": context.number("PX-{year}-{n:03d}"),
        "year": year,
        "title": f"{year}年度干部监督工作政策宣讲培训计划",
        "cells": [
            {
                "tier_name": ORG_TIER[tier],
                "level_name": TRAINING_LEVEL[level],
                "people": len(audiences.must_attend(context.session, tier, level, context.now)),
            }
            for tier, level in audiences.CELLS
        ],
    }


@operation
def record_training_plan(
    context: Context,
    *,
    plan_no: str,
    year: int,
    title: str,
    five_year_item: str,
    matrix: list[dict[str, Any]],
    sessions: list[dict[str, Any]],
) -> dict[str, Any]:
    """登记年度计划：须对应五年规划条目（S110），三个层次、两类对象都有课程安排（S114、S115）。返回 sessions（供审批查看）。"""
    if not five_year_item.strip():
        raise TrainingRefused("年度计划须对应五年规划的条目。")
    given = {(row["tier_name"], row["level_name"]): row for row in matrix}
    cells = [
        {"org_tier": tier, "level": level, **_cell(given, ORG_TIER[tier], TRAINING_LEVEL[level])}
        for tier, level in audiences.CELLS
    ]
    plan = context.session.scalar(select(TrainingPlan).where(TrainingPlan.plan_no == plan_no))
    if plan is None:
        plan = TrainingPlan(
            plan_no=plan_no, status="submitted", drafted_by_id=context.actor_id, drafted_at=context.now
        )
        context.session.add(plan)
    elif plan.status == "returned":
        move(plan, "submitted")
    plan.year, plan.title, plan.five_year_item, plan.matrix = year, title, five_year_item, cells
    context.record("plan_training", f"编制{title}，{len(sessions)}个班次", plan_no=plan_no, sessions=sessions)
    return {"sessions": [_shown(row) for row in sessions]}


@operation
def record_training_approval(context: Context, *, plan_no: str, decision: str) -> dict[str, Any]:
    """登记审批结果。"""
    plan = plan_of(context, plan_no)
    move(plan, "approved" if decision == "approve" else "returned")
    if decision == "approve":
        plan.approved_by_id, plan.approved_at = context.actor_id, context.now
    context.record("approve_training", f"审批{plan.title}", decision=decision)
    return {}


@operation
def open_sessions(context: Context, *, plan_no: str, sessions: list[dict[str, Any]]) -> dict[str, Any]:
    """下达办班：每班一个流程（training.session_due）；应训人数超过二百人的分班举办。返回 sessions（班次数）。"""
    plan = plan_of(context, plan_no)
    seq = 0
    for row in sessions:
        people = audiences.must_attend(context.session, row["org_tier"], row["level"], context.now)
        for part in range(max(1, -(-len(people) // MOST_AT_ONCE))):
            seq += 1
            _open_session(context, plan, seq, row, part)
    return {"sessions": seq}


@operation(repeatable=True)
def summarise_training(context: Context, *, plan_no: str) -> dict[str, Any]:
    """汇总：各层次各类对象的应训、已训、覆盖率和测评前后变化（S116），以及各层次同类问题反复率（S117）。"""
    plan = plan_of(context, plan_no)
    rows = training_effect.coverage(context.session, plan)
    return {
        "rows": [
            {
                "tier_name": ORG_TIER[row.org_tier],
                "level_name": TRAINING_LEVEL[row.level],
                "people": row.due,
                "attended": row.attended,
                "percent": row.percent,
                "delta": row.delta,
            }
            for row in rows
        ],
        "recurrence": [
            {
                "tier_name": ORG_TIER[row.org_tier],
                "finding_count": row.findings,
                "recurrence_count": row.repeated,
            }
            for row in training_effect.recurrence(context.session)
        ],
    }


@operation
def record_training_effect(context: Context, *, plan_no: str, effect: str) -> dict[str, Any]:
    """登记效果评估，年度计划就此办结。"""
    plan = plan_of(context, plan_no)
    plan.effect, plan.evaluated_at = effect, context.now
    move(plan, "evaluated")
    context.record("evaluate_training", f"评估{plan.title}", effect=effect)
    return {}


def plan_of(context: Context, plan_no: str) -> TrainingPlan:
    """The plan of this number."""
    plan = context.session.scalar(select(TrainingPlan).where(TrainingPlan.plan_no == plan_no))
    if plan is None:
        raise TrainingRefused(f"没有培训计划“{plan_no}”。")
    return plan


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": row["title"],
        "kind_name": word(TRAINING_KIND, row["kind"]),
        "tier_name": ORG_TIER[row["org_tier"]],
        "level_name": TRAINING_LEVEL[row["level"]],
        "planned_on": row["planned_on"],
        "clauses": row.get("clauses") or "",
    }


def _cell(given: dict[tuple[str, str], dict[str, Any]], tier: str, level: str) -> dict[str, Any]:
    row = given.get((tier, level))
    if row is None:
        raise TrainingRefused(f"缺少“{tier}·{level}”的课程安排。", rule="S115")
    return {"people": row.get("people") or 0, "curriculum": row["curriculum"]}


def _open_session(context: Context, plan: TrainingPlan, seq: int, row: dict[str, Any], part: int) -> None:
    session = TrainingSession(
        session_no=f"{plan.plan_no}-{seq:02d}",
        plan_id=plan.id,
        seq=seq,
        kind=row["kind"],
        title=row["title"] + (f"（第{part + 1}班）" if part else ""),
        two_regulations=bool(row.get("two_regulations")),
        org_tier=row["org_tier"],
        level=row["level"],
        planned_on=date.fromisoformat(row["planned_on"]),
        clauses=[part.strip() for part in (row.get("clauses") or "").replace("；", ";").split(";") if part.strip()],
        part_no=part + 1,
        status="planned",
    )
    context.session.add(session)
    context.session.flush()
    messages.send(
        context.session,
        name="training.session_due",
        key=session.session_no,
        now=context.now,
        payload={"session_no": session.session_no, "plan_key": context.instance.key},
        sender_id=context.instance.id,
    )
