"""Calendar, feed, shared occasions, the working-day table in two hands, and the risk page."""

from datetime import date

import icalendar
import pytest
from sqlalchemy import select

from workflows.commands import occasions
from workflows.documents.icalendar_feed import Event, feed, folded
from workflows.models import CalendarProposal, CalendarVersion, Deadline, User
from workflows.workdays import NoticeRefused, read_notice, seed_calendar, whole_years

NOTICE = "2027-02-05至2027-02-11 放假 春节\n2027-02-20 上班\n2027-01-01 放假 元旦"


def test_every_bad_line_of_a_notice_is_named_and_nothing_is_half_read():
    with pytest.raises(NoticeRefused) as no:
        read_notice("2027-02-05 放假 春节\n2027-02-30 放假\n下周一 上班\n2027-02-05 上班")
    assert all(place in str(no.value) for place in ("第2行", "第3行", "第4行"))
    assert "第1行" not in str(no.value)
    days = read_notice("2027-02-05 放假 / 2027-02-20 上班")
    assert [(each.day, each.is_workday) for each in days] == [(date(2027, 2, 5), False), (date(2027, 2, 20), True)]


def test_a_year_becomes_certain_only_by_its_own_notice_and_loses_what_was_provisional():
    old, days = seed_calendar(), read_notice(NOTICE)
    whole = whole_years(days, old, 2027)
    provisional = set(old.exceptions_within(date(2027, 1, 1), date(2027, 12, 31)))
    assert provisional <= {each.day for each in whole}
    with pytest.raises(NoticeRefused, match="2028"):
        whole_years(days, old, 2028)
    with pytest.raises(NoticeRefused, match="不能改回"):
        whole_years(days, old, old.last_certain_year - 1)


def test_a_second_person_publishes_the_working_days(visit, rectifying, desk):
    admin, chief = visit("admin"), visit("chief")
    typed = {"days": NOTICE, "last_certain_year": "2027", "note": "国办发明电〔2026〕7号"}
    assert "影响预览" in admin.post("/calendar/preview", data=typed).text
    assert admin.post("/calendar/preview", data=typed | {"days": "乱写"}).status_code == 409
    assert chief.post("/calendar/proposals", data=typed).status_code == 403
    assert admin.post("/calendar/proposals", data=typed).status_code == 302
    with desk.sessions() as session:
        number = session.scalars(select(CalendarProposal.id)).one()
    before = _versions(desk)
    assert admin.post(f"/calendar/proposals/{number}/publication").status_code == 409, "not his own"
    assert _versions(desk) == before
    assert chief.get(f"/calendar/proposals/{number}").status_code == 200
    assert chief.post(f"/calendar/proposals/{number}/publication").status_code == 302
    assert _versions(desk) == before + 1
    with desk.sessions() as session:
        due_2027 = session.scalars(select(Deadline).where(Deadline.is_provisional, Deadline.met_at.is_(None))).all()
        assert all(row.due_at.year > 2027 for row in due_2027), "2027 is certain now"


def test_the_feed_is_valid_shows_what_the_owner_may_see_and_dies_with_the_secret_and_the_account(
    visit, rectifying, desk
):
    liaison = visit("liaison")
    address = liaison.post("/agenda/feed").text.split('value="http')[1].split('"')[0]
    path = "/agenda/feed/" + address.rsplit("/", 1)[1]
    stranger = liaison.application.test_client()
    answer = stranger.get(path)
    assert answer.mimetype == "text/calendar"
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert events, "the unit's deadlines"
    assert len({str(each["UID"]) for each in events}) == len(events)
    again = icalendar.Calendar.from_ical(stranger.get(path).data).walk("VEVENT")
    assert {str(each["UID"]) for each in again} == {str(each["UID"]) for each in events}
    assert all(type(each["DTSTART"].dt) is date for each in events)
    other = visit("liaison_b").post("/agenda/feed").text.split('value="http')[1].split('"')[0].rsplit("/", 1)[1]
    assert not icalendar.Calendar.from_ical(stranger.get(f"/agenda/feed/{other}").data).walk("VEVENT"), (
        "unit B has none"
    )
    liaison.post("/agenda/feed")
    assert stranger.get(path).status_code == 404, "renewed"
    with desk.sessions() as session:
        session.scalars(select(User).where(User.login == "liaison_b")).one().is_active = False
        session.commit()
    assert stranger.get(f"/agenda/feed/{other}").status_code == 404, "disabled"
    assert stranger.get("/agenda/feed/nonsense.ics").status_code == 404


def test_text_is_escaped_and_lines_are_folded_by_octets(now):
    event = Event("x-1", date(2026, 9, 30), date(2026, 9, 30), "甲；a,b;c\\d\n" + "很长的事项" * 30)
    content = feed("日历", [event], now=now, host="example.org")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (back,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(back["SUMMARY"]) == event.summary
    assert back["DTEND"].dt == date(2026, 10, 1)
    assert folded("短") == "短\r\n"


def test_a_joint_milestone_is_seen_by_the_tour_and_the_team_and_not_by_the_unit(visit, rectifying, region, desk):
    with desk.sessions() as session:
        round_id = session.scalars(select(occasions.InspectionRound.id)).first()
    entry = {"kind": "milestone", "title": "联合反馈", "starts_on": "2026-09-10", "round": str(round_id)}
    assert visit("tour_office").post("/agenda/occasions", data=entry).status_code == 403
    assert visit("officer").post("/agenda/occasions", data=entry | {"round": ""}).status_code == 409
    assert visit("officer").post("/agenda/occasions", data=entry).status_code == 302
    for name in ("tour_office", "officer", "chief"):
        assert "联合反馈" in visit(name).get("/agenda/?day=2026-09-01").text, name
    assert "联合反馈" not in visit("liaison").get("/agenda/?day=2026-09-01&whose=region").text
    assert visit("liaison").get("/agenda/occasions").status_code == 403


@pytest.mark.parametrize(
    "address", ["/agenda/", "/agenda/?view=7", "/agenda/?view=30&whose=region", "/forecast/", "/forecast/reliability"]
)
def test_the_pages_open_before_anything_is_known(visit, rectifying, address):
    assert visit("chief").get(address).status_code == 200


def _versions(desk) -> int:
    with desk.sessions() as session:
        return session.scalars(select(CalendarVersion.number).order_by(CalendarVersion.number.desc())).first()
