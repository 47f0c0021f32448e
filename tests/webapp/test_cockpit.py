"""The cockpit and its neighbours: every number equals its list, each side sees its own, a few statements do."""

import re
from datetime import timedelta

import pytest
from lxml import html

from tests.city import settle_city
from tests.webapp.number_links import walk
from workflows.database import atomic
from workflows.models import Deadline, Finding

PAGES = ("/cockpit/", "/cockpit/indicators", "/cockpit/workload", "/cockpit/cycle-times")
ONE, TWO = "XR-12-04-001-F01", "XR-12-04-001-F02"


def tiles(page):
    return page.xpath("//a[contains(@class, 'tile')]")


@pytest.fixture
def under_way(story, desk):
    """Unit A: one finding closed, one extended; it was escalated twice and is late for a week; unit B has been told nothing."""
    story.registered({}, {"title": "公示不规范", "category": "C08"}, {"title": "档案不实", "category": "E03"})
    story.told().owned().planned()
    story.implemented(ONE).verified(ONE).closed(ONE)
    with atomic(desk.sessions) as session:
        for finding in session.query(Finding).filter(Finding.status == "rectifying"):
            deadline = session.query(Deadline).filter_by(finding_id=finding.id, rule="D4").one()
            deadline.due_at = story.now - timedelta(days=9 if finding.finding_no == TWO else 2)
            deadline.level, deadline.last_act_at = 2, None
    return story


@pytest.mark.parametrize("who", ["chief", "leader", "liaison", "liaison_b", "city_org"])
def test_every_number_opens_exactly_so_many_rows(app, visit, under_way, desk, region, who):
    """Over every kind of page the person reaches from his first one."""
    settle_city(desk.sessions, region)
    numbers = walk(app, visit(who))
    assert [number for number in numbers if not number.is_true] == []
    assert len(numbers) > 20
    if who != "liaison_b":
        assert any(number.shown > 1 for number in numbers)


def test_the_cockpit_shows_what_has_happened(visit, under_way):
    page = html.fromstring(visit("chief").get("/cockpit/").text)
    shown = {tile.xpath("string()").strip().lstrip("0123456789"): tile.get("data-count") for tile in tiles(page)}
    assert shown["未销号问题"] == "2"
    assert shown["已销号问题"] == "1"
    assert shown["逾期未销号问题"] == "2"
    assert shown["清零单位"] == "0"
    assert shown["有反馈问题的单位"] == "1"
    assert shown["破窗：3 个工作日无人处置"] == "1", "the other is late for two days only"
    heat = page.xpath("//table[contains(@class, 'heat')]//a[@data-count]")
    assert [link.get("data-count") for link in heat] == ["1", "1", "2"]
    assert "category=C" in heat[0].get("href")


def test_place_and_period_in_the_address_narrow_every_number(visit, under_way):
    client = visit("chief")
    here = html.fromstring(client.get("/cockpit/?kind=county").text)
    assert tiles(here)[0].get("data-count") == "2"
    assert "kind=county" in tiles(here)[0].get("href")
    for elsewhere in ("kind=soe", "year=1999", "city=0", "round=999"):
        page = client.get(f"/cockpit/?{elsewhere}")
        assert tiles(html.fromstring(page.text))[0].get("data-count") == "0", elsewhere
        assert "清除筛选" in page.text


def test_a_unit_sees_its_own_numbers_and_another_none(visit, under_way):
    assert tiles(html.fromstring(visit("liaison").get("/cockpit/").text))[0].get("data-count") == "2"
    assert tiles(html.fromstring(visit("liaison_b").get("/cockpit/").text))[0].get("data-count") == "0"
    page = visit("liaison").get("/cockpit/indicators").text
    for hidden in ("线索办结率", "发现命中率", "一案双查完成率", "特批（越权）次数", "问责人数", "进驻检查"):
        assert hidden not in page
    assert "进驻检查" not in visit("liaison").get("/cockpit/cycle-times").text
    assert visit("liaison").get("/cockpit/figures/leads").text.count("data-row>") == 0


def test_every_indicator_shows_its_formula_without_scripts_and_its_two_counts(visit, under_way):
    page = html.fromstring(visit("chief").get("/cockpit/indicators").text)
    rows = {row.xpath("string(th)"): row for row in page.xpath("//table[contains(@class, 'indicators')]/tbody/tr")}
    assert len(rows) >= 45
    closure = rows["整改完成率"]
    assert [cell.xpath("string()").strip() for cell in closure.xpath("td")[:4]] == [
        "33.3%",
        "1",
        "3",
        "已销号问题 ÷ 已反馈问题",
    ]
    assert closure.xpath("td")[0].get("title") == "整改完成率 = 已销号问题 ÷ 已反馈问题"
    assert rows["逾期率"].xpath("string(td[1])").strip() == "100%"
    assert rows["平均逾期天数"].xpath("string(td[1])").strip() == "5.5 天"
    assert rows["异议成立率"].xpath("string(td[1])").strip() == "—", "nothing was objected to"
    assert all(row.xpath("string(td[4])").strip() for row in rows.values())


def test_cycle_times_count_working_days(visit, under_way):
    page = html.fromstring(visit("chief").get("/cockpit/cycle-times").text)
    plan = next(row for row in page.xpath("//tbody/tr") if row.xpath("string(th)") == "整改方案")
    assert plan.xpath("string(td[2])").strip() == "1"
    assert re.fullmatch(r"\d+ 个工作日", plan.xpath("string(td[4])").strip())


def test_the_workload_names_queues_and_people(visit, under_way):
    page = html.fromstring(visit("chief").get("/cockpit/workload").text)
    names = [row.xpath("string(th)").strip() for row in page.xpath("//tbody/tr")]
    assert "整改措施责任人" in names or "单位联络员" in names
    assert "尚无人签收" in names


def test_charts_have_words_and_a_table_and_nothing_inline(visit, under_way):
    text = visit("chief").get("/cockpit/").text
    page = html.fromstring(text)
    assert page.xpath("//svg[@role='img']/title/text()")
    assert page.xpath("//svg[@role='img']/desc/text()")
    assert len(page.xpath("//details[@class='chart-table']//tbody/tr")) == 13
    assert "style=" not in text
    assert "<style" not in text


def test_the_cockpit_takes_at_most_twenty_statements(visit, under_way, traffic):
    client = visit("chief")
    with traffic() as seen:
        assert client.get("/cockpit/").status_code == 200
    assert len(seen.statements) <= 20, seen.statements


def test_only_known_figures_have_rows_and_strangers_no_pages(visit, under_way):
    assert visit("chief").get("/cockpit/figures/nonsense").status_code == 404
    for page in PAGES:
        assert visit("designer").get(page).status_code == 403
