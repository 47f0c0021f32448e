"""The talent pool, a case's team and a round's teams: who sees them, and what they say."""

import pytest
from lxml import html
from sqlalchemy import select

from tests.people import recuse
from tests.pool import staff_no
from tests.workflows.operations.teaming import CASE_NO, Teaming
from tests.workflows.operations.test_teams import appraisals, delivered, released
from workflows.database import atomic
from workflows.models import ChecklistItem, HistoryEntry, InspectionCase, Task, UnitSurvey, User


@pytest.fixture
def story(desk, region, now) -> Teaming:
    """One case of unit A, and a talent pool."""
    return Teaming(desk, region, now)


def words(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return " ".join(html.fromstring(answer.text).text_content().split())


def rows(client, address: str) -> int:
    page = html.fromstring(client.get(address).text)
    return len(page.xpath("//tr[@data-row]"))


def test_the_pool_shows_four_channels_and_is_filtered(visit, story) -> None:
    chief = visit("chief")
    assert rows(chief, "/inspectors") == 26
    chips = html.fromstring(chief.get("/inspectors").text).xpath("//a[@class='chip']")
    assert len(chips) >= 4
    assert all(chip.xpath("number(.//span[@class='count'])") >= 1 for chip in chips)
    by_channel = [rows(chief, f"/inspectors?channel={name}") for name in ("dept", "city_county_org", "bureau_hr")]
    assert sum(by_channel) + rows(chief, "/inspectors?channel=soe_inst_hr") == 26
    young = rows(chief, "/inspectors?age=35岁及以下")
    assert 0 < young < 26
    assert rows(chief, "/inspectors?age=35岁及以下&experience=3年以下&speciality=cadre") <= young
    assert "没有符合条件的人员" in words(chief, "/inspectors?q=查无此人")


@pytest.mark.parametrize("stranger", ["liaison", "member", "auditor", "provider"])
def test_the_pool_is_for_those_who_put_teams_together(visit, story, stranger: str) -> None:
    assert visit(stranger).get("/inspectors").status_code == 403
    assert visit(stranger).get(f"/inspectors/{staff_no(2)}").status_code == 403
    assert visit(stranger).get("/rounds/12-04/teams").status_code == 403


def test_an_inspectors_record_tells_where_he_served_and_how_he_did(visit, story) -> None:
    released(story)
    head = next(name for name, actor in story.region.actors.items() if actor.user_id == story.team().leader_id)
    story.does(head, "appraise_members", member_appraisals=appraisals(story, "appraise_members"))
    member = next(member for member in story.team().members if member.duty != "leader")
    page = words(visit("chief"), f"/inspectors/{member.user.staff_no}")
    assert "澜城区" in page
    assert "良好" in page
    assert "认真负责。" in page
    assert "熟悉了程序。" in page
    assert "参检轮次1" in page
    assert visit("chief").get("/inspectors/无此人").status_code == 404


def test_a_case_without_a_team_has_one_suggested_with_reasons(visit, story, region, now) -> None:
    recuse(story.desk.sessions, region, "inspector1", region.unit_a_id, now)
    page = words(visit("chief"), f"/cases/{CASE_NO}/team")
    assert "已求得最优组合" in page
    assert "检查员3已申报回避：亲属关系" in page
    assert "年龄结构：" in page
    assert "搭配得分" in page


def test_a_teams_page_names_who_is_not_trained_and_what_is_against_the_team(visit, story, region, now) -> None:
    story.sent().mobilised(90, 0)
    chief = visit("chief")
    page = words(chief, f"/cases/{CASE_NO}/team")
    assert page.count("未合格，不得进驻") == 1
    assert "不符合组建要求" not in page
    late = next(member for member in story.team().members if member.duty != "leader")
    login = next(name for name, actor in region.actors.items() if actor.user_id == late.user_id)
    recuse(story.desk.sessions, region, login, region.unit_a_id, now)
    assert f"{late.user.name}应当回避" in words(chief, f"/cases/{CASE_NO}/team")


def test_an_under_resourced_team_shows_amber(visit, story, desk) -> None:
    story.sent()
    page = html.fromstring(visit("chief").get(f"/cases/{CASE_NO}/team").text)
    assert page.xpath("//span[contains(@class, 'light-none')]")
    from_template(desk, 120)
    page = html.fromstring(visit("chief").get(f"/cases/{CASE_NO}/team").text)
    assert page.xpath("//span[contains(@class, 'light-yellow')]")
    assert "力量或时间偏紧" in page.text_content()


def from_template(desk, number: int) -> None:
    with atomic(desk.sessions) as session:
        case_id = session.scalars(select(InspectionCase.id)).one()
        session.add_all(
            ChecklistItem(case_id=case_id, code=f"T{n:03d}", seq=n, text="事项", section="选", origin="template")
            for n in range(number)
        )


def test_all_teams_of_a_round_are_suggested_together(visit, story) -> None:
    chief = visit("chief")
    assert "1 个案件尚未组建检查组" in words(chief, "/rounds/12-04/teams")
    page = words(chief, "/rounds/12-04/teams?suggest=1")
    assert "推荐" in page
    assert "已求得最优组合" in page
    story.sent()
    assert story.team().leader.name in words(chief, "/rounds/12-04/teams")
    assert "/rounds/12-04/teams" in html.fromstring(chief.get("/rounds/12-04").text).xpath("//a/@href")
    assert chief.get("/rounds/99-99/teams").status_code == 404


def surveyed(story: Teaming) -> None:
    released(story)
    delivered(story)
    story.does(
        "liaison", "survey_team", discipline="good", competence="fair", coaching="good", remark="建议多讲案例。"
    )


def test_the_units_survey_is_seen_by_the_supervision_division_alone(visit, story, token, app, desk) -> None:
    surveyed(story)
    with desk.sessions() as session:
        assert session.scalars(select(UnitSurvey)).one().competence == "fair"
        survey = session.scalars(select(Task).where(Task.element == "survey_team")).one().id
        leader = session.get_one(User, story.team().leader_id).login
    address = f"/cases/{CASE_NO}/team"
    assert "建议多讲案例。" in words(visit("officer"), address)
    for other in ("deputy", "council", leader):
        assert "建议多讲案例。" not in words(visit(other), address)
        assert visit(other).get(f"/tasks/{survey}").status_code == 404
        assert app.test_client().get(f"/api/v1/tasks/{survey}", headers=token(other)).status_code == 404
        assert "建议多讲案例。" not in visit(other).get(f"/cases/{CASE_NO}").text
    assert visit("liaison").get(address).status_code == 403
    with desk.sessions() as session:
        told = session.scalars(select(HistoryEntry).where(HistoryEntry.case_id.is_not(None)))
        assert not [entry for entry in told if "建议多讲案例" in str(entry.details)]
