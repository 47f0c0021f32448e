"""From leaving the site to the feedback, with a finding of the last round, an objection, and a unit that sees its own only."""

from datetime import timedelta

from sqlalchemy import select

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from tests.workflows.operations.determining import send_exited
from workflows.database import atomic
from workflows.models import InspectionCase, InspectionRound, PriorLink, WorkingPaper

PAPERS = {
    "末位表态不落实": ("C07a", "三次研究干部任免的会议上，主要负责人均首先表态。"),
    "违规破格提拔干部": ("C11", "未经报批提前提拔一名干部，责任在组织部门。"),
}
AMENDED = "破格提拔一名干部，事先报告但未待批复即作出决定，责任在组织部门。"


def leaves_site(told: Told) -> None:
    """The team has left unit A with two papers; an earlier round had found the first matter already."""
    told.registered(0, n0={"category": "C07a", "title": "主要负责人未末位表态"})
    with atomic(told.desk.sessions) as session:
        before = session.scalars(select(InspectionCase)).one()
        session.get_one(InspectionRound, before.round_id).starts_on = told.clock.today - timedelta(days=400)
        round_ = InspectionRound(
            code="12-06", name="第十二届第六轮", kind="regular", linked_tour_round="", starts_on=told.clock.today
        )
        session.add(round_)
        session.flush()
        case = InspectionCase(
            case_no="XR-12-06-001", round_id=round_.id, unit_id=before.unit_id, status="exited",
            entry_date=told.clock.today - timedelta(days=12), exit_date=told.clock.today - timedelta(days=1),
            officer_id=before.officer_id, opened_at=told.clock.now(), facts={},
        )  # fmt: skip
        session.add(case)
        session.flush()
        for number, (title, (category, text)) in enumerate(PAPERS.items(), start=1):
            session.add(
                WorkingPaper(
                    wp_no=f"XR-12-06-001-DG{number:02d}", case_id=case.id, title=title, phenomenon=text, chain="用",
                    category=category, evidence=["会议记录复印件"], authors=["石组长", "柳组员"], status="draft",
                    drafted_at=told.clock.now(),
                )
            )  # fmt: skip
        case_id = case.id
    told.desk.act(send_exited, case_id=case_id, now=told.clock.now())
    told.case_no = "XR-12-06-001"


def sees_only_its_own(told: Told) -> None:
    """The unit checks facts without seeing the case, the papers, the persons or the other material."""
    number = told.task("check_facts").id
    page = told.browser("liaison").reads(f"/tasks/{number}")
    assert "违规破格提拔干部" in page
    told_by_api = told.caller("liaison").call("get", f"/tasks/{number}").text
    instance = told.browser("liaison").reads(f"/instances/{told.task('check_facts').instance_id}")
    for secret in ("郑某", "DG01", "C11", "主要负责人未末位表态", "严重程度", "C07a", "集体会商", "研判", "底稿"):
        assert secret not in instance, secret
        assert secret not in page, secret
        assert secret not in told_by_api, secret
    assert told.browser("liaison").status(f"/cases/{told.case_no}") == 404
    assert told.browser("liaison_b").status(f"/tasks/{number}") == 404
    assert told.caller("liaison").call("get", f"/cases/{told.case_no}").status_code == 404


def test_a_case_is_determined_with_an_objection(begin: Begin) -> None:
    told = begin()
    leaves_site(told)
    violation = {"violation_appointment": True, "persons": "郑某（组织部长）"}
    told.as_("member").does("sort_papers", special={"n1": violation})
    offered = told.caller("member").sees(f"/tasks/{told.task('analyse_findings').id}")
    assert offered["given"]["links"][0]["advice"].startswith("关联底稿“末位表态不落实”：老问题未整改到位")
    told.as_("member").does("analyse_findings", policy_unclear=True, policy_question="先报告后决定是否算未报批？")
    told.as_("policy").does("consult_policy")
    assert told.caller("member").is_refused("consult") == (403, "role")
    told.as_("leader").does("consult")
    sees_only_its_own(told)
    told.as_("liaison").does("check_facts", disputed=(2,))
    assert told.deadline("T07")["is_paused"] is True
    told.clock.goes_to("2026-09-03")
    told.as_("leader").does("review_facts", fact_ruling="amend", amended_text=AMENDED)
    assert (told.deadline("T07")["is_paused"], told.deadline("T07")["paused_days"]) == (False, 2)
    told.as_("member").does("draft_report")
    assert told.caller("leader").is_refused("review_report") == (403, "role")
    told.as_("chief").does("review_report")
    told.as_("council").does("hold_council")
    first, second = told.finding("F01"), told.finding("F02")
    assert (told.status, first["watch"], second["severity"], second["text"]) == (
        "feedback_pending", True, "serious", AMENDED,
    )  # fmt: skip
    with told.desk.sessions() as session:
        assert [link.kind for link in session.scalars(select(PriorLink))] == ["old_uncorrected"]
    assert {"feed_back_one_to_one", "draft_circular"} <= told.waiting
    assert "末位表态不落实" in told.browser("chief").reads("/watch-list/")
    assert "1 次，上次为 XR-12-04-001-F01" in told.browser("chief").reads(f"/findings/{told.no('F01')}")
    told.is_sound()


def test_on_pages_and_in_silence(begin: Begin) -> None:
    told = begin(on_pages=True)
    leaves_site(told)
    told.as_("member").does("sort_papers")
    told.as_("member").does("analyse_findings", link_answer="deny")
    told.as_("leader").does("consult")
    told.clock.goes_to("2026-09-05")
    assert "check_facts" not in told.waiting, "three working days without an answer"
    assert "单位在规定期限内没有答复，视为对事实无异议" in told.history()
    told.as_("member").does("draft_report")
    told.as_("chief").does("review_report")
    told.as_("council").does("hold_council")
    assert (told.status, told.finding()["watch"]) == ("feedback_pending", False)
    told.is_sound()
