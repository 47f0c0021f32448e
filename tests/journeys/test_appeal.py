"""An appeal against a decision (T22.appeal): registered on the page, reviewed by the council, never twice, never late."""

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from tests.journeys.test_g04_false_rectification import BY, VIOLATION, A

REASON = "本人认为处理过重，请予复核。"


def test_a_decision_is_appealed_and_upheld(begin: Begin) -> None:
    told = begin()
    told.rectifying(5, n0=VIOLATION)
    told.as_("accountability").does("screen")
    assert files(told, "accountability") == 409, "nothing is decided yet"
    is_decided(told)

    assert files(told, "chief") == 403, "appeals are registered by the officer in charge"
    assert "受理申诉" in told.browser("accountability").reads(f"/cases/{told.case()['case_no']}")
    assert files(told, "accountability") == 302
    assert told.referrals()[A] == "appealed"
    assert files(told, "accountability") == 409, "one review at a time"

    told.as_("accountability").does("examine_appeal")
    told.as_("council").does("decide_appeal", appeal_result="upheld")
    assert told.referrals()[A] == "upheld"
    told.is_sound()


def test_a_late_appeal_is_not_taken(begin: Begin) -> None:
    told = begin()
    told.rectifying(5, n0=VIOLATION)
    told.as_("accountability").does("screen")
    is_decided(told)
    told.clock.passes(days=40)
    assert files(told, "accountability") == 409
    assert "examine_appeal" not in told.waiting


def is_decided(told: Told) -> None:
    told.as_("deputy").does("approve_inquiry")
    told.as_("accountability").does("investigate", inquiry_conduct="violation_appointment", **BY)
    told.as_("accountability").does("propose")
    told.as_("accountability").does("hear")
    told.as_("deputy").does("decide_deputy")
    assert told.referrals()[A] == "decided"


def files(told: Told, name: str) -> int:
    """The status of the answer when this person registers an appeal on the case's page."""
    page = f"/cases/{told.case()['case_no']}"
    browser = told.browser(name)
    token = browser.page(page).xpath("//meta[@name='csrf-token']/@content")[0]
    return browser.client.post(
        f"{page}/referrals/{A}/appeals", data={"csrf_token": token, "text": REASON}
    ).status_code
