"""The case's rectification, one finding's way to closure, and extensions: every way through, the engine always cold."""

from typing import Any

from tests.bpmn.walking import Walk, pair_of_tests
from tests.workflows.operations.story import LONG

NO = "XR-12-04-001-F01"
FINDING = {
    "finding_no": NO, "title": "考察不深入", "severity": "serious", "rectify_type": "staged", "round_no": 1,
}  # fmt: skip
SHOWN = {"finding_no": NO, "title": "考察不深入", "verdict": "ok"}
RESULT = {
    "finding_no": NO, "title": "考察不深入", "status": "已销号", "result": "已经整改到位。",
    "institutions_n": 1, "persons_n": 0, "amount_wan": 0,
}  # fmt: skip
SURVEY = {"open_count": 0, "critical_closed": 0, "serious_closed": 0, "recurrence": 0, "mass_evaluation": ""}
MEASURE = {
    "seq": 1, "content": "修订考察办法", "due_date": "2026-11-30", "progress": "", "completion": "not_done",
    "institutions_n": 0, "persons_n": 0, "amount_wan": 0, "document_ref": "",
}  # fmt: skip


def case(findings: int = 1, **script: Any) -> Walk:
    rows = [FINDING | {"finding_no": f"XR-12-04-001-F{seq:02d}"} for seq in range(1, findings + 1)]
    walk = Walk(
        "case_rectification",
        {
            "begin_rectification": {"findings": rows, "key_task": False},
            "state_limits": {"rows": [], "root_causes": [], "latest": []},
            "record_plan": {"plan_id": 1, "findings": [SHOWN]},
            "record_plan_review": {"returned": []},
            "build_ledger": {"measures": [{"measure": f"{NO}-M1", "content": "修订考察办法"}]},
            "record_monthly_report": {"open_count": 1},
            "begin_reporting": {"findings": [RESULT]},
            "count_open": SURVEY,
            "settle_case": {"status": "cleared", "open_count": 0},
            **script,
        },
        T10=21,
        T13=180,
    )
    walk.begin("case.fed_back", case_no="XR-12-04-001", unit_name="澜城区", unit_code="QL-LC")
    return walk


def draft(walk: Walk) -> Walk:
    row = {
        "finding_no": NO, "goal": "程序规范", "content": "修订考察工作办法", "kinds": ["training"], "leader": "组织部长",
        "department": "组织部", "owner": "干部科长", "due_date": "2026-11-30",
    }  # fmt: skip
    walk.answer("draft_plan", measures=[row])
    return walk


def plan(walk: Walk) -> Walk:
    walk.answer(
        "found_leading_group", meeting_date="2026-09-02", leading_group="组长：区委书记",
        meeting_minutes="区委专题研究整改工作，明确责任。",
    )  # fmt: skip
    return review(sign(draft(walk)))


def sign(walk: Walk) -> Walk:
    walk.answer("sign_plan", decision="approve", reason="同意报送。")
    return walk


def review(walk: Walk) -> Walk:
    walk.answer("review_plan", review_rows=[SHOWN], review_reason="措施可行。")
    return walk


def meet(walk: Walk) -> Walk:
    walk.answer("hold_democratic_meeting", democratic_on="2026-09-20", democratic_minutes="班子成员逐一对照检查。")
    return walk


def report(walk: Walk, *, returns: int = 0) -> Walk:
    for verdict in ["return"] * returns + ["approve"]:
        walk.answer("write_report", result_rows=[RESULT], report_effect=LONG, undisclosed="无")
        answer = {"scope": "party", "published_on": "2026-12-01"} if verdict == "approve" else {}
        walk.answer("review_report", decision=verdict, reason="请逐项核对。", **answer)
    return walk


def settled_early() -> Walk:
    walk = plan(case(findings=3))
    limits = walk.world.arguments_of("build_ledger")["limits"]
    assert [(limit["amount"], limit["unit"]) for limit in limits] == [(3, "month")] * 3
    assert walk.open == ["hold_democratic_meeting"]
    walk.receive("case.findings_settled")
    assert walk.open == ["hold_democratic_meeting"]
    report(meet(walk))
    assert [(name, key) for name, key, _ in walk.sent] == [("case.cleared", "XR-12-04-001")]
    return walk


