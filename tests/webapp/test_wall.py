"""挂图作战, 甘特, 投屏, 批量督办, 五年画像, 月度调度 over HTTP: numbers lead to their lists, doors are shut to others."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from lxml import html

from workflows.models import Batch, Deadline, Job, SupervisionNotice
from workflows.workdays import closing_day, start_of_day

WALL_STATEMENTS = 14


def numbers(client, page):
    """(address, number) of every number on a page that leads to a list."""
    tree = html.fromstring(client.get(page).text)
    links = tree.xpath("//main//a[@data-count]")
    return [(urljoin(page, link.get("href")), int(link.get("data-count"))) for link in links]


def listed(client, url):
    """How many rows the list says it has."""
    return int(html.fromstring(client.get(url).text).xpath("//*[@data-total]/@data-total")[0])


@pytest.fixture
def late(rectifying):
    """The morning after everything has fallen due."""
    with rectifying.desk.sessions() as session:
        last = max(row.due_at for row in session.query(Deadline) if row.met_at is None)
    rectifying.now = start_of_day(closing_day(last)) + timedelta(days=1, hours=9)
    return rectifying


@pytest.mark.parametrize(
    "path", ["/wall/", "/wall/?closed=1", "/wall/?light=red", "/wall/projector", "/units/QL-LC/profile"]
)
def test_every_number_is_the_length_of_its_list(visit, late, path):
    client = visit("chief")
    found = numbers(client, path)
    assert found
    for url, number in found:
        assert listed(client, url) == number, url


def test_the_wall_is_filtered_by_its_address(visit, late):
    client = visit("chief")
    assert client.get("/wall/?kind=university").text.count("没有符合条件的问题") == 1
    wall = client.get("/wall/?kind=county&city=999").text
    assert "清除筛选" in wall
    assert "data-row" in client.get("/wall/").text


def test_the_wall_asks_few_questions(visit, late, traffic):
    client = visit("chief")
    for page in ("/wall/", "/wall/projector", "/wall/gantt"):
        client.get(page)
        with traffic() as seen:
            assert client.get(page).status_code == 200
        questions = [text for text in seen.statements if not text.startswith("BEGIN")]
        assert len(questions) <= WALL_STATEMENTS, page


def test_the_projector_goes_on_without_scripts(visit, late):
    text = visit("chief").get("/wall/projector?rows=1&page=1").text
    assert 'http-equiv="refresh" content="60;url=/wall/projector' in text
    assert 'class="side"' not in text


def test_bars_of_all_of_a_unit_and_of_a_case(visit, late):
    client, case = visit("chief"), late.case()
    for page in ("/wall/gantt", f"/wall/gantt?unit={case.unit_id}", f"/wall/gantt?case_no={case.case_no}&zoom=day"):
        tree = html.fromstring(client.get(page).text)
        rows = len(tree.xpath("//table[contains(@class,'gantt-names')]//tr[@data-row]"))
        assert rows == len(tree.xpath("//*[contains(@class,'gantt-bar')]")) == listed(client, page) > 0
        assert tree.xpath("//*[@class='gantt-today']")
        assert tree.xpath("//*[@class='gantt-off']/*")
    assert client.get("/wall/gantt?case_no=XR-00-00-000").status_code == 404
    assert visit("liaison_b").get(f"/wall/gantt?case_no={case.case_no}").status_code == 404


def test_many_are_pressed_after_being_named_and_counted(visit, late):
    client = visit("chief")
    page = html.fromstring(client.get("/overdue/").text)
    ids = page.xpath("//input[@name='deadline']/@value")
    assert len(ids) > 1
    asked = html.fromstring(client.post("/overdue/presses/confirmation", data={"deadline": ids}).text)
    assert f"督办 {len(ids)} 项逾期事项" in asked.text_content()
    assert asked.xpath("//form//input[@name='deadline']/@value") == ids
    answer = client.post("/overdue/presses", data={"deadline": ids, "text": "请尽快落实。"}, follow_redirects=True)
    told = html.fromstring(answer.text)
    assert len(told.xpath("//tr[@data-row]")) == len(ids)
    with late.desk.sessions() as session:
        assert session.query(Batch).one().verb == "press"
        assert session.query(SupervisionNotice).count() > 0
    again = client.post("/overdue/presses", data={"deadline": ids}, follow_redirects=True)
    assert again.text.count("今天已经督办过") == len(ids)


def test_all_of_the_filters_are_pressed(visit, late):
    client = visit("chief")
    whole = listed(client, "/overdue/")
    asked = html.fromstring(client.post("/overdue/presses/confirmation", data={"_all": "1"}).text)
    assert len(asked.xpath("//form//input[@name='deadline']")) == whole
    none = client.post("/overdue/presses/confirmation?unit=999999", data={"_all": "1"})
    assert "没有选中任何逾期事项" in none.text


@pytest.mark.parametrize("who", ["liaison", "leader", "liaison_b"])
def test_others_neither_press_nor_pack(visit, late, who):
    client = visit(who)
    assert client.post("/overdue/presses", data={"deadline": "1"}).status_code == 403
    assert client.post("/monthly/packs", data={"month": "2026-08"}).status_code == 403
    assert "data-tick" not in client.get("/overdue/").text


def test_the_results_of_another_are_nobodys_business(visit, late):
    client = visit("chief")
    ids = html.fromstring(client.get("/overdue/").text).xpath("//input[@name='deadline']/@value")
    place = client.post("/overdue/presses", data={"deadline": ids}).headers["Location"]
    assert visit("officer").get(place).status_code == 404
    assert client.get(place.replace("/overdue/presses", "/tasks/batches")).status_code == 404


def test_a_months_pack_is_asked_for_in_one_click(visit, late):
    client = visit("chief")
    month = html.fromstring(client.get("/monthly/").text).xpath("//input[@name='month']/@value")[0]
    answer = client.post("/monthly/packs", data={"month": month})
    assert "/jobs/" in answer.headers["Location"]
    with late.desk.sessions() as session:
        job = session.query(Job).one()
        assert (job.kind, job.arguments) == ("monthly_pack", {"month": month})
    assert "请选择月份" in client.post("/monthly/packs", data={"month": "昨天"}).text


def test_the_dossier_is_reached_from_the_unit(visit, late):
    client = visit("chief")
    assert "/units/QL-LC/profile" in client.get("/units/QL-LC").text
    assert client.get("/units/QL-LC/profile/nothing").status_code == 404
    assert "没有记录" in client.get("/units/QL-LC/profile/institutions?year=2020").text
    assert visit("liaison").get("/units/QL-LC/profile").status_code == 403
