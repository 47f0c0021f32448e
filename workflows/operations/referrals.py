"""Puts a matter forward for accountability: the referral with its evidence, and the process that follows (S106, P10)."""

from typing import Any

from sqlalchemy import select

from workflows.models import Finding, Referral
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.refusal import Refusal

TRIGGERS = {
    "weak_rectify": "整改不力",
    "unreal_measures": "措施不实",
    "not_in_place": "整改不到位",
    "overdue": "严重逾期",
    "violation": "违规用人",
    "duty_fail": "检查失职渎职",
    "false_rectify": "虚假整改",
}
FINAL = frozenset({"rejected", "closed", "closed_no_action"})
DECIDED = FINAL | {"decided", "upheld", "changed", "executed", "influence_period", "lifted", "result_recorded"}


class UnknownTrigger(Refusal):
    """A referral was asked for with a trigger nobody knows (S106)."""

    rule = "S106"


@operation
def create_referral(context: Context, *, trigger: str, evidence: str) -> dict[str, Any]:
    """提出问责移送：登记触发情形与证据，启动“一案双查”。同一事项同一情形尚在办理的，不重复移送。

    trigger：weak_rectify、unreal_measures、not_in_place、overdue、violation、duty_fail、false_rectify。返回 ref_no。
    """
    return {"ref_no": draft_referral(context, trigger=trigger, evidence=evidence, finding=context.finding).ref_no}


def draft_referral(context: Context, *, trigger: str, evidence: str, finding: Finding | None = None) -> Referral:
    """The parent referral of a matter; the one already under way for the same subject and trigger, if there is one."""
    if trigger not in TRIGGERS:
        raise UnknownTrigger(f"没有“{trigger}”这一问责情形。")
    known = context.session.scalars(
        select(Referral).where(
            Referral.case_id == context.case.id,
            Referral.finding_id == (finding.id if finding else None),
            Referral.trigger == trigger,
            Referral.parent_id.is_(None),
        )
    )
    if under_way := next((referral for referral in known if referral.status not in FINAL), None):
        return under_way
    referral = Referral(
        ref_no=context.number("WZ-{year}-{n:03d}"),
        trigger=trigger,
        case_id=context.case.id,
        finding_id=finding.id if finding else None,
        unit_id=context.case.unit_id,
        status="drafted",
        evidence=evidence,
        opened_at=context.now,
        persons=[],
        facts={},
    )
    context.session.add(referral)
    context.session.flush()
    payload = {"ref_no": referral.ref_no, "trigger": trigger, "evidence": evidence}
    context.send("referral.create", key=referral.ref_no, payload=payload, finding=finding)
    context.record("create_referral", f"移送问责：{referral.ref_no}", trigger=trigger, evidence=evidence)
    return referral


def referrals_decided(context: Context) -> bool:
    """Whether every referral of the case has been decided: rejected, concluded, or decided with no appeal pending."""
    rows = context.session.scalars(select(Referral).where(Referral.case_id == context.case.id)).all()
    parents = {referral.parent_id for referral in rows}
    return all(referral.status in DECIDED for referral in rows if referral.id not in parents)
