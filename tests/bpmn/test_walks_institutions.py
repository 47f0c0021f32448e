"""Institutions, questions and training: every way through, the engine always cold."""

from collections.abc import Callable
from typing import Any

from tests.bpmn.walking import Walk, pair_of_tests

TEXT = "第一条 坚持党管干部原则，严格选拔任用程序。"
LIBRARY = {"own": [], "superior": [], "causes": []}
SUPERIOR = {"doc_no": "ZD-1", "title": "条例", "action": "amend"}
FAR = "2026-12-01T00:00:00+00:00"
REVIEW = {
    "doc_no": "ZD-2", "title": "办法", "impact_id": 1, "parent_title": "条例", "parent_issue": "〔2026〕1号",
    "parent_text": "修订", "review_due": FAR,
}  # fmt: skip
DEVIATION = {
    "doc_no": "ZD-2", "title": "办法", "check_id": 1, "deviation_text": "打折扣", "fact": "漏项", "correction": "补齐",
    "correct_by": FAR,
}  # fmt: skip
SESSION = {
    "title": "讲座",
    "kind_name": "辅导讲座",
    "audience": "部门",
    "clauses": "",
    "planned_on": "2026-10-15",
    "people": [],
}
AUDIENCE = {"plan_no": "PX-1", "year": 2026, "title": "年度培训计划", "cells": [
    {"tier_name": f"层次{number}", "level_name": "类别", "people": 1} for number in range(6)]}  # fmt: skip
ONE = {
    "kind": "lecture",
    "title": "两项法规讲座",
    "org_tier": "dept_unit",
    "level": "org_cadre",
    "planned_on": "2026-10-15",
}


# -- institution


def propose(*superior: dict[str, Any]) -> Walk:
    walk = Walk("institution", {"list_library": LIBRARY, "open_changes": {"superior": list(superior)}})
    walk.begin()
    walk.answer("propose", cause="上级制度已修订。", new_title="办法")
    return walk


def register_superior() -> Walk:
    walk = propose(SUPERIOR)
    row = {"issuing_body": "上级", "issue_no": "〔2026〕1号", "issued_on": "2026-08-01", "effective_on": "2026-08-01"}
    return walk.answer("register_superior", superior_versions=[SUPERIOR | row | {"text": "修订考察规定。"}])


def proposed_by_campaign(decision: str) -> Walk:
    walk = Walk("institution", {"list_library": LIBRARY, "open_changes": {"superior": []}})
    walk.begin("institution.proposed", campaign_no="ZX-1", campaign_title="专项", category_names="凡提四必")
    assert walk.role_of("consider_proposal") == "policy_officer"
    walk.answer("consider_proposal", proposal_decision=decision, proposal_reason="堵塞漏洞。")
    return walk.answer("propose", cause="专项发现制度漏洞。", new_title="办法") if decision == "open" else walk


# -- institution_change


def change(action: str = "amend") -> Walk:
    begun = {
        "title": "办法",
        "action_text": "修订",
        "text": None,
        "parents": [],
        "issuing_body": "组织部",
        "root_causes": [],
    }
    issued = {"version_no": 2, "issue_no": "〔2026〕2号", "check_on": "2027-03-01", "reviews": 0}
    walk = Walk("institution_change", {"begin_change": begun, "issue_institution": issued})
    walk.begin("institution.change", doc_no="ZD-2", action=action, cause="上级制度已修订。")
    return walk


def draft(walk: Walk) -> Walk:
    walk.answer("draft", text=TEXT)
    row = {"unit_code": "CZT", "opinion": "无意见", "adoption": "adopted", "reply": "采纳"}
    return walk.answer("collect_opinions", opinions=[row])


def issue(walk: Walk) -> Walk:
    draft(walk).answer("review_draft", decision="approve", reason="同意。")
    walk.answer("deliberate", decision="approve", minutes="会议审定通过。", reason="同意。")
    return walk.answer("issue", issuing_body="组织部", issue_no="〔2026〕2号")


def amend() -> Walk:
    walk = issue(change())
    walk.wake(days=300)
    row = {"unit_code": "CZT", "deviation": "none", "fact": "到位", "correction": "无"}
    return walk.answer("check_execution", checks=[row])


