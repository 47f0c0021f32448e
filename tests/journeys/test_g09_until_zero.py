"""G09: looked at again and again until nothing is left; the third cycle brings accountability and the deputy minister."""

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin

REFERRAL = "WZ-2027-001"


def test_three_cycles_until_zero(begin: Begin) -> None:
    told = begin()
    told.rectifying(5)
    told.closed("F01")
    told.reported()
    assert (told.status, told.waiting) == ("revisit_due", set()), "a serious finding must be looked at again"
    told.clock.goes_to("2027-06-02")
    for cycle in (1, 2, 3):
        is_not_in_place(told, cycle)
    assert told.referrals() == {REFERRAL: "screening"}
    assert told.waiting == {"supervise_personally", "screen"}
    told.as_("deputy").does("supervise_personally")

    told.looked_at_again()
    assert (told.status, told.finding()["status"]) == ("zeroed", "consolidated")
    told.as_("chief").does("announce_zero")
    assert told.status == "zeroed", "no archive before the referral is decided"
    told.as_("accountability").does("screen", screening_decision="reject")
    assert told.referrals() == {REFERRAL: "screening"}, "a rejection needs the deputy minister"
    told.as_("deputy").does("approve_rejection")
    assert told.referrals() == {REFERRAL: "rejected"}
    assert (told.status, told.finding()["status"]) == ("archived", "archived")
    assert [row["round_no"] for row in told.finding()["closures"]] == [1, 2, 3, 4]
    acts = told.history()
    assert [acts.count(f"启动第{cycle}轮回头看") for cycle in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert acts.count(f"移送问责：{REFERRAL}") == 1
    told.is_sound()


def is_not_in_place(told: Told, cycle: int) -> None:
    """One cycle: not in place, demanded again on both channels, rectified and closed in the next round."""
    assert (told.status, told.case()["revisit_cycle"]) == ("revisit_due", cycle - 1)
    told.looked_at_again(F01="not_in_place")
    assert told.status == "revisiting"
    told.demanded_again()
    finding = told.finding()
    assert (finding["status"], finding["round_no"], finding["watch"]) == ("rectifying", cycle + 1, True)
    assert (told.status, told.case()["open"], told.ledger_row()["watch"]) == ("rectifying", 1, "是")
    assert told.deadline("D4", "F01")["due_at"] <= told.deadline("T20")["due_at"]
    assert told.referrals() == {}
    told.clock.passes(days=20)
    told.closed("F01")
    assert told.deadline("T20")["light"] == "closed"
    assert told.finding()["closed_no"] == f"XH-2027-000{cycle}"


def test_an_open_finding_cannot_be_called_consolidated(begin: Begin) -> None:
    told = begin()
    told.rectifying(5)
    told.clock.goes_to("2027-03-02")
    told.reported()
    assert (told.status, told.case()["open"]) == ("revisit_due", 1)
    told.revisit_team_formed()
    items = [{"finding_no": told.no("F01"), "result": "consolidated", "note": "已现场查看"}]
    assert told.caller("leader").is_refused("review_on_site", review_items=items) == (409, "revisit_open")
    told.is_sound()
