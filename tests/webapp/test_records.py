"""Cases, findings, ledger, deadlines, overdue monitor, notices: what each side sees, and that numbers equal lists."""

import re
from io import BytesIO

import openpyxl
import pytest
from lxml import html
from sqlalchemy import select

from workflows.database import atomic
from workflows.deadlines import lights
from workflows.models import Deadline, Finding, Measure
from workflows.queries.ledger import COLUMNS
from workflows.records import notices


@pytest.fixture
def late(rectifying):
    """Seventy days after the end of the first finding's limit; the clock has not looked yet."""
    return rectifying.later(days=200)


@pytest.mark.parametrize("name", ["chief", "officer", "liaison", "principal", "leader"])
def test_case_and_finding_open_for_those_concerned(visit, rectifying, name):
    client, case, finding = visit(name), rectifying.case(), rectifying.finding()
    assert case.case_no in client.get("/cases/").text
    assert finding.title in client.get(f"/cases/{case.case_no}").text
    assert finding.opinion in client.get(f"/findings/{finding.finding_no}").text


@pytest.mark.parametrize("name", ["liaison_b", "principal_b", "admin", "verifier", "designer"])
def test_case_and_finding_are_nothing_to_others(visit, rectifying, name):
    client, case, finding = visit(name), rectifying.case(), rectifying.finding()
    assert client.get(f"/cases/{case.case_no}").status_code == 404
    assert client.get(f"/findings/{finding.finding_no}").status_code == 404
    assert case.case_no not in client.get("/cases/").text


def test_the_unit_sees_nothing_before_the_feedback(visit, story):
    story.registered({})
    case_no = story.case().case_no
    assert visit("principal").get(f"/cases/{case_no}").status_code == 404
    assert visit("chief").get(f"/cases/{case_no}").status_code == 200


def test_the_verifier_sees_a_case_through_a_task(visit, rectifying):
    finding_no = rectifying.finding().finding_no
    assert visit("verifier").get(f"/findings/{finding_no}").status_code == 404
    rectifying.implemented(finding_no)
    assert visit("verifier").get(f"/findings/{finding_no}").status_code == 200


def test_decisions_are_not_the_units_to_read(visit, rectifying):
    path = f"/findings/{rectifying.finding().finding_no}"
    assert 'id="decisions"' not in visit("principal").get(path).text


def test_the_ledger_on_the_page_and_in_the_spreadsheet_are_one(visit, rectifying):
    client = visit("officer")
    page = client.get("/ledger/")
    assert "共 2 行" in page.text
    sheet = openpyxl.load_workbook(BytesIO(client.get("/ledger/ledger.xlsx").data)).active
    assert [cell.value for cell in sheet[3]] == [title for _, title in COLUMNS]
    assert sheet.max_row == 3 + 2
    assert sheet.freeze_panes == "E4"


def test_the_ledger_of_another_unit_is_empty(visit, rectifying):
    client = visit("liaison_b")
    assert "台账还是空的" in client.get("/ledger/").text
    assert openpyxl.load_workbook(BytesIO(client.get("/ledger/ledger.xlsx").data)).active.max_row == 3


def test_each_light_on_the_tiles_leads_to_as_many_findings(visit, late):
    client = visit("officer")
    tiles = dict(re.findall(r'light=(\w+)"><b>(\d+)</b>', client.get("/ledger/").text))
    assert sum(map(int, tiles.values())) == 2
    for light, number in tiles.items():
        assert f"共 {number} 行" in client.get(f"/ledger/?light={light}").text


def test_the_colour_of_each_row_is_the_light_of_its_deadline(visit, rectifying):
    """S96: day after day the ledger shows what the rule of the lights computes."""
    seen = set()
    for days in (0, 75, 12, 30):
        rectifying.later(days=days)
        with rectifying.desk.sessions() as session:
            due = dict(
                session.execute(
                    select(Finding.finding_no, Deadline.due_at)
                    .join(Deadline, Deadline.finding_id == Finding.id)
                    .where(Deadline.rule == "D4")
                ).all()
            )
        page = html.fromstring(visit("officer").get("/ledger/").text)
        for number, moment in due.items():
            row = page.xpath(f"//tr[@data-row][.//a='{number}']")[0]
            shown = row.xpath(".//td[contains(@class,'col-light')]//@class")
            colour = lights.light(moment, met_at=None, paused=False, now=rectifying.now).value
            assert any(f"light-{colour}" in classes for classes in shown), (number, colour, shown)
            seen.add(colour)
    assert {"none", "red"} < seen


