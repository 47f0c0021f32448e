"""Rounds, units, votes and the tour's lists on their pages: what is counted, for whom, and what is refused."""

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.webapp.conftest import Visit
from tests.workflows.commands.test_report_reviews import xlsx
from tests.workflows.operations.planning_story import Planning, votes_row
from workflows.database import atomic
from workflows.models import (
    Analysis,
    Finding,
    Grant,
    InspectionCase,
    InspectionRound,
    ReportReview,
    Team,
    TeamMember,
    Unit,
    WorkingPaper,
)


@pytest.fixture
def planning(desk, region, story) -> Planning:
    """Three years of votes; the clock of the pages is the story's."""
    planning = Planning(desk, region, story.now)
    return planning.voted(2023, JYT=60).voted(2024, JYT=61).voted(2025, JYT=62)


def words(client, path: str) -> str:
    """What stands on a page, without its markup."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def found_in(desk, *units: str, code: str, name: str, categories: list[str], year: int) -> None:
    """A round of an earlier year in which each unit had these findings."""
    with atomic(desk.sessions) as session:
        day = date(year, 5, 6)
        round_ = InspectionRound(code=code, name=name, kind="regular", starts_on=day)
        session.add(round_)
        session.flush()
        for at, unit_code in enumerate(units, 1):
            unit = session.scalars(select(Unit).where(Unit.code == unit_code)).one()
            case = InspectionCase(
                case_no=f"XR-{code}-{at:03d}", round=round_, unit=unit, status="rectifying", entry_date=day,
                feedback_date=day, opened_at=datetime(year, 5, 6, tzinfo=UTC), facts={},
            )  # fmt: skip
            session.add(case)
            session.flush()
            for seq, category in enumerate(categories, 1):
                session.add(
                    Finding(
                        finding_no=f"{case.case_no}-F{seq:02d}",
                        case_id=case.id,
                        seq=seq,
                        title="问题",
                        text="问题",
                        category=category,
                        chain="用",
                        severity="serious",
                        rectify_type="staged",
                        opinion="限期整改。",
                        status="closed" if seq == 1 else "rectifying",
                    )
                )


def test_the_totals_of_the_rounds_equal_the_rows(visit: Visit, planning: Planning, desk) -> None:
    """S43: 地方、单位、企业 with units, rounds, findings and opinions."""
    found_in(desk, "JYT", "QL-LC", code="12-01", name="第一轮", categories=["B01", "C08"], year=2024)
    found_in(desk, "JYT", code="12-02", name="第二轮", categories=["C08"], year=2025)
    page = words(visit("chief"), "/rounds/")
    assert "地方 1 1 1 2 2" in page
    assert "单位 1 2 2 3 3" in page
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Finding)) == 5


def test_the_trend_shows_a_category_over_three_rounds(visit: Visit, planning: Planning, desk) -> None:
    """S4: 不正之风 over the rounds."""
    for number, categories in ((1, ["B01", "B03"]), (2, ["B01"]), (3, ["C08"])):
        found_in(desk, "JYT", code=f"12-0{number}", name=f"第{number}轮", categories=categories, year=2022 + number)
    assert "B 用人导向不正 不正之风 2 1 0" in words(visit("chief"), "/rounds/")


def test_a_round_is_analysed_as_a_whole(visit: Visit, planning: Planning, desk) -> None:
    """S19: categories over all its cases."""
    found_in(desk, "JYT", "QL-LC", code="12-01", name="第一轮", categories=["B01", "C08"], year=2024)
    page = words(visit("chief"), "/rounds/12-01")
    assert "C 执行政策和程序不严 2 C08 公示不规范 2" in page
    assert "XR-12-01-002 澜城区" in page


def analysed(desk, case_no: str, *categories: str, signed: bool = True) -> None:
    """The analysis of a case names these categories as focuses."""
    with atomic(desk.sessions) as session:
        case = session.scalars(select(InspectionCase).where(InspectionCase.case_no == case_no)).one()
        at = datetime(2024, 4, 1, tzinfo=UTC)
        focus = [{"code": f"F{n}", "text": "关注", "category": code} for n, code in enumerate(categories, 1)]
        session.add(
            Analysis(
                case_id=case.id, direction="突出重点", focus=focus, drafted_at=at, signed_at=at if signed else None
            )
        )


def test_the_risks_of_all_dossiers_stand_together(visit: Visit, planning: Planning, desk) -> None:
    """S19: what the signed analyses of a round's dossiers name, by category, before anything is found."""
    found_in(desk, "JYT", "QL-LC", "MZT", code="12-01", name="第一轮", categories=[], year=2024)
    analysed(desk, "XR-12-01-001", "C08", "B01")
    analysed(desk, "XR-12-01-002", "C08")
    analysed(desk, "XR-12-01-003", "C08", signed=False)
    page = words(visit("chief"), "/rounds/12-01")
    assert re.search(r"C08 公示不规范 2 教育厅、澜城区 B01 \S+ 1 教育厅", page), "what concerns most units first"


