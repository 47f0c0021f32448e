"""回头看, up to its verdict: when to look again, who goes, what they find (P08, S102, S108).

Knows one cycle of one case; what follows from a bad verdict is in `reopening`, from a good one in `zeroing`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workflows.models import Finding, Revisit, RevisitItem
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.revisit_teams import seat_revisit_team
from workflows.policy.transitions import state_name
from workflows.policy.vocabulary import REVISIT_RESULT
from workflows.records import deadlines, time_limits
from workflows.records.findings import closure_survey, findings_of, is_open, recount
from workflows.refusal import Refusal
from workflows.workdays import start_of_day

SHORTENED_MONTHS = 3


class RevisitRefused(Refusal):
    """What was submitted for a revisit is incomplete or contradicts the ledger."""

    rule = "P08"


@operation
def survey_revisit(context: Context, *, months: int | None) -> dict[str, Any]:
    """核对销号情况（months 为整改结账时判定的月数，可为空）：未销号数、已销号问题的严重程度与反复次数，供研判回头看期限（D9）使用。

    返回 open_count、critical_closed、serious_closed、recurrence、mass_evaluation、months（已定的月数，未定为0）。
    """
    case = context.case
    if case.status != "revisit_due":
        move(case, "revisit_due")
    return closure_survey(context.session, case) | {
        "months": SHORTENED_MONTHS if case.revisit_cycle else int(months or 0),
        "cycle": case.revisit_cycle + 1,
    }


@operation
def plan_revisit_window(context: Context, *, months: int) -> dict[str, Any]:
    """确定回头看窗口：最迟 months 个月内开展（T19.closes）；全部销号且期限超过三个月的，窗口打开前先等待（T19.opens）。

    返回 must_wait、opens_at（窗口打开时刻）、closes_at（最迟开展时刻）。
    """
    opens_after = time_limits.limit_in_force(context.session, "T19.opens", context.today)[0].amount
    case = context.case
    waits = case.open_count == 0
    anchor = max(case.concentrated_end or context.today, context.today) if waits else context.today
    closes_at = _last_start(context, anchor, int(months))
    opens_at = context.months_after(anchor, opens_after)
    return {
        "must_wait": waits and months > opens_after,
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
    }


@operation
def open_revisit_cycle(
    context: Context, *, occasion: str, occasion_ref: str, visit_date: str, leader: str, members: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记一轮回头看：时机、日期、回访组（连同组长不少于3人，有回避情形的不得参加）；案件转为“回头看中”。

    返回 cycle 与待复核的 rows。
    """
    people = seat_revisit_team(context, leader, [str(member["person"]) for member in members])
    held_on = date.fromisoformat(visit_date)
    if held_on < context.today:
        raise RevisitRefused("回头看日期不能早于今天。")
    case = move(context.case, "revisiting")
    revisit = Revisit(
        case_id=case.id,
        cycle=case.revisit_cycle + 1,
        status="on_site",
        occasion=occasion,
        occasion_ref=occasion_ref,
        held_on=held_on,
        team=[f"{row.user.name}（{row.user.unit.name}{row.user.post}）" for row in people],
        started_at=context.now,
    )
    context.session.add(revisit)
    context.record("open_revisit", f"启动第{revisit.cycle}轮回头看", occasion=occasion, team=revisit.team)
    return {"cycle": revisit.cycle, "rows": [_row(finding) for finding in findings_of(context.session, case)]}


@operation
def record_revisit_review(context: Context, *, items: list[dict[str, Any]]) -> dict[str, Any]:
    """登记现场复核：每个问题都须有结论；未巩固的须写明依据；尚未销号的不得认定为已巩固。"""
    given = _by_finding(items)
    found = findings_of(context.session, context.case)
    if missing := [finding.finding_no for finding in found if finding.finding_no not in given]:
        raise RevisitRefused(f"以下问题还没有复核结论：{'、'.join(missing)}。")
    if strangers := set(given) - {finding.finding_no for finding in found}:
        raise RevisitRefused(f"以下编号不是本案的问题：{'、'.join(sorted(strangers))}。")
    revisit = current_revisit(context)
    known = {item.finding_id: item for item in items_of(context, revisit)}
    for finding in found:
        row = given[finding.finding_no]
        _require_sound(finding, row)
        item = known.get(finding.id) or RevisitItem(revisit=revisit, finding_id=finding.id)
        item.result, item.note = row["result"], str(row.get("note") or "")
        context.session.add(item)
    context.session.flush()
    return {}


