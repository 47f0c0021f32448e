"""What people write in campaigns, duty reviews, superiors' feedback and the yearly references: like `answers`."""

from typing import Any

from huitou.demo.answers import Answer, Occasion, answers
from huitou.demo.findings import finding

CHECKLIST = (
    "对照干部选拔任用条例，逐人核查近三年提任干部的“凡提四必”、讨论决定、任前公示、试用期和任职回避情况，"
    "列出问题清单，举一反三，如实填报，不得虚报瞒报。"
)
REPORT = (
    "全市具有干部管理权限的单位全部完成自查，查找出的问题均已自纠，问题突出的单位已驻点现场办公，"
    "基础工作逐项补齐，任免档案、会议记录、公示材料归集规范。"
)
GUIDANCE = (
    ("干部任免文书档案", "一人一卷未建立，考察材料散存"),
    ("讨论决定会议记录", "表态记录不完整，末位表态不落实"),
)


@answers("common_campaign", "propose_campaign")
def _propose_campaign(it: Occasion) -> Answer:
    return {"category": "C05", "scope": "region"}


@answers("common_campaign", "direct_self_check")
def _direct_self_check(it: Occasion) -> Answer:
    if it.fact("campaign_decision", "launch") == "decline":
        return {
            "campaign_decision": "decline",
            "decline_reason": "涉及单位情形各不相同，由各单位分别整改，不另行部署。",
        }
    return {
        "campaign_decision": "launch",
        "campaign_title": it.context["campaign"]["proposed_title"],
        "checklist": CHECKLIST,
        "due_workdays": 20,
    }


@answers("campaign_self_check", "campaign_check")
def _campaign_check(it: Occasion) -> Answer:
    found = [
        {"title": f"提任前未按规定核查（第{n}例）", "basis": "近三年提任干部"}
        for n in range(1, it.fact("found", it.dice.choice((0, 0, 1, 2, 3))) + 1)
    ]
    return {"self_check": "已逐人逐项对照核查近三年提任干部的选任纪实材料。", "found_items": found}


@answers("campaign_rectification", "campaign_rectify")
def _campaign_rectify(it: Occasion) -> Answer:
    rows = it.prefilled("rectified_items")
    return {
        "rectified_items": [
            row | {"rectified": "已补办核查手续，完善纪实材料，并对经办人员批评教育。"} for row in rows
        ]
    }


@answers("common_campaign", "assess_units")
def _assess_units(it: Occasion) -> Answer:
    false: list[str] = it.fact("false_reports", [])
    special = {"false_report": "抽调档案与自查报告不符。"}
    rows = it.prefilled("assessments")
    return {"assessments": [row | (special if row["unit_code"] in false else {}) for row in rows]}


@answers("guidance_visit", "hold_visit")
def _hold_visit(it: Occasion) -> Answer:
    guidance = [{"item": item, "before": before} for item, before in GUIDANCE]
    return {"from_day": it.day(), "visit_workdays": 2, "guidance": guidance}


@answers("guidance_visit", "complete_guidance")
def _complete_guidance(it: Occasion) -> Answer:
    rows = it.prefilled("guidance_results")
    return {"guidance_results": [row | {"after": "已补齐归档，明确专人负责，建立核对制度。"} for row in rows]}


@answers("common_campaign", "report_campaign")
def _report_campaign(it: Occasion) -> Answer:
    returned: list[str] = it.fact("returned", [])
    rows = it.prefilled("verdicts")
    verdicts: list[dict[str, Any]] = [
        row
        | (
            {"verdict": "return", "note": "佐证不充分，请补充。"}
            if row["unit_code"] in returned
            else {"verdict": "accept"}
        )
        for row in rows
    ]
    return {"verdicts": verdicts, "campaign_summary": REPORT}


@answers("common_campaign", "spot_check")
def _spot_check(it: Occasion) -> Answer:
    failed: list[str] = it.fact("failed", [])
    rows = it.prefilled("spot_checks")
    return {
        "spot_checks": [
            row
            | {"outcome": "fail" if row["unit_code"] in failed else "pass", "note": "现场抽阅任免档案并与名册核对。"}
            for row in rows
        ]
    }