def test_each_team_shows_what_it_has_found_and_none_is_marked(visit: Visit, planning: Planning, desk, region) -> None:
    """S64: papers, findings, serious ones, what is upheld, findings a person and week; a zero case stands out."""
    found_in(desk, "JYT", code="12-01", name="第一轮", categories=["B01", "C08"], year=2024)
    with atomic(desk.sessions) as session:
        case = session.scalars(select(InspectionCase)).one()
        case.exit_date = date(2024, 5, 19)  # the fourteenth day
        session.add(Team(case_id=case.id, leader_id=region.leader.user_id, status="released", members=[
            TeamMember(user_id=who.user_id, channel="dept", duty="member") for who in (region.member, region.member2)
        ]))  # fmt: skip
        session.add_all(
            WorkingPaper(wp_no=f"DG{n}", case_id=case.id, title="底稿", drafted_at=planning.now) for n in range(4)
        )
    client = visit("chief")
    page = words(client, "/rounds/12-01")
    assert "教育厅 石组长 2 14 4 2 2 50% 0.5" in page
    assert "零问题" not in page.replace("没有发现问题的案件", "")
    with atomic(desk.sessions) as session:
        for finding in session.scalars(select(Finding)):
            finding.status = "not_upheld"
    assert "教育厅 零问题" in words(client, "/rounds/12-01")


def test_the_indicator_of_unit_and_region_stands_on_their_pages(visit: Visit, planning: Planning) -> None:
    """S1: three years of votes are a trend of the unit and of the region, the same at each look."""
    client = visit("chief")
    unit, region_ = words(client, "/units/JYT"), words(client, "/report-reviews/")
    assert re.search(r"2025 7 / 7 后段 62.0% .* 90.5 \+0.3", unit), unit
    assert re.search(r"全区公信度走势 .*2023 [\d.]+ 7 2024 [\d.]+ 7 2025 [\d.]+ 7", region_), region_
    assert (words(client, "/units/JYT"), words(client, "/report-reviews/")) == (unit, region_)


def test_a_unit_shows_both_rounds_side_by_side_and_why_it_was_chosen(visit: Visit, planning: Planning, desk) -> None:
    """S5, S1: this round and the one before, the votes, and every point of its score."""
    found_in(desk, "JYT", code="12-01", name="第一轮", categories=["B01", "C08"], year=2024)
    found_in(desk, "JYT", code="12-02", name="第二轮", categories=["C08"], year=2025)
    planning.proposed().settled()
    page = words(visit("chief"), "/units/JYT")
    assert "第二轮 本轮" in page
    assert "第一轮 上轮" in page
    assert "发现问题 1 2" in page
    assert "连续三年排名靠后 +40" in page
    assert "来源：一报告两评议" in page


def test_the_indicator_after_a_check_is_compared_with_the_one_before(visit: Visit, planning: Planning, desk) -> None:
    """S59: checked in May 2025; the votes of 2024 came before, those of 2025 after."""
    found_in(desk, "JYT", code="12-02", name="第二轮", categories=["C08"], year=2025)
    page = words(visit("chief"), "/units/JYT")
    assert "XR-12-02-001 第二轮 90.2（2024） 88.5（2025） -1.7" in page, (
        "a serious finding in 2025 takes off 2 points"
    )


def test_a_case_leads_to_its_unit_for_those_who_read_cases(visit: Visit, story, rectifying) -> None:
    path = f"/cases/{rectifying.case().case_no}"
    assert "/units/QL-LC" in visit("chief").get(path).text
    assert visit("chief").get("/units/QL-LC").status_code == 200
    assert "/units/QL-LC" not in visit("principal").get(path).text


@pytest.mark.parametrize("name", ["liaison", "principal", "designer", "admin", "verifier"])
def test_planning_is_not_for_those_who_read_no_cases(visit: Visit, planning: Planning, name: str) -> None:
    for path in ("/rounds/", "/rounds/12-04", "/units/JYT", "/report-reviews/", "/tour-lists/"):
        assert visit(name).get(path).status_code == 403, path


