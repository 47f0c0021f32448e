"""轮次谋划 (P01): what a round is for, the lists it is given, and the rounds there are.

How units are weighed stands in `targets`, what an approved list becomes in `rounds`.
"""

from typing import Any

from sqlalchemy import select

from workflows.models import FocusSet, InspectionRound, TourUnit, Unit
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.policy.vocabulary import ROUND_KIND
from workflows.refusal import Refusal

NEVER_A_TARGET = "org_department"


class PlanningRefused(Refusal):
    """The proposal is incomplete, or sets aside what must be inspected."""

    rule = "P01"


@operation
def open_proposal(
    context: Context,
    *,
    kind: str,
    round_name: str,
    term_no: int,
    round_code: str | None,
    starts_on: str,
    ends_on: str | None,
    linked_tour_round: str | None,
    key_task_name: str | None,
    unit_kinds: list[str] | None,
    basis: str,
) -> dict[str, Any]:
    """登记轮次建议：核对类型、日期、编号。返回 proposal：kind、name、round_code、tour（巡视轮次）、focus_sets（可选重点集）等。"""
    code = (round_code or "").strip()
    if ends_on and ends_on < starts_on:
        raise PlanningRefused("结束日期不能早于开始日期。")
    if code and (known := round_named(context, code)) is not None and known.kind != kind:
        raise PlanningRefused(f"轮次{code}已是“{ROUND_KIND[known.kind]}”，不能改作“{ROUND_KIND[kind]}”。")
    context.record("propose_round", f"提出轮次建议：{round_name}（{ROUND_KIND[kind]}）", basis=basis)
    return {
        "kind": kind,
        "kind_name": ROUND_KIND[kind],
        "name": round_name.strip(),
        "term_no": int(term_no),
        "round_code": code,
        "starts_on": starts_on,
        "ends_on": ends_on or "",
        "tour": (linked_tour_round or "").strip() if kind == "regular" else "",
        "key_task_name": (key_task_name or "").strip() if kind == "key_task" else "",
        "unit_kinds": list(unit_kinds or []),
        "only_unit": "",
        "focus_sets": _focus_rows(context),
    }


@operation
def open_addition(context: Context, *, tour_round: str, unit_code: str, round_code: str) -> dict[str, Any]:
    """巡视增补对象：按已有轮次形成增补建议，只评估新增的单位（S44）。返回 proposal。"""
    round_ = round_named(context, round_code)
    if round_ is None:
        raise PlanningRefused(f"没有轮次“{round_code}”。")
    context.record("propose_addition", f"{tour_round}增补巡视对象，建议列入{round_.name}", unit=unit_code)
    return {
        "kind": round_.kind,
        "kind_name": ROUND_KIND[round_.kind],
        "name": round_.name,
        "term_no": 1,
        "round_code": round_.code,
        "starts_on": round_.starts_on.isoformat(),
        "ends_on": "",
        "tour": tour_round,
        "key_task_name": round_.key_task_name,
        "unit_kinds": [],
        "only_unit": unit_code,
        "focus_sets": [],
    }


@operation(repeatable=True)
def list_tour(context: Context, *, proposal: dict[str, Any]) -> dict[str, Any]:
    """调取巡视对象清单：该巡视轮次已登记的单位。返回 rows（单位代码、说明）。"""
    query = (
        select(Unit.code).join(TourUnit, TourUnit.unit_id == Unit.id).where(TourUnit.tour_round == proposal["tour"])
    )
    return {
        "rows": [{"unit_code": code, "note": "已登记"} for code in context.session.scalars(query.order_by(Unit.name))]
    }


@operation
def keep_tour_units(
    context: Context, *, proposal: dict[str, Any], tour_units: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记巡视对象清单：以巡视办提供的清单为准，未列的移出。返回 count。"""
    wanted = {unit.id: unit for unit in units_of(context, [row["unit_code"] for row in tour_units])}
    tour = proposal["tour"]
    known = {row.unit_id: row for row in context.session.scalars(select(TourUnit).where(TourUnit.tour_round == tour))}
    for unit_id in known.keys() - wanted.keys():
        context.session.delete(known[unit_id])
    context.session.add_all(
        TourUnit(tour_round=tour, unit_id=unit_id, added_at=context.now, added_by_id=context.actor_id)
        for unit_id in wanted
        if unit_id not in known
    )
    context.session.flush()
    context.record("keep_tour_units", f"接收{tour}巡视对象{len(wanted)}个", units=[u.code for u in wanted.values()])
    return {"count": len(wanted)}


@operation
def keep_key_units(
    context: Context, *, key_units: list[dict[str, Any]], focus_rows: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """确定重点对象和重点集（S54、S55）：逐个点名的单位，加选用的重点集。返回 units（单位代码）、focus_sets（重点集代码）。"""
    units = units_of(context, [row["unit_code"] for row in key_units])
    chosen = [str(row["code"]) for row in focus_rows or [] if row.get("chosen")]
    if focus_rows and not chosen:
        raise PlanningRefused("重点任务专项检查须至少选用一个重点集。", rule="S55")
    context.record("keep_key_units", f"确定重点对象{len(units)}个", units=[u.code for u in units], focus_sets=chosen)
    return {"units": [unit.code for unit in units], "focus_sets": chosen}


def round_named(context: Context, code: str) -> InspectionRound | None:
    """The round of this code."""
    return context.session.scalar(select(InspectionRound).where(InspectionRound.code == code))


def _focus_rows(context: Context) -> list[dict[str, Any]]:
    query = select(FocusSet).where(FocusSet.is_active).order_by(FocusSet.code)
    return [
        {"code": each.code, "name": each.name, "items": len(each.items), "chosen": False}
        for each in context.session.scalars(query)
    ]


def units_of(context: Context, codes: list[str]) -> list[Unit]:
    """The units of these codes, each once; refused when one is unknown or our own department."""
    units = []
    for code in dict.fromkeys(str(code).strip() for code in codes):
        unit = context.session.scalar(select(Unit).where(Unit.code == code, Unit.is_active))
        if unit is None:
            raise PlanningRefused(f"没有单位“{code}”。")
        if unit.kind == NEVER_A_TARGET:
            raise PlanningRefused(f"{unit.name}是检查的组织者，不作为检查对象。")
        units.append(unit)
    return units
