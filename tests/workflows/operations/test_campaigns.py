"""共性问题自查自纠 (P07): two units of a city with one problem, and what the whole city does about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.city import settle_city
from tests.people import Region
from tests.workflows.operations.following import Following
from workflows.commands.desk import Desk
from workflows.commands.opening import start_process
from workflows.models import (
    CampaignFinding,
    CampaignUnit,
    Circular,
    CommonCampaign,
    Finding,
    GuidanceVisit,
    InstitutionDoc,
    ProcessInstance,
)
from workflows.operations.campaigns import CampaignRefused
from workflows.operations.closures import gather_closure_facts
from workflows.operations.context import Context

PROBLEM = {"title": "凡提四必落实不到位", "category": "C05"}
CHECKLIST = "对照凡提四必要求，逐人核查近三年提任干部的档案、个人事项、纪检意见和信访核查情况。"
ITEM = {"title": "提任前未听取纪检意见", "basis": "2025年提任3人"}


class Campaign(Following):
    """The story of one city."""

    def inspected(self, unit_code: str, **finding: Any) -> "Campaign":
        """One unit is found to have the problem."""
        self.registered(PROBLEM | finding, unit_code=unit_code)
        return self

    def launched(self) -> "Campaign":
        self.does("officer", "direct_self_check", campaign_decision="launch", campaign_title="凡提四必自查自纠",
                  checklist=CHECKLIST, due_workdays=10)  # fmt: skip
        return self

    def does_for(self, unit_code: str, who: str, element: str, **answer: Any) -> "Campaign":
        """Somebody completes the task of this element that concerns this unit."""
        task = next(task for task in self.tasks(element) if task.context["unit_code"] == unit_code)
        self.does_task(who, task, **answer)
        return self

    def checks_itself(self, unit_code: str, found: int = 0) -> "Campaign":
        items = [ITEM | {"title": f"{ITEM['title']}（{n}）"} for n in range(1, found + 1)]
        who = "liaison" if unit_code == "QL-LC" else f"liaison_{unit_code.lower().replace('-', '_')}"
        return self.does_for(unit_code, who, "campaign_check", self_check="已逐人核查。" * 3, found_items=items)

    def all_checked(self, found: Mapping[str, int]) -> "Campaign":
        for task in self.tasks("campaign_check"):
            self.checks_itself(task.context["unit_code"], found.get(task.context["unit_code"], 0))
        return self

    def assessed(self, *false_reports: str) -> "Campaign":
        rows = self.tasks("assess_units")[0].context["ranking"]["rows"]
        columns = ("unit_code", "unit_name", "rank", "found_n", "self_check")
        self.does("city_org", "assess_units", assessments=[
            {column: row[column] for column in columns}
            | ({"false_report": "抽调档案与报告不符"} if row["unit_code"] in false_reports else {})
            for row in rows
        ])  # fmt: skip
        return self

    def rectified(self, unit_code: str) -> "Campaign":
        task = next(task for task in self.tasks("campaign_rectify") if task.context["unit_code"] == unit_code)
        rows = [{"number": row["number"], "title": row["title"], "rectified": "已补听意见并完善档案"}
                for row in task.context["items"]]  # fmt: skip
        who = "liaison" if unit_code == "QL-LC" else f"liaison_{unit_code.lower().replace('-', '_')}"
        self.does_task(who, task, rectified_items=rows)
        return self

    def guided(self, unit_code: str, workdays: int = 2) -> "Campaign":
        self.does_for(unit_code, "city_org", "hold_visit", from_day=self.day(), visit_workdays=workdays,
                      guidance=[{"item": "任免档案归集", "before": "一人一卷未建立"}])  # fmt: skip
        who = "liaison" if unit_code == "QL-LC" else f"liaison_{unit_code.lower().replace('-', '_')}"
        rows = [{"item": "任免档案归集", "before": "一人一卷未建立", "after": "已建立一人一卷"}]
        return self.does_for(unit_code, who, "complete_guidance", guidance_results=rows)

    def reported_by_city(self, **verdicts: str) -> "Campaign":
        """The city accepts every unit's rectification, or returns that of the units named."""
        rows = self.tasks("report_campaign")[0].context["survey"]["rows"]
        columns = ("unit_code", "unit_name", "found_n", "rectified")
        self.does("city_org", "report_campaign", campaign_summary=CHECKLIST, verdicts=[
            {column: row[column] for column in columns}
            | {"verdict": verdicts.get(row["unit_code"].replace("-", "_"), "accept"), "note": "请补充佐证"}
            for row in rows
        ])  # fmt: skip
        return self

    def spot_checked(self, *failed: str) -> "Campaign":
        rows = self.tasks("spot_check")[0].context["sample"]["rows"]
        columns = ("unit_code", "unit_name", "found_n", "visited")
        self.does("officer", "spot_check", spot_checks=[
            {column: row[column] for column in columns}
            | {"outcome": "fail" if row["unit_code"] in failed else "pass", "note": "现场查阅档案"}
            for row in rows
        ])  # fmt: skip
        return self

    def prompted(self) -> "Campaign":
        self.does("officer", "draft_prompt", prompt_title="关于凡提四必问题的工作提示", prompt_body=CHECKLIST)
        return self

    def campaign(self) -> CommonCampaign:
        return self.rows(CommonCampaign)[0]

    def linked(self, campaign: CommonCampaign) -> list[int]:
        """The findings a campaign answers for."""
        return [row.finding_id for row in self.rows(CampaignFinding) if row.campaign_id == campaign.id]

    def parts(self) -> dict[str, CampaignUnit]:
        with self.desk.sessions() as session:
            parts = session.scalars(select(CampaignUnit)).all()
            return {part.unit.code: part for part in parts}


