"""再反馈、再落实: what a revisit demands again and the second round it starts (P08, S103–S105, S109)."""

from datetime import date
from typing import Any

from workflows.models import Feedback, Finding, Measure, Revisit, RevisitItem
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.measures import measures_of, next_seq
from workflows.operations.referrals import draft_referral
from workflows.operations.revisits import RevisitRefused, current_revisit, items_of
from workflows.records import deadlines, time_limits
from workflows.records.findings import findings_of, is_open, read_measures, recount

_GRAVITY = {"minor": 0, "moderate": 1, "serious": 2, "critical": 3}


@operation
def reopen_findings(context: Context, *, requirements: list[dict[str, Any]]) -> dict[str, Any]:
    """重新打开未到位的问题：整改轮次加一、反复次数加一、列为重点关注；每项须有要求和不超过T20的时限。

    尚未销号的问题仍在原整改流程中办理，不另起一轮。返回 reopened（重新打开数）与 rows（措施表的预填行）。
    """
    given = {str(row["finding_no"]): row for row in requirements}
    findings = {finding.id: finding for finding in findings_of(context.session, context.case)}
    revisit = current_revisit(context)
    reopened = []
    for item in (item for item in items_of(context, revisit) if item.result != "consolidated"):
        finding = findings[item.finding_id]
        _set_requirement(context, finding, item, given.get(finding.finding_no))
        if not is_open(finding):
            _reopen(finding)
            reopened.append(finding)
    move(context.case, "refeedback_pending")
    recount(context.session, context.case)
    numbers = [finding.finding_no for finding in reopened]
    context.record("reopen_findings", f"重新打开{len(numbers)}个问题，再次整改", findings=numbers)
    return {"reopened": len(numbers), "finding_nos": numbers, "rows": [_measure_row(given[no]) for no in numbers]}


@operation
def record_refeedback(
    context: Context, *, held_on: str, place: str, attendees: str, document_no: str
) -> dict[str, Any]:
    """登记再反馈：重新打开的问题转为“已反馈”。"""
    day = date.fromisoformat(held_on)
    if day > context.today:
        raise RevisitRefused("反馈日期不能晚于今天。")
    revisit = current_revisit(context)
    context.session.add(
        Feedback(
            case_id=context.case.id,
            channel="one_to_one",
            revisit_cycle=revisit.cycle,
            held_on=day,
            place=place,
            attendees=attendees,
            document_no=document_no,
            recorded_at=context.now,
        )
    )
    for finding in _in_state(context, "reopened"):
        move(finding, "fed_back")
    revisit.status = "refed_back"
    context.record("refeed_back", f"第{revisit.cycle}轮回头看再反馈：{document_no}")
    return {}


@operation
def record_second_measures(context: Context, *, measures: list[dict[str, Any]]) -> dict[str, Any]:
    """登记再次整改措施：每个重新打开的问题至少一条，时限不得晚于再次整改要求的时限；退回后重报的，原稿被替代。"""
    findings = {finding.finding_no: finding for finding in _reopened(context)}
    limits = {item.finding_id: item.new_due_date for item in items_of(context, current_revisit(context))}
    rows = [(findings.get(str(row["finding_no"]).strip()), row) for row in measures]
    if strangers := [row["finding_no"] for finding, row in rows if finding is None]:
        raise RevisitRefused(f"以下编号不是重新整改的问题：{'、'.join(map(str, strangers))}。")
    if bare := sorted(set(findings) - {finding.finding_no for finding, _ in rows if finding}):
        raise RevisitRefused(f"以下问题还没有整改措施：{'、'.join(bare)}。")
    _supersede_drafts(context, list(findings.values()))
    for finding, row in rows:
        if finding is not None:
            _add_measure(context, finding, row, limits[finding.id])
    return {}


@operation
def start_second_round(context: Context) -> dict[str, Any]:
    """启动再次整改：每个重新打开的问题按要求时限登记期限并启动单项整改，案件回到“整改中”，本轮期限为T20。

    返回 open_count、started。
    """
    revisit = current_revisit(context)
    due = {item.finding_id: item.new_due_date for item in items_of(context, revisit)}
    started = _reopened(context)
    read_measures(context.session, started)
    deadlines.read(context.session, [context.subject_no, *(finding.finding_no for finding in started)])
    revisit.status = "following"
    context.open_deadline("T20", anchor_at=context.now, anchor_label="再次整改启动")
    for finding in started:
        _start_round(context, finding, due[finding.id])
    move(context.case, "rectifying")
    context.record("start_second_round", f"第{revisit.cycle}轮回头看：启动{len(started)}项再次整改")
    return {"open_count": recount(context.session, context.case), "started": len(started)}


