"""Campaigns, duty reviews, superiors' feedback and the year: every way through, the engine cold at every step."""

from collections.abc import Callable
from typing import Any

from tests.bpmn.walking import Walk, pair_of_tests
from tests.workflows.operations.story import LONG

UNIT = {"unit_code": "QL-JY", "unit_name": "青澜市教育局"}
CAMPAIGN = {
    "campaign_no": "GX-2026-001", "joined": False, "scope": "city", "category_name": "C05 凡提四必",
    "proposed_title": "青澜市凡提四必自查自纠",
}  # fmt: skip
LAUNCH = {"campaign_decision": "launch", "campaign_title": "凡提四必自查自纠", "checklist": LONG, "due_workdays": 20}
PROPOSED = {"categories": ["C05"], "scope": "city", "city_code": "QL", "finding_nos": []}
DUE = "2026-10-30T16:00:00+00:00"


def campaign(**script: Any) -> Walk:
    usual = {
        "open_campaign": CAMPAIGN,
        "launch_campaign": {"units": 1, "due": DUE},
        "rank_campaign_units": {"rows": [UNIT | {"rank": 1, "found_n": 3, "self_check": "已查"}]},
        "mark_prominent_units": {"prominent": 1},
        "survey_campaign": {"settled": True, "coverage": "1/1", "rows": [UNIT | {"found_n": 3, "rectified": "已改"}]},
        "strike_off_campaign_units": {"returned": 0},
        "draw_campaign_sample": {"rows": [UNIT | {"found_n": 3, "visited": "已驻点"}], "share": "100%"},
        "record_campaign_spot_check": {"failed": 0},
        "score_campaign": {"before": 76, "after": 100, "words": "提高", "formula": "…"},
        "close_campaign": {"prompt_no": "组监提〔2026〕1号"},
    }
    return Walk("common_campaign", usual | script)


def assess(walk: Walk, region: str = "") -> Walk:
    return walk.answer(f"assess_units{region}", assessments=[UNIT | {"rank": 1, "found_n": 3, "self_check": "已查"}])


def report(walk: Walk, verdict: str = "accept", region: str = "") -> Walk:
    rows = [UNIT | {"found_n": 3, "rectified": "已改", "verdict": verdict, "note": "请补充"}]
    return walk.answer(f"report_campaign{region}", verdicts=rows, campaign_summary=LONG)


def check(walk: Walk, outcome: str = "pass") -> Walk:
    rows = [UNIT | {"found_n": 3, "visited": "已驻点", "outcome": outcome, "note": "现场查阅"}]
    return walk.answer("spot_check", spot_checks=rows)


def the_city_succeeds_at_the_third_attempt() -> Walk:
    settled = {"settled": True, "coverage": "1/1", "rows": [UNIT | {"found_n": 3, "rectified": "已改"}]}
    walk = campaign(
        survey_campaign=[settled | {"settled": False}, settled, settled | {"settled": False}, settled, settled],
        strike_off_campaign_units=[{"returned": 1}, {"returned": 0}, {"returned": 0}],
        record_campaign_spot_check=[{"failed": 1}, {"failed": 0}],
    )
    walk.begin("campaign.proposed", **PROPOSED)
    walk.answer("direct_self_check", **LAUNCH).receive("campaign.self_checked")
    assess(walk).receive("campaign.settled")
    report(walk, "return").receive("campaign.settled")
    check(report(walk), "fail")
    check(report(walk))
    return walk.answer("draft_prompt", prompt_title="工作提示", prompt_body=LONG)


def our_division_leads_for_the_region() -> Walk:
    walk = campaign(open_campaign=CAMPAIGN | {"scope": "region"})
    walk.begin()
    walk.answer("propose_campaign", category="C05", scope="region")
    assert walk.world.arguments_of("open_campaign")["categories"] == ["C05"]
    walk.answer("direct_self_check", **LAUNCH).receive("campaign.self_checked")
    assert walk.role_of("assess_units_region") == "supervision_officer"
    check(report(assess(walk, "_region"), region="_region"))
    return walk.answer("draft_prompt", prompt_title="工作提示", prompt_body=LONG)


def joined() -> Walk:
    walk = campaign(open_campaign=CAMPAIGN | {"joined": True})
    walk.begin("campaign.proposed", **PROPOSED)
    return walk


