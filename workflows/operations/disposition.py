"""What becomes of one track: inquiry, proposal, hearing, decision, execution, influence period (P10, D7, S58, S63).

D7 recommends and people decide: the form stored is the one proposed and decided, the recommendation stands beside it.
"""

from datetime import date
from typing import Any

from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.accountability import (
    ReferralRefused,
    gravest_severity,
    open_appeal_period,
    tell_when_decided,
    today_or_earlier,
    track_of,
)
from workflows.operations.context import Context
from workflows.workdays import closing_day

AUTHORITIES = ("supervision_chief", "deputy_minister", "council_member")
FAULTS = {"none": "未发现组织部门责任", "negligence": "失职（应发现未发现）", "dereliction": "渎职（发现未报告）"}


@operation
def authorise_inquiry(context: Context, *, opinion: str) -> dict[str, Any]:
    """登记立项：A轨经分管副部长批准立项。"""
    track = move(track_of(context, "A"), "inquiry_approved")
    track.facts = {**track.facts, "authorised": opinion}
    context.record("authorise_inquiry", f"{track.ref_no}立项", opinion=opinion)
    return {}


@operation
def record_transfer(context: Context, *, transfer_ref: str, transferred_on: str) -> dict[str, Any]:
    """登记移送：A轨移送纪检监察机关，等待其反馈结果。"""
    day = today_or_earlier(context, transferred_on, "移送日期")
    track = track_of(context, "A")
    move(track, "transferred", "awaiting_result")
    track.transfer_ref = transfer_ref
    context.record("transfer_referral", f"{track.ref_no}移送纪检监察机关：{transfer_ref}", on=day.isoformat())
    return {}


@operation
def remind_discipline(context: Context) -> dict[str, Any]:
    """催办：移送后逾期未反馈结果的，提醒纪检监察机关联络员和问责承办人。"""
    track = track_of(context, "A")
    title = f"{track.ref_no}移送事项逾期未反馈结果"
    context.notify("discipline_liaison", title, kind="accountability")
    context.notify("accountability_officer", title, kind="accountability")
    context.record("remind_discipline", title)
    return {}


@operation
def record_discipline_result(
    context: Context, *, outcome: str, text: str, persons: list[dict[str, Any]], decided_on: str
) -> dict[str, Any]:
    """登记纪检监察机关办理结果：属实的逐人登记处理方式，A轨随即办结。"""
    day = today_or_earlier(context, decided_on, "结果作出日期")
    track = track_of(context, "A")
    _require_named(outcome == "substantiated", persons)
    move(track, "result_recorded", "closed")
    track.conclusion, track.persons, track.closed_at = text, persons, context.now
    track.facts = {**track.facts, "substantiated": outcome == "substantiated", "result_on": day.isoformat()}
    if persons:
        track.form, track.authority, track.decided_at = str(persons[0]["form"]), "discipline", context.now
    context.record("record_discipline_result", f"{track.ref_no}纪检监察机关反馈结果", outcome=outcome)
    tell_when_decided(context)
    return {}


@operation
def record_inquiry(
    context: Context, *, conclusion: str, report: str, conduct: str, subject: str, repeated: bool
) -> dict[str, Any]:
    """登记A轨调查结论：属实、不属实或涉嫌违纪违法。返回 conduct、severity、subject、repeated，供问责方式推荐（D7）。"""
    track = move(track_of(context, "A"), "inquiry")
    track.conclusion = report
    if conclusion != "discipline":
        move(track, conclusion)
        track.facts = {**track.facts, "substantiated": conclusion == "substantiated", "conduct": conduct}
    context.record("record_inquiry", f"{track.ref_no}调查结论", conclusion=conclusion, conduct=conduct)
    return {"conduct": conduct, "severity": gravest_severity(context), "subject": subject, "repeated": repeated}


@operation
def close_without_action(context: Context, *, statement: str) -> dict[str, Any]:
    """予以了结：A轨经查不属实，作出明确结论后了结。"""
    track = move(track_of(context, "A"), "closed_no_action")
    track.conclusion, track.closed_at = statement, context.now
    context.record("close_without_action", f"{track.ref_no}不属实，予以了结")
    tell_when_decided(context)
    return {}


@operation
def record_organ_conclusion(
    context: Context, *, fault: str, statement: str, steps: list[dict[str, Any]], repeated: bool
) -> dict[str, Any]:
    """登记B轨倒查结论：未发现责任也须明确结论；失职、渎职的进入处理程序。返回 D7 的各项事实。"""
    if fault == "none" and (guilty := [step["step"] for step in steps if step["fault"] != "none"]):
        raise ReferralRefused(f"倒查表中有{len(guilty)}个环节认定有过错，结论不能是“未发现组织部门责任”。")
    if fault != "none" and not any(step["fault"] != "none" for step in steps):
        raise ReferralRefused("结论认定有责任，倒查表中应写明哪个环节、何人有过错。")
    track = track_of(context, "B")
    track.conclusion = f"{FAULTS[fault]}。{statement}"
    track.facts = {**track.facts, "substantiated": fault != "none", "steps": steps, "conduct": fault}
    if fault == "none":
        move(track, "unsubstantiated", "closed_no_action")
        track.closed_at = context.now
        tell_when_decided(context)
    else:
        move(track, "substantiated")
    context.record("conclude_organ_review", f"{track.ref_no}倒查结论：{FAULTS[fault]}")
    return {"conduct": fault, "severity": gravest_severity(context), "subject": "organ_staff", "repeated": repeated}