@pytest.fixture
def city(desk: Desk, region: Region, now: datetime) -> Campaign:
    """Two bureaus of 青澜市 show the same problem in one round."""
    settle_city(desk.sessions, region)
    told = Campaign(desk, region, now)
    return told.inspected("QL-JY").inspected("QL-SW")


@pytest.fixture
def checked(city: Campaign) -> Campaign:
    """Everybody has checked: the education bureau found three problems, the county one, nobody else any."""
    return city.launched().all_checked({"QL-JY": 3, "QL-LC": 1})


def test_one_unit_raises_nothing_and_two_of_a_city_a_campaign(desk: Desk, region: Region, now: datetime) -> None:
    settle_city(desk.sessions, region)
    told = Campaign(desk, region, now).inspected("QL-JY")
    assert told.rows(CommonCampaign) == []
    told.inspected("QL-SW")
    campaign = told.campaign()
    assert (campaign.campaign_no, campaign.categories, campaign.scope, campaign.status) == (
        "GX-2026-001", ["C05"], "city", "proposed",
    )  # fmt: skip
    facts = told.tasks("direct_self_check")[0].context["campaign"]
    assert [row["unit_name"] for row in facts["finding_rows"]] == ["青澜市教育局", "青澜市水务局"]


def test_a_third_unit_of_the_city_makes_it_the_regions_business(city: Campaign) -> None:
    city.inspected("QL-LC")
    assert [campaign.scope for campaign in city.rows(CommonCampaign)] == ["city", "region"]
    city.does("officer", "direct_self_check", campaign_decision="decline", decline_reason="并入全区专项一并部署。")
    city.inspected("QL-DA")
    numbers = [len(city.linked(campaign)) for campaign in city.rows(CommonCampaign)]
    assert numbers == [2, 4], "the fourth joins the region's campaign under way"


def test_every_unit_with_cadre_authority_gets_one_self_check_and_no_other(city: Campaign) -> None:
    city.launched()
    asked = sorted(task.context["unit_code"] for task in city.tasks("campaign_check"))
    assert asked == ["QL", "QL-JY", "QL-LC", "QL-SW"], "the archives appoint nobody; 财政厅 is not the city's"
    due = city.tasks("campaign_check")[0].due_at
    assert due is not None
    assert due.date().isoformat() == "2026-09-15"
    city.later(days=15).wake()
    assert city.notified("请报送自查情况")


def test_the_ranking_waits_for_the_last_unit(city: Campaign) -> None:
    city.launched().checks_itself("QL-JY", 3).checks_itself("QL-LC", 1).checks_itself("QL")
    assert not city.tasks("assess_units")
    city.checks_itself("QL-SW")
    rows = city.tasks("assess_units")[0].context["ranking"]["rows"]
    assert [(row["rank"], row["unit_code"], row["found_n"]) for row in rows][:2] == [(1, "QL-JY", 3), (2, "QL-LC", 1)]


def test_three_problems_or_a_false_report_bring_a_visit(checked: Campaign) -> None:
    checked.assessed("QL-SW")
    visited = sorted(task.context["unit_code"] for task in checked.tasks("hold_visit"))
    assert visited == ["QL-JY", "QL-SW"]
    assert checked.parts()["QL-SW"].false_report


def test_a_visit_lasts_two_working_days_and_its_items_are_followed(checked: Campaign) -> None:
    checked.assessed().later(days=3)  # a Friday
    checked.guided("QL-JY")
    visit = checked.rows(GuidanceVisit)[0]
    assert (visit.from_day.isoformat(), visit.to_day.isoformat()) == ("2026-09-04", "2026-09-07")
    assert visit.items == [{"item": "任免档案归集", "before": "一人一卷未建立", "after": "已建立一人一卷"}]