def period_runs_out() -> Walk:
    """Reminded of the plan, sent back twice, reporting month by month, and looked at again in the end."""
    verdicts = [[NO], []]

    def reviewed(**_: Any) -> dict[str, Any]:
        if verdicts[0]:
            walk.world.open_deadline("T10")  # what is sent back is due anew
        return {"returned": verdicts.pop(0)}

    walk = case(
        record_plan_review=reviewed,
        count_open=SURVEY | {"open_count": 1},
        settle_case={"status": "revisit_due", "open_count": 1},
    )
    walk.answer(
        "found_leading_group", meeting_date="2026-09-02", leading_group="组长：区委书记",
        meeting_minutes="区委专题研究整改工作，明确责任。",
    )  # fmt: skip
    walk.wake(17)
    assert (walk.open, walk.world.times("remind")) == (["draft_plan"], 1)
    draft(walk).answer("sign_plan", decision="return", reason="措施再具体些。")
    assert walk.world.times("remind") == 2, "it is due as before"
    review(sign(draft(walk)))
    assert walk.open == ["draft_plan"]
    review(sign(draft(walk)))
    meet(walk)
    walk.wake(31)
    assert walk.open == ["report_month"]
    row = {"measure": f"{NO}-M1", "content": "修订考察办法", "percent": 50, "progress": "进行中"}
    walk.answer(
        "report_month", report_period="2026-10", report_rows=[row], report_summary="总体进展顺利，按计划推进。"
    )
    assert walk.open == []
    walk.wake(130)
    walk.wake(10)
    assert walk.world.times("remind") == 4
    walk.wake(20)
    assert walk.open == ["write_report"]
    report(walk, returns=1)
    assert walk.sent == [("case.revisit_due", "XR-12-04-001", {"reason": "有未销号问题", "months": 3})]
    return walk


def reports_until_nothing_is_open() -> Walk:
    walk = meet(plan(case(record_monthly_report={"open_count": 0})))
    walk.wake(40)
    row = {"measure": f"{NO}-M1", "content": "修订考察办法", "percent": 100, "progress": "已完成"}
    walk.answer("report_month", report_period="2026-09", report_rows=[row], report_summary="全部问题已经整改销号。")
    return report(walk)


def nothing_to_rectify() -> Walk:
    walk = case(findings=0)
    assert walk.world.times("build_ledger") == 0
    return walk


def finding(**script: Any) -> Walk:
    walk = Walk(
        "finding_rectification",
        {
            "begin_measures": {"rule": "D4", "measures": [MEASURE], "next_check_date": None},
            "resume_rectification": {"rule": "T17", "measures": [MEASURE], "next_check_date": None},
            "record_verification": verdict,
            "gather_closure_facts": no_blockers(),
            "create_referral": {"ref_no": "WZ-2026-001"},
            "close_finding": {"closure_no": "XH-2026-0001"},
            **script,
        },
        D4=90,
        T17=21,
    )
    walk.begin("finding.rectify", finding_no=NO, finding_title="考察不深入", case_no="XR-12-04-001", follow_up="")
    return walk


def verdict(*, outcome: str, count: int = 1, **_: Any) -> dict[str, Any]:
    task = {"rule": "T17", "measures": [MEASURE], "next_check_date": None}
    return {"return_count": count, "task": task, "escalation": {"rule": "T17", "level": 2}}


def no_blockers(**facts: Any) -> dict[str, Any]:
    quiet = {
        "open_measures": 0, "measures_without_evidence": 0, "verification_age_days": 0, "verifier_implemented": False,
        "effect_length": 60, "lacks_accountability": False, "lacks_next_check": False, "lacks_campaign": False,
        "objection_open": False, "ledger_mismatch": False, "lacks_on_site": False, "lacks_root_cause": False,
        "root_cause": "",
    }  # fmt: skip
    return quiet | facts


def implement(walk: Walk) -> Walk:
    done = MEASURE | {"progress": "已修订办法。", "completion": "done", "document_ref": "组发〔2026〕12号"}
    walk.answer("implement_measures", measures=[done])
    return walk


