"""G01: a clean unit: everything is looked at, nothing is found, the leader answers for it, the case ends in the archive."""

from sqlalchemy import select

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from tests.site import CASE_NO, make_ready
from workflows.models import CoachingLog, Interview, ZeroDeclaration

SITE = f"/cases/{CASE_NO}/onsite"


def test_a_clean_unit_from_entry_to_archive(begin: Begin) -> None:
    told = begin(on_pages=True)
    told.desk.act(make_ready, region=told.region, now=told.clock.now())
    told.case_no = CASE_NO
    has_entered(told)
    has_looked_at_everything(told)
    has_left(told)
    is_determined(told)
    is_archived(told)
    told.is_sound()


def has_entered(told: Told) -> None:
    page = told.browser("leader").reads(SITE)
    assert "条件均已具备" in page
    assert "报告关系分管副部长" in page
    told.as_("leader").does("announce_entry")
    assert told.status == "onsite"
    assert "报告关系巡视组组长" in told.browser("leader").reads(SITE)
    assert told.browser("principal").status(SITE) == 403


def has_looked_at_everything(told: Told) -> None:
    told.as_("leader").does("hear_report")
    told.as_("member").does("hold_talks")
    told.as_("member").does("spot_check")
    told.as_("member2").does("coach")
    told.as_("leader").does("demand_immediate")
    told.as_("member").does("register_leads")
    assert "清单覆盖率0%" in told.browser("leader").reads(SITE)
    told.as_("member").does("check_items")
    assert "线索尚未办结" in told.browser("leader").reads(SITE)
    while "screen_lead" in told.waiting:
        told.as_("leader").does("screen_lead")
        told.as_("member").does("verify_lead")
        told.as_("leader").does("conclude_lead", conclusion="rebutted")
    told.as_("member").does("draft_papers")
    with told.desk.sessions() as session:
        assert len(session.scalars(select(Interview)).all()) == 3
        assert len(session.scalars(select(CoachingLog)).all()) == 1


def has_left(told: Told) -> None:
    assert told.waiting == {"declare_zero"}
    told.as_("leader").does("declare_zero")
    told.clock.goes_to("2026-09-06")
    assert told.caller("leader").is_refused("leave") == (409, "S26"), "day 6"
    told.clock.goes_to("2026-09-07")
    told.as_("leader").does("leave")
    assert told.case()["status"] in ("exited", "determining")
    assert "报告关系分管副部长" in told.browser("leader").reads(SITE)
    with told.desk.sessions() as session:
        assert session.scalars(select(ZeroDeclaration)).one().withdrawn_at is None


def is_determined(told: Told) -> None:
    told.as_("member").does("analyse_findings")
    told.as_("member").does("draft_report")
    told.as_("chief").does("review_report")
    told.as_("council").does("hold_council")
    assert told.status == "feedback_pending"


def is_archived(told: Told) -> None:
    told.told()
    assert (told.status, told.case()["open"]) == ("archived", 0)
    acts = told.history()
    milestones = ["进驻检查，报告关系：巡视组组长", "清单检查覆盖率100%，有问题0项", "组长作出零问题声明",
                  "离点，共进驻7天，报告关系：分管副部长"]  # fmt: skip
    places = [acts.index(act) for act in milestones]
    assert places == sorted(places)
