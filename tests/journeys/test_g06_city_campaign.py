"""G06: two city-direct bureaus show the same five problems; the whole city checks itself and is guided on site."""

import pytest
from sqlalchemy import select

from tests.city import settle_city
from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from tests.workflows.operations.story import FINDING
from workflows.models import CampaignUnit, CommonCampaign, Finding, InspectionCase, Task

PROBLEMS = {
    "C05": "凡提四必落实不到位", "C07a": "末位表态不落实", "C08": "公示不规范", "C09": "试用期制度不落实",
    "C10": "任职回避不落实",
}  # fmt: skip


class City(Told):
    """青澜市 and its bureaus."""

    def found_in(self, unit_code: str) -> str:
        """A bureau's five problems are approved; the case's number."""
        page = "/processes/approved_case_intake"
        assert self.browser("officer").submits(page, f"{page}/instances").status_code == 302
        self.as_("officer").does("register_case", round_code="12-04", unit_code=unit_code)
        rows = [
            FINDING | {"category": code, "title": title, "recurrence_count": 0} for code, title in PROBLEMS.items()
        ]
        self.as_("officer").does("register_findings", findings=rows)
        self.as_("council").does("confirm_determination")
        with self.desk.sessions() as session:
            return session.scalars(select(InspectionCase.case_no).order_by(InspectionCase.id.desc())).first() or ""

    def all_do(self, element: str, **facts: dict[str, int]) -> list[str]:
        """Every unit with this task does it; `found` says how many problems each finds.  Whose turn it was."""
        units = []
        while element in self.waiting:
            task = self.task(element)
            code = task.context["unit_code"]
            who = {"QL-LC": "liaison"}.get(code, f"liaison_{code.lower().replace('-', '_')}")
            self.as_(who).does(element, **{name: values.get(code, 0) for name, values in facts.items()})
            units.append(code)
        return sorted(units)

    def campaign(self) -> CommonCampaign:
        with self.desk.sessions() as session:
            return session.scalars(select(CommonCampaign)).one()

    def parts(self) -> dict[str, CampaignUnit]:
        with self.desk.sessions() as session:
            return {part.unit.code: part for part in session.scalars(select(CampaignUnit))}


@pytest.fixture
def city(begin: Begin) -> City:
    told = begin()
    settle_city(told.desk.sessions, told.region)
    return City(told.desk, told.settings, told.region, told.clock.today)


def test_the_city_checks_itself_is_guided_and_ends_better_than_it_began(city: City) -> None:
    city.found_in("QL-JY")
    assert "direct_self_check" not in city.waiting, "one unit is no pattern"
    second = city.found_in("QL-SW")
    assert "direct_self_check" in city.waiting

    city.as_("officer").does("direct_self_check")
    asked = city.all_do("campaign_check", found={"QL-JY": 5, "QL-SW": 3, "QL-LC": 1})
    assert asked == ["QL", "QL-JY", "QL-LC", "QL-SW"], "those with cadre authority, and no others"
    assert city.campaign().categories == list(PROBLEMS), "one campaign for the five of them"
    city.as_("city_org").does("assess_units", false_reports=["QL"])
    city.all_do("campaign_rectify")
    for _ in range(3):  # five problems, three problems, and a false report
        city.as_("city_org").does("hold_visit")
    assert "hold_visit" not in city.waiting
    city.clock.passes(days=2)
    city.all_do("complete_guidance")
    city.as_("city_org").does("report_campaign")
    city.as_("officer").does("spot_check")
    city.as_("officer").does("draft_prompt")

    campaign = city.campaign()
    assert (campaign.status, campaign.prompt_no) == ("closed", "组监提〔2026〕1号")
    scores = {code: (part.score_before, part.score_after) for code, part in city.parts().items()}
    assert scores == {"QL-JY": (60, 100), "QL-SW": (76, 100), "QL-LC": (92, 98), "QL": (80, 90)}
    assert (campaign.score_before, campaign.score_after) == (77, 97)
    page = city.browser("chief").reads(f"/campaigns/{campaign.campaign_no}")
    assert "4÷4 = 100%" in page
    assert "77 → 97" in page
    assert "干部任免文书档案" in page
    city.case_no = second
    city.is_sound()
    _prompt_reaches_every_unit(city, campaign.prompt_no)


def test_a_common_finding_waits_for_its_campaign(city: City) -> None:
    city.found_in("QL-JY")
    city.case_no = city.found_in("QL-LC")
    for _ in range(2):
        city.told()
    city.as_("principal_ql_jy").does("acknowledge_findings")
    city.as_("principal").does("acknowledge_findings")
    for who, element in (("liaison", "found_leading_group"), ("liaison", "draft_plan"), ("principal", "sign_plan")):
        city.as_(f"{who}_ql_jy").does(element)
    city.as_("officer").does("review_plan")
    city.planned()
    city.implemented("F01")
    city.as_("verifier").does("verify", "F01")
    assert "make_good" in city.waiting, "D6: the campaign is not over"
    with city.desk.sessions() as session:
        nature = session.scalars(select(Finding.nature).where(Finding.finding_no == city.no("F01"))).one()
    assert nature == "common"
    city.as_("officer").does("direct_self_check", campaign_decision="decline")
    city.as_("liaison").does("make_good", "F01")
    city.as_("verifier").does("verify", "F01")
    city.as_("chief").does("approve_closure", "F01")
    assert city.finding("F01")["status"] == "closed"


def _prompt_reaches_every_unit(city: City, prompt_no: str) -> None:
    with city.desk.sessions() as session:
        tasks = session.scalars(select(Task).where(Task.element == "self_check", Task.status == "open")).all()
        reached = [task for task in tasks if task.instance.key.startswith(f"{prompt_no}/")]
    assert len(reached) == 6
