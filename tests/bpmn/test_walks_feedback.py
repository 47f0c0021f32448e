"""Registration, both channels of feedback, and the self-check: every way through, the engine cold at every step."""

from tests.bpmn.walking import Walk, pair_of_tests
from tests.workflows.operations.story import FINDING, LONG

COUNCIL = {"decision": "approve", "council_date": "2026-09-01", "minutes": "全体同意。", "reason": "同意。"}
CASE = {
    "round_code": "12-04", "unit_code": "QL-LC", "source_level": "own",
    "entry_date": "2026-08-01", "exit_date": "2026-08-20",
}  # fmt: skip
ROW = {"finding_no": "XR-12-04-001-F01", "title": "考察不深入"}


def registration() -> Walk:
    walk = Walk(
        "approved_case_intake",
        {
            "open_case": {
                "case_no": "XR-12-04-001",
                "unit_name": "澜城区",
                "round_name": "第四轮",
                "key_task": False,
            },
            "weigh_category": {"units_in_region": 3, "units_in_city": 1},
            "approve_findings": lambda **given: {"finding_count": len(given["findings"] or [])},
        },
    )
    walk.begin(started_by="江经办")
    walk.answer("register_case", **CASE)
    return walk


def three_findings_registered() -> Walk:
    walk = registration()
    walk.answer("register_findings", findings=[FINDING, FINDING, FINDING | {"falsified": True}])
    walk.answer("confirm_determination", **COUNCIL)
    verdicts = walk.world.arguments_of("approve_findings")["assessed"]
    assert [verdict["severity"] for verdict in verdicts] == ["moderate", "moderate", "critical"]
    assert {verdict["nature"] for verdict in verdicts} == {"common"}
    assert [(verdict["limit_amount"], verdict["limit_unit"]) for verdict in verdicts] == [
        (3, "month"),
        (3, "month"),
        (2, "month"),
    ]
    assert walk.sent == [("case.approved", "XR-12-04-001", {"finding_count": 3})]
    return walk


def nothing_found_after_a_return() -> Walk:
    walk = registration()
    walk.answer("register_findings", findings=[FINDING])
    walk.answer("confirm_determination", decision="return", reason="证据不足，不予认定。")
    walk.answer("register_findings", zero_declaration="经检查未发现问题，检查内容全部覆盖。")
    walk.answer("confirm_determination", **COUNCIL)
    assert walk.world.arguments_of("approve_findings")["findings"] is None
    return walk


def feedback(**script: object) -> Walk:
    walk = Walk(
        "feedback",
        {
            "check_gap": {"gap_workdays": 0, "tolerance": 3, "exceeded": False},
            "complete_feedback": {"feedback_date": "2026-09-01", "findings": [ROW]},
            "record_acknowledgement": {"refused": []},
            "issue_circular": {"circular_no": "组监通〔2026〕1号", "issued_on": "2026-09-01", "units": 3},
            **script,
        },
    )
    walk.begin("case.approved", case_no="XR-12-04-001", unit_name="澜城区")
    return walk


def tell_unit(walk: Walk) -> Walk:
    walk.answer(
        "feed_back_one_to_one", one_to_one_on="2026-09-01", one_to_one_place="会议室", one_to_one_by="岳组长",
        principal_attitude="坚决整改。", chapter="选人用人专项检查反馈章节全文。",
    )  # fmt: skip
    walk.answer(
        "feed_back_unified", unified_on="2026-09-01", unified_place="会议室", attendees="班子成员",
        document_no="组监反〔2026〕4号",
    )  # fmt: skip
    walk.answer("copy_to_leader", copied_on="2026-09-01", leader_name="分管领导", suggestions="督促整改。")
    return walk


def tell_region(walk: Walk, *, returns: int = 0) -> Walk:
    for _ in range(returns):
        walk.answer("draft_circular", circular_title="关于检查情况的通报", circular_body=LONG)
        walk.answer("sign_circular", decision="return", reason="补充典型案例。")
    walk.answer("draft_circular", circular_title="关于检查情况的通报", circular_body=LONG)
    walk.answer("sign_circular", decision="approve", reason="同意印发。")
    return walk


def all_acknowledged() -> Walk:
    walk = feedback()
    tell_region(walk)
    assert walk.open == ["feed_back_one_to_one"]
    tell_unit(walk)
    assert (walk.open, walk.world.opened) == (["acknowledge_findings"], ["T09"])
    assert walk.role_of("acknowledge_findings") == "unit_principal"
    walk.answer("acknowledge_findings", acknowledgements=[ROW | {"accepted": True}])
    assert walk.sent == [("case.fed_back", "XR-12-04-001", {})]
    return walk


def late_and_disputed() -> Walk:
    walk = feedback(
        check_gap={"gap_workdays": 5, "tolerance": 3, "exceeded": True},
        record_acknowledgement={"refused": [{"finding_no": ROW["finding_no"], "comment": "与事实有出入。"}]},
    )
    tell_region(tell_unit(walk), returns=1)
    walk.answer("explain_gap", gap_reason="通报文稿按程序报批，延后印发。")
    walk.answer("acknowledge_findings", acknowledgements=[ROW | {"comment": "与事实有出入。"}])
    ruling = {"finding_no": ROW["finding_no"], "comment": "与事实有出入。", "ruling": "maintain"}
    walk.answer("review_objections", rulings=[ruling | {"reply": "经复核，事实清楚，维持原认定。"}])
    assert walk.world.times("rule_on_objections") == 1
    return walk


def nothing_to_acknowledge() -> Walk:
    walk = feedback(complete_feedback={"feedback_date": "2026-09-01", "findings": []})
    return tell_region(tell_unit(walk))


def circular() -> Walk:
    walk = Walk("circular_self_check", {})
    walk.begin(
        "circular.issued", circular_no="组监通〔2026〕1号", circular_title="通报", circular_body=LONG,
        reply_due="2026-09-29T16:00:00+00:00",
    )  # fmt: skip
    return walk


def nothing_alike() -> Walk:
    walk = circular()
    walk.answer("self_check", answer="none", self_check="对照自查，没有同类问题。", measures="以此为戒，常态提醒。")
    return walk


def reminded_and_rectified() -> Walk:
    walk = circular()
    walk.wake(60)
    walk.wake(60)
    assert walk.world.times("remind") == 1
    walk.answer("self_check", answer="has", self_check="对照自查，发现同类问题一起。", measures="立即整改。")
    walk.answer("rectify_by_itself", rectified="已补齐任前公示材料。")
    return walk


STORIES = {
    "approved_case_intake": [three_findings_registered, nothing_found_after_a_return],
    "feedback": [all_acknowledged, late_and_disputed, nothing_to_acknowledge],
    "circular_self_check": [nothing_alike, reminded_and_rectified],
}

test_story_ends, test_stories_pass_every_node = pair_of_tests(STORIES)
