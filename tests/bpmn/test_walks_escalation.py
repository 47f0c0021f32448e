"""The ladder of P09, every rung and every way out of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest

from tests.bpmn.walking import Walk, nodes_of

LONG = "材料已按要求逐项核实，情况属实，请予审定。"
WAIT_DAYS = {1: 6, 2: 14, 3: 29, 4: 29}
THRESHOLDS = ((30, 4), (15, 3), (7, 2), (1, 1))


class Ladder(Walk):
    """An escalation whose operations know only how many days the deadline is overdue."""

    def __init__(self, *, severity: str = "moderate", floor: int = 1, overdue: int = 1):
        super().__init__("escalation", {})
        self.world.deadlines["D4"] = self.world.now - timedelta(days=overdue - 1)
        self.facts = {
            "is_open": True, "return_count": 0, "level_2_silent": False, "final_limit_missed": False,
            "false_rectify": False, "severity": severity, "revisit_result": "", "round_no": 1,
            "revisit_cycle": 0, "open_count": 1, "floor": floor,
        }  # fmt: skip
        self.reached = 0
        self.world.script = {
            "assess_overdue": self.assess,
            "issue_notice": self.issue,
            "record_talk": lambda **talk: {"final_limit_at": f"{talk['final_limit']}T16:00:00+00:00"},
            "hold_accountability": lambda **hold: {"until_at": f"{hold['until']}T16:00:00+00:00"},
            "settle_notices": {"met": True},
        }

    def assess(self, **_: object) -> dict[str, object]:
        overdue = (self.world.now - self.world.deadlines["D4"]).days + 1
        return {**self.facts, "days_overdue": overdue}

    def issue(self, *, level: int, **_: object) -> dict[str, object]:
        self.reached = level
        return {
            "notice_id": level, "notice_no": f"DB-2026-00{level}", "level": level, "text": "督办内容",
            "issued_at": self.world.now.isoformat(), "wait_days": WAIT_DAYS[level],
        }  # fmt: skip

    def climb(self) -> "Ladder":
        self.begin("deadline.overdue", rule="D4", deadline_id=7, title="单项整改时限")
        return self


def unanswered_to_the_top() -> Ladder:
    walk = Ladder().climb()
    assert (walk.open, walk.role_of("sign_notice")) == (["sign_notice"], "unit_liaison")
    walk.wake(6)
    assert (walk.open, walk.role_of("sign_guidance")) == (["sign_guidance"], "unit_principal")
    walk.wake(8)
    assert (walk.open, walk.role_of("admonish")) == (["admonish"], "supervision_chief")
    walk.wake(15)
    assert (walk.open, walk.role_of("propose_accountability")) == (["propose_accountability"], "deputy_minister")
    walk.answer("propose_accountability", proposal_decision="agree", proposal_reason=LONG)
    assert walk.world.times("refer_overdue") == 1
    return walk


def signed_on_every_rung() -> Ladder:
    """Receipts do not stop the climb, and the missed final limit brings level 4 before its time."""
    walk = Ladder().climb()
    walk.answer("sign_notice", receipt_answer="已收到")
    assert walk.open == []
    walk.wake(6)
    walk.answer("sign_guidance", guidance_answer="已研究部署，月底前完成整改。")
    walk.wake(8)
    limit = (walk.world.now + timedelta(days=10)).date()
    walk.answer(
        "admonish", talk_date=walk.world.now.date().isoformat(), talker="supervision_chief", talk_person="某某",
        talk_record=LONG, talk_commitment="承诺在告诫期限内完成整改。", talk_final_limit=limit.isoformat(),
    )  # fmt: skip
    assert walk.open == []
    walk.facts["final_limit_missed"] = True
    walk.wake(11)
    assert walk.reached == 4
    walk.answer(
        "propose_accountability", proposal_decision="hold", proposal_reason=LONG,
        hold_until=(walk.world.now + timedelta(days=5)).date().isoformat(),
    )  # fmt: skip
    assert walk.open == []
    walk.wake(6)
    walk.answer("propose_accountability", proposal_decision="agree", proposal_reason=LONG)
    return walk


def met_on_the_first_rung() -> Ladder:
    walk = Ladder().climb()
    walk.receive("deadline.met")
    assert walk.world.times("settle_notices") == 1
    return walk


def told_too_early() -> Ladder:
    """A stale message does not end the ladder: it goes on where it stood."""
    walk = Ladder().climb()
    walk.world.script["settle_notices"] = [{"met": False}, {"met": True}]
    walk.receive("deadline.met")
    assert walk.open == ["sign_notice"]
    walk.receive("deadline.met")
    return walk


def met_before_it_began() -> Ladder:
    walk = Ladder()
    walk.facts["is_open"] = False
    walk.climb()
    assert walk.world.times("issue_notice") == 0
    return walk


STORIES = [unanswered_to_the_top, signed_on_every_rung, met_on_the_first_rung, told_too_early, met_before_it_began]


@cache
def told(story: Callable[[], Walk]) -> Walk:
    return story()


@pytest.mark.parametrize("story", STORIES)
def test_story_ends(story: Callable[[], Walk]) -> None:
    assert told(story).step.finished


def test_stories_pass_every_node() -> None:
    passed = {node for story in STORIES for node in told(story).passed}
    assert nodes_of("escalation") - passed == set()


def test_downtime_issues_only_the_highest_level() -> None:
    walk = Ladder(overdue=20).climb()
    assert walk.open == ["admonish"]
    assert walk.world.times("issue_notice") == 1


def test_critical_finding_stands_one_level_higher() -> None:
    assert Ladder(severity="critical").climb().open == ["sign_guidance"]
    assert Ladder(severity="critical", overdue=40).climb().reached == 4


def test_asked_level_is_a_floor() -> None:
    assert Ladder(floor=3).climb().open == ["admonish"]


@pytest.mark.parametrize(
    ("fact", "value", "level"),
    [("return_count", 2, 2), ("return_count", 3, 3), ("false_rectify", True, 4), ("revisit_cycle", 3, 4)],
)
def test_d5_raises_for_other_reasons(fact: str, value: object, level: int) -> None:
    walk = Ladder()
    walk.facts[fact] = value
    assert walk.climb().reached == level


def test_silent_second_level_rises_after_five_working_days() -> None:
    walk = Ladder(overdue=7).climb()
    assert walk.open == ["sign_guidance"]
    walk.facts["level_2_silent"] = True
    walk.wake(5.5)
    assert walk.open == ["admonish"]


@pytest.mark.parametrize("overdue", range(1, 40))
def test_level_follows_days_overdue(overdue: int) -> None:
    level = next(level for days, level in THRESHOLDS if overdue >= days)
    assert Ladder(overdue=overdue).climb().reached == level
