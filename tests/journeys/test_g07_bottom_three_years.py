"""G07: bottom of its peers three years running: a must, not dropped without an override, checked, and followed up."""

from tests.journeys.conftest import Begin
from tests.journeys.planners import Planners
from tests.workflows.operations.planning_story import APPROVED, ROUND

REASON = "该单位正在机构改革过渡期，班子尚未配齐，建议下一轮再查。"


def test_bottom_of_three_years_is_checked_unless_the_deputy_says_otherwise(begin: Begin) -> None:
    told = begin()
    planners = Planners(told)
    planners.takes_in(2023, JYT=60, MZT=61, JTT=99, WJW=99)
    planners.takes_in(2024, JYT=62, MZT=63, WJW=99)
    planners.takes_in(2025, JYT=64, MZT=65, SWT=70)
    assert "7/7教育厅后段3年，必查" in planners.sees("chief", "/report-reviews/?year=2025")
    planners.proposed(**ROUND)
    assert [code for code, row in planners.listed().items() if row["verdict"] == "必查"] == ["JYT", "MZT"]

    task = planners.tasks("settle_targets")[0]
    rows = [row | {"choice": "drop", "reason": ""} for row in task.context["targets"]["rows"]]
    refused = told.caller("officer").call(
        "post", f"/tasks/{task.id}/completion", json={"answer": {"target_choices": rows}}
    )
    assert (refused.status_code, refused.json["error"]["rule"]) == (409, "D2")
    assert "教育厅是必查对象" in refused.json["error"]["message"]
    assert planners.tasks("settle_targets")[0].id == task.id, "a refusal changes nothing"

    told.clock.goes_to("2026-09-16")
    assert "检查对象名单尚未核定" in told.browser("officer").reads("/notices/")
    planners.settled(MZT=("drop", REASON))
    planners.reviewed().approved(**(APPROVED | {"council_date": "2026-09-16"}))

    (case,) = told.chief.sees("/cases")["cases"]
    assert (case["case_no"], case["unit"]) == ("XR-12-TG1-001", "教育厅")
    unit = planners.sees("chief", "/units/JYT")
    assert "一报告两评议近三年连续排名靠后；" in unit
    assert "连续三年排名靠后+40（最近3年连续列后段，最近一年7/7，来源：一报告两评议）" in unit
    assert "民政厅（一报告两评议近三年连续排名靠后）不纳入检查" in planners.sees("deputy", "/overrides/")

    told.clock.goes_to("2027-01-20")
    planners.takes_in(2026, JYT=90, MZT=66)
    assert "XR-12-TG1-001第十二届靶向检查91.0（2025）97.5（2026）+6.5" in planners.sees("chief", "/units/JYT")
    told.is_sound()