def declined() -> Walk:
    walk = campaign()
    walk.begin("campaign.proposed", **PROPOSED)
    return walk.answer("direct_self_check", campaign_decision="decline", decline_reason="情形各不相同，分别整改。")


def late_self_check() -> Walk:
    walk = Walk("campaign_self_check", {})
    walk.begin("campaign.self_check", campaign_no="GX-2026-001", campaign_title="自查自纠", check_due=DUE)
    walk.wake(90)
    assert walk.world.times("remind") == 1
    return walk.answer("campaign_check", self_check="已逐人核查，没有问题。", found_items=[])


def self_rectification() -> Walk:
    walk = Walk("campaign_rectification", {})
    walk.begin("campaign.rectify", campaign_no="GX-2026-001", items=[{"number": 1, "title": "未听取意见"}])
    return walk.answer(
        "campaign_rectify", rectified_items=[{"number": 1, "title": "未听取意见", "rectified": "已经补听"}]
    )


def visit(scope: str) -> Walk:
    item = {"item": "任免档案归集", "before": "未建立"}
    walk = Walk("guidance_visit", {"record_guidance_visit": {"items": [item], "to_day": "2026-09-02"}})
    walk.begin("campaign.visit", campaign_no="GX-2026-001", scope=scope, items=[])
    task = "hold_visit_region" if scope == "region" else "hold_visit"
    walk.answer(task, from_day="2026-09-01", visit_workdays=2, guidance=[item])
    return walk.answer("complete_guidance", guidance_results=[item | {"after": "已经建立"}])


def the_city_visits() -> Walk:
    return visit("city")


def our_division_visits() -> Walk:
    return visit("region")


def review(start: str | None = None, **data: Any) -> Walk:
    opened = {"review_no": "DC-2026-001", "leads": [], "window": "…", "zero": ""}
    walk = Walk("duty_review", {"open_duty_review": opened, "conclude_duty_review": {"ref_no": "WZ-2026-001"}})
    walk.begin(start, case_no="XR-12-04-001", unit_name="澜城区", key="LC-2026-0001", **data)
    return walk


def conclude(walk: Walk) -> Walk:
    walk.answer("compare_leads", lead_rows=[], lead_present="yes", lead_reported="no", comparison=LONG)
    return walk.answer("conclude_duty", duty_conclusion="unreported", duty_reason=LONG)


def exposed_by_itself() -> Walk:
    given = {"exposure_source": "sanction", "source_key": "intel:1", "exposure": "带病提拔"}
    return conclude(review("late.exposure", occurred_on="2026-03-01", exposed_on="2026-10-01", **given))


def exposed_by_hand() -> Walk:
    walk = review()
    walk.answer("register_exposure", exposure_decision="register", exposure_source="media", exposure=LONG,
                occurred_on="2026-03-01", exposed_on="2026-10-01")  # fmt: skip
    assert walk.world.arguments_of("open_duty_review")["source_key"] == "LC-2026-0001"
    return conclude(walk)


def registered_by_mistake() -> Walk:
    return review().answer("register_exposure", exposure_decision="withdraw")


def reported_until_closed() -> Walk:
    next_report = {"at": DUE, "on": "2026-10-30", "occasion": "季度报告"}
    row = {"finding_no": "F01", "unit_name": "澜城区", "title": "凡提四必", "state": "整改中"}
    walk = Walk(
        "inbound_rectification",
        {
            "open_inbound_document": {"rows": [{"number": 1, "title": "凡提四必不严格"}]},
            "open_inbound_cases": {"cases": 1},
            "plan_inbound_report": next_report,
            "gather_inbound_report": {"rows": [row], "words": "…", "open_count": 1},
            "record_inbound_report": [{"open_count": 1}, {"open_count": 0}],
        },
    )
    walk.begin()
    walk.answer("register_inbound", source_level="central_org", doc_no="组函3号", doc_title="反馈意见",
                received_on="2026-09-01",
                inbound_findings=[{"title": "凡提四必不严格", "text": LONG, "category": "C05"}])  # fmt: skip
    walk.answer("assign_units", assignments=[{
        "number": 1, "title": "凡提四必不严格", "unit_code": "QL-LC", "chain": "用", "severity": "moderate",
        "rectify_type": "staged", "opinion": "逐人补齐。",
    }])  # fmt: skip
    for _ in range(2):
        walk.wake(90)
        walk.answer("report_upwards", report_rows=[row], report_sent_on="2026-10-30", report_summary=LONG)
    return walk


