"""对象遴选 (P01): every unit weighed by D1 and D2, the list people settle, and what it takes to leave a must out.

Knows one proposal's units; the decisions themselves stand in the tables of the diagram.
"""

from typing import Any

from sqlalchemy import select

from workflows.models import Override, TargetProposal, TourUnit, Unit
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.planning import NEVER_A_TARGET, PlanningRefused, units_of
from workflows.policy.vocabulary import TARGET_VERDICT
from workflows.queries.unit_facts import facts_of

BATCH = 60  # units weighed before the transaction ends and the next one goes on
MOST_ROWS = 120
LEAST_REASON = 10


@operation
def weigh_next_unit(
    context: Context,
    *,
    proposal: dict[str, Any],
    key: dict[str, Any],
    facts: dict[str, Any],
    values: list[int],
    grounds: list[str],
    evidence: list[str],
    sources: list[str],
    verdict: str,
    verdict_reason: str,
) -> dict[str, Any]:
    """逐个评估：记下上一单位的得分（D1）与结论（D2），取下一单位的情况。返回其情况；unit_code 为空即已评完，pause 为真即分批。"""
    if facts.get("unit_code"):
        _keep(context, facts, list(zip(values, grounds, evidence, sources, strict=True)), verdict, verdict_reason)
    done = int(facts.get("done", 0)) + bool(facts.get("unit_code"))
    if facts.get("unit_code") and done % BATCH == 0:
        return {"unit_code": "", "pause": True, "done": done}
    unit = _next_unit(context, proposal, key)
    if unit is None:
        return {"unit_code": "", "pause": False, "done": done}
    in_tour = select(TourUnit.id).where(TourUnit.tour_round == proposal["tour"], TourUnit.unit_id == unit.id)
    found = facts_of(
        context.session,
        unit,
        today=context.today,
        in_tour=bool(proposal["tour"]) and context.session.scalar(in_tour) is not None,
        in_key=unit.code in key["units"],
    )
    return {**found, "pause": False, "done": done}


@operation(repeatable=True)
def list_targets(context: Context, *, proposal: dict[str, Any]) -> dict[str, Any]:
    """列出建议名单：必查、建议必查、可选的全部列出，其余按得分补足。返回 rows 与 weighed（评估单位数）。"""
    found = proposals_of(context)
    wanted = [row for row in found if row.verdict != "skip" or row.included]
    others = [row for row in found if row not in wanted]
    rows = (wanted + others)[: max(MOST_ROWS, len(wanted))]
    return {"rows": [_target_row(row) for row in rows], "weighed": len(found), "round_name": proposal["name"]}


