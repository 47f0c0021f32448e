"""双渠道反馈 (P04): to the unit and to the whole region, both recorded, then the findings frozen, owned or disputed."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Acknowledgement, Feedback, Finding
from workflows.operations._limits import open_case_limits, release_case_limits, stop_case_limits
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.vocabulary import FEEDBACK_CHANNEL
from workflows.queries.chain_hashes import text_hash
from workflows.records import time_limits
from workflows.records.findings import findings_of, objections, recount
from workflows.refusal import Refusal


class FeedbackRefused(Refusal):
    """A record of feedback, acknowledgement or reply that cannot stand."""

    rule = "P04"


@operation
def record_feedback(context: Context, *, channel: str, given: dict[str, Any]) -> dict[str, Any]:
    """登记向单位反馈的一个环节：one_to_one 一对一反馈、unified 统一反馈会、copy_leader 抄送分管领导。返回 held_on。"""
    _add(context, channel, given)
    if channel == "unified" and given["held_on"] < _of(context, "one_to_one").held_on.isoformat():
        raise FeedbackRefused("统一反馈会不能早于向主要负责人的一对一反馈。", rule="S89")
    context.record("record_feedback", f"向{context.case.unit.name}反馈：{FEEDBACK_CHANNEL[channel]}", **given)
    return {"held_on": given["held_on"]}


@operation(repeatable=True)
def check_gap(context: Context) -> dict[str, Any]:
    """核对反馈会与印发通报相差的工作日，超出T08允差的须说明原因。返回 gap_workdays、tolerance、exceeded。"""
    days = sorted(row.held_on for row in _present(context, "unified", "circular"))
    gap = context.calendar.workdays_between(*days)
    tolerance = time_limits.limit_in_force(context.session, "T08", days[0])[0].amount
    return {"gap_workdays": gap, "tolerance": tolerance, "exceeded": gap > tolerance}


@operation(repeatable=True)
def record_gap_reason(context: Context, *, reason: str) -> dict[str, Any]:
    """登记两路反馈不同步的原因。"""
    row = _of(context, "unified")
    row.facts = {**row.facts, "gap_reason": reason}
    context.record("explain_gap", "说明两路反馈时差原因", reason=reason)
    return {}


@operation
def complete_feedback(context: Context) -> dict[str, Any]:
    """反馈定账：两路都完成后，案件转为“已反馈”，问题编号和原文自此冻结，自反馈之日起算T10、T12、T13。

    返回 feedback_date、findings（编号、问题）。
    """
    case = context.case
    case.feedback_date = _of(context, "unified").held_on
    move(case, "fed_back")
    found = [finding for finding in findings_of(context.session, case) if finding.status == "approved"]
    for finding in found:
        finding.text_hash = text_hash(finding)
        move(finding, "fed_back")
    if found:
        open_case_limits(context)
    context.record(
        "complete_feedback",
        f"反馈{len(found)}个问题，原文冻结",
        hashes={finding.finding_no: finding.text_hash for finding in found},
    )
    rows = [{"finding_no": finding.finding_no, "title": finding.title} for finding in found]
    return {"feedback_date": case.feedback_date.isoformat(), "findings": rows}


@operation
def record_acknowledgement(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """登记认领：每个问题都须表态，不认领的须写明理由，复核期间各项期限中止。返回 refused（编号、理由）。"""
    given = {row["finding_no"]: row for row in rows}
    refused = []
    for finding in _in_state(context, "fed_back"):
        row = given.get(finding.finding_no)
        if row is None:
            raise FeedbackRefused(f"{finding.finding_no}还没有认领。", rule="S77")
        accepted, comment = bool(row.get("accepted")), (row.get("comment") or "").strip()
        if not accepted and not comment:
            raise FeedbackRefused(f"{finding.finding_no}不认领的，须写明理由。", rule="S77")
        _acknowledge(context, finding, accepted, comment)
        if not accepted:
            refused.append({"finding_no": finding.finding_no, "comment": comment})
    if refused:
        stop_case_limits(context, f"复核异议{len(refused)}项")
    context.record("acknowledge", f"认领问题，有异议{len(refused)}项", refused=refused)
    return {"refused": refused}


@operation
def rule_on_objections(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """答复异议：维持的视为认领，撤销的不再整改；每项都须书面答复，中止的期限恢复。返回 maintained、withdrawn。"""
    given = {row["finding_no"]: row for row in rows}
    counts = {"maintain": 0, "withdraw": 0}
    found = _in_state(context, "under_objection")
    disputed = objections(context.session, found)
    for finding in found:
        row = given.get(finding.finding_no)
        if row is None:
            raise FeedbackRefused(f"{finding.finding_no}的异议还没有答复。", rule="S76")
        move(finding, "acknowledged" if row["ruling"] == "maintain" else "not_upheld")
        objection = disputed[finding.id]
        objection.ruling, objection.reply, objection.ruled_at = row["ruling"], row["reply"], context.now
        counts[row["ruling"]] += 1
        context.record(
            "rule_on_objection", f"答复{finding.finding_no}的异议", ruling=row["ruling"], reply=row["reply"]
        )
    recount(context.session, context.case)
    release_case_limits(context)
    return {"maintained": counts["maintain"], "withdrawn": counts["withdraw"]}


def add_feedback(context: Context, channel: str, held_on: date, **facts: Any) -> Feedback:
    """The record of one channel in the case's present cycle."""
    row = Feedback(
        case_id=context.case.id,
        channel=channel,
        revisit_cycle=context.case.revisit_cycle,
        held_on=held_on,
        place=str(facts.pop("place", "")),
        attendees=str(facts.pop("attendees", "")),
        document_no=str(facts.pop("document_no", "")),
        facts=facts,
        recorded_at=context.now,
    )
    context.session.add(row)
    context.session.flush()
    return row


def _add(context: Context, channel: str, given: dict[str, Any]) -> None:
    held_on = date.fromisoformat(given["held_on"])
    if held_on > context.today:
        raise FeedbackRefused("反馈日期不能晚于今天。", rule="S89")
    council = context.case.council_date
    if council and held_on < council:
        raise FeedbackRefused(f"反馈不能早于部务会审定（{council.isoformat()}）。", rule="S89")
    add_feedback(context, channel, held_on, **{name: value for name, value in given.items() if name != "held_on"})


def _of(context: Context, channel: str) -> Feedback:
    return _present(context, channel)[0]


def _present(context: Context, *channels: str) -> list[Feedback]:
    """The records of these channels in the case's present cycle; refused when one of them is missing."""
    query = select(Feedback).where(
        Feedback.case_id == context.case.id,
        Feedback.channel.in_(channels),
        Feedback.revisit_cycle == context.case.revisit_cycle,
    )
    rows = list(context.session.scalars(query))
    if len(rows) < len(channels):
        raise FeedbackRefused("两路反馈没有都完成，不能定账。", rule="S91")
    return rows


def _acknowledge(context: Context, finding: Finding, accepted: bool, comment: str) -> None:
    context.session.add(
        Acknowledgement(
            finding_id=finding.id,
            unit_id=context.case.unit_id,
            accepted=accepted,
            comment=comment,
            by_id=context.actor_id,
            at=context.now,
        )
    )
    move(finding, "acknowledged" if accepted else "under_objection")


def _in_state(context: Context, status: str) -> list[Finding]:
    return [finding for finding in findings_of(context.session, context.case) if finding.status == status]