def accepted() -> Walk:
    row = {"finding_no": "F01", "title": "凡提四必", "opinion": "补齐"}
    walk = Walk("inbound_acceptance", {"feed_back_inbound": {"rows": [row]}})
    walk.begin("inbound.assigned", case_no="XR-SJ-1-001", doc_no="组函3号", received_on="2026-09-01", findings=[])
    assert walk.world.opened == ["T09"]
    walk.answer("accept_inbound", accepted_rows=[row], acceptance="全部认领。")
    assert [sent[:2] for sent in walk.sent] == [("case.fed_back", "XR-SJ-1-001")]
    return walk


NUMBERS = {
    "closed_percent": 100,
    "on_time_percent": 100,
    "recurrence": 0,
    "false_rectify": 0,
    "level": 0,
    "effect": "good",
}
GRADES = {"good": NUMBERS, "fair": NUMBERS | {"effect": "fair"}, "average": NUMBERS | {"closed_percent": 79},
          "poor": NUMBERS | {"level": 4}}  # fmt: skip


def year(*units: str) -> Walk:
    rows = [{"unit_code": unit, "numbers": GRADES[unit]} for unit in units]
    sheet = {"unit_code": "QL-LC", "unit_name": "澜城区", "words": "…", "by_rule": "好"}
    short = {"unit_code": "QL-LC", "unit_name": "澜城区", "grade_name": "好"}
    return Walk(
        "annual_reference",
        {
            "collect_annual_numbers": {"rows": rows, "due": DUE},
            "draft_annual_references": {"rows": [sheet], "returned": ""},
            "record_annual_grades": {"rows": [short]},
            "return_annual_references": {"rows": [sheet], "returned": "请再核"},
            "send_annual_references": {"rows": [short], "answer_due": DUE},
        },
    )


def graded_returned_and_answered_late() -> Walk:
    walk = year(*GRADES)
    walk.begin("annual.due", year=2025)
    graded = walk.world.arguments_of("draft_annual_references")["graded"]
    assert {row["unit_code"]: row["grade"] for row in graded} == {name: name for name in GRADES}, "D11, row by row"
    for approval in ("return", "approve"):
        sheet = {"unit_code": "QL-LC", "unit_name": "澜城区", "words": "…", "by_rule": "好"}
        walk.answer("check_references", reference_rows=[sheet])
        walk.answer("approve_references", approval=approval, approval_reason="请再核。")
    walk.wake(90)
    assert walk.world.arguments_of("remind")["role"] == "assessment_office"
    row = {"unit_code": "QL-LC", "unit_name": "澜城区", "grade_name": "好"}
    return walk.answer("record_adoption", adoption_rows=[row])


def nothing_to_assess() -> Walk:
    walk = year()
    walk.begin()
    return walk.answer("choose_year", year=2025)


def check_again(stands: bool = True) -> Walk:
    facts = {"stands": stands, "text": LONG, "effect": LONG}
    walk = Walk("consolidation_check", {"begin_consolidation_check": facts})
    walk.begin("finding.consolidate", closure_no="XH-2026-0001", next_check_on="2026-10-30")
    return walk.wake(400)


def checked_until_it_lasts() -> Walk:
    walk = check_again()
    assert walk.role_of("check_consolidation") == "supervision_officer"
    slip = {"result": "slipped", "requirement": LONG, "next_check_on": "2027-12-01"}
    walk.answer("check_consolidation", note=LONG, **slip)
    assert walk.open == []
    walk.wake(400)
    return walk.answer("check_consolidation", result="lasting", note=LONG)


def overtaken_by_a_second_round() -> Walk:
    return check_again(stands=False)


STORIES: dict[str, list[Callable[[], Walk]]] = {
    "common_campaign": [the_city_succeeds_at_the_third_attempt, our_division_leads_for_the_region, joined, declined],
    "campaign_self_check": [late_self_check],
    "campaign_rectification": [self_rectification],
    "guidance_visit": [the_city_visits, our_division_visits],
    "duty_review": [exposed_by_itself, exposed_by_hand, registered_by_mistake],
    "inbound_rectification": [reported_until_closed],
    "inbound_acceptance": [accepted],
    "consolidation_check": [checked_until_it_lasts, overtaken_by_a_second_round],
    "annual_reference": [graded_returned_and_answered_late, nothing_to_assess],
}

test_story_ends, test_stories_pass_every_node = pair_of_tests(STORIES)
