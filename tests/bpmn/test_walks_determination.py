"""P03b: every way from leaving the site to the council's approval, the engine cold at every step."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.bpmn.walking import Walk, nodes_of
from tests.workflows.operations.determining import SORTED
from tests.workflows.operations.story import LONG

PAPER = {"wp_no": "DG01", "title": "末位表态不落实", "text": "研究干部任免时首先表态。"}
ROW = PAPER | SORTED | {
    "clauses": ["条例"], "falsified": False, "involves_principal": False, "recurrence_count": 0, "recurrence_of": None,
}  # fmt: skip
ITEM = {"number": 1, "title": ROW["title"], "text": ROW["text"]}
MEMBERS = [{"person": "石组长"}, {"person": "柳组员"}]
PRIOR = {
    "prior_no": "F1", "prior_title": "旧问题", "prior_state": "整改中", "advice": "关联", "score": 80,
    "explanation": "同类", "wp_no": "DG01", "category": "C07a", "kind": "old_uncorrected",
}  # fmt: skip
SHOWN = {key: PRIOR[key] for key in ("prior_no", "prior_title", "prior_state", "advice", "score", "explanation")}
PRESENT = [row | {"attended": True, "opinion": "同意"} for row in MEMBERS]


def at_hand(upheld: int = 0, pending: int = 0, meetings: int = 0) -> dict[str, Any]:
    """Papers upheld, papers still to be decided on, and how often the team has met."""
    return {"upheld": [ROW] * upheld, "pending": [ROW] * pending, "meetings": meetings}


def begun(*, papers: int = 1, priors: int = 0, **script: Any) -> Walk:
    verdict = {"number": 1, "title": ROW["title"], "severity": "一般", "nature": "个性", "limit": "3个月",
               "recurrence": "首次", "root_cause": ""}  # fmt: skip
    usual: dict[str, Any] = {
        "load_papers": {
            "papers": [PAPER] * papers, "members": MEMBERS, "zero_declaration": "没有发现问题。", "key_task": False
        },
        "record_sorting": {"rows": [ROW] * papers},
        "propose_links": {"links": [PRIOR] * priors, "hints": []},
        "record_links": at_hand(pending=papers),
        "record_consultation": at_hand(upheld=papers, meetings=1),
        "weigh_category": {"units_in_region": 1, "units_in_city": 1},
        "summarise_assessment": lambda **given: {"rows": [verdict] * len(given["rows"])},
        "record_inspection_report": lambda **given: {**given["report"], "text": "报告", "zero_declaration": ""},
        "submit_to_council": {"members": MEMBERS},
        "record_council": lambda **given: {"decision": given["decision"]},
        "approve_determination": lambda **given: {"finding_count": len(given["rows"])},
    }  # fmt: skip
    walk = Walk("determination", usual | script, T07=20)
    walk.begin(message="case.exited", case_no="XR-12-04-001", unit_name="澜城区")
    return walk


def sorted_(walk: Walk) -> Walk:
    return walk.answer("sort_papers", sortings=[PAPER | SORTED])


def analysed(walk: Walk, **more: Any) -> Walk:
    return walk.answer("analyse_findings", considered=True, **more)


def consulted(walk: Walk, decision: str = "uphold") -> Walk:
    decided = [PAPER | {"decision": decision, "reason": "事实清楚。"}]
    return walk.answer(
        "consult", held_on="2026-09-01", attendance=PRESENT, decisions=decided, minutes="逐份讨论，形成一致意见。"
    )


def checked(walk: Walk, *objections: dict[str, Any]) -> Walk:
    """The unit's own process has come to its end."""
    walk.receive("facts.answered", objections=list(objections))
    return walk


def reported(walk: Walk) -> Walk:
    return walk.answer("draft_report", report_text=LONG, report_opinions=[{"number": 1, "opinion": "规范程序。"}])


def decided(walk: Walk, decision: str = "approve") -> Walk:
    return walk.answer(
        "hold_council", council_date="2026-09-01", council_attendance=PRESENT, decision=decision,
        council_minutes="研究决定。", reason="已研究。",
    )  # fmt: skip


def straight_through() -> Walk:
    walk = begun(priors=1)
    analysed(sorted_(walk), links=[SHOWN | {"answer": "accept"}])
    checked(consulted(walk))
    reported(walk).answer("review_report", decision="approve", reason="同意。")
    decided(walk)
    verdicts = walk.world.arguments_of("approve_determination")["assessed"]
    assert [(each["severity"], each["nature"]) for each in verdicts] == [("moderate", "individual")]
    assert walk.sent == [("case.approved", "XR-12-04-001", {"finding_count": 1})]
    return walk