@operation
def weigh_revisit_triggers(context: Context, *, requirements: list[dict[str, Any]]) -> dict[str, Any]:
    """归集问责情形：反弹且二轮以上的问题、人工点名的问题，供研判督办等级（D5）使用。返回 D5 的各项事实与 named（点名数）。"""
    revisit = current_revisit(context)
    named = _grounds(context, revisit, requirements)
    rebounds = [item for item in items_of(context, revisit) if item.result == "rebound"]
    findings = {finding.id: finding for finding in findings_of(context.session, context.case)}
    gravest = max((findings[item.finding_id] for item in rebounds), key=_gravity, default=None)
    return {
        "days_overdue": 0,
        "return_count": 0,
        "level_2_silent": False,
        "final_limit_missed": False,
        "false_rectify": False,
        "severity": gravest.severity if gravest else "",
        "revisit_result": "rebound" if gravest else "not_in_place",
        "round_no": max((_round_looked_at(findings[item.finding_id]) for item in rebounds), default=1),
        "revisit_cycle": revisit.cycle,
        "open_count": context.case.open_count,
        "named": sum(trigger != "rebound" for _, trigger, _ in named),
    }


@operation
def refer_revisit_findings(context: Context, *, requirements: list[dict[str, Any]]) -> dict[str, Any]:
    """移送问责线索：整改不力、措施不实、整改不到位的点名问题，以及二轮以上整改后反弹的问题，逐项附证据移送。"""
    revisit = current_revisit(context)
    referred = [
        draft_referral(
            context,
            trigger="not_in_place" if trigger == "rebound" else trigger,
            evidence=evidence,
            finding=finding,
        ).ref_no
        for finding, trigger, evidence in _grounds(context, revisit, requirements)
    ]
    return {"referrals": referred}


@operation
def close_revisit_cycle(context: Context) -> dict[str, Any]:
    """结束本轮回头看：轮数加一，案件回到“待回头看”；到期仍未销号的，本轮T20期限作废转入下一轮。

    返回 revisit_cycle、open_count。
    """
    case, revisit = context.case, current_revisit(context)
    open_count = recount(context.session, case)
    limit = context.deadline("T20")
    if limit is not None and limit.met_at is None and limit.voided_at is None:
        if open_count == 0:
            context.meet_deadline("T20")
        else:
            deadlines.void(context.session, limit, reason="期满仍有问题未销号，转入下一轮回头看", now=context.now)
    revisit.ended_at = context.now
    case.revisit_cycle = revisit.cycle
    move(case, "reporting", "revisit_due")
    context.record("close_revisit_cycle", f"第{revisit.cycle}轮回头看结束，未销号{open_count}项")
    return {"revisit_cycle": case.revisit_cycle, "open_count": open_count}


@operation
def refer_not_in_place(context: Context) -> dict[str, Any]:
    """三轮回头看仍有问题未到位：以“整改不到位”移送问责。同一案件的该项移送未办结前不重复移送。"""
    evidence = f"第{context.case.revisit_cycle}轮回头看仍有问题整改不到位，目前未销号{context.case.open_count}项。"
    return {"referrals": [draft_referral(context, trigger="not_in_place", evidence=evidence).ref_no]}


@operation
def record_personal_supervision(
    context: Context, *, instruction: str, leader: str, report_date: str
) -> dict[str, Any]:
    """登记提级督办：督办要求、包案领导、报告日期，并告知单位主要负责人。"""
    if date.fromisoformat(report_date) <= context.today:
        raise RevisitRefused("要求报告日期应在今天之后。")
    body = f"{instruction}（包案领导：{leader}，请于{report_date}前报告）"
    context.notify("unit_principal", "提级督办", body, kind="supervision")
    context.record("supervise_personally", f"提级督办，包案领导{leader}", instruction=instruction, report=report_date)
    return {}