def test_the_city_reports_when_all_is_rectified_and_guided(checked: Campaign) -> None:
    checked.assessed().rectified("QL-JY").rectified("QL-LC")
    assert not checked.tasks("report_campaign"), "the visit is still to come"
    checked.guided("QL-JY")
    assert checked.tasks("report_campaign")[0].context["survey"]["coverage"] == "自查单位4个，应查单位4个"
    checked.reported_by_city(QL_LC="return")
    assert not checked.tasks("spot_check")
    checked.rectified("QL-LC")
    rows = checked.tasks("report_campaign")[0].context["survey"]["rows"]
    assert [row["unit_code"] for row in rows] == ["QL-LC"], "what is struck off is not asked about again"
    checked.reported_by_city()
    assert checked.tasks("spot_check")


def test_a_fifth_of_the_units_is_looked_at_and_a_failure_visited_again(checked: Campaign) -> None:
    checked.assessed().rectified("QL-JY").rectified("QL-LC").guided("QL-JY").reported_by_city()
    sample = checked.tasks("spot_check")[0].context["sample"]
    assert [row["unit_code"] for row in sample["rows"]] == ["QL-JY"], "one of four, the prominent one first"
    assert sample["share"] == "25%"
    checked.spot_checked("QL-JY")
    assert checked.tasks("hold_visit")
    assert checked.tasks("campaign_rectify")
    checked.rectified("QL-JY").guided("QL-JY").reported_by_city().spot_checked()
    assert checked.tasks("draft_prompt")
    assert checked.parts()["QL-JY"].failed_checks == 1


def test_the_score_tells_before_from_after_and_the_prompt_goes_to_everybody(checked: Campaign) -> None:
    checked.assessed().rectified("QL-JY").rectified("QL-LC").guided("QL-JY").reported_by_city().spot_checked()
    parts = checked.parts()
    assert {code: (part.score_before, part.score_after) for code, part in parts.items()} == {
        "QL": (100, 100), "QL-JY": (76, 100), "QL-LC": (92, 98), "QL-SW": (100, 100),
    }  # fmt: skip
    checked.prompted()
    campaign = checked.campaign()
    assert (campaign.status, campaign.score_before, campaign.score_after) == ("closed", 92, 100)
    assert campaign.prompt_no == "组监提〔2026〕1号"
    prompt = next(row for row in checked.rows(Circular) if row.kind == "prompt")
    receivers = {
        task.unit_id for task in checked.tasks("self_check") if task.context["circular_no"] == prompt.circular_no
    }
    assert len(receivers) == 6, "every unit of the region but our own department"


def test_a_campaigns_end_proposes_an_institution_and_the_policy_division_decides(checked: Campaign) -> None:
    """P07 → P11: the proposal names the campaign and its problem, and may be declined."""
    checked.assessed().rectified("QL-JY").rectified("QL-LC").guided("QL-JY").reported_by_city().spot_checked()
    assert not checked.tasks("consider_proposal")
    checked.prompted()
    task = checked.tasks("consider_proposal")[0]
    assert task.context["campaign_no"] == checked.campaign().campaign_no
    assert task.context["campaign_title"] == "凡提四必自查自纠"
    checked.does("policy", "consider_proposal", proposal_decision="open", proposal_reason="堵塞制度漏洞。")
    checked.does(
        "policy",
        "propose",
        cause="专项发现制度漏洞。",
        new_title="凡提四必工作规程",
        changes=[],
        superior=[],
        causes=[],
    )
    assert [row.title for row in checked.rows(InstitutionDoc)] == ["凡提四必工作规程"]


def test_a_common_finding_is_struck_off_only_after_its_campaign(city: Campaign) -> None:
    number = next(finding.finding_no for finding in city.rows(Finding) if finding.nature == "common")
    assert _lacks_campaign(city, number)
    city.does(
        "officer", "direct_self_check", campaign_decision="decline", decline_reason="两单位情形不同，分别整改。"
    )
    assert city.campaign().status == "declined"
    assert not _lacks_campaign(city, number)


def test_a_campaign_may_be_proposed_by_hand(desk: Desk, region: Region, now: datetime) -> None:
    settle_city(desk.sessions, region)
    told = Campaign(desk, region, now)
    desk.act(start_process, process_id="common_campaign", actor=region.officer, now=now)
    with pytest.raises(CampaignRefused, match="不是市"):
        told.does("officer", "propose_campaign", category="C08", scope="city", city_code="CZT")
    told.does("officer", "propose_campaign", category="C08", scope="region")
    told.launched()
    for task in told.tasks("campaign_check"):
        told.checks_itself(task.context["unit_code"])
    assert told.tasks("assess_units_region"), "our own division leads what concerns the whole region"


def _lacks_campaign(told: Campaign, finding_no: str) -> bool:
    """What D6 would be told of the finding now."""
    with told.desk.sessions() as session:
        finding = session.scalars(select(Finding).where(Finding.finding_no == finding_no)).one()
        instance = ProcessInstance(
            process_id="finding_rectification", key=finding_no, case=finding.case, finding=finding
        )
        with session.no_autoflush:
            return bool(gather_closure_facts(Context(session, instance, told.now))["lacks_campaign"])
