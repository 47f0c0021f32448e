"""P08: look again, demand again, until nothing is left open."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from tests.bpmn.walking import Walk, nodes_of

LONG = "本轮回头看逐项复核，材料齐全，情况属实，结论如下。"
BODY = "经回头看复核，有关情况通报如下，请各单位对照自查。"
TEAM = {"revisit_leader": "P0001", "team_members": [{"person": "P0003"}, {"person": "P0005"}]}
MEASURE = {"goal": "完善制度并落实", "content": "修订选拔任用工作规程并组织学习", "leader": "责任领导",
           "department": "组织部", "kinds": ["establish_system"], "owner": "责任人"}  # fmt: skip


class Revisit(Walk):
    """A revisit whose operations count down what is still bad: `bad` findings each cycle."""

    def __init__(self, bad: list[int], *, open_count: int = 0, waits: bool = False, named: int = 0):
        super().__init__("revisit", {}, **{"T20": 90, "T19.closes": 90})
        self.bad, self.cycles, self.open_count, self.waits = bad, 0, open_count, waits
        self.result = "not_in_place"
        self.named = named
        self.world.script = {
            "survey_revisit": self.survey,
            "plan_revisit_window": self.window,
            "suggest_revisit_team": {"leader": "P0001", "rows": TEAM["team_members"], "exclusions": []},
            "open_revisit_cycle": self.start_cycle,
            "assess_revisit": self.assess,
            "reopen_findings": self.reopen,
            "start_second_round": lambda: {"open_count": self.open_count, "started": 1},
            "count_open_findings": lambda: {"open_count": self.open_count},
            "weigh_revisit_triggers": self.weigh,
            "close_revisit_cycle": lambda: {"revisit_cycle": self.cycles, "open_count": self.open_count},
            "archive_when_settled": {"archived": True},
        }

    def survey(self, *, months: int) -> dict[str, Any]:
        return {"open_count": self.open_count, "critical_closed": 0, "serious_closed": 1, "recurrence": 0,
                "mass_evaluation": "", "months": 3 if self.cycles else months}  # fmt: skip

    def window(self, *, months: int) -> dict[str, Any]:
        opens = self.world.now + timedelta(days=90)
        return {"must_wait": self.waits, "opens_at": opens.isoformat(), "closes_at": opens.isoformat()}

    def start_cycle(self, **_: Any) -> dict[str, Any]:
        self.cycles += 1
        row = {"finding_no": "F01", "title": "问题一", "state": "已销号", "note": ""}
        return {"cycle": self.cycles, "rows": [row]}

    def assess(self, **_: Any) -> dict[str, Any]:
        bad = self.bad.pop(0)
        row = {"finding_no": "F01", "title": "问题一", "result": "整改不到位", "requirement": "",
               "due_date": self.day(60), "trigger": "none"}  # fmt: skip
        return {"unconsolidated": bad, "open_count": self.open_count, "rows": [row] if bad else []}

    def reopen(self, *, requirements: list[dict[str, Any]]) -> dict[str, Any]:
        fresh = 0 if self.open_count else len(requirements)
        self.open_count = 1
        rows = [{"finding_no": "F01", "due_date": self.day(60)}] if fresh else []
        return {"reopened": fresh, "rows": rows}

    def weigh(self, *, requirements: list[dict[str, Any]]) -> dict[str, Any]:
        return {"days_overdue": 0, "return_count": 0, "level_2_silent": False, "final_limit_missed": False,
                "false_rectify": False, "severity": "", "revisit_result": self.result, "round_no": self.cycles,
                "revisit_cycle": self.cycles, "open_count": self.open_count, "named": self.named}  # fmt: skip

    def day(self, ahead: int) -> str:
        return (self.world.now + timedelta(days=ahead)).date().isoformat()

    def to_verdict(self, *, returned: bool = False) -> "Revisit":
        """From choosing the occasion to the confirmed summary."""
        self.answer("choose_occasion", occasion="research", occasion_ref="调研方案三号", visit_date=self.day(1))
        self.answer("form_team", **TEAM)
        self.review()
        if returned:
            self.answer("summarise", review_summary=LONG, summary_decision="return", summary_reason="请补充依据")
            self.review()
        self.answer("summarise", review_summary=LONG, summary_decision="confirm")
        return self

    def review(self) -> None:
        assert self.role_of("review_on_site") == "team_leader"
        item = {"finding_no": "F01", "title": "问题一", "state": "已销号", "result": "consolidated", "note": "已核"}
        self.answer("review_on_site", review_items=[item])

    def demand_again(self, *, returned: bool = False) -> "Revisit":
        """From the new requirement to the second round under way."""
        row = {
            "finding_no": "F01",
            "requirement": "两个月内完成整改并报告",
            "due_date": self.day(60),
            "trigger": "none",
        }
        shown = {"title": "问题一", "result": "整改不到位"}
        self.answer("set_requirements", requirements=[{**row, **shown}])
        assert sorted(self.open) == ["announce_region", "feed_back_again"]
        self.answer("announce_region", circular_title="关于回头看情况的通报", circular_body=BODY)
        self.answer(
            "feed_back_again", feedback_date=self.day(0), feedback_place="单位会议室", feedback_attendees="领导班子",
            feedback_document_no="组监反〔2026〕9号",
        )  # fmt: skip
        if returned:
            self.draft("return")
        if "draft_measures" in self.open:
            self.draft("agree")
        return self

    def draft(self, decision: str) -> None:
        self.answer("draft_measures", second_measures=[{"finding_no": "F01", "due_date": self.day(50), **MEASURE}])
        assert self.role_of("approve_measures") == "unit_principal"
        self.answer("approve_measures", measures_decision=decision)

    def settle(self) -> "Revisit":
        self.open_count = 0
        self.receive("case.findings_settled")
        return self

    def zero(self) -> "Revisit":
        self.answer("announce_zero", zero_title="关于清零情况的通报", zero_body=BODY)
        return self


def clean_at_once() -> Revisit:
    walk = Revisit([0], waits=True)
    walk.begin("case.revisit_due", reason="cleared", months=12)
    assert walk.open == []
    walk.wake(91)
    walk.to_verdict(returned=True).zero()
    assert ("case.zeroed", None, {}) in walk.sent
    return walk


def three_cycles_until_zero() -> Revisit:
    walk = Revisit([1, 1, 1, 0], named=1)
    walk.begin("case.revisit_due", reason="cleared", months=3)
    for _ in range(3):
        walk.to_verdict().demand_again(returned=True).settle()
    assert walk.world.times("refer_not_in_place") == 1
    assert walk.role_of("supervise_personally") == "deputy_minister"
    walk.answer(
        "supervise_personally", supervision_instruction="限期整改到位并报告结果", supervision_leader="方副部长",
        supervision_report_date=walk.day(30),
    )  # fmt: skip
    walk.to_verdict().zero()
    assert walk.cycles == 4
    assert walk.world.times("refer_revisit_findings") == 3
    return walk


def open_findings_are_looked_at_at_once() -> Revisit:
    """A finding still open starts no second rectification; the limit of the second round passes."""
    walk = Revisit([1, 0], open_count=1)
    walk.begin("case.revisit_due", reason="open", months=0)
    walk.to_verdict().demand_again()
    walk.receive("case.findings_settled")  # a stale message: something is open still
    assert walk.step.waits == ("case.findings_settled",)
    walk.open_count = 1
    walk.wake(91)
    assert walk.open == ["choose_occasion"]
    walk.open_count = 0
    walk.to_verdict().zero()
    return walk


def archive_waits_for_referrals() -> Revisit:
    walk = Revisit([0])
    walk.world.script["archive_when_settled"] = [{"archived": False}, {"archived": False}, {"archived": True}]
    walk.begin("case.revisit_due", reason="cleared", months=3)
    walk.to_verdict().zero()
    walk.receive("case.referrals_decided")
    assert walk.step.waits == ("case.referrals_decided",)
    walk.receive("case.referrals_decided")
    return walk


def settled_before_anybody_waited() -> Revisit:
    walk = Revisit([1, 0])
    walk.begin("case.revisit_due", reason="cleared", months=3)
    walk.world.script["start_second_round"] = {"open_count": 0, "started": 1}
    walk.to_verdict().demand_again()
    walk.open_count = 0
    walk.to_verdict().zero()
    return walk


def cleared_case_is_sampled() -> Revisit:
    walk = Revisit([0])
    walk.begin("case.cleared", reason="按两成比例抽查", months=12, finding_count=2)
    assert walk.role_of("decide_sampling") == "supervision_chief"
    walk.answer("decide_sampling", sample="yes", sample_reason="列入本年度抽查")
    return walk.to_verdict().zero()


def cleared_case_is_not_sampled() -> Revisit:
    walk = Revisit([])
    walk.begin("case.cleared", reason="按两成比例抽查", months=12, finding_count=2)
    walk.answer("decide_sampling", sample="no", sample_reason="本次未抽中")
    return walk


def campaign_calls_a_cleared_case() -> Revisit:
    """S108: the campaign takes the question of sampling out of the chief's hands."""
    walk = Revisit([0])
    walk.begin("case.cleared", reason="按两成比例抽查", months=12, finding_count=2)
    walk.receive("case.revisit_due", months=6, revisit_basis="列入回头看专项")
    assert walk.open == ["choose_occasion"]
    assert walk.world.arguments_of("plan_revisit_window") == {"months": 6}
    return walk.to_verdict().zero()


