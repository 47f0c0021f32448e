"""G05: the unit objects to a finding; the clocks stand still, the objection is upheld, the rest goes on."""

from tests.journeys.conftest import Begin

OBJECTION = "情况与事实有出入，有原始记录可以证明，请予复核。"


def test_an_upheld_objection_takes_the_finding_off_and_costs_no_time(begin: Begin) -> None:
    told = begin()
    told.registered(2, 3)
    told.told()
    told.clock.goes_to("2026-09-03")
    mute = [{"finding_no": told.no(key), "accepted": False, "comment": ""} for key in ("F01", "F02")]
    assert told.caller("principal").is_refused("acknowledge_findings", acknowledgements=mute) == (409, "S77")
    told.as_("principal").does("acknowledge_findings", refused={told.no("F01"): OBJECTION})
    assert [told.finding(key)["status"] for key in ("F01", "F02")] == ["under_objection", "acknowledged"]
    assert told.waiting == {"review_objections"}
    assert told.case()["open"] == 2
    for rule in ("T10", "T12", "T13"):
        assert (told.deadline(rule)["is_paused"], told.deadline(rule)["light"]) == (True, "none")

    told.clock.goes_to("2026-09-24")
    assert told.letters("报送整改方案") == [], "three weeks, and nothing has come nearer"
    told.as_("officer").does("review_objections", ruling="withdraw")
    assert [told.finding(key)["status"] for key in ("F01", "F02")] == ["not_upheld", "acknowledged"]
    assert (told.status, told.case()["open"]) == ("planning", 1)
    limit = told.deadline("T10")
    assert (limit["is_paused"], limit["paused_days"]) == (False, 21)
    assert (limit["original_due_at"], limit["due_at"]) == ("2026-09-21T16:00:00Z", "2026-10-12T16:00:00Z")
    assert "F01" not in {row["finding_no"][-3:] for row in told.chief.sees("/ledger")["rows"]}

    told.planned()
    assert [row["finding_no"] for row in told.chief.sees("/ledger")["rows"]] == [told.no("F02")]
    told.closed("F02")
    told.reported()
    told.as_("chief").does("decide_sampling")
    assert (told.status, told.finding("F01")["status"]) == ("archived", "not_upheld")
    assert f"答复{told.no('F01')}的异议" in told.history()
    told.is_sound()


def test_a_maintained_objection_is_rectified_after_all(begin: Begin) -> None:
    told = begin()
    told.registered(2)
    told.told()
    told.as_("principal").does("acknowledge_findings", refused={told.no("F01"): OBJECTION})
    told.as_("officer").does("review_objections", ruling="maintain")
    assert (told.finding()["status"], told.status) == ("acknowledged", "planning")
    told.planned()
    assert told.finding()["status"] == "rectifying"
    told.is_sound()


def test_a_case_whose_only_finding_falls_is_archived(begin: Begin) -> None:
    told = begin()
    told.registered(2)
    told.told()
    told.as_("principal").does("acknowledge_findings", refused={told.no("F01"): OBJECTION})
    told.as_("officer").does("review_objections", ruling="withdraw")
    assert (told.status, told.waiting) == ("archived", set())
    told.clock.passes(days=40)
    assert told.notices() == [], "there is no plan to be late with"
    told.is_sound()
