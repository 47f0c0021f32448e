"""G03: the plan is late; by time alone level one and two follow, receipts are given, then it is handed in."""

from tests.journeys.conftest import Begin

LATE = "报送整改方案"


def test_a_late_plan_is_pressed_level_by_level_until_it_comes(begin: Begin) -> None:
    told = begin()
    told.registered(5, 6, 7)
    told.told()
    told.as_("principal").does("acknowledge_findings")
    told.as_("liaison").does("found_leading_group")
    assert told.deadline("T10")["due_at"] == "2026-09-21T16:00:00Z"

    told.clock.goes_to("2026-09-21")
    assert told.letters(LATE) == [("yellow", "2026-09-11"), ("final", "2026-09-18")]
    assert (told.deadline("T10")["light"], told.notices()) == ("yellow", [])
    told.as_("liaison").does("draft_plan")  # a draft that lies unsigned is no plan

    told.clock.goes_to("2026-09-22")
    assert told.letters(LATE)[2:] == [("red", "2026-09-22")]
    assert (told.deadline("T10")["light"], told.deadline("T10")["level"]) == ("red", 1)
    assert told.notices() == [(1, "督办通知书", "issued")]
    told.as_("liaison").does("sign_notice")
    assert told.notices() == [(1, "督办通知书", "answered")]

    told.clock.goes_to("2026-09-27")
    assert told.deadline("T10")["level"] == 1
    told.clock.goes_to("2026-09-28")
    assert told.deadline("T10")["level"] == 2, "a receipt does not stop the ladder"
    assert told.notices() == [(1, "督办通知书", "expired"), (2, "阶段督查指导书", "issued")]
    assert told.caller("liaison").is_refused("sign_guidance") == (403, "role")
    told.as_("principal").does("sign_guidance")

    told.clock.goes_to("2026-09-30")
    told.as_("principal").does("sign_plan")
    assert told.notices() == [(1, "督办通知书", "expired"), (2, "阶段督查指导书", "satisfied")]
    met = told.deadline("T10")
    assert (met["light"], met["level"], met["met_at"]) == ("closed", 2, "2026-09-30T01:00:00Z")
    told.as_("officer").does("review_plan")

    told.clock.goes_to("2026-10-10")
    assert told.deadline("T10")["level"] == 2
    assert [kind for kind, _ in told.letters(LATE)] == ["yellow", "final", "red"], "each letter once"
    assert (told.status, told.referrals()) == ("rectifying", {})
    acts = told.history()
    assert [acts.count(act) for act in ("下发督办通知书 DB-2026-001", "下发阶段督查指导书 DB-2026-002",
                                        "“报送整改方案”督办办结")] == [1, 1, 1]  # fmt: skip
    told.is_sound()


def test_after_a_standstill_only_the_highest_level_is_issued(begin: Begin) -> None:
    told = begin()
    told.registered(6)
    told.told()
    told.as_("principal").does("acknowledge_findings")
    told.clock.stands_still_until("2026-10-08")
    assert told.letters(LATE) == [("red", "2026-10-08")]
    assert told.notices() == [(1, "督办通知书", "superseded"), (2, "阶段督查指导书", "superseded"),
                              (3, "告诫书", "issued")]  # fmt: skip
    assert "admonish" in told.waiting
    told.is_sound()
