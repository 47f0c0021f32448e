"""G12: whoever must keep away from a unit is kept out of its team: on the form, through the API, when work is passed on."""

from datetime import timedelta

from sqlalchemy import select

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from tests.people import recuse
from tests.pool import settle_pool, staff_no
from tests.site import CASE_NO, make_ready
from workflows.commands.desk import Work
from workflows.database import atomic
from workflows.models import InspectionCase, InspectionRound, Inspector, Team, User
from workflows.records import messages

COUSIN, FORMER = 2, 3  # places in the pool
CONFLICT = "有应当回避的人员"


def test_nobody_who_must_keep_away_is_chosen_on_the_page_or_through_the_api(begin: Begin) -> None:
    told = begin(on_pages=True)
    is_being_prepared(told)
    told.as_("officer").does("nominate_leader")
    page = told.browser("officer").reads(f"/tasks/{told.task('select_members').id}")
    assert "已申报回避：亲属关系" in page
    assert "曾任职于被检查单位，离任不满3年" in page
    fit = told.task("select_members").context["team_draft"]["rows"]
    assert not {staff_no(COUSIN), staff_no(FORMER)} & {row["person"] for row in fit}
    for person, way in ((COUSIN, told.browser("officer")), (FORMER, told.caller("officer"))):
        way.does("select_members", members=[*fit[:5], {"person": staff_no(person), "duty": "member"}])
        assert "authorise_dispatch" not in told.waiting
        assert told.task("select_members").context["violations"] == [CONFLICT]
    assert CONFLICT in told.browser("officer").reads(f"/tasks/{told.task('select_members').id}")
    told.as_("officer").does("select_members", members=fit)
    told.as_("deputy").does("authorise_dispatch")
    with told.desk.sessions() as session:
        team = session.scalars(select(Team)).one()
        assert len(team.members) == len(fit) + 1
    told.is_sound()


def test_a_leader_who_must_keep_away_is_refused(begin: Begin) -> None:
    told = begin()
    is_being_prepared(told)
    recuse(told.desk.sessions, told.region, "head", told.region.unit_a_id, told.clock.now())
    assert told.task("nominate_leader").context["suggestion"]["leader"] is not None
    assert told.caller("officer").is_refused("nominate_leader", leader=staff_no(0)) == (409, "recusal")
    told.as_("officer").does("nominate_leader", leader=staff_no(1))


def test_work_on_site_does_not_reach_who_must_keep_away(begin: Begin) -> None:
    told = begin()
    told.desk.act(make_ready, region=told.region, now=told.clock.now())
    told.case_no = CASE_NO
    told.as_("leader").does("announce_entry", entry_date=told.clock.today.isoformat())
    recuse(told.desk.sessions, told.region, "member", told.region.unit_a_id, told.clock.now())
    has_left_the_unit(told, "member2", days=400)
    task = told.task("check_items")
    for name in ("member", "member2"):
        caller = told.caller(name)
        assert task.id not in {row["id"] for row in caller.sees("/tasks?scope=claimable&limit=200")["tasks"]}
        assert caller.call("post", f"/tasks/{task.id}/claim").status_code in (403, 404)
        assert caller.call("post", f"/tasks/{task.id}/completion", json={"answer": {}}).status_code in (403, 404)
        assert caller.call("get", f"/cases/{CASE_NO}").status_code == 404
        is_not_passed_on(told, task.id, name)
    acts = told.history()
    assert "进驻检查，报告关系：巡视组组长" in acts


def is_not_passed_on(told: Told, task_id: int, name: str) -> None:
    """The chief is not offered the person, and is refused when he names him all the same."""
    chief = told.browser("chief")
    user_id = told.region.actors[name].user_id
    page = chief.page(f"/tasks/{task_id}")
    assert str(user_id) not in page.xpath("//select[@name='receiver']/option/@value")
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    named = {"csrf_token": token, "receiver": str(user_id), "reason": "工作需要"}
    answer = chief.client.post(f"/tasks/{task_id}/reassignment", data=named)
    assert answer.status_code == 403
    assert "回避" in answer.text


def is_being_prepared(told: Told) -> None:
    """A case of unit A is created; of the pool, one is a relative there and one left it a year ago."""
    settle_pool(told.desk.sessions, told.region, told.clock.now())
    recuse(told.desk.sessions, told.region, "inspector1", told.region.unit_a_id, told.clock.now())
    has_left_the_unit(told, "inspector2", days=400)
    told.desk.act(_create, told=told, now=told.clock.now())
    told.case_no = CASE_NO


def has_left_the_unit(told: Told, name: str, *, days: int) -> None:
    """The person held a post in unit A until so many days ago."""
    left = (told.clock.today - timedelta(days=days)).isoformat()
    posts = [{"unit_id": told.region.unit_a_id, "unit": "澜城区", "post": "组织部干部科科长", "to": left}]
    with atomic(told.desk.sessions) as session:
        user = session.scalars(select(User).where(User.login == name)).one()
        row = session.scalar(select(Inspector).where(Inspector.user_id == user.id))
        if row is None:
            row = Inspector(
                user_id=user.id, channel="dept", born_on=told.clock.today.replace(year=1985), experience_years=8,
                speciality="cadre", post_kind="rank",
            )  # fmt: skip
            session.add(row)
        row.posts = posts


def _create(work: Work, *, told: Told, now: object) -> None:
    round_ = work.session.get_one(InspectionRound, told.region.round_id)
    case = InspectionCase(
        case_no=CASE_NO, round_id=round_.id, unit_id=told.region.unit_a_id, status="approved",
        opened_at=told.clock.now(), officer_id=told.region.officer.user_id, facts={},
    )  # fmt: skip
    work.session.add(case)
    work.session.flush()
    messages.send(
        work.session, name="case.created", key=CASE_NO, now=told.clock.now(), case_id=case.id, unit_id=case.unit_id
    )
