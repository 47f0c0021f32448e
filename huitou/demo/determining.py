"""What people write into the forms of the determination (P03b): plausible and invented, like `answers`."""

from typing import Any

from huitou.demo.answers import Answer, Occasion, answers
from huitou.demo.findings import OPINION, ROOT_CAUSE, titled
from workflows.policy.recurrence import PROPOSED_FROM

CLAUSE = "《党政领导干部选拔任用工作条例》（2019年版）第三十八条"
ZERO = "检查覆盖全部清单事项，未发现选人用人方面的问题。"
REASON = "行为发生时按当时规定掌握，现依现行规定认定。"


@answers("determination", "sort_papers")
def _sort_papers(it: Occasion) -> Answer:
    """`special` changes a row, keyed "n0", "n1" …"""
    special: dict[str, dict[str, Any]] = it.fact("special", {})
    clauses = [value for value, _ in it.options.get("sortings.clause", ())] or [CLAUSE]
    rows = []
    for number, row in enumerate(it.prefilled("sortings")):
        known = titled(str(row.get("title", "")))
        sorted_row = {
            "rectify_type": known.rectify_type if known else "staged",
            "conduct_on": it.day(-it.dice.randint(60, 300)),
            "clause": it.dice.choice(clauses),
            "clause_reason": REASON,
            "violation_appointment": False,
            "falsified": False,
            "involves_principal": False,
            "appointment_effect": "irregular",
            "root_cause_kind": "execution",
            "root_cause": ROOT_CAUSE,
        }
        hints = known.hints if known else {}
        rows.append({"category": "C13", "chain": "选"} | row | sorted_row | hints | special.get(f"n{number}", {}))
    return {"sortings": rows}


@answers("determination", "analyse_findings")
def _analyse_findings(it: Occasion) -> Answer:
    """What is near is accepted, what is not is refused, unless the story has one `link_answer` for all."""
    refusal = "经比对，与本轮问题表现和成因不同。"
    links = []
    for row in it.prefilled("links"):
        usual = "accept" if int(row.get("score") or 0) >= PROPOSED_FROM else "deny"
        answer = it.fact("link_answer", usual)
        links.append(row | {"answer": answer} | ({"reason": refusal} if answer != "accept" else {}))
    return {"considered": True, "policy_unclear": False} | ({"links": links} if links else {})


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
    """The unit objects to the items whose numbers are `disputed`."""
    disputed = set(it.fact("disputed", ()))
    objection = {"view": "object", "comment": "相关材料后续已补齐，请予复核。"}
    return {
        "fact_answers": [
            row | (objection if row["number"] in disputed else {"view": "agree", "comment": "事实属实"})
            for row in it.prefilled("fact_answers")
        ]
    }


@answers("determination", "review_facts")
def _review_facts(it: Occasion) -> Answer:
    ruling = it.fact("fact_ruling", "maintain")
    amended = {"amended_text": it.fact("amended_text", "")} if ruling == "amend" else {}
    reply = "经再次调阅原始材料并集体会商，现书面答复如上。"
    return {"replies": [row | {"ruling": ruling, "reply": reply} | amended for row in it.prefilled("replies")]}


@answers("determination", "draft_report")
def _draft_report(it: Occasion) -> Answer:
    report = (
        "检查组进驻期间听取汇报、个别谈话、查阅资料，对选人用人工作进行了全面检查。总体情况较好，也发现一些问题。"
    )
    rows = it.prefilled("report_opinions")
    if not rows:
        return {"report_text": report, "zero_declaration": it.context.get("zero") or ZERO}
    return {
        "report_text": report,
        "report_opinions": [
            row | {"opinion": row.get("opinion") or OPINION, "root_cause": row.get("root_cause") or ROOT_CAUSE}
            for row in rows
        ],
    }


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
