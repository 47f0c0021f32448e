"""What people write into the forms of the determination (P03b): plausible and invented, like `answers`."""

from typing import Any

from huitou.demo.answers import Answer, Occasion, answers

CLAUSE = "《党政领导干部选拔任用工作条例》（2019年版）第三十八条"
EMPTY: dict[str, Any] = {"violation_appointment": False, "falsified": False, "involves_principal": False}


@answers("determination", "sort_papers")
def _sort_papers(it: Occasion) -> Answer:
    usual = {
        "category": "C13",
        "chain": "选",
        "rectify_type": "staged",
        "conduct_on": it.day(-400),
        "clause": CLAUSE,
        "appointment_effect": "irregular",
        "root_cause_kind": "execution",
    }
    changes: dict[str, Any] = it.fact("papers", {})
    return {"sortings": [usual | row | EMPTY | changes.get(row["title"], {}) for row in it.prefilled("sortings")]}


@answers("determination", "analyse_findings")
def _analyse_findings(it: Occasion) -> Answer:
    answer, reason = it.fact("answer", "accept"), it.fact("reason", "")
    rows = it.prefilled("links")
    links = [row | {"answer": answer} | ({"reason": reason} if reason else {}) for row in rows]
    return {"considered": True} | ({"links": links} if links else {})


@answers("determination", "consult_policy")
def _consult_policy(_: Occasion) -> Answer:
    return {"policy_answer": "按照条例规定执行，具体情形由检查组结合事实认定。", "policy_basis": CLAUSE}


@answers("determination", "consult")
def _consult(it: Occasion) -> Answer:
    decision = it.fact("decision", "uphold")
    return {
        "held_on": it.day(),
        "attendance": [row | {"attended": True, "opinion": "同意"} for row in it.prefilled("attendance")],
        "decisions": [
            row | {"decision": decision, "reason": "事实清楚、证据充分、定性准确。"}
            for row in it.prefilled("decisions")
        ],
        "minutes": "检查组逐份讨论问题底稿，成员充分发表意见，组长末位表态，形成一致意见。",
        "chair_spoke_last": True,
    }


@answers("determination", "supplement_papers")
def _supplement(it: Occasion) -> Answer:
    rows = it.prefilled("supplements")
    return {"supplements": [row | {"supplement": "已调阅原始记录并与当事人核对，情况属实。"} for row in rows]}


@answers("determination", "rule_by_leader")
def _rule(it: Occasion) -> Answer:
    return {
        "rulings": [row | {"decision": "uphold", "reason": "证据充分，予以认定。"} for row in it.prefilled("rulings")]
    }


@answers("fact_check", "check_facts")
def _check_facts(it: Occasion) -> Answer:
    objections: dict[int, str] = it.fact("objections", {})
    return {
        "fact_answers": [
            row
            | (
                {"view": "object", "comment": objections[row["number"]]}
                if row["number"] in objections
                else {"view": "agree"}
            )
            for row in it.prefilled("fact_answers")
        ]
    }


@answers("determination", "review_facts")
def _review_facts(it: Occasion) -> Answer:
    ruling = it.fact("ruling", "maintain")
    amended = {"amended_text": it.fact("amended_text", "")} if ruling == "amend" else {}
    reply = "经调阅原始材料并集体会商，复核意见如上，现予书面答复。"
    return {"replies": [row | {"ruling": ruling, "reply": reply} | amended for row in it.prefilled("replies")]}


@answers("determination", "draft_report")
def _draft_report(it: Occasion) -> Answer:
    report = (
        "检查组进驻期间听取汇报、个别谈话、查阅资料，对选人用人工作进行了全面检查。总体情况较好，也发现一些问题。"
    )
    written = {
        "opinion": "对照条款逐项整改，健全制度、规范程序，举一反三。",
        "root_cause": "制度执行不严，监督不经常。",
    }
    rows = it.prefilled("report_opinions")
    if not rows:
        return {"report_text": report, "zero_declaration": "检查覆盖全部清单事项，未发现选人用人方面的问题。"}
    return {"report_text": report, "report_opinions": [row | written for row in rows]}


@answers("determination", "review_report")
def _review_report(_: Occasion) -> Answer:
    return {"decision": "approve", "reason": "同意报部务会研究"}


@answers("determination", "hold_council")
def _hold_council(it: Occasion) -> Answer:
    return {
        "council_date": it.day(),
        "council_attendance": [
            row | {"attended": True, "opinion": "同意检查组意见"} for row in it.prefilled("council_attendance")
        ],
        "decision": "approve",
        "council_minutes": "会议听取专项检查情况汇报，逐项审议，一致同意认定意见和整改要求。",
        "reason": "审定通过",
    }