def policy_asked() -> Walk:
    walk = begun()
    analysed(sorted_(walk), policy_unclear=True, policy_question="是否属于末位表态？")
    assert walk.role_of("consult_policy") == "policy_officer"
    walk.answer("consult_policy", policy_answer="按照条例规定理解和执行。", policy_basis="条例第三十八条")
    checked(consulted(walk))
    assert walk.role_of("draft_report") == "team_member"
    return walk


def supplemented_three_times() -> Walk:
    meetings = [at_hand(pending=1, meetings=nth) for nth in (1, 2, 3, 4)]
    walk = begun(record_consultation=meetings, supplement_papers=lambda **given: given["at_hand"],
                 record_ruling=at_hand(meetings=4))  # fmt: skip
    analysed(sorted_(walk))
    for _ in range(3):
        consulted(walk, "supplement")
        given = {"wp_no": "DG01", "title": PAPER["title"], "text": "补充核实后的问题表述。", "supplement": "已核实。"}
        walk.answer("supplement_papers", supplements=[given])
    consulted(walk, "supplement")
    walk.answer("rule_by_leader", rulings=[PAPER | {"decision": "reject", "reason": "证据不足。"}])
    assert walk.role_of("draft_report") == "team_member", "nothing is left that the unit could check"
    return walk


def objection_withdraws_everything() -> Walk:
    objection = {"number": 1, "title": ROW["title"], "comment": "有不同事实。"}
    walk = begun(reply_to_facts=at_hand())
    checked(consulted(analysed(sorted_(walk))), objection)
    ruling = {"ruling": "withdraw", "reply": "经复核，该问题不成立，予以撤销。"}
    walk.answer("review_facts", replies=[objection | ruling])
    walk.answer("draft_report", report_text=LONG, zero_declaration="经复核没有认定的问题，特此声明。")
    return walk


def objection_maintained() -> Walk:
    objection = {"number": 1, "title": ROW["title"], "comment": "有不同事实。"}
    walk = begun(reply_to_facts=at_hand(upheld=1))
    checked(consulted(analysed(sorted_(walk))), objection)
    walk.answer("review_facts", replies=[objection | {"ruling": "maintain", "reply": "经复核，维持原认定意见。"}])
    return reported(walk)


def nothing_found_sent_back_and_held() -> Walk:
    walk = begun(papers=0)
    analysed(walk)
    zero = {"report_text": LONG, "zero_declaration": "检查覆盖全部事项，未发现问题。"}
    walk.answer("draft_report", **zero).answer("review_report", decision="return", reason="请补充。")
    walk.answer("draft_report", **zero).answer("review_report", decision="approve", reason="同意。")
    decided(walk, "return")
    walk.answer("draft_report", **zero).answer("review_report", decision="approve", reason="同意。")
    decided(decided(walk, "hold"))
    assert walk.sent == [("case.approved", "XR-12-04-001", {"finding_count": 0})]
    return walk


def asked_about_facts() -> Walk:
    objection = {"number": 1, "title": ROW["title"], "comment": "有不同事实。"}
    walk = Walk(
        "fact_check", {"record_facts": {"objections": [objection]}, "note_silence": {"objections": []}}, T06=3
    )
    walk.begin("facts.sent", case_no="XR-12-04-001", unit_name="澜城区", items=[ITEM])
    assert walk.role_of("check_facts") == "unit_liaison"
    return walk


def unit_objects() -> Walk:
    walk = asked_about_facts()
    walk.answer("check_facts", fact_answers=[ITEM | {"view": "object", "comment": "有不同事实。"}])
    assert walk.sent == [
        (
            "facts.answered",
            "XR-12-04-001",
            {"objections": [{"number": 1, "title": ROW["title"], "comment": "有不同事实。"}]},
        )
    ]
    return walk


def unit_is_silent() -> Walk:
    walk = asked_about_facts()
    walk.wake(days=3)
    assert walk.world.times("note_silence") == 1
    assert walk.sent == [("facts.answered", "XR-12-04-001", {"objections": []})]
    return walk


WALKS: tuple[Callable[[], Walk], ...] = (
    straight_through, policy_asked, supplemented_three_times, objection_withdraws_everything,
    objection_maintained, nothing_found_sent_back_and_held,
)  # fmt: skip
CHECKS: tuple[Callable[[], Walk], ...] = (unit_objects, unit_is_silent)


@cache
def walked(story: Callable[[], Walk]) -> frozenset[str]:
    """The elements a story passes."""
    return frozenset(story().passed)


@pytest.mark.parametrize("story", [*WALKS, *CHECKS])
def test_a_way_is_walked(story: Callable[[], Walk]) -> None:
    assert walked(story)


@pytest.mark.parametrize(("process", "stories"), [("determination", WALKS), ("fact_check", CHECKS)])
def test_every_element_is_passed_by_some_way(process: str, stories: tuple[Callable[[], Walk], ...]) -> None:
    assert nodes_of(process) - frozenset().union(*map(walked, stories)) == set()