def test_the_wall_shows_each_finding_in_its_month_and_colour(visit, rectifying):
    """S96: unit by month; the chart's lights are the ledger's; what is closed stands in the month of its closure."""
    number = rectifying.finding().finding_no
    due = limit_of(rectifying, number)
    rectifying.later(days=(due - rectifying.now).days + 1)
    assert on_the_wall(visit("officer"), number) == (f"{due:%Y-%m}", "red")
    ledger = html.fromstring(visit("officer").get("/ledger/").text)
    shown = ledger.xpath(f"//tr[.//a='{number}']//td[contains(@class,'col-light')]/span/@class")
    assert shown == ["light light-red"]
    rectifying.implemented(number).verified(number).closed(number)
    client = visit("officer")
    assert on_the_wall(client, number) is None
    assert on_the_wall(client, number, "?closed=1") == (f"{rectifying.now:%Y-%m}", "closed")
    assert "没有未销号的问题" in visit("liaison_b").get("/wall/").text


def limit_of(story, number):
    with story.desk.sessions() as session:
        query = select(Deadline.due_at).join(Finding, Deadline.finding_id == Finding.id)
        return session.scalars(query.where(Finding.finding_no == number, Deadline.rule == "D4")).one()


def on_the_wall(client, number, asked=""):
    """(month, light) of a finding on the wall chart; None if it is not there."""
    page = html.fromstring(client.get(f"/wall/{asked}").text)
    heads = [head.text_content() for head in page.xpath("//thead//th")]
    for row in page.xpath("//tr[@data-row]"):
        for place, cell in enumerate(row):
            for mark in cell.xpath(f".//a[contains(@href,'{number}')]/@class"):
                return heads[place], mark.removeprefix("mark light-")
    return None


def test_a_finding_shows_the_measures_of_each_round(visit, rectifying):
    """S105: what was promised in the first round stays beside what the second demands."""
    finding = rectifying.finding()
    with atomic(rectifying.desk.sessions) as session:
        row = session.get_one(Finding, finding.id)
        first = session.scalars(select(Measure).where(Measure.finding_id == row.id)).one()
        row.round_no = 2
        session.add(
            Measure(
                finding_id=row.id, seq=1, round_no=2, goal="完善", content="第二轮：逐人复核", kinds=["training"], leader="部长",
                department="组织部", owner="科长", due_date=first.due_date, status="in_progress",
            )
        )  # fmt: skip
    page = html.fromstring(visit("chief").get(f"/findings/{finding.finding_no}").text)
    rows = [row.text_content() for row in page.xpath("//*[@id='measures']//tbody/tr")]
    assert [row[:3] for row in rows] == ["1-1", "2-1"]
    assert first.content in rows[0]
    assert "第二轮：逐人复核" in rows[1]


def test_each_bucket_equals_the_list_behind_it(visit, late):
    client = visit("chief")
    page = client.get("/overdue/")
    for bucket, number in re.findall(r'bucket=([^"&]+)"><b>(\d+)</b>', page.text):
        assert f"共 {number} 条" in client.get(f"/overdue/?bucket={bucket}").text
    assert visit("liaison_b").get("/overdue/").text.count("没有逾期事项")


def test_a_deadline_explains_itself_and_takes_a_request(visit, rectifying, region):
    client = visit("liaison")
    listing = client.get(f"/deadlines/?rule=D4&finding_no={rectifying.finding().finding_no}")
    path = re.search(r"/deadlines/\d+", listing.text)[0]
    page = client.get(path)
    assert "起算" in page.text
    assert "申请延期" in page.text
    given = {"new_due_on": "2026-12-31", "reason": "涉及档案补办，需要时间。"}
    assert client.post(f"{path}/extension", data=given).status_code == 302
    assert "待审批" in client.get(path).text
    assert client.post(f"{path}/extension", data=given).status_code == 409
    assert visit("liaison_b").get(path).status_code == 404
    assert visit("officer").post(f"{path}/extension", data=given).status_code == 403


