"""G04: a false rectification goes to accountability on both tracks; neither closes the referral alone."""

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin

WHOLE, A, B = "WZ-2026-001", "WZ-2026-001A", "WZ-2026-001B"
VIOLATION = {"violation_appointment": True, "persons": "某甲（科长）"}
BY = {"inquiry_subject": "decision_makers"}


def test_false_rectification_is_accounted_for_on_both_tracks(begin: Begin) -> None:
    told = begin()
    told.rectifying(1)
    is_found_false(told)
    track_a_is_executed(told)
    is_closed_by_others(told)

    told.reported()
    told.as_("chief").does("decide_sampling", sample="no", sample_reason="整改情况较好，本次不列入")
    told.clock.passes(days=40)
    assert told.referrals()[WHOLE] == "inquiry_approved", "track A alone closes nothing"
    assert "publish" not in told.waiting
    assert told.status == "cleared", "no archive while track B is open"

    told.as_("organ").does("review_selection")
    told.as_("organ").does("conclude_organ")
    assert told.referrals() == {WHOLE: "inquiry_approved", A: "executed", B: "closed_no_action"}
    assert told.status == "archived", "everything is decided"
    told.as_("accountability").does("publish")
    assert told.referrals() == {WHOLE: "closed", A: "closed", B: "closed_no_action"}
    told.is_sound()


def is_found_false(told: Told) -> None:
    told.grants("verifier2", "measure_owner", unit_id=told.region.unit_a_id)
    told.as_("verifier2").does("implement_measures", "F01")
    told.as_("unit_leader").does("check_by_leader", "F01")
    told.as_("liaison").does("submit_for_verification", "F01")
    assert told.caller("verifier2").is_refused("verify") == (403, "four_eyes:implementer×verifier")
    assert told.caller("owner").is_refused("verify") == (404, "404"), "the verifiers' work is not the unit's to see"
    told.as_("verifier").does("verify", outcome="return", false_rectify=True, verify_reason="佐证材料为事后补造")
    finding = told.finding()
    assert (finding["status"], finding["return_count"]) == ("rectifying", 1)
    assert told.deadline("T17", "F01")["due_at"] == "2026-09-21T16:00:00Z"
    assert told.referrals() == {WHOLE: "screening"}


def track_a_is_executed(told: Told) -> None:
    told.as_("accountability").does("screen")
    assert told.referrals() == {WHOLE: "inquiry_approved", A: "screening", B: "inquiry"}
    told.as_("deputy").does("approve_inquiry")
    told.as_("accountability").does("investigate", inquiry_conduct="false_rectify")
    told.as_("accountability").does("propose")
    assert told.waiting >= {"hear"}, "nothing is decided before the person was heard"
    told.as_("accountability").does("hear")
    assert told.caller("accountability").is_refused("decide_chief") == (404, "404")
    told.grants("accountability", "supervision_chief")
    assert told.caller("accountability").is_refused("decide_chief") == (403, "four_eyes:inquirer×decider")
    told.as_("chief").does("decide_chief")
    told.as_("accountability").does("execute")
    assert told.referrals() == {WHOLE: "inquiry_approved", A: "executed", B: "inquiry"}


def is_closed_by_others(told: Told) -> None:
    told.implemented("F01")
    told.as_("verifier").does("verify")
    assert told.caller("verifier").is_refused("approve_closure") == (404, "404")
    told.grants("verifier", "supervision_chief")
    assert told.caller("verifier").is_refused("approve_closure") == (403, "four_eyes:verifier×closer")
    told.as_("chief").does("approve_closure")
    assert (told.finding()["status"], told.finding()["return_count"]) == ("closed", 1)


def test_a_violation_is_not_closed_without_a_decision(begin: Begin) -> None:
    told = begin()
    told.rectifying(5, n0=VIOLATION)
    assert told.referrals() == {WHOLE: "screening"}, "a violation is referred as soon as rectification begins"
    told.implemented()
    is_blocked(told)

    told.as_("accountability").does("screen")
    told.as_("organ").does("review_selection")
    told.as_("organ").does("conclude_organ")
    told.as_("liaison").does("make_good")
    is_blocked(told)  # that the department is not at fault decides nothing about the violation

    told.as_("deputy").does("approve_inquiry")
    told.as_("accountability").does("investigate", inquiry_conduct="violation_appointment", **BY)
    told.as_("accountability").does("propose")
    told.as_("accountability").does("hear")
    told.as_("deputy").does("decide_deputy")
    told.as_("liaison").does("make_good")
    told.as_("verifier").does("verify")
    told.as_("chief").does("approve_closure")
    assert told.finding()["status"] == "closed"

    told.as_("accountability").does("execute")
    told.as_("accountability").does("publish")
    assert told.referrals() == {WHOLE: "inquiry_approved", A: "influence_period", B: "closed_no_action"}
    told.clock.goes_to("2027-03-01")
    assert told.referrals()[A] == "influence_period", "six months from 2026-09-01, and the last day counts"
    told.clock.goes_to("2027-03-02")
    assert told.referrals() == {WHOLE: "closed", A: "closed", B: "closed_no_action"}
    told.is_sound()


def is_blocked(told: Told) -> None:
    """The verification passes, and yet nobody is asked to close."""
    told.as_("verifier").does("verify")
    assert "approve_closure" not in told.waiting
    assert told.task("make_good").context["blockers"] == ["属违规用人问题，尚无问责处理决定"]
    assert told.finding()["status"] in ("verified", "pending_verification")
