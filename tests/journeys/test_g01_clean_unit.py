"""G01: a clean unit: everything is looked at, nothing is found, the leader answers for it, the case ends in the archive."""

from sqlalchemy import select

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from tests.journeys.planners import Preparers
from tests.workflows.operations.preparing import CASE_NO
from workflows.models import CoachingLog, Interview, ZeroDeclaration

SITE = f"/cases/{CASE_NO}/onsite"
ENTRY, DAY_SIX, DAY_SEVEN = "2026-09-16", "2026-09-21", "2026-09-22"


def test_a_clean_unit_from_preparation_to_archive(begin: Begin) -> None:
    told = begin(on_pages=True)
    is_prepared(told)
    has_entered(told)
    has_looked_at_everything(told)
    has_left(told)
    is_determined(told)
    is_archived(told)
    told.is_sound()


def is_prepared(told: Told) -> None:
    told.case_no = CASE_NO
    preparers = Preparers(told, CASE_NO)
    preparers.begun().dossier_done().team_done().plan_drafted().plan_approved().trained().notice()
    assert told.status == "notified"
    told.clock.goes_to(ENTRY)


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
    told.as_("inspector1").does("hold_talks")
    told.as_("inspector1").does("spot_check")
    told.as_("inspector2").does("coach")
    told.as_("leader").does("demand_immediate")
    told.as_("inspector1").does("register_leads")
    assert "清单覆盖率0%" in told.browser("leader").reads(SITE)
    told.as_("inspector1").does("check_items")
    assert "线索尚未办结" in told.browser("leader").reads(SITE)
    while "screen_lead" in told.waiting:
        told.as_("leader").does("screen_lead")
        told.as_("inspector1").does("verify_lead")
        told.as_("leader").does("conclude_lead", conclusion="rebutted")
    told.as_("inspector1").does("draft_papers")
    with told.desk.sessions() as session:
        assert len(session.scalars(select(Interview)).all()) == 3
        assert len(session.scalars(select(CoachingLog)).all()) == 1


def has_left(told: Told) -> None:
    assert told.waiting == {"declare_zero"}
    told.as_("leader").does("declare_zero")
    told.clock.goes_to(DAY_SIX)
    assert told.caller("leader").is_refused("leave") == (409, "S26")
    told.clock.goes_to(DAY_SEVEN)
    told.as_("leader").does("leave")
    assert told.case()["status"] in ("exited", "determining")
    assert "报告关系分管副部长" in told.browser("leader").reads(SITE)
    with told.desk.sessions() as session:
        assert session.scalars(select(ZeroDeclaration)).one().withdrawn_at is None


def is_determined(told: Told) -> None:
    told.as_("inspector1").does("analyse_findings")
    told.as_("inspector1").does("draft_report")
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
