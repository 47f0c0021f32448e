"""P01: from the proposal of a round to its cases; what must be inspected, and what it takes not to."""

from datetime import datetime

import pytest
from sqlalchemy import select

from scheduler.timetable import run_once
from tests.people import Region
from tests.workflows.operations.following import Following
from tests.workflows.operations.planning_story import APPROVED, ROUND, Planning
from workflows.commands.desk import Desk
from workflows.database import atomic
from workflows.models import Decision, FocusItem, FocusSet, InspectionCase, InspectionRound, Override, TourUnit
from workflows.operations import targets
from workflows.operations.planning import PlanningRefused
from workflows.policy import NotAllowed

REASON = "该单位正在机构改革过渡期，班子尚未配齐，建议下一轮再查。"


@pytest.fixture
def planning(desk: Desk, region: Region, now: datetime) -> Planning:
    """Seven departments; 教育厅 has been in the bottom band of three years, 民政厅 of two."""
    story = Planning(desk, region, now)
    return story.voted(2023, JYT=60, MZT=99, JTT=98).voted(2024, JYT=61, MZT=62).voted(2025, JYT=62, MZT=63)


def test_bottom_of_three_years_is_a_must(planning: Planning) -> None:
    row = planning.proposed().listed()["JYT"]
    assert (row["verdict"], row["choice"]) == ("必查", "include")
    assert "近三年连续排名靠后" in row["grounds"]


def test_bottom_of_two_years_is_not(planning: Planning) -> None:
    assert planning.proposed().listed()["MZT"]["verdict"] != "必查"


def test_every_point_keeps_rule_fact_and_source(planning: Planning) -> None:
    planning.proposed()
    proposal = planning.proposal("JYT")
    assert proposal.points == [
        {"score": 40, "rule": "连续三年排名靠后", "fact": "最近3年连续列后段，最近一年7/7", "source": "一报告两评议"},
        {"score": 10, "rule": "好票率低于80%", "fact": "2025年好票率62.0%", "source": "一报告两评议"},
        {"score": 15, "rule": "五年以上未检查或从未检查", "fact": "从未检查", "source": "专项检查记录"},
    ]
    assert proposal.score == sum(point["score"] for point in proposal.points)
    with planning.desk.sessions() as session:
        stored = session.scalars(select(Decision).where(Decision.decision == "d1_targeting_score")).all()
    assert len(stored) == 9, "a decision a unit: seven departments, a city, a county"


def test_a_must_is_not_dropped_without_a_reason(planning: Planning) -> None:
    with pytest.raises(PlanningRefused, match="教育厅是必查对象") as refusal:
        planning.proposed().settled(JYT="drop", MZT="include")
    assert refusal.value.rule == "D2"
    assert planning.open() == {"settle_targets"}


def test_a_must_is_dropped_by_an_override_of_the_deputy(planning: Planning) -> None:
    planning.proposed().settled(JYT=("drop", REASON), MZT=("include", "连续两年靠后，一并检查。"))
    shown = planning.tasks("review_targets")[0].context["settled"]["dropped"]
    assert [row["unit_name"] for row in shown] == ["教育厅"]
    planning.reviewed().approved()
    with planning.desk.sessions() as session:
        override = session.scalars(select(Override)).one()
    assert (override.rule, override.status, override.facts["unit"]) == ("D2", "used", "JYT")
    assert override.requested_by_id == planning.region.officer.user_id
    assert override.approver_id == planning.region.deputy.user_id
    assert [case.unit_id for case in planning.cases().values()] == [planning.unit_id("MZT")]


def test_an_approved_list_becomes_a_round_with_cases(planning: Planning) -> None:
    planning.proposed().settled(added=[{"unit_code": "QL-LC", "reason": "群众反映集中。"}])
    planning.reviewed().approved()
    round_ = planning.round("12-TG1")
    assert (round_.kind, round_.concentrated_rule) == ("targeted", "T13.targeted")
    assert set(planning.cases()) == {"XR-12-TG1-001", "XR-12-TG1-002"}
    assert {message.key for message in planning.sent("case.created")} == {"XR-12-TG1-001", "XR-12-TG1-002"}
    assert all(case.officer_id == planning.region.officer.user_id for case in planning.cases().values())