@answers("common_campaign", "draft_prompt")
def _draft_prompt(it: Occasion) -> Answer:
    return {"prompt_title": it.context["campaign"]["proposed_prompt"], "prompt_body": CHECKLIST}


@answers("duty_review", "register_exposure")
def _register_exposure(it: Occasion) -> Answer:
    return {
        "exposure_decision": "register",
        "exposure_source": "sanction",
        "exposure": "该单位提任的一名科级干部因任职前的违纪问题被查处，属带病提拔。",
        "occurred_on": it.day(-200),
        "exposed_on": it.day(),
    }


@answers("duty_review", "compare_leads")
def _compare_leads(it: Occasion) -> Answer:
    present = it.fact("lead_present", "no")
    reported = {"lead_reported": it.fact("lead_reported", "no")} if present == "yes" else {}
    comparison = "调阅检查期间的线索登记、谈话记录和清单检查记录，逐项比对。"
    return {"lead_rows": it.prefilled("lead_rows"), "lead_present": present, "comparison": comparison, **reported}


@answers("duty_review", "conclude_duty")
def _conclude_duty(it: Occasion) -> Answer:
    return {
        "duty_conclusion": it.fact("duty_conclusion", "not_discoverable"),
        "duty_reason": "结合检查方案、抽查范围和当时材料综合研判，作出如上结论。",
    }


@answers("inbound_rectification", "register_inbound")
def _register_inbound(it: Occasion) -> Answer:
    found = [finding(number) for number in range(it.fact("findings_n", 2))]
    return {
        "source_level": "central_tour",
        "doc_no": f"中巡反馈〔{it.today.year}〕3号",
        "doc_title": "关于选人用人专项检查情况的反馈意见",
        "received_on": it.day(),
        "inbound_findings": [{"title": each.title, "category": each.category, "text": each.text} for each in found],
    }


@answers("inbound_rectification", "assign_units")
def _assign_units(it: Occasion) -> Answer:
    rows = it.prefilled("assignments")
    units: list[str] = it.fact("units", ["QL-LC"] * len(rows))
    usual = {
        "chain": "用",
        "severity": "moderate",
        "rectify_type": "staged",
        "opinion": "逐人核查补齐，完善制度，举一反三。",
    }
    return {"assignments": [row | usual | {"unit_code": unit} for row, unit in zip(rows, units, strict=True)]}


@answers("inbound_acceptance", "accept_inbound")
def _accept_inbound(it: Occasion) -> Answer:
    return {"accepted_rows": it.prefilled("accepted_rows"), "acceptance": "诚恳接受反馈意见，全部认领，坚决整改。"}


@answers("inbound_rectification", "report_upwards")
def _report_upwards(it: Occasion) -> Answer:
    return {"report_rows": it.prefilled("report_rows"), "report_sent_on": it.day(), "report_summary": REPORT}


@answers("annual_reference", "choose_year")
def _choose_year(it: Occasion) -> Answer:
    return {"year": it.today.year - 1}


@answers("annual_reference", "check_references")
def _check_references(it: Occasion) -> Answer:
    return {"reference_rows": it.prefilled("reference_rows")}


@answers("annual_reference", "approve_references")
def _approve_references(it: Occasion) -> Answer:
    return {"approval": "approve", "approval_reason": "同意送年度考核办。"}


@answers("annual_reference", "record_adoption")
def _record_adoption(it: Occasion) -> Answer:
    return {"adoption_rows": it.prefilled("adoption_rows")}


@answers("consolidation_check", "check_consolidation")
def _check_consolidation(it: Occasion) -> Answer:
    note = "现场查阅制度执行台账，抽查近期任免材料，制度坚持执行，未发现反弹。"
    if it.happens(0.75):
        return {"result": "lasting", "note": note}
    if it.happens(0.8):
        return {"result": "held", "note": note, "next_check_on": it.day(180)}
    return {
        "result": "slipped",
        "note": "抽查发现个别干部任免材料仍未按规定归集，制度执行有所松懈。",
        "requirement": "一个月内对照制度逐项整治，健全提醒机制，报送整治情况。",
        "next_check_on": it.day(60),
    }
