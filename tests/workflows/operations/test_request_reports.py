"""Requests go up the reporting line, which turns to the tour's leader at entry and back at exit (P03c, S46, S47)."""

import pytest
from sqlalchemy import select, update

from tests.people import Region
from tests.workflows.operations.stay import Stay
from workflows.commands.desk import Desk
from workflows.models import InspectionRound, RequestReport
from workflows.policy.reporting import reporting_line


@pytest.fixture
def stay(desk: Desk, region: Region, now) -> Stay:
    return Stay(desk, region, now).ready()


def asked(stay: Stay, level: str = "major") -> Stay:
    stay.starts("leader", "request_report")
    return stay.does("leader", "write_request", level=level, text="发现重大选人用人问题线索，拟调整检查安排。")


def report(stay: Stay) -> RequestReport:
    with stay.desk.sessions() as session:
        return session.scalars(select(RequestReport).order_by(RequestReport.id.desc())).first()


def test_the_same_matter_goes_to_another_role_before_and_after_entry(stay):
    asked(stay)
    assert stay.tasks("reply_by_minister")[0].role == "deputy_minister"
    stay.entered()
    asked(stay)
    assert stay.tasks("reply_by_tour")[0].role == "tour_leader"


def test_a_round_of_our_own_reports_home_all_the_time(stay):
    stay.change(lambda session: session.execute(update(InspectionRound).values(linked_tour_round="")))
    asked(stay.entered())
    assert report(stay).to_role == "deputy_minister"


@pytest.mark.parametrize("status", ["notified", "exited", "determining"])
def test_off_site_the_line_leads_home(status):
    assert reporting_line(status, "第四轮巡视") == "deputy_minister"


def test_a_major_matter_is_reminded_after_a_day_and_escalated_after_two(stay):
    asked(stay.entered())
    stay.later(hours=23).wake()
    assert not stay.notified("请答复请示报告")
    stay.later(hours=2).wake()
    assert stay.notified("请答复请示报告")
    assert not stay.notified("请示报告逾期未答复")
    stay.later(hours=24).wake()
    assert stay.notified("请示报告逾期未答复")
    assert report(stay).escalated_at is not None


def test_a_reply_ends_it_and_reaches_the_leader(stay):
    asked(stay.entered(), "routine").does("tour_leader", "reply_by_tour", reply="同意，请抓紧核实。")
    found = report(stay)
    assert (found.reply, found.replied_by_id) == ("同意，请抓紧核实。", stay.region.tour_leader.user_id)
    assert stay.notified(f"请示报告已答复：{found.report_no}")
    assert not {"reply_by_tour", "write_request"} & stay.open()