def submit(walk: Walk) -> Walk:
    implement(walk).answer("check_by_leader", decision="approve", reason="情况属实。")
    walk.answer("submit_for_verification", effect=LONG, completion="done")
    return walk


def verify(walk: Walk, outcome: str = "pass", **answer: Any) -> Walk:
    parties = [{"party": f"第{place}方", "person": f"某人{place}", "view": "同意"} for place in "一二三"]
    walk.answer(
        "verify", method="on_site", parties=parties, checked="查阅制度、现场核对。", outcome=outcome,
        reason="核对属实。", **answer,
    )  # fmt: skip
    return walk


def close(walk: Walk, decision: str = "approve") -> Walk:
    answer = {"effect_grade": "good"} if decision == "approve" else {}
    walk.answer("approve_closure", decision=decision, reason="请核实。", **answer)
    return walk


def closed_at_once() -> Walk:
    walk = finding()
    assert walk.step.tasks[0].due_at == walk.world.deadlines["D4"]
    close(verify(submit(walk)))
    assert walk.sent == [("finding.closed", None, {"closure_no": "XH-2026-0001"})]
    return walk


def returned_by_everybody() -> Walk:
    counts = iter((1, 2))
    walk = finding(record_verification=lambda **given: verdict(**given, count=next(counts, 2)))
    implement(walk).answer("check_by_leader", decision="return", reason="材料不全。")
    verify(submit(walk), "return")
    assert walk.step.tasks[0].due_at == walk.world.deadlines["T17"]
    assert walk.sent == []
    verify(submit(walk), "return", false_rectify=True)
    assert walk.world.times("create_referral") == 1
    assert walk.sent == [("deadline.overdue", f"{NO}|T17", {"rule": "T17", "level": 2})]
    close(verify(submit(walk)), "return")
    assert walk.open == ["verify"]
    return close(verify(walk))


def continued_and_made_good() -> Walk:
    walk = finding(gather_closure_facts=[no_blockers(lacks_next_check=True, open_measures=1), no_blockers()])
    day = (walk.world.now.date()).replace(year=walk.world.now.year + 1).isoformat()
    verify(submit(walk), "continue", phase_date=day)
    assert walk.open == []
    walk.wake(364)
    assert walk.open == []
    walk.wake(1)
    verify(submit(walk))
    assert walk.step.data["blockers"] == ["仍有整改措施未通过验收", "属需长期坚持的问题，未确定下次检查日期"]
    walk.answer("make_good", effect=LONG, next_check_date="2027-03-31")
    return close(verify(walk))


def extended_the_first_time() -> Walk:
    walk = Walk("extension", {})
    walk.begin("extension.requested", request_id=1, nth=1, finding_no=NO)
    assert walk.role_of("decide_first_extension") == "supervision_chief"
    walk.answer("decide_first_extension", decision="approve", decision_reason="同意。")
    return walk


def extended_the_second_time() -> Walk:
    walk = Walk("extension", {})
    walk.begin("extension.requested", request_id=2, nth=2, finding_no=NO)
    assert walk.role_of("decide_second_extension") == "deputy_minister"
    walk.answer("decide_second_extension", decision="refuse", decision_reason="理由不充分。")
    return walk


def no_longer_needed(nth: int) -> Walk:
    walk = Walk("extension", {})
    walk.begin("extension.requested", request_id=3, nth=nth, finding_no=NO)
    walk.receive("extension.moot")
    assert walk.open == []
    return walk


def the_first_is_moot() -> Walk:
    return no_longer_needed(1)


def the_second_is_moot() -> Walk:
    return no_longer_needed(2)


STORIES = {
    "case_rectification": [settled_early, period_runs_out, reports_until_nothing_is_open, nothing_to_rectify],
    "finding_rectification": [closed_at_once, returned_by_everybody, continued_and_made_good],
    "extension": [extended_the_first_time, extended_the_second_time, the_first_is_moot, the_second_is_moot],
}

test_story_ends, test_stories_pass_every_node = pair_of_tests(STORIES)
