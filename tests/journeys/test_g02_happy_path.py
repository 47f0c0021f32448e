"""G02: the whole way from approved findings to zero, in the browser, each step as the person whose it is."""

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin


def test_from_approved_findings_to_zero(begin: Begin) -> None:
    told = begin(on_pages=True)
    is_fed_back(told)
    is_planned(told)
    is_closed(told)
    is_zeroed(told)
    told.is_sound()


def is_fed_back(told: Told) -> None:
    told.registered(0, 1)
    case_page, principal, stranger = f"/cases/{told.case_no}", told.browser("principal"), told.browser("liaison_b")
    assert told.status == "feedback_pending"
    assert principal.status(case_page) == 404, "nothing is told to the unit before the feedback"
    told.told()
    assert told.status == "fed_back"
    assert "已反馈" in principal.reads(case_page)
    assert [told.finding(key)["status"] for key in ("F01", "F02")] == ["fed_back"] * 2
    task = told.task("acknowledge_findings")
    for address in (case_page, f"/findings/{told.no('F01')}", f"/tasks/{task.id}"):
        assert stranger.status(address) == 404
    reply = stranger.client.post(f"/tasks/{task.id}/completion", data={})
    assert reply.status_code == 400, "a form without its token is not even read"
    assert told.caller("liaison_b").is_refused("acknowledge_findings") == (404, "404")
    principal.does("acknowledge_findings")
    assert told.finding()["status"] == "acknowledged"
    assert (told.status, told.deadline("T09")["light"]) == ("planning", "closed")


def is_planned(told: Told) -> None:
    told.as_("liaison").does("found_leading_group")
    half = told.answer(told.task("draft_plan"), {})["measures"][:1]
    assert told.caller("liaison").is_refused("draft_plan", measures=half) == (409, "S87")
    late = [{**row, "due_date": "2027-08-31"} for row in told.answer(told.task("draft_plan"), {})["measures"]]
    assert told.caller("liaison").is_refused("draft_plan", measures=late) == (409, "D4")
    told.as_("liaison").does("draft_plan")
    assert told.deadline("T10")["met_at"] is None, "a draft is no plan"
    told.as_("principal").does("sign_plan")
    assert told.deadline("T10")["light"] == "closed"
    told.as_("officer").does("review_plan")
    assert told.status == "rectifying"
    assert (told.ledger_row("F01")["due"], told.ledger_row("F01")["light"]) == ("2026-09-21", "green")
    assert (told.ledger_row("F02")["due"], told.ledger_row("F02")["light"]) == ("2026-12-01", "none")


def is_closed(told: Told) -> None:
    told.clock.goes_to("2026-09-10")
    for number, finding in enumerate(("F01", "F02"), start=1):
        told.as_("owner").does("implement_measures", finding)
        told.as_("unit_leader").does("check_by_leader", finding)
        assert told.finding(finding)["status"] == "rectifying"
        told.as_("liaison").does("submit_for_verification", finding)
        assert told.finding(finding)["status"] == "pending_verification"
        told.as_("verifier").does("verify", finding)
        assert told.finding(finding)["status"] == "verified"
        told.as_("chief").does("approve_closure", finding)
        assert (told.finding(finding)["status"], told.case()["open"]) == ("closed", 2 - number)
        assert told.finding(finding)["closed_no"] == f"XH-2026-000{number}"
    row = told.ledger_row("F01")
    assert (row["light"], row["completion"], row["extensions"]) == ("closed", "已完成", 0)
    assert row["closure"].startswith("XH-2026-0001")
    assert "XH-2026-0001" in told.browser("principal").reads("/ledger/")
    assert told.letters("单项整改时限") == []
    assert told.notices() == []


def is_zeroed(told: Told) -> None:
    told.reported()
    assert told.status == "cleared"
    told.as_("chief").does("decide_sampling", sample="yes", sample_reason="列入本年度抽查范围")
    assert (told.status, told.waiting) == ("revisit_due", set())
    told.clock.goes_to("2027-06-01")
    assert told.waiting == set(), "three months after concentrated rectification, 2027-03-01"
    told.clock.goes_to("2027-06-02")
    told.looked_at_again()
    assert (told.status, told.finding()["status"]) == ("zeroed", "consolidated")
    told.as_("chief").does("announce_zero")
    assert (told.status, told.finding()["status"]) == ("archived", "archived")
    assert "已归档" in told.browser("principal").reads(f"/cases/{told.case_no}")
    assert told.referrals() == {}
    acts = told.history()
    milestones = ["部务会审定2个问题", "反馈2个问题，原文冻结", "认领问题，有异议0项", "会审整改方案：通过",
                  "销号：XH-2026-0002", "整改结账：已清零，未销号0个", "第1轮回头看：清零见底"]  # fmt: skip
    places = [acts.index(act) for act in milestones]
    assert places == sorted(places)