@operation
def check_targets(
    context: Context,
    *,
    targets: list[dict[str, Any]],
    added_units: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """核对对象名单：必查对象不纳入的，须写明特批理由（D2、S57）。返回 rows（拟查）、dropped（拟不查的必查对象）。"""
    known = {row.unit.code: row for row in proposals_of(context)}
    for given in targets:
        _settle(known[str(given["unit_code"])], given)
    for given in added_units or []:
        _add(context, known, given)
    context.session.flush()
    chosen = [row for row in proposals_of(context) if row.included]
    if not chosen:
        raise PlanningRefused("名单中没有一个检查对象。")
    dropped = [row for row in known.values() if row.verdict == "must" and not row.included]
    context.record("check_targets", f"核定检查对象{len(chosen)}个，拟不查必查对象{len(dropped)}个")
    return {
        "officer_id": context.actor_id or 0,
        "count": len(chosen),
        "rows": [_shown(row) for row in chosen],
        "dropped": [_shown(row) for row in dropped],
    }


@operation
def approve_targets(context: Context, *, settled: dict[str, Any]) -> dict[str, Any]:
    """审核同意：不纳入必查对象的，逐个记为特批（越权特批登记，申请人为经办人，批准人为分管副部长）。返回 overrides。"""
    granted = []
    for row in proposals_of(context):
        if row.verdict == "must" and row.included is False and settled["officer_id"] and context.actor_id:
            granted.append(_grant(context, row, int(settled["officer_id"])))
    context.session.add_all(granted)
    context.record("approve_targets", f"审核同意检查对象名单，特批{len(granted)}个", overrides=len(granted))
    return {"overrides": len(granted)}


def proposals_of(context: Context) -> list[TargetProposal]:
    """What this instance has weighed: must first, then by score."""
    query = select(TargetProposal).join(Unit).where(TargetProposal.instance_id == context.instance.id)
    rows = list(context.session.scalars(query.order_by(TargetProposal.score.desc(), Unit.code)))
    order = ("must", "must_propose", "candidate", "added", "skip")
    return sorted(rows, key=lambda row: order.index(row.verdict))


def _next_unit(context: Context, proposal: dict[str, Any], key: dict[str, Any]) -> Unit | None:
    seen = select(TargetProposal.unit_id).where(TargetProposal.instance_id == context.instance.id)
    query = select(Unit).where(Unit.is_active, Unit.kind != NEVER_A_TARGET, Unit.id.not_in(seen))
    if proposal["only_unit"]:
        query = query.where(Unit.code == proposal["only_unit"])
    elif proposal["kind"] == "key_task":
        query = query.where(Unit.code.in_(key["units"]))
    elif proposal["unit_kinds"]:
        query = query.where(Unit.kind.in_(proposal["unit_kinds"]))
    return context.session.scalar(query.order_by(Unit.id).limit(1))


def _keep(context: Context, facts: dict[str, Any], hits: list[Any], verdict: str, verdict_reason: str) -> None:
    unit = context.session.scalars(select(Unit).where(Unit.code == facts["unit_code"])).one()
    points = [
        {"score": score, "rule": rule, "fact": fact, "source": source} for score, rule, fact, source in hits if score
    ]
    context.session.add(
        TargetProposal(
            instance_id=context.instance.id,
            unit_id=unit.id,
            score=sum(point["score"] for point in points),
            points=points,
            facts={name: value for name, value in facts.items() if name not in ("pause", "done")},
            verdict=verdict,
            verdict_reason=verdict_reason,
            weighed_at=context.now,
        )
    )
    context.session.flush()


def _target_row(row: TargetProposal) -> dict[str, Any]:
    include = row.included if row.included is not None else row.verdict in ("must", "must_propose")
    return {
        "unit_code": row.unit.code,
        "unit_name": row.unit.name,
        "grounds": f"{TARGET_VERDICT[row.verdict]}（{row.score}分）{_grounds(row)}"[:1000],
        "choice": "include" if include else "drop",
        "reason": row.reason,
    }


def _grounds(row: TargetProposal) -> str:
    told = [f"{point['rule']}{point['score']:+d}（{point['fact']}）" for point in row.points]
    return "；".join([row.verdict_reason, *told] if row.verdict_reason else told)[:900]


def _shown(row: TargetProposal) -> dict[str, Any]:
    return {
        "unit_name": row.unit.name,
        "score": row.score,
        "verdict": TARGET_VERDICT[row.verdict],
        "grounds": _grounds(row),
        "reason": row.reason,
    }


def _settle(row: TargetProposal, given: dict[str, Any]) -> None:
    reason = str(given.get("reason") or "").strip()
    included = given["choice"] == "include"
    if row.verdict == "must" and not included and len(reason) < LEAST_REASON:
        raise PlanningRefused(
            f"{row.unit.name}是必查对象（{row.verdict_reason}），不纳入须写明特批理由（不少于{LEAST_REASON}字），报分管副部长特批。",
            rule="D2",
        )
    if row.verdict == "skip" and included and not reason:
        raise PlanningRefused(f"{row.unit.name}按评估暂不列入，纳入检查须写明理由。", rule="D2")
    row.included, row.reason = included, reason


def _add(context: Context, known: dict[str, TargetProposal], given: dict[str, Any]) -> None:
    unit = units_of(context, [str(given["unit_code"])])[0]
    row = known.get(unit.code)
    if row is None:
        row = TargetProposal(
            instance_id=context.instance.id, unit_id=unit.id, unit=unit, score=0, points=[], facts={}, verdict="added",
            verdict_reason="人工增补", weighed_at=context.now,
        )  # fmt: skip
        context.session.add(row)
        known[unit.code] = row
    row.included, row.reason = True, str(given["reason"]).strip()


def _grant(context: Context, row: TargetProposal, officer_id: int) -> Override:
    assert context.actor_id is not None
    return Override(
        rule="D2",
        object_kind="target_proposal",
        object_id=row.id,
        reason=f"{row.unit.name}（{row.verdict_reason}）不纳入检查：{row.reason}",
        requested_by_id=officer_id,
        requested_at=context.now,
        approver_id=context.actor_id,
        decided_at=context.now,
        status="used",
        used_at=context.now,
        facts={"unit": row.unit.code, "score": row.score},
    )