def test_somebody_of_another_round_sees_nothing_of_this_one(visit: Visit, planning: Planning, desk, region) -> None:
    """Rows through the scope: a team leader of one round neither sees the other round nor its unit."""
    found_in(desk, "JYT", code="12-01", name="第一轮", categories=["B01"], year=2024)
    with atomic(desk.sessions) as session:
        grant = session.scalars(select(Grant).where(Grant.user_id == region.leader.user_id)).one()
        grant.scope, grant.scope_id = "round", region.round_id
    client = visit("leader")
    assert client.get("/rounds/12-01").status_code == 404
    assert client.get("/units/JYT").status_code == 404
    assert "教育厅" not in client.get("/report-reviews/").text
    assert "12-01" not in client.get("/rounds/").text


def test_a_sheet_is_taken_in_on_the_page(visit: Visit, planning: Planning) -> None:
    client = visit("officer")
    sheet = (BytesIO(xlsx(votes_row("JYT", 88))), "2022.xlsx")
    answer = client.post("/report-reviews/imports", data={"year": "2022", "sheet": sheet})
    assert answer.status_code == 302
    assert "88.0%" in words(client, "/report-reviews/?year=2022")


def test_a_bad_sheet_is_answered_cell_by_cell(visit: Visit, planning: Planning, desk) -> None:
    sheet = (BytesIO(xlsx(votes_row("JYT", 80) | {"overall_good": "很多"})), "2022.xlsx")
    answer = visit("officer").post("/report-reviews/imports", data={"year": "2022", "sheet": sheet})
    assert answer.status_code == 422
    assert "第2行“总体评价·好”是“很多”" in answer.text
    with desk.sessions() as session:
        assert session.scalars(select(ReportReview.year).where(ReportReview.year == 2022)).all() == []


def test_an_import_without_its_csrf_token_or_by_a_reader_is_refused(visit: Visit, app, planning: Planning) -> None:
    sheet = {"year": "2022", "sheet": (BytesIO(b"x"), "2022.xlsx")}
    assert visit("deputy").post("/report-reviews/imports", data=dict(sheet)).status_code == 403
    client = visit("officer")
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/report-reviews/imports", data={"year": "2022"}).status_code == 400


def test_the_ranked_list_names_who_must_be_checked(visit: Visit, planning: Planning) -> None:
    page = words(visit("chief"), "/report-reviews/?year=2025&band=1")
    assert "7 / 7 教育厅 后段 3 年，必查" in page


def test_a_unit_added_to_the_tour_becomes_a_proposed_case(visit: Visit, planning: Planning, desk) -> None:
    """S44: the round follows the tour; the officer settles, the deputy and the council decide."""
    client = visit("tour_office")
    answer = client.post("/tour-lists/units", data={"tour": "第四轮巡视", "unit_code": "JYT"}, follow_redirects=True)
    assert "提出案件 XR-12-04-001" in answer.text
    assert "案件待审定" in words(visit("chief"), "/rounds/12-04")
    assert planning.notified("第四轮巡视增加对象：教育厅")
    assert list(planning.listed()) == ["JYT"]
    planning.settled().reviewed().approved()
    assert planning.cases()["XR-12-04-001"].facts["verdict"] == "must"
    assert [message.key for message in planning.sent("case.created")] == ["XR-12-04-001"]


def test_a_proposed_case_the_council_rejects_is_cancelled_and_stays_an_alert(
    visit: Visit, planning: Planning
) -> None:
    visit("tour_office").post("/tour-lists/units", data={"tour": "第四轮巡视", "unit_code": "JYT"})
    planning.settled().reviewed().approved(council_decision="reject", council_opinion="下轮再查。")
    assert planning.cases()["XR-12-04-001"].status == "cancelled"
    assert "巡视已到、专项检查未跟进： 教育厅" in words(visit("chief"), "/rounds/12-04")


def test_a_tours_list_is_kept_by_the_tour_office(visit: Visit, planning: Planning) -> None:
    client = visit("tour_office")
    add = {"tour": "第九轮巡视", "unit_code": "JYT"}
    assert client.post("/tour-lists/units", data=add).status_code == 302
    assert client.post("/tour-lists/units", data=add).status_code == 409
    assert client.post("/tour-lists/units", data=add | {"unit_code": "ORG"}).status_code == 409
    assert visit("officer").post("/tour-lists/units", data=add).status_code == 403
    assert "教育厅" in words(client, "/tour-lists/?tour=第九轮巡视")
    assert client.post("/tour-lists/units/1/removal", data={"tour": "第九轮巡视"}).status_code == 409
    client.post("/tour-lists/units/1/removal", data={"tour": "第九轮巡视", "reason": "巡视计划调整"})
    assert "还没有巡视对象" in words(client, "/tour-lists/?tour=第九轮巡视")
