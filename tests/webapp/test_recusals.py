"""回避申报 and the talent pool on their pages: who writes down what, who reads it, and what follows at once."""

from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import select

from tests.people import user_named
from tests.pool import staff_no
from tests.workflows.operations.teaming import CASE_NO, Teaming
from workflows.commands.tasks import claim_task
from workflows.database import atomic
from workflows.models import HistoryEntry, Inspector, Notification, Recusal, Task
from workflows.queries.people import actor_of
from workflows.queries.teams import barred

RELATIVE = {"unit_code": "QL-LC", "reason": "relative", "note": "配偶任该区副区长。"}


@pytest.fixture
def story(desk, region, now) -> Teaming:
    """One case of unit A, and a talent pool."""
    return Teaming(desk, region, now)


def words(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return " ".join(html.fromstring(answer.text).text_content().split())


def sentence(answer) -> str:
    assert answer.status_code in (403, 409), answer.status_code
    return answer.text


def entered(story: Teaming, number: int) -> dict[str, str]:
    """What the form sends for the n-th of the pool as he stands."""
    return {
        "staff_no": staff_no(number), "channel": "city_county_org", "born_on": "1985-03-01", "experience_years": "6",
        "speciality": "cadre", "post_kind": "staff",
    }  # fmt: skip


def post(unit_code: str, post: str, begun: str, left: str) -> dict[str, list[str]]:
    """One former post, and the blank rows of the form."""
    rows = {"unit_code": unit_code, "post": post, "from": begun, "to": left}
    return {f"posts-{name}": [value, ""] for name, value in rows.items()}


def test_who_declares_keeps_away_at_once_and_his_work_goes_back(visit, story, desk, region) -> None:
    """S25: the officer's own declaration takes the unit's cases from him, on every path."""
    story.begins("team_assembly")
    taken = story.tasks("nominate_leader")[0].id
    desk.act(claim_task, task_id=taken, actor=region.officer, now=story.now)
    officer = visit("officer")
    assert officer.get(f"/cases/{CASE_NO}").status_code == 200
    assert officer.post("/recusals/", data=RELATIVE).status_code == 302
    assert officer.get(f"/cases/{CASE_NO}").status_code == 404
    assert "配偶任该区副区长。" in words(officer, "/recusals/")
    with desk.sessions() as session:
        assert session.get_one(Task, taken).assignee_id is None
        assert region.unit_a_id in actor_of(session, region.officer.user_id, story.now).recused_units
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "declare_recusal")).one()
        assert "退回待办1项" in entry.summary
        told = {row.user_id for row in session.scalars(select(Notification).where(Notification.kind == "alert"))}
        assert {region.chief.user_id, region.security.user_id} <= told
        assert region.officer.user_id not in told


def test_the_chief_registers_for_others_and_lifts_with_a_reason(visit, story, desk, region) -> None:
    chief = visit("chief")
    assert chief.post("/recusals/", data=RELATIVE | {"staff_no": staff_no(2)}).status_code == 302
    page = words(chief, "/recusals/")
    assert "检查员3" in page
    with desk.sessions() as session:
        row = session.scalars(select(Recusal)).one()
        assert (row.declared_by_id, row.unit_id) == (region.chief.user_id, region.unit_a_id)
        assert barred(session, region.unit_a_id, story.now)[row.user_id] == ("已申报回避：亲属关系",)
    path = f"/recusals/{row.id}/lifting"
    assert "理由" in sentence(chief.post(path, data={"reason": " "}))
    assert chief.post(path, data={"reason": "配偶已调离。"}).status_code == 302
    with desk.sessions() as session:
        assert session.scalar(select(Recusal.id)) is None
        told = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "lift_recusal")).one()
        assert told.details["reason"] == "配偶已调离。"


def test_nobody_lifts_his_own_and_nobody_else_registers_for_others(visit, story, desk) -> None:
    chief, officer = visit("chief"), visit("officer")
    chief.post("/recusals/", data=RELATIVE)
    with desk.sessions() as session:
        own = session.scalars(select(Recusal.id)).one()
    assert "不得由本人解除" in sentence(chief.post(f"/recusals/{own}/lifting", data={"reason": "误报"}))
    assert officer.post(f"/recusals/{own}/lifting", data={"reason": "误报"}).status_code == 403
    assert officer.post("/recusals/", data=RELATIVE | {"staff_no": staff_no(2)}).status_code == 403
    with desk.sessions() as session:
        assert session.scalars(select(Recusal.id)).all() == [own]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit_code": "不存在"}, "选择需要回避的单位"),
        ({"reason": "lazy"}, "选择回避情形"),
        ({"reason": "other", "note": " "}, "写明具体情况"),
        ({"staff_no": "X9"}, "没有工号"),
    ],
)
def test_a_declaration_that_says_too_little_is_refused(visit, story, desk, change, said) -> None:
    assert said in sentence(visit("chief").post("/recusals/", data=RELATIVE | change))
    with desk.sessions() as session:
        assert session.scalar(select(Recusal.id)) is None


