"""G13: what an inspection should have seen comes to light afterwards; the organisation department answers for it."""

from datetime import timedelta

from sqlalchemy import select

from tests.journeys.conftest import Begin
from workflows.models import DutyReview, Referral


def test_a_late_exposure_leads_to_track_b(begin: Begin) -> None:
    told = begin()
    told.rectifying(3)
    told.clock.goes_to("2026-09-15")
    page = f"/cases/{told.case_no}"
    chief = told.browser("chief")
    started = chief.submits(page, "/processes/duty_review/instances", {})
    assert started.status_code == 302
    told.as_("chief").does("register_exposure")
    told.as_("officer").does("compare_leads", lead_present="no")
    assert told.caller("chief").is_refused("conclude_duty", duty_conclusion="unreported") == (409, "S68")
    told.as_("chief").does("conclude_duty", duty_conclusion="missed")

    with told.desk.sessions() as session:
        review = session.scalars(select(DutyReview)).one()
    assert (review.review_no, review.conclusion) == ("DC-2026-001", "missed")
    assert review.ref_no in told.referrals()
    assert review.ref_no in chief.reads("/duty-reviews/")
    told.as_("accountability").does("screen")
    with told.desk.sessions() as session:
        tracks = {row.track: row.trigger for row in session.scalars(select(Referral))}
    assert tracks == {"": "duty_fail", "A": "duty_fail", "B": "duty_fail"}
    assert "review_selection" in told.waiting, "track B looks back at who inspected"
    told.is_sound()


def test_what_happened_outside_the_window_is_nobodys_fault(begin: Begin) -> None:
    told = begin()
    told.rectifying(3)
    chief = told.browser("chief")
    chief.submits(f"/cases/{told.case_no}", "/processes/duty_review/instances", {})
    long_ago = (told.clock.today - timedelta(days=3000)).isoformat()
    assert told.caller("chief").is_refused("register_exposure", occurred_on=long_ago) == (409, "S68")
    told.as_("chief").does("register_exposure", exposure_decision="withdraw")
    assert "compare_leads" not in told.waiting
    told.is_sound()