@operation
def assess_revisit(context: Context, *, summary: str) -> dict[str, Any]:
    """认定复核结论：已巩固的问题转为“已巩固”。返回 unconsolidated（未巩固数）、open_count 与待提要求的 rows。"""
    revisit = current_revisit(context)
    revisit.summary, revisit.status = summary, "assessed"
    findings = {finding.id: finding for finding in findings_of(context.session, context.case)}
    items = items_of(context, revisit)
    for item in items:
        if item.result == "consolidated" and findings[item.finding_id].status == "closed":
            move(findings[item.finding_id], "consolidated")
    bad = [item for item in items if item.result != "consolidated"]
    context.record(
        "assess_revisit",
        f"第{revisit.cycle}轮回头看：{len(items) - len(bad)}项已巩固，{len(bad)}项未到位",
        results={findings[item.finding_id].finding_no: item.result for item in items},
    )
    return {
        "unconsolidated": len(bad),
        "open_count": recount(context.session, context.case),
        "rows": [_demand_row(context, findings[item.finding_id], item) for item in bad],
    }


@operation
def count_open_findings(context: Context) -> dict[str, Any]:
    """核对本案未销号问题数。返回 open_count。"""
    return {"open_count": recount(context.session, context.case)}


def _last_start(context: Context, anchor: date, months: int) -> datetime:
    """The moment by which the revisit must have begun; the division's own limit, so it never presses the unit."""
    known = context.deadline("T19.closes")
    if known is not None and known.met_at is None and known.voided_at is None:
        return known.due_at
    limit = deadlines.open_deadline(
        context.session,
        rule="T19.closes",
        anchor_at=start_of_day(anchor),
        anchor_label="回头看起算",
        now=context.now,
        calendar=context.calendar,
        case=context.case,
        amount=months,
        unit="month",
        title="回头看最迟开展",
    )
    limit.escalates, limit.responsible_role = False, "supervision_officer"
    deadlines.plan_next_look(context.session, limit, context.now)
    return limit.due_at


def current_revisit(context: Context) -> Revisit:
    """The case's newest cycle."""
    revisit = context.session.scalar(
        select(Revisit).where(Revisit.case_id == context.case.id).order_by(Revisit.cycle.desc()).limit(1)
    )
    if revisit is None:
        raise RevisitRefused("本案尚未启动回头看。")
    return revisit


def items_of(context: Context, revisit: Revisit) -> list[RevisitItem]:
    """What a cycle found, an item a finding."""
    with context.session.no_autoflush:
        return sorted(revisit.items, key=lambda item: item.finding_id)


def _row(finding: Finding) -> dict[str, Any]:
    state = state_name("finding", finding.status)
    row = {"finding_no": finding.finding_no, "title": finding.title, "state": state, "note": ""}
    return row | ({"result": "not_in_place"} if is_open(finding) else {})


def _demand_row(context: Context, finding: Finding, item: RevisitItem) -> dict[str, Any]:
    limit = time_limits.limit_in_force(context.session, "T20", context.today)[0].amount
    latest = context.calendar.months_after(context.today, limit)
    return {
        "finding_no": finding.finding_no,
        "title": finding.title,
        "result": REVISIT_RESULT[item.result],
        "requirement": "",
        "due_date": latest.isoformat(),
        "trigger": "none",
    }


def _by_finding(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    given = {str(item["finding_no"]).strip(): item for item in items}
    if len(given) != len(items):
        raise RevisitRefused("同一问题只能有一条复核结论。")
    return given


def _require_sound(finding: Finding, row: dict[str, Any]) -> None:
    if row["result"] == "consolidated" and is_open(finding):
        raise RevisitRefused(f"{finding.finding_no}尚未销号，不能认定为“已巩固”。", rule="revisit_open")
    if row["result"] == "rebound" and is_open(finding):
        raise RevisitRefused(f"{finding.finding_no}尚未销号，只能认定为“整改不到位”。", rule="revisit_open")
    if row["result"] != "consolidated" and not str(row.get("note") or "").strip():
        raise RevisitRefused(f"{finding.finding_no}未巩固，须写明依据与说明。")
