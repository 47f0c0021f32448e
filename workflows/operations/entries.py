"""进驻准备 (S6, S7, S30, S45): team and training are confirmed, and the unit is told, T02 before the entry."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from workflows.models import Team
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.work_plans import earliest_entry
from workflows.queries import preparation
from workflows.records import notices, time_limits
from workflows.refusal import Refusal
from workflows.workdays import start_of_day

TOLD = ("unit_principal", "unit_liaison")


class NotReady(Refusal):
    """Something that must come before entry has not been done; the sentence names each."""

    rule = "S7"


@operation
def confirm_team(context: Context) -> dict[str, Any]:
    """确认检查组：方案已批准、组建符合要求、授权已取得，案件转为“检查组已组建”。返回 leader、members（人数）。"""
    _require(context, up_to="authorisation")
    team = context.session.scalars(select(Team).where(Team.case_id == context.case.id)).one()
    move(context.case, "team_ready")
    context.record("confirm_team", f"确认检查组，授权文号{team.authorisation_no}")
    return {"leader": team.leader.name, "members": len(team.members)}


@operation
def confirm_training(context: Context) -> dict[str, Any]:
    """确认动员培训：全组参训并测试合格，案件转为“已动员培训”。返回 earliest_entry、entry_date（拟进驻日期）。"""
    _require(context, up_to="training")
    move(context.case, "trained")
    context.record("confirm_training", "全组动员培训合格")
    earliest = earliest_entry(context)
    plan = preparation.approved_plan(context.session, context.case)
    return {
        "earliest_entry": earliest.isoformat(),
        "entry_date": max(earliest, plan.entry_date if plan else earliest).isoformat(),
    }


@operation
def notify_entry(context: Context, *, entry_date: str, scope: str, materials: str) -> dict[str, Any]:
    """印发进驻通知：通知日距进驻不少于T02规定的工作日；方案、检查组、授权、培训缺一不可（S7），案件转为“已通知进驻”。

    返回 notice_no、notice_date、entry_date、eve（进驻前一日零时）。
    """
    _require(context, up_to="training")
    entry, earliest = date.fromisoformat(entry_date), earliest_entry(context)
    if entry < earliest:
        limit, _ = time_limits.limit_in_force(context.session, "T02", context.today)
        raise NotReady(f"进驻通知须提前{limit.amount}个工作日，今天通知最早可于{earliest}进驻。", rule="T02")
    case = context.case
    case.entry_date = entry
    move(case, "notified")
    notice_no = context.number("组监检〔{year}〕{n}号")
    _tell_unit(context, notice_no, entry, f"{scope}\n需准备的材料：{materials}")
    context.record(
        "notify_entry", f"印发进驻通知{notice_no}，定于{entry}进驻", notice_no=notice_no, materials=materials
    )
    return {
        "notice_no": notice_no,
        "notice_date": context.today.isoformat(),
        "entry_date": entry.isoformat(),
        "eve": start_of_day(entry - timedelta(days=1)).isoformat(),
    }


def _require(context: Context, *, up_to: str) -> None:
    if undone := preparation.undone(context.session, context.case, up_to=up_to):
        names = "、".join(f"{step.title}（{step.rule}）" for step in undone)
        raise NotReady(f"检查准备尚未完成：{names}。")


def _tell_unit(context: Context, notice_no: str, entry: date, body: str) -> None:
    """The unit is told the day; the case itself stays closed to it until the feedback."""
    unit_id = context.case.unit_id
    told = {
        user_id
        for role in TOLD
        for user_id in notices.holders(context.session, role=role, now=context.now, unit_id=unit_id)
    }
    notices.notify(
        context.session, user_ids=told, kind="entry_notice", title=f"进驻通知{notice_no}：{entry}进驻", body=body,
        now=context.now,
    )  # fmt: skip