def test_the_clock_of_a_deadline_is_stopped_and_started(visit, rectifying):
    client = visit("chief")
    listing = client.get(f"/deadlines/?rule=D4&finding_no={rectifying.finding().finding_no}")
    path = re.search(r"/deadlines/\d+", listing.text)[0]
    assert visit("liaison").post(f"{path}/pause", data={"reason": "x"}).status_code == 403
    assert client.post(f"{path}/pause", data={"kind": "objection", "reason": "异议复核"}).status_code == 302
    assert "恢复计时" in client.get(path).text
    rectifying.later(days=3)
    assert visit("chief").post(f"{path}/resumption").status_code == 302


def test_a_notice_read_is_no_longer_counted(visit, desk, region, now):
    told = {"kind": "letter", "title": "黄色预警", "now": now}
    with atomic(desk.sessions) as session:
        notices.notify(session, user_ids=[region.principal.user_id], **told)
    client = visit("principal")
    page = client.get("/notices/?unread=1")
    number = re.search(r"/notices/(\d+)/reading", page.text)[1]
    assert visit("principal_b").post(f"/notices/{number}/reading").status_code == 404
    assert client.post(f"/notices/{number}/reading").status_code == 302
    assert f"/notices/{number}/reading" not in client.get("/notices/?unread=1").text
    client.post("/notices/reading")
    assert "没有通知" in client.get("/notices/?unread=1").text


def test_circulars_reach_every_unit(visit, rectifying):
    assert "关于专项检查情况的通报" in visit("liaison_b").get("/notices/circulars").text


def test_the_calendar_is_previewed_before_it_is_published(visit, rectifying):
    given = {"days": "2026-10-12 放假 试验", "last_certain_year": "2026", "note": "测试"}
    assert visit("officer").post("/calendar/preview", data=given).status_code == 403
    client = visit("admin")
    assert "影响预览" in client.post("/calendar/preview", data=given).text
    assert client.post("/calendar/proposals", data=given).status_code == 302
    proposal = re.search(r"/calendar/proposals/\d+", visit("chief").get("/calendar/").text)[0]
    assert "第 1 版" in client.get("/calendar/").text, "nobody but a second person publishes"
    assert visit("chief").post(f"{proposal}/publication").status_code == 302
    assert "第 2 版" in client.get("/calendar/").text
    wrong = client.post("/calendar/preview", data=given | {"days": "某天 放假"})
    assert wrong.status_code == 409
    assert "某天 放假" in wrong.text


def test_processes_are_started_by_those_who_may(visit, region):
    client = visit("officer")
    assert "已审定问题登记" in client.get("/processes/").text
    started = client.post("/processes/approved_case_intake/instances")
    assert re.fullmatch(r"/tasks/\d+", started.headers["Location"])
    assert visit("liaison").post("/processes/approved_case_intake/instances").status_code == 403
    assert client.get("/processes/finding_rectification").status_code == 200
    assert client.get("/processes/nonsense").status_code == 404


def test_an_instance_is_drawn_only_for_those_who_see_its_case(visit, rectifying):
    page = visit("chief").get(f"/cases/{rectifying.case().case_no}").text
    path = re.search(r"/instances/\d+", page)[0]
    assert "active" in visit("chief").get(f"{path}/diagram").json
    assert visit("owner_b").get(path).status_code == 404
    assert visit("owner_b").get(f"{path}/diagram").status_code == 404


def test_overrides_are_asked_for_and_decided_by_another(visit, rectifying):
    given = {"rule": "T13", "case_no": rectifying.case().case_no, "reason": "涉及上级部门审批周期。"}
    assert visit("chief").post("/overrides/", data=given).status_code == 302
    number = re.search(r"decide-(\d+)", visit("deputy").get("/overrides/").text)[1]
    assert visit("chief").post(f"/overrides/{number}/decision", data={"approved": "1"}).status_code == 403
    assert visit("deputy").post(f"/overrides/{number}/decision", data={"approved": "1"}).status_code == 302
    assert "已批准" in visit("chief").get("/overrides/").text
    assert visit("liaison").post("/overrides/", data=given).status_code == 403
