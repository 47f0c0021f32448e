"""G08: a county of a key task is named, and its checklist holds the six and the five focuses of the round's sets."""

from tests.journeys.conftest import Begin
from tests.journeys.planners import Planners, Preparers
from tests.workflows.operations.planning_story import APPROVED, ROUND

KEY_TASK = {"kind": "key_task", "key_task_name": "乡村振兴重点帮扶县选人用人", "round_name": "重点任务专项检查"}


def test_a_key_county_is_checked_by_its_focus_sets(begin: Begin) -> None:
    told = begin()
    planners = Planners(told)
    planners.proposed(**(ROUND | KEY_TASK))
    sets = planners.tasks("name_key_units")[0].context["proposal"]["focus_sets"]
    rows = [row | {"chosen": row["name"] in ("六个突出关注", "五个着力")} for row in sets]
    chosen = sorted(row["code"] for row in rows if row["chosen"])
    planners.does("officer", "name_key_units", key_units=[{"unit_code": "QL-LC"}], focus_rows=rows)
    assert {code: row["verdict"] for code, row in planners.listed().items()} == {"QL-LC": "必查"}
    planners.settled().reviewed().approved(**APPROVED)
    round_page = planners.sees("chief", "/rounds/12-KT1")
    assert "重点任务乡村振兴重点帮扶县选人用人" in round_page
    assert "六个突出关注6条" in round_page
    assert "五个着力5条" in round_page

    preparers = Preparers(told, "XR-12-KT1-001")
    preparers.dossier_done().team_done().plan_drafted().plan_approved()
    focus = [item for item in preparers.checklist() if item.origin == "focus_set"]
    assert len(focus) == 11
    assert sorted({item.text.partition("：")[0] for item in focus}) == ["五个着力", "六个突出关注"]
    assert [(plan.version_no, sorted(plan.focus_sets)) for plan in preparers.plans()] == [(1, chosen)]
    told.is_sound()