def test_the_organisation_department_is_never_a_target(planning: Planning) -> None:
    planning.proposed()
    assert "ORG" not in planning.listed()
    with pytest.raises(PlanningRefused, match="不作为检查对象"):
        planning.settled(added=[{"unit_code": "ORG", "reason": "自查自纠。"}])


def test_an_empty_list_is_refused(planning: Planning) -> None:
    with pytest.raises(PlanningRefused, match="没有一个检查对象"):
        planning.proposed().settled(JYT=("drop", REASON))


def test_council_and_deputy_send_back_and_the_choices_stay(planning: Planning) -> None:
    planning.proposed().settled(MZT=("include", "连续两年靠后。")).reviewed("return")
    assert planning.listed()["MZT"]["choice"] == "include"
    planning.settled().reviewed().approved(council_decision="return", council_opinion="再作研究。")
    assert planning.listed()["MZT"]["reason"] == "连续两年靠后。"
    planning.settled().reviewed().approved()
    assert len(planning.cases()) == 2


def test_a_rejected_round_leaves_nothing(planning: Planning) -> None:
    planning.proposed().settled().reviewed().approved(council_decision="reject", council_opinion="时机不成熟。")
    assert planning.cases() == {}
    with planning.desk.sessions() as session:
        assert session.scalars(select(InspectionRound.code)).all() == ["12-04"]
    assert planning.processes() == {"round_planning:LC-2026-0001": "finished"}


def test_a_council_of_tomorrow_is_refused(planning: Planning) -> None:
    with pytest.raises(PlanningRefused, match="不能晚于今天"):
        planning.proposed().settled().reviewed().approved(**(APPROVED | {"council_date": "2026-09-02"}))


def test_who_settles_the_list_does_not_review_it(planning: Planning) -> None:
    planning.proposed().settled()
    with pytest.raises(NotAllowed):
        planning.does("officer", "review_targets", review_decision="approve", review_opinion="同意。")


def test_a_list_left_lying_is_reminded_of_after_ten_working_days(planning: Planning) -> None:
    planning.proposed().later(days=10).wake()
    assert not planning.notified("检查对象名单尚未核定")
    planning.later(days=5).wake()
    assert planning.notified("检查对象名单尚未核定")
    assert planning.open() == {"settle_targets"}


def test_more_units_than_a_batch_are_all_weighed(planning: Planning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "BATCH", 4)
    planning.proposed()
    assert planning.tasks("settle_targets")[0].context["targets"]["weighed"] == 9


def test_a_round_bound_to_a_tour_takes_the_tours_list(planning: Planning) -> None:
    planning.proposed(kind="regular", linked_tour_round="第七轮巡视", round_name="第十二届第七轮")
    assert planning.open() == {"list_tour_units"}
    planning.does("tour_office", "list_tour_units", tour_units=[{"unit_code": "CZT"}, {"unit_code": "QL-LC"}])
    musts = {code for code, row in planning.listed().items() if row["verdict"] == "必查"}
    assert {"CZT", "QL-LC"} <= musts
    planning.settled(JYT=("drop", REASON)).reviewed().approved()
    assert planning.round("12-05").linked_tour_round == "第七轮巡视"
    with planning.desk.sessions() as session:
        assert len(session.scalars(select(TourUnit)).all()) == 2


def test_a_silent_tour_office_is_reminded(planning: Planning) -> None:
    planning.proposed(kind="regular", linked_tour_round="第七轮巡视").later(days=15).wake()
    assert planning.notified("巡视对象清单尚未提供")