def return_twice() -> Walk:
    walk = draft(change("repeal")).answer("review_draft", decision="return", reason="再改。")
    draft(walk).answer("review_draft", decision="approve", reason="同意。")
    walk.answer("deliberate", decision="return", minutes="会议要求修改。", reason="再改。")
    return issue(walk)


# -- institution_review and institution_correction


def review(by_unit: bool = False, *, late: bool = False, registers: bool = False) -> Walk:
    script = {"begin_review": {"by_unit": by_unit, "issue_no": "1", "text": TEXT},
              "record_review_outcome": {"registers": registers}}  # fmt: skip
    walk = Walk("institution_review", script)
    walk.begin("institution.review_due", **REVIEW)
    if late:
        walk.wake(days=200)
    outcome = "amend" if registers else "keep"
    walk.answer("compare_by_unit" if by_unit else "compare", outcome=outcome, note="已逐条对照。")
    if registers:
        walk.answer("register_version", issue_no="〔2026〕3号", text=TEXT)
    return walk


def correction(*, late: bool = False) -> Walk:
    walk = Walk("institution_correction", {})
    walk.begin("institution.deviation", **DEVIATION)
    if late:
        walk.wake(days=200)
    for verdict in ("return", "approve"):
        walk.answer("correct", correction_result="已按要求补齐并执行。")
        walk.answer("verify_correction", decision=verdict, reason="核实。")
    return walk


def question() -> Walk:
    walk = Walk("policy_question", {"register_question": {"question_no": "ZW-1", "unit_name": "澜城区"}})
    walk.begin()
    walk.answer("ask", title="借调人员", question="借调人员的考察由谁组织？")
    for verdict in ("return", "approve"):
        walk.answer("answer_question", answer="由管理单位组织。", basis="条例第二十五条")
        walk.answer("approve_answer", decision=verdict, reason="同意。")
    return walk


def registration() -> Walk:
    walk = Walk("unit_institution", {"list_bases": {"bases": [], "own": []}})
    walk.begin()
    return walk.answer("register_institution", title="信息沟通细则", issue_no="〔2026〕5号", text=TEXT)


# -- training


def plan(walk: Walk) -> Walk:
    rows = [cell | {"curriculum": "条例解读"} for cell in AUDIENCE["cells"]]
    return walk.answer(
        "plan_year", year=2026, plan_title="年度培训计划", five_year_item="第三章第二节", matrix=rows, sessions=[ONE]
    )


def year() -> Walk:
    walk = Walk("policy_training", {"list_audience": AUDIENCE, "summarise_training": {"rows": [], "recurrence": []}})
    walk.begin()
    plan(walk).answer("approve_training", decision="return", reason="再改。")
    plan(walk).answer("approve_training", decision="approve", reason="同意。")
    walk.receive("training.sessions_done")
    return walk.answer("evaluate_training", effect_text="覆盖率达到要求，测评成绩明显提高，同类问题明显减少。")


def session() -> Walk:
    coverage = [
        {"percent": 50, "absent": [], "must_make_up": True},
        {"percent": 100, "absent": [], "must_make_up": False},
    ]
    walk = Walk("training_session", {"begin_session": SESSION, "record_attendance": coverage})
    walk.begin("training.session_due", session_no="PX-1-01", plan_key="LC-1")
    walk.answer("hold_session", held_on="2026-10-15", people=[])
    return walk.answer("make_up", held_on="2026-10-20", people=[])


STORIES: dict[str, list[Callable[[], Walk]]] = {
    "institution": [
        propose, register_superior, lambda: proposed_by_campaign("open"), lambda: proposed_by_campaign("decline"),
    ],
    "institution_change": [amend, return_twice],
    "institution_review": [
        review, lambda: review(late=True), lambda: review(True), lambda: review(True, late=True, registers=True),
    ],
    "institution_correction": [correction, lambda: correction(late=True)],
    "policy_question": [question],
    "unit_institution": [registration],
    "policy_training": [year],
    "training_session": [session],
}  # fmt: skip

test_story_ends, test_stories_pass_every_node = pair_of_tests(STORIES)


def test_who_does_what() -> None:
    assert change().role_of("draft") == "policy_officer"
    assert draft(change()).role_of("review_draft") == "deputy_minister"