@operation
def record_proposal(
    context: Context,
    *,
    track: str,
    form: str,
    authority: str,
    persons: list[dict[str, Any]],
    clauses: str,
    text: str,
    recommended_form: str,
    recommended_authority: str,
) -> dict[str, Any]:
    """登记处理建议：方式由人提出，推荐仅供参考；权限不得低于推荐，涉及自治区党委管理干部的由部务会决定。

    返回 form、authority、persons、clauses、text。
    """
    row = track_of(context, track)
    _require_authority(authority, recommended_authority, persons, track)
    if track == "B":
        _require_named(True, persons)
    if row.status == "substantiated":
        move(row, "proposal")
    row.recommended_form = recommended_form
    row.form, row.authority, row.persons = form, authority, persons
    row.facts = {**row.facts, "clauses": clauses, "proposal": text}
    context.record("propose_disposition", f"{row.ref_no}提出处理建议", form=form, recommended=row.recommended_form)
    return {"form": form, "authority": authority, "persons": persons, "clauses": clauses, "text": text}


@operation
def record_hearing(context: Context, *, track: str, record: str) -> dict[str, Any]:
    """登记陈述申辩：未听取陈述申辩不得作出决定。"""
    row = track_of(context, track)
    move(row, "hearing", "decision_pending")
    row.hearing_record = record
    context.record("hear_statement", f"{row.ref_no}听取陈述申辩")
    return {}


@operation
def return_proposal(context: Context, *, track: str, reason: str) -> dict[str, Any]:
    """退回处理建议：写明理由，重新提出。"""
    row = move(track_of(context, track), "proposal")
    context.record("return_proposal", f"{row.ref_no}处理建议退回", reason=reason)
    return {}


@operation
def record_decision(context: Context, *, track: str, decision: str, decided_on: str) -> dict[str, Any]:
    """登记处理决定：由有权限的决定人作出，自此起算申诉期（T22.appeal）。"""
    day = today_or_earlier(context, decided_on, "决定日期")
    row = track_of(context, track)
    if not row.hearing_record:
        raise ReferralRefused("尚未听取陈述申辩，不能作出决定。")
    move(row, "decided")
    row.decision, row.decided_at = decision, context.now
    row.facts = {**row.facts, "decided_on": day.isoformat()}
    open_appeal_period(context, row)
    context.record("decide_disposition", f"{row.ref_no}作出处理决定", form=row.form, authority=row.authority)
    tell_when_decided(context)
    return {}


@operation
def record_execution(context: Context, *, track: str, executed_on: str, document_no: str) -> dict[str, Any]:
    """登记执行情况：执行日期与文号。返回 form，供确定影响期。"""
    day = today_or_earlier(context, executed_on, "执行日期")
    row = track_of(context, track)
    if day.isoformat() < str(row.facts.get("decided_on", "")):
        raise ReferralRefused("执行日期不能早于决定日期。", rule="date")
    if row.status == "appealed":
        raise ReferralRefused("该决定正在申诉复核，复核结果作出后再执行。", rule="appeal")
    move(row, "executed")
    row.executed_on = day
    row.facts = {**row.facts, "document_no": document_no}
    context.record("execute_disposition", f"{row.ref_no}处理决定已执行：{document_no}")
    return {"form": row.form}


@operation
def begin_influence(context: Context, *, track: str, months: int, source: str) -> dict[str, Any]:
    """起算影响期：自执行之日起，期内锁定提拔重用；months 为0的不设影响期。返回 influence_to。"""
    row = track_of(context, track)
    if months <= 0 or row.executed_on is None:
        return {"influence_to": ""}
    move(row, "influence_period")
    row.influence_from = row.executed_on
    row.influence_to = _influence_end(context, row.executed_on, months)
    row.facts = {**row.facts, "promotion_locked": True, "influence_source": source}
    context.record("begin_influence", f"{row.ref_no}影响期至{row.influence_to}", months=months, source=source)
    return {"influence_to": row.influence_to.isoformat()}


def _influence_end(context: Context, start: date, months: int) -> date:
    return closing_day(context.months_after(start, months))


def _require_named(needed: bool, persons: list[dict[str, Any]]) -> None:
    if needed and not persons:
        raise ReferralRefused("查实的须问责到人，至少登记一名处理人员。", rule="S58")


def _require_authority(authority: str, recommended: str, persons: list[dict[str, Any]], track: str) -> None:
    if AUTHORITIES.index(authority) < AUTHORITIES.index(recommended):
        raise ReferralRefused("决定权限不得低于推荐的权限。", rule="D7")
    if any(person.get("mgmt_level") == "region_managed" for person in persons) and authority != AUTHORITIES[-1]:
        raise ReferralRefused("涉及自治区党委管理干部的，由部务会决定。", rule="authority")
    if track == "B" and authority == AUTHORITIES[0]:
        raise ReferralRefused("组织部门人员的处理，不得由干部监督处处长自行决定。", rule="authority")