def focus_sets(planning: Planning) -> None:
    with atomic(planning.desk.sessions) as session:
        for code, name, count in (("six", "六个突出关注（样）", 6), ("five", "五个着力（样）", 5)):
            items = [FocusItem(seq=seq, text=f"{name}第{seq}条", category="B01") for seq in range(1, count + 1)]
            session.add(FocusSet(code=f"t_{code}", name=name, items=items))


def key_rows(planning: Planning, *chosen: str) -> list[dict[str, object]]:
    rows = planning.tasks("name_key_units")[0].context["proposal"]["focus_sets"]
    return [row | {"chosen": row["code"] in chosen} for row in rows]


def test_a_key_task_round_takes_its_list_and_focus_sets(planning: Planning) -> None:
    focus_sets(planning)
    planning.proposed(kind="key_task", key_task_name="重点帮扶县选人用人", round_name="重点任务专项")
    rows = key_rows(planning, "t_six", "t_five")
    planning.does("officer", "name_key_units", key_units=[{"unit_code": "QL-LC"}], focus_rows=rows)
    assert {code: row["verdict"] for code, row in planning.listed().items()} == {"QL-LC": "必查"}
    planning.settled().reviewed().approved()
    round_ = planning.round("12-KT1")
    assert (round_.key_task_name, round_.focus_sets) == ("重点帮扶县选人用人", ["t_five", "t_six"])
    assert planning.sent("case.created")[0].payload["focus_sets"] == ["t_five", "t_six"]


def test_a_key_task_needs_a_focus_set(planning: Planning) -> None:
    focus_sets(planning)
    planning.proposed(kind="key_task", key_task_name="重点帮扶县选人用人")
    with pytest.raises(PlanningRefused, match="重点集"):
        planning.does("officer", "name_key_units", key_units=[{"unit_code": "QL-LC"}], focus_rows=key_rows(planning))


def cleared(planning: Planning, unit_code: str, no: str, round_code: str = "12-04") -> None:
    with atomic(planning.desk.sessions) as session:
        round_ = session.scalars(select(InspectionRound).where(InspectionRound.code == round_code)).first()
        if round_ is None:
            round_ = InspectionRound(
                code=round_code, name=f"第{round_code}轮", kind="regular", starts_on=planning.now.date()
            )
            session.add(round_)
            session.flush()
        session.add(
            InspectionCase(
                case_no=no,
                round_id=round_.id,
                unit_id=planning.unit_id(unit_code),
                status="cleared",
                feedback_date=planning.now.date(),
                opened_at=planning.now,
            )
        )


def test_a_campaign_calls_the_chosen_cases(planning: Planning) -> None:
    cleared(planning, "CZT", "XR-12-04-101")
    cleared(planning, "JYT", "XR-12-04-102")
    cleared(planning, "QL-LC", "XR-12-04-103")
    planning.proposed(kind="revisit_campaign", round_name="第四轮回头看专项")
    rounds = planning.tasks("choose_rounds")[0].context["past"]["rows"]
    assert [(row["round_code"], row["cases"]) for row in rounds] == [("12-04", 3)]
    planning.does("officer", "choose_rounds", past_rounds=rounds, revisit_kinds=["department"], revisit_within=3)
    found = planning.tasks("choose_cases")[0].context["candidates"]
    assert found["counts"] == [{"unit_kind": "区直部门", "cases": 2}]
    rows = [row | {"choice": "include" if row["case_no"].endswith("101") else "drop"} for row in found["rows"]]
    planning.does("officer", "choose_cases", chosen_cases=rows)
    planning.reviewed().approved()
    assert planning.round("12-RV1").kind == "revisit_campaign"
    assert [message.key for message in planning.sent("case.revisit_due")] == ["XR-12-04-101"]
    assert planning.cases()["XR-12-04-101"].status == "revisit_due"
    assert planning.cases()["XR-12-04-102"].status == "cleared"