def _grounds(
    context: Context, revisit: Revisit, requirements: list[dict[str, Any]]
) -> list[tuple[Finding, str, str]]:
    """(finding, trigger, evidence) for every finding that S106 or a second rebound brings to accountability."""
    findings = {finding.id: finding for finding in findings_of(context.session, context.case)}
    chosen = {str(row["finding_no"]): str(row.get("trigger") or "none") for row in requirements}
    grounds = []
    for item in items_of(context, revisit):
        finding = findings[item.finding_id]
        trigger = chosen.get(finding.finding_no, "none") if item.result != "consolidated" else "none"
        if trigger == "none" and item.result == "rebound" and _round_looked_at(finding) > 1:
            trigger = "rebound"
        if trigger != "none":
            grounds.append((finding, trigger, f"第{revisit.cycle}轮回头看复核：{item.note}"))
    return grounds


def _gravity(finding: Finding) -> int:
    return _GRAVITY.get(finding.severity, 0)


def _round_looked_at(finding: Finding) -> int:
    """The round of rectification that the revisit judged: reopening has already counted on."""
    return finding.round_no - 1


def _set_requirement(context: Context, finding: Finding, item: RevisitItem, row: dict[str, Any] | None) -> None:
    if row is None:
        raise RevisitRefused(f"{finding.finding_no}还没有再次整改要求。", rule="S103")
    due = date.fromisoformat(str(row["due_date"]))
    if due <= context.today:
        raise RevisitRefused(f"{finding.finding_no}的完成时限应在今天之后。", rule="T20")
    limit = time_limits.limit_in_force(context.session, "T20", context.today)[0].amount
    if due > context.calendar.months_after(context.today, limit):
        raise RevisitRefused(f"{finding.finding_no}的完成时限超过{limit}个月，二次整改最长{limit}个月。", rule="T20")
    item.new_requirement, item.new_due_date = str(row["requirement"]), due


def _reopen(finding: Finding) -> None:
    move(finding, "reopened")
    finding.recurrence_count += 1
    finding.round_no += 1
    finding.return_count = 0
    finding.watch = True


def _measure_row(requirement: dict[str, Any]) -> dict[str, Any]:
    blank = {"goal": "", "content": "", "leader": "", "department": "", "owner": ""}
    return {"finding_no": requirement["finding_no"], "due_date": requirement["due_date"], **blank}


def _in_state(context: Context, status: str) -> list[Finding]:
    return [finding for finding in findings_of(context.session, context.case) if finding.status == status]


def _reopened(context: Context) -> list[Finding]:
    return [finding for finding in _in_state(context, "fed_back") if finding.round_no > 1]


def _supersede_drafts(context: Context, findings: list[Finding]) -> None:
    read_measures(context.session, findings)
    for finding in findings:
        for measure in measures_of(finding):
            if measure.status == "draft":
                move(measure, "superseded")


def _add_measure(context: Context, finding: Finding, row: dict[str, Any], limit: date | None) -> None:
    due = date.fromisoformat(str(row["due_date"]))
    if limit is not None and due > limit:
        raise RevisitRefused(f"{finding.finding_no}的措施时限不得晚于再次整改要求的时限{limit}。", rule="T20")
    context.session.add(
        Measure(
            finding=finding,
            round_no=finding.round_no,
            seq=next_seq(finding),
            goal=row["goal"],
            content=row["content"],
            kinds=list(row["kinds"]),
            leader=row["leader"],
            department=row["department"],
            owner=row["owner"],
            due_date=due,
            status="draft",
        )
    )


def _start_round(context: Context, finding: Finding, due: date | None) -> None:
    move(finding, "acknowledged", "rectifying")
    for measure in measures_of(finding):
        if measure.status == "draft":
            move(measure, "approved", "in_progress")
    days = ((due or context.today) - context.today).days
    deadlines.open_deadline(
        context.session,
        rule=deadlines.FINDING_RULE,
        anchor_at=context.now,
        anchor_label=f"第{finding.round_no}轮整改启动",
        now=context.now,
        calendar=context.calendar,
        case=context.case,
        finding=finding,
        amount=max(days, 1),
        unit="calendar_day",
    )
    context.send("finding.rectify", key=finding.finding_no, payload={"round_no": finding.round_no}, finding=finding)