def case_without_findings_goes_to_the_archive() -> Revisit:
    walk = Revisit([])
    walk.begin("case.cleared", reason="", months=12, finding_count=0)
    return walk


STORIES = [
    clean_at_once,
    three_cycles_until_zero,
    open_findings_are_looked_at_at_once,
    archive_waits_for_referrals,
    settled_before_anybody_waited,
    cleared_case_is_sampled,
    cleared_case_is_not_sampled,
    campaign_calls_a_cleared_case,
    case_without_findings_goes_to_the_archive,
]


@cache
def told(story: Callable[[], Walk]) -> Walk:
    return story()


@pytest.mark.parametrize("story", STORIES)
def test_story_ends(story: Callable[[], Walk]) -> None:
    assert told(story).step.finished


def test_stories_pass_every_node() -> None:
    passed = {node for story in STORIES for node in told(story).passed}
    assert nodes_of("revisit") - passed == set()


def test_rebound_after_a_second_round_is_referred() -> None:
    walk = Revisit([1])
    walk.result, walk.cycles = "rebound", 1
    walk.begin("case.revisit_due", reason="cleared", months=3)
    walk.to_verdict().demand_again()
    assert walk.world.times("refer_revisit_findings") == 1


def test_first_rebound_is_not_referred() -> None:
    walk = Revisit([1])
    walk.result = "rebound"
    walk.begin("case.revisit_due", reason="cleared", months=3)
    walk.to_verdict().demand_again()
    assert walk.world.times("refer_revisit_findings") == 0


@pytest.mark.parametrize(
    ("facts", "months"),
    [
        ({"open_count": 1}, 3),
        ({"critical_closed": 1}, 6),
        ({"serious_closed": 1}, 12),
        ({"recurrence": 1}, 6),
        ({"mass_evaluation": "差"}, 3),
        ({}, 12),
    ],
)
def test_d9_says_by_when(facts: dict[str, Any], months: int) -> None:
    walk = Revisit([0])
    quiet = {"open_count": 0, "critical_closed": 0, "serious_closed": 0, "recurrence": 0, "mass_evaluation": ""}
    walk.world.script["survey_revisit"] = {**quiet, **facts, "months": 0}
    walk.begin("case.revisit_due", reason="", months=0)
    assert walk.world.arguments_of("plan_revisit_window") == {"months": months}