def test_a_campaign_spans_several_rounds_and_kinds_of_unit(planning: Planning) -> None:
    """S108: rounds 4 and 6 are chosen, 5 is not; cities, counties and departments are counted apart."""
    for unit, no, round_code in (
        ("CZT", "XR-12-04-101", "12-04"), ("QL-LC", "XR-12-04-102", "12-04"), ("JYT", "XR-12-05-101", "12-05"),
        ("QL", "XR-12-06-101", "12-06"), ("MZT", "XR-12-06-102", "12-06"),
    ):  # fmt: skip
        cleared(planning, unit, no, round_code)
    planning.proposed(kind="revisit_campaign", round_name="第四至六轮回头看专项")
    rounds = planning.tasks("choose_rounds")[0].context["past"]["rows"]
    assert {row["round_code"]: row["cases"] for row in rounds} == {"12-04": 2, "12-05": 1, "12-06": 2}
    chosen = [row | {"chosen": row["round_code"] != "12-05"} for row in rounds]
    kinds = ["department", "county", "prefecture_city"]
    planning.does("officer", "choose_rounds", past_rounds=chosen, revisit_kinds=kinds, revisit_within=3)
    counts = planning.tasks("choose_cases")[0].context["candidates"]["counts"]
    assert {row["unit_kind"]: row["cases"] for row in counts} == {"区直部门": 2, "县（市、区）": 1, "地级市": 1}


def test_the_question_of_sampling_gives_way_to_the_campaign(planning: Planning) -> None:
    closed = Following(planning.desk, planning.region, planning.now)
    closed.registered({}).told().owned().planned()
    closed.all_closed().reported()
    assert closed.open() == {"decide_sampling"}
    planning.now = closed.now
    day = planning.now.date().isoformat()
    planning.proposed(kind="revisit_campaign", round_name="第四轮回头看专项", starts_on=day)
    planning.does("officer", "choose_rounds", revisit_within=3)
    rows = planning.tasks("choose_cases")[0].context["candidates"]["rows"]
    assert [row["unit_name"] for row in rows] == ["澜城区 · 县（市、区）"]
    planning.does("officer", "choose_cases", chosen_cases=rows)
    planning.reviewed().approved(council_date=day)
    assert (planning.case().status, planning.open()) == ("revisit_due", {"choose_occasion"})


def test_a_campaign_of_nothing_is_refused_by_the_council(planning: Planning) -> None:
    planning.proposed(kind="revisit_campaign", round_name="第四轮回头看专项")
    planning.does("officer", "choose_rounds", revisit_within=3).does("officer", "choose_cases")
    with pytest.raises(PlanningRefused, match="没有选定回头看案件"):
        planning.reviewed().approved()
    planning.approved(council_decision="reject", council_opinion="没有可列入的案件。")
    assert planning.processes() == {"round_planning:LC-2026-0001": "finished"}


def test_the_year_begins_its_planning_once_and_late_if_need_be(planning: Planning, settings) -> None:
    """P01: on 15 January; a clock that stood still makes up for it, however many passes come after."""

    def passes(*moments: str) -> list[str]:
        for moment in moments:
            planning.now = datetime.fromisoformat(moment)
            run_once(planning.desk, settings, planning.now)
        return [f"{task.context['year']}" for task in planning.tasks("consider_year")]

    assert passes("2026-09-02T01:00:00+00:00", "2027-01-14T15:59:00+00:00") == []
    assert passes("2027-02-03T01:00:00+00:00", "2027-02-03T01:00:01+00:00", "2027-05-01T01:00:00+00:00") == ["2027"]
    planning.does("officer", "consider_year", year_decision="propose", year_reason="按年度工作安排提出。")
    planning.does("officer", "propose_round", **(ROUND | {"starts_on": "2027-06-10"}))
    assert planning.listed()
    assert passes("2027-05-02T01:00:00+00:00") == []
    assert passes("2028-01-14T16:00:00+00:00") == ["2028"]
    planning.does("officer", "consider_year", year_decision="later", year_reason="另行提出。")
    assert passes("2028-01-15T01:00:00+00:00") == []
