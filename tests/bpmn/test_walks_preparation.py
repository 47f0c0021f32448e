"""Walks of P02 and of the supply of intelligence: every way through, with the called processes inside."""

from collections.abc import Callable

from tests.bpmn.test_walks_team import AGENDA, DISPATCH, FACTS, MEMBERS, ROWS
from tests.bpmn.walking import Walk, pair_of_tests, told
from tests.workflows.operations.preparing import DIRECTION, FOCUS, ITEM

METRICS = [{"name": "窗口期提任干部（人次）"}]
OFFER = {
    "analysis_id": 1, "direction": DIRECTION, "differences": "无", "focus": [], "kept": "担当作为",
    "focus_sets": [{"code": "GZ", "name": "六个突出关注", "chosen": False}],
    "template": [{"code": "S01", "section_name": "选拔任用", "text": "是否超职数"}], "earliest_entry": "2026-10-08",
}  # fmt: skip
PLAN = {
    "plan_tasks": DIRECTION, "plan_methods": DIRECTION, "plan_requirements": DIRECTION, "planned_entry": "2026-10-08",
    "plan_schedule": [{"period": "第一周", "content": "进驻动员"}], "focus_sets": OFFER["focus_sets"],
    "template_items": OFFER["template"],
}  # fmt: skip
SCRIPT = {
    "open_dossier": {"metrics": METRICS, "window_start": "2024-01-01", "window_basis": "上轮", "sources": "巡视"},
    "survey_dossier": {"rows": [], "items": 2, "outside": 0, "selection_related": 1, "silent": ""},
    "record_analysis": [{"analysis_id": 1, "version_no": 1}, {"analysis_id": 2, "version_no": 2}],
    "offer_plan": OFFER,
    "record_work_plan": {"version_no": 1, "dropped": 0, "added": 0},
    "suggest_leader": {"leader": "Y0100", "unit_name": "澜城区", "note": "已求得", "exclusions": []},
    "nominate_leader": FACTS,
    "weigh_team": FACTS,
    "activate_team": {"valid": True},
    "confirm_team": {"leader": "石组长", "members": 6},
    "list_trainees": {"rows": ROWS, "unit_name": "澜城区"},
    "record_mobilisation": {"passed": True, "rows": []},
    "confirm_training": {"earliest_entry": "2026-10-08", "entry_date": "2026-10-08"},
    "notify_entry": {"entry_date": "2026-10-08", "eve": "2026-10-07T00:00:00+08:00"},
}
REQUEST = {
    "request_no": "XR-12-04-001/tour", "case_no": "XR-12-04-001", "unit_name": "澜城区", "source_name": "巡视",
    "window_start": "2024-01-01", "window_end": "2026-09-21", "due_at": "2026-10-01T00:00:00+08:00",
    "overdue_at": "2026-10-08T00:00:00+08:00",
}  # fmt: skip


def prepared_with_both_returns() -> Walk:
    walk = Walk("preparation", SCRIPT)
    walk.begin("case.created", case_no="XR-12-04-001", unit_name="澜城区")
    assert sorted(walk.open) == ["fill_baseline", "nominate_leader"]
    walk.answer("fill_baseline", metrics=[METRICS[0] | {"value": 5, "as_of": "2026-09-01"}])
    assert "analyse" not in walk.open, "the analysis waits for the intelligence"
    walk.receive("case.intel_collected")
    analysis = {"direction": DIRECTION, "differences": "区划调整后超职数较多。", "focus": FOCUS}
    for decision in ("return", "approve"):
        walk.answer("analyse", **analysis)
        assert walk.role_of("approve_analysis") == "supervision_chief"
        walk.answer("approve_analysis", decision=decision, reason="按意见办理。")
    assert walk.world.arguments_of("sign_analysis") == {"analysis_id": 2}
    walk.answer("nominate_leader", leader="Y0100", leader_reason="熟悉选人用人工作。")
    walk.answer("select_members", members=MEMBERS)
    assert walk.open == ["authorise_dispatch"], "the plan waits for the team"
    walk.answer("authorise_dispatch", dispatch_decision="approve", **DISPATCH)
    for decision in ("return", "approve"):
        walk.answer("draft_work_plan", **PLAN)
        assert walk.role_of("approve_work_plan") == "deputy_minister"
        walk.answer("approve_work_plan", decision=decision, comment="按意见办理。")
    attended = [row | {"attended": True, "score": 90} for row in ROWS]
    walk.answer("hold_mobilisation", **AGENDA, attendance=attended)
    walk.answer(
        "issue_entry_notice", entry_date="2026-10-08", notice_scope=DIRECTION, notice_materials="任免文书档案"
    )
    assert not walk.step.finished
    return walk.wake(40)


def supplied_after_a_reminder() -> Walk:
    walk = Walk("intel_supply", {"record_intel": {"count": 1}})
    walk.begin("intel.requested", confidential=False, **REQUEST)
    walk.wake(11)
    assert walk.world.arguments_of("remind")["role"] == "intel_provider"
    return walk.answer("supply_intel", has_items="yes", items=[ITEM])


def nothing_to_supply_in_confidence() -> Walk:
    walk = Walk("intel_supply", {"record_intel": {"count": 0}})
    walk.begin("intel.requested", confidential=True, **REQUEST)
    walk.answer("supply_confidential_intel", has_items="no", nothing="经核查没有情况。")
    assert walk.world.arguments_of("record_intel")["items"] is None
    return walk


def never_supplied() -> Walk:
    walk = Walk("intel_supply", {})
    walk.begin("intel.requested", confidential=False, **REQUEST)
    walk.wake(30)
    assert walk.world.times("record_intel_overdue") == 1
    assert walk.open == []
    return walk


STORIES: dict[str, list[Callable[[], Walk]]] = {
    "preparation": [prepared_with_both_returns],
    "intel_supply": [supplied_after_a_reminder, nothing_to_supply_in_confidence, never_supplied],
}

test_story_ends, test_stories_pass_every_node = pair_of_tests(STORIES)


def test_the_case_is_ready_under_its_number() -> None:
    sent = [message for message in told(prepared_with_both_returns).step.sent if message.name == "case.ready"]
    assert [message.key for message in sent] == ["XR-12-04-001"]
