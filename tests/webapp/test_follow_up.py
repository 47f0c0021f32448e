"""What follows beyond one case: campaigns, accountability by the numbers, typical problems, duty reviews, the year."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from lxml import html

from tests.city import settle_city
from workflows.commands.opening import start_process
from workflows.database import atomic
from workflows.models import CampaignUnit, CommonCampaign, Referral
from workflows.queries.annual import COLUMNS
from workflows.records.exposures import expose

PERSONS = (("丁某", "region_managed", "inaction", "removal"), ("戊某", "region_managed", "inaction", "non_leading"),
           ("己某", "city_managed", "overdue", "admonition"))  # fmt: skip


@pytest.fixture
def campaign(desk, region, story):
    """青澜市 has been told to check itself; the education bureau has answered."""
    ids = settle_city(desk.sessions, region)
    with atomic(desk.sessions) as session:
        row = CommonCampaign(campaign_no="GX-2026-001", categories=["C05"], scope="city", lead_unit_id=ids["QL"],
                             status="self_checking", title="凡提四必自查自纠", opened_at=story.now)  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all([
            CampaignUnit(campaign_id=row.id, unit_id=ids["QL-JY"], found_n=3, items=[], checked_at=story.now, rank=1),
            CampaignUnit(campaign_id=row.id, unit_id=ids["QL-SW"], items=[]),
        ])  # fmt: skip
    return "GX-2026-001"


def test_a_campaign_shows_its_coverage_to_those_who_lead_it(visit, campaign):
    for name in ("chief", "officer", "city_org"):
        page = visit(name).get(f"/campaigns/{campaign}").text
        assert "1÷2 = 50%" in page
        assert "青澜市教育局" in page
        assert "青澜市水务局" in page
    assert "1/2" in visit("chief").get("/campaigns/").text


def test_a_unit_sees_its_own_part_and_strangers_nothing(visit, campaign):
    page = visit("liaison_ql_sw").get(f"/campaigns/{campaign}").text
    assert "青澜市水务局" in page
    assert "青澜市教育局" not in page
    assert visit("liaison_b").get(f"/campaigns/{campaign}").status_code == 404
    assert campaign not in visit("liaison_b").get("/campaigns/").text


@pytest.fixture
def accounted(desk, rectifying):
    """Three people have been held to account in a case of unit A."""
    case = rectifying.case()
    persons = [{"name": n, "post": "局长", "mgmt_level": level, "reason": reason, "form": form}
               for n, level, reason, form in PERSONS]  # fmt: skip
    with atomic(desk.sessions) as session:
        session.add(
            Referral(
                ref_no="WZ-2026-001A", track="A", trigger="overdue", case_id=case.id, unit_id=case.unit_id,
                status="executed", persons=persons, decided_at=rectifying.now, opened_at=rectifying.now, facts={},
            )
        )  # fmt: skip
    return rectifying


def test_the_cross_table_counts_exactly_the_rows_below_it(visit, accounted):
    """S63: management level × reason × form; 免职 and 改任非领导职务 are forms of their own."""
    page = visit("chief").get("/accountability-statistics/").text
    tree = html.fromstring(page)
    heads = [head.text_content() for head in tree.xpath("//*[@data-rows='crosstab']//thead//th")]
    table = [[cell.text_content() for cell in row] for row in tree.xpath("//*[@data-rows='crosstab']//tbody/tr")]
    detail = [
        [cell.text_content() for cell in row][4:7] for row in tree.xpath("//*[@data-rows='disposed']//tbody/tr")
    ]
    for level, reason, *numbers in table[:-1]:
        for form, number in zip(heads[2:-1], numbers[:-1], strict=True):
            assert int(number or 0) == detail.count([level, reason, form]), (level, reason, form)
    assert sum(int(row[-1]) for row in table[:-1]) == len(detail) == 3
    assert ["自治区党委管理", "不担当不作为", "免职"] in detail
    for name, *_ in PERSONS:
        assert name in page
    for form in ("免职", "改任非领导职务（职级）", "诫勉"):
        assert f'<th scope="col" class="number">{form}</th>' in page, "each form is a column of its own"
    assert '<td class="number" data-total="3">3</td>' in page


def test_a_period_without_decisions_is_empty(visit, accounted):
    later = (accounted.now + timedelta(days=1)).date()
    page = visit("chief").get(f"/accountability-statistics/?since={later}").text
    assert "没有作出处理的问责事项" in page
    assert visit("chief").get("/accountability-statistics/?since=昨天").status_code in (409, 422)


def test_the_chief_keeps_typical_problems_with_a_reason(visit, rectifying):
    finding_no = rectifying.finding().finding_no
    path, given = "/accountability-statistics/typical", {"finding_no": finding_no, "reason": "不担当不作为，反响强烈"}
    assert visit("officer").post(path, data=given).status_code == 403
    assert visit("chief").post(path, data=given | {"reason": " "}).status_code == 409
    assert visit("chief").post(path, data=given).status_code == 302
    assert rectifying.finding().is_typical
    assert finding_no in visit("chief").get("/accountability-statistics/").text
    assert visit("liaison").get("/accountability-statistics/").status_code == 403


def test_a_duty_review_is_not_for_the_inspected(visit, desk, rectifying):
    case = rectifying.case()
    with atomic(desk.sessions) as session:
        expose(session, unit_id=case.unit_id, occurred_on=date(2026, 3, 1), exposure="带病提拔被查处", source="sanction",
               source_key="intel:1", now=rectifying.now)  # fmt: skip
    for message in rectifying.sent("late.exposure"):
        desk.act(desk.deliver, message_id=message.id, now=rectifying.now)
    assert "带病提拔被查处" in visit("chief").get("/duty-reviews/").text
    assert visit("principal").get("/duty-reviews/").status_code == 403


def test_the_year_on_the_page_and_in_the_spreadsheet_are_one(visit, desk, region, rectifying):
    rectifying.later(days=200)
    desk.act(start_process, process_id="annual_reference", actor=region.officer, now=rectifying.now)
    rectifying.does("officer", "choose_year", year=2026)
    client = visit("assessment")
    assert rectifying.case().case_no in client.get("/annual/2026").text
    assert "2026" in client.get("/annual/").text
    sheet = openpyxl.load_workbook(BytesIO(client.get("/annual/2026/annual.xlsx").data)).active
    assert [cell.value for cell in sheet[3]] == [title for _, title in COLUMNS]
    assert sheet[4][2].value == rectifying.case().case_no
    assert visit("liaison").get("/annual/2026").status_code == 403
