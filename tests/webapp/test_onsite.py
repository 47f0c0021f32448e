"""现场检查 and 线索 on the pages: what is still missing stands there live, and a lead opens only for those let in."""

import pytest
from sqlalchemy import select

from tests.workflows.operations.stay import SECRET, Stay
from workflows.models import Task

CASE = "/cases/XR-12-04-001/onsite"
LEAD = "/leads/XR-12-04-001-XS001"


@pytest.fixture
def story(desk, region, now):
    """The team stands ready to enter unit A."""
    return Stay(desk, region, now).ready()


@pytest.fixture
def on_site(story):
    return story.entered()


def test_before_entry_the_page_says_what_keeps_the_team_out(visit, story):
    page = visit("leader").get(CASE).text
    assert "进驻前还缺什么" in page
    assert "条件均已具备" in page
    assert "分管副部长" in page


def test_on_site_the_page_lists_live_what_is_missing(visit, on_site):
    client = visit("leader")
    page = client.get(CASE).text
    for words in (
        "进驻1天，不足7天",
        "清单覆盖率0%，尚未作答：Q01、Q02、Q03",
        "没有问题底稿，也没有零问题声明",
        "巡视组组长",
    ):
        assert words in page
    on_site.got_lead().worked(Q03="issue")
    page = client.get(CASE).text
    assert "线索尚未办结：XR-12-04-001-XS001" in page
    assert "清单覆盖率" in page
    assert "尚未作答" not in page
    assert "1 次" in page
    on_site.screened().concluded("unverifiable").drafted({}).later(days=6)
    assert "条件均已具备" in visit("leader").get(CASE).text


def test_immediate_items_carry_their_lights(visit, on_site):
    items = [{"text": "立即清退超期借调人员。", "days": 3}]
    on_site.does("leader", "demand_immediate", immediate_items=items, demands_done="done").later(days=5)
    assert "light-red" in visit("leader").get(CASE).text
    on_site.does("liaison", "rectify_at_once", result="超期借调人员已全部清退回原单位。")
    page = visit("leader").get(CASE).text
    assert "已改正" in page
    assert "light-red" not in page


@pytest.mark.parametrize("name", ["principal", "liaison", "verifier", "auditor"])
def test_those_inspected_and_strangers_never_see_it(visit, on_site, name):
    assert visit(name).get(CASE).status_code in (403, 404)


@pytest.mark.parametrize("name", ["member", "chief", "deputy", "council", "tour_leader", "tour_office"])
def test_those_who_inspect_and_supervise_do(visit, on_site, name):
    assert visit(name).get(CASE).status_code == 200


def test_a_member_finds_only_the_leads_he_was_let_into(visit, on_site):
    on_site.got_lead(title="反映考察走过场").screened()
    assert "反映考察走过场" in visit("member").get(CASE).text
    assert "反映考察走过场" not in visit("member2").get(CASE).text
    assert visit("member2").get(LEAD).status_code == 404


def test_the_body_opens_on_request_and_stands_on_no_page_before(visit, on_site):
    on_site.got_lead().screened()
    client = visit("member")
    assert SECRET not in client.get(LEAD).text
    assert SECRET in client.post(f"{LEAD}/openings").text
    assert visit("member2").post(f"{LEAD}/openings").status_code == 403
    history = visit("chief").get("/cases/XR-12-04-001").text
    assert "查阅线索XR-12-04-001-XS001" in history
    assert "知悉范围" in history


def test_the_task_in_which_a_lead_was_registered_is_no_way_around(visit, on_site):
    on_site.got_lead().screened()
    with on_site.desk.sessions() as session:
        task_id = session.scalars(
            select(Task.id).where(Task.element == "register_leads", Task.status == "done")
        ).one()
    ask = {"kind": "task", "row": task_id, "path": "leads.0.body"}
    opened = {
        name: visit(name).post("/cases/XR-12-04-001/sealed-openings", data=ask).status_code
        for name in ("leader", "member", "member2", "officer")
    }
    assert opened == {"leader": 200, "member": 200, "member2": 403, "officer": 403}


def test_what_the_tour_wrote_is_no_way_around_the_receipt(visit, on_site):
    on_site.starts("tour_leader", "lead_sharing")
    on_site.does("tour_leader", "share_lead", title="反映违规提拔", body=SECRET, share_reason="属选人用人问题。")
    with on_site.desk.sessions() as session:
        task_id = session.scalars(select(Task.id).where(Task.element == "share_lead")).one()
    ask = {"kind": "task", "row": task_id, "path": "body"}
    assert visit("leader").post("/cases/XR-12-04-001/sealed-openings", data=ask).status_code == 403
    assert visit("leader").get(LEAD).status_code == 404
    on_site.does("leader", "receipt_by_team", receipt_note="已签收，即办。")
    assert SECRET in visit("leader").post(f"{LEAD}/openings").text


def test_requests_stand_with_their_line_and_light(visit, on_site):
    on_site.starts("leader", "request_report")
    on_site.does("leader", "write_request", level="major", text="发现重大问题线索，拟调整检查安排。").later(days=2)
    page = visit("leader").get(CASE).text
    assert "QSBG-2026-0001" in page
    assert "light-red" in page


def test_the_calendar_shows_milestones_of_tour_and_inspection(visit, on_site):
    page = visit("tour_office").get("/calendar/").text
    assert "第四轮巡视启动" in page
    assert "澜城区进驻" in page
    assert "澜城区进驻" not in visit("principal").get("/calendar/").text