def test_a_second_declaration_is_refused(visit, story) -> None:
    officer = visit("officer")
    officer.post("/recusals/", data=RELATIVE)
    assert "不必重复申报" in sentence(officer.post("/recusals/", data=RELATIVE))


def test_others_declarations_are_read_by_chief_and_security_only(visit, story) -> None:
    visit("officer").post("/recusals/", data=RELATIVE)
    for keeper in ("chief", "security"):
        assert "江经办" in words(visit(keeper), "/recusals/")
    for other in ("officer2", "deputy", "liaison", "admin"):
        assert "配偶任该区副区长" not in words(visit(other), "/recusals/")


def test_without_its_token_nothing_is_declared_or_kept(app, visit, story, desk) -> None:
    chief = visit("chief")
    app.config["WTF_CSRF_ENABLED"] = True
    for path in ("/recusals/", "/recusals/1/lifting", "/inspectors", f"/inspectors/{staff_no(2)}/removal"):
        assert chief.post(path, data=RELATIVE | {"reason": "relative"}).status_code == 400, path
    with desk.sessions() as session:
        assert session.scalar(select(Recusal.id)) is None


def test_somebody_new_joins_the_pool_and_his_former_post_bars_him(visit, story, desk, region) -> None:
    """S22, S25: channel, age, experience, speciality and former posts are kept by hand; three years count."""
    officer = visit("officer")
    with desk.sessions() as session:
        number = user_named(session, "verifier").staff_no
    recent = (story.now - timedelta(days=400)).date().isoformat()
    given = entered(story, 0) | {"staff_no": number} | post("QL-LC", "组织部副部长", "2015-01-01", recent)
    page = officer.get("/inspectors/entry").text
    assert number in page
    assert officer.post("/inspectors", data=given).status_code == 302
    assert "澜城区 组织部副部长" in words(officer, f"/inspectors/{number}")
    with desk.sessions() as session:
        user_id = user_named(session, "verifier").id
        assert barred(session, region.unit_a_id, story.now)[user_id] == ("曾任职于被检查单位，离任不满3年",)
    form = officer.get(f"/inspectors/entry?staff_no={number}").text
    assert f'value="{recent}"' in form
    long_ago = given | post("QL-LC", "组织部副部长", "2010-01-01", "2015-01-01") | {"experience_years": "9"}
    assert officer.post("/inspectors", data=long_ago).status_code == 302
    with desk.sessions() as session:
        assert user_id not in barred(session, region.unit_a_id, story.now)
        assert session.scalars(select(Inspector).where(Inspector.user_id == user_id)).one().experience_years == 9


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"staff_no": "X9"}, "没有工号"),
        ({"channel": "street"}, "请选择来源渠道"),
        ({"born_on": "2020-01-01"}, "年龄应在"),
        ({"born_on": "昨天"}, "按“年-月-日”填写"),
        ({"experience_years": "多年"}, "用数字填写"),
        ({"experience_years": "40"}, "与出生日期不符"),
        ({"is_division_head": "1"}, "可以担任组长"),
        (post("QL-LC", "", "", ""), "选择单位并填写职务"),
        (post("QL-LC", "科长", "", "2099-01-01"), "不能晚于今天"),
        (post("QL-LC", "科长", "2020-01-01", "2019-01-01"), "早于任职日期"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(visit, story, desk, change, said) -> None:
    outsider = 3  # of the pool, not of our department
    assert said in sentence(visit("officer").post("/inspectors", data=entered(story, outsider) | change))
    with desk.sessions() as session:
        assert not session.scalars(select(HistoryEntry).where(HistoryEntry.action == "keep_inspector")).all()


def test_who_serves_stays_and_others_leave_with_a_reason(visit, story, desk) -> None:
    story.sent()
    chief = visit("chief")
    serving = next(member.user.staff_no for member in story.team().members if member.duty != "leader")
    assert "先调整检查组人员" in sentence(chief.post(f"/inspectors/{serving}/removal", data={"reason": "退休"}))
    taken = {member.user.staff_no for member in story.team().members}
    free = next(staff_no(number) for number in range(2, 26) if staff_no(number) not in taken)
    assert "理由" in sentence(chief.post(f"/inspectors/{free}/removal", data={"reason": ""}))
    assert chief.post(f"/inspectors/{free}/removal", data={"reason": "退休"}).status_code == 302
    assert chief.get(f"/inspectors/{free}").status_code == 404
    with atomic(desk.sessions) as session:
        assert len(session.scalars(select(Inspector).where(Inspector.is_active)).all()) == 25


@pytest.mark.parametrize("stranger", ["liaison", "member", "auditor", "deputy"])
def test_the_pool_is_kept_by_supervision_only(visit, story, stranger) -> None:
    client = visit(stranger)
    assert client.get("/inspectors/entry").status_code == 403
    assert client.post("/inspectors", data=entered(story, 2)).status_code == 403
    assert client.post(f"/inspectors/{staff_no(2)}/removal", data={"reason": "退休"}).status_code == 403
