"""P01: every way from the proposal of a round to its cases, and every node of the diagram."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from tests.bpmn.walking import Walk, model_of, nodes_of
from workflows.operations import all_operations
from workflows.studio.rehearsal import Answers, rehearse

UNIT = {
    "unit_code": "JYT", "unit_name": "教育厅", "in_tour_list": False, "in_key_list": False, "bottom_years": 0,
    "overall_good_rate": -1.0, "votes_year": 0, "rank": "", "sanctions": 0, "petitions": 0, "related_findings": 0,
    "annual_grade": "", "prior_open": 0, "repeats": 0, "months_since": 12, "last_check": "2025-09-01",
    "principal_changed": False, "promotions": 0, "pause": False, "done": 0,
}  # fmt: skip
NO_MORE = {"unit_code": "", "pause": False, "done": 1}
ROW = {"unit_code": "JYT", "unit_name": "教育厅", "grounds": "必查（40分）", "choice": "include", "reason": ""}
CASE = {"case_no": "XR-12-04-001", "unit_name": "教育厅", "state": "已清零", "choice": "include", "reason": ""}


class Planning(Walk):
    """A planning whose operations give one unit to weigh, or what the story says."""

    def __init__(self, kind: str = "targeted", tour: str = "", only_unit: str = ""):
        super().__init__("round_planning", {})
        proposal = {"kind": kind, "name": "某轮", "tour": tour, "only_unit": only_unit, "focus_sets": []}
        self.units: list[dict[str, Any]] = [UNIT, NO_MORE]
        self.world.script = {
            "open_proposal": proposal,
            "open_addition": proposal,
            "list_tour": {"rows": []},
            "keep_key_units": {"units": ["JYT"], "focus_sets": []},
            "weigh_next_unit": lambda **_: self.units.pop(0),
            "list_targets": {"rows": [ROW], "weighed": 1},
            "check_targets": {"rows": [], "dropped": [], "count": 1, "officer_id": 1},
            "list_past_rounds": {"rows": []},
            "list_revisit_cases": {"rows": [CASE], "counts": []},
            "settle_revisits": {"rows": [], "dropped": [], "count": 1, "case_nos": [CASE["case_no"]]},
        }

    def propose(self, kind: str, **more: Any) -> "Planning":
        self.begin()
        self.answer(
            "propose_round", kind=kind, round_name="第十二届某轮", term_no=12, starts_on="2026-10-12",
            basis="按照年度工作安排开展本轮检查。", **more,
        )  # fmt: skip
        return self

    def settle(self) -> "Planning":
        self.answer("settle_targets", target_choices=[ROW])
        return self

    def review(self, decision: str = "approve") -> "Planning":
        assert self.role_of("review_targets") == "deputy_minister"
        self.answer("review_targets", review_decision=decision, review_opinion="已阅。")
        return self

    def decide(self, decision: str = "approve") -> "Planning":
        assert self.role_of("approve_round") == "council_member"
        self.answer(
            "approve_round", council_decision=decision, council_date="2026-09-01", minutes="全体同意。",
            council_opinion="同意。",
        )  # fmt: skip
        return self

    def decided(self) -> dict[str, Any]:
        """What the operation was told of the first unit: points, verdict."""
        return self.world.arguments_of("weigh_next_unit")


def targeted_round() -> Planning:
    walk = Planning()
    walk.units = [UNIT | {"bottom_years": 3, "overall_good_rate": 0.75}, NO_MORE]
    walk.propose("targeted").settle()
    walk.review("return").settle().review()
    return walk.decide("return").settle().review().decide()


def round_of_a_tour() -> Planning:
    walk = Planning("regular", tour="第七轮巡视")
    walk.propose("regular", linked_tour_round="第七轮巡视")
    assert walk.role_of("list_tour_units") == "tour_office"
    walk.wake(11)
    walk.answer("list_tour_units", tour_units=[{"unit_code": "JYT"}])
    return walk.settle().review().decide()


def key_task_round() -> Planning:
    walk = Planning("key_task")
    walk.propose("key_task", key_task_name="重点帮扶县选人用人")
    walk.answer("name_key_units", key_units=[{"unit_code": "JYT"}], focus_rows=[])
    return walk.settle().review().decide("reject")


def two_batches() -> Planning:
    walk = Planning()
    walk.units = [UNIT, {"unit_code": "", "pause": True, "done": 1}, UNIT | {"unit_code": "MZT"}, NO_MORE]
    walk.propose("targeted")
    assert walk.step.waits == ("round.batch_weighed",)
    assert [name for name, *_ in walk.sent] == ["round.batch_weighed"]
    walk.receive("round.batch_weighed")
    walk.wake(11)
    return walk.settle().review().decide()


def addition_of_the_tour() -> Planning:
    walk = Planning("regular", tour="第七轮巡视", only_unit="JYT")
    walk.begin("tour.unit_added", tour_round="第七轮巡视", unit_code="JYT", round_code="12-07")
    return walk.settle().review().decide()


def campaign_of_revisits() -> Planning:
    walk = Planning("revisit_campaign").propose("revisit_campaign")
    for decision in ("return", "approve"):
        walk.answer("choose_rounds", past_rounds=[], revisit_within=3)
        walk.answer("choose_cases", chosen_cases=[CASE])
        walk.review(decision)
    return walk.decide()


def year_left() -> Planning:
    walk = Planning()
    walk.begin("planning.due", year=2027)
    walk.answer("consider_year", year_decision="later", year_reason="另行提出。")
    return walk


def year_planned() -> Planning:
    walk = Planning("targeted")
    walk.begin("planning.due", year=2027)
    assert walk.role_of("consider_year") == "supervision_officer"
    walk.answer("consider_year", year_decision="propose", year_reason="按年度安排。")
    walk.answer(
        "propose_round", kind="targeted", round_name="第十二届某轮", term_no=12, starts_on="2027-03-12",
        basis="按照年度工作安排开展本轮检查。",
    )  # fmt: skip
    return walk.settle().review().decide()


STORIES = [
    year_left, year_planned,
    targeted_round, round_of_a_tour, key_task_round, two_batches, addition_of_the_tour, campaign_of_revisits,
]  # fmt: skip


@cache
def told(story: Callable[[], Planning]) -> Planning:
    return story()


@pytest.mark.parametrize("story", STORIES)
def test_story_ends(story: Callable[[], Planning]) -> None:
    assert told(story).step.finished


def test_stories_pass_every_node() -> None:
    passed = {node for story in STORIES for node in told(story).passed}
    assert nodes_of("round_planning") - passed == set()


@pytest.mark.parametrize(
    ("facts", "points", "verdict"),
    [
        ({}, [], "skip"),
        ({"bottom_years": 4, "months_since": 999}, [40, 15], "must"),
        ({"bottom_years": 2, "overall_good_rate": 0.85}, [20, 5], "skip"),
        ({"bottom_years": 1, "overall_good_rate": 0.9}, [8], "skip"),
        ({"sanctions": 3, "petitions": 5, "related_findings": 3, "annual_grade": "一般"}, [15, 12, 8, 10], "candidate"),
        ({"sanctions": 1, "petitions": 2, "related_findings": 2, "prior_open": 1}, [8, 6, 4, 10], "skip"),
        (
            {"bottom_years": 2, "repeats": 2, "months_since": 60, "principal_changed": True, "promotions": 50,
             "prior_open": 2},
            [20, 10, 12, 15, 3, 5],
            "must_propose",
        ),
        ({"months_since": 59}, [8], "skip"),
        ({"months_since": 35}, [], "skip"),
        ({"in_tour_list": True}, [], "must"),
        ({"in_key_list": True}, [], "must"),
    ],
)  # fmt: skip
def test_d1_and_d2_weigh_a_unit(facts: dict[str, Any], points: list[int], verdict: str) -> None:
    walk = Planning()
    walk.units = [UNIT | facts, NO_MORE]
    given = walk.propose("targeted").decided()
    assert (given["values"], given["verdict"]) == (points, verdict)
    assert len(given["grounds"]) == len(given["evidence"]) == len(given["sources"]) == len(points)


def test_what_nobody_filled_in_is_nothing_in_a_rehearsal_too() -> None:
    """As in production: the optional fields of the proposal reach the operation as None."""
    proposal = {"kind": "targeted", "name": "某轮", "tour": "", "only_unit": "", "focus_sets": []}
    given = {
        "propose_round": {
            "kind": "targeted", "round_name": "第十二届某轮", "term_no": 12, "starts_on": "2026-10-12",
            "basis": "按照年度工作安排开展本轮检查。",
        },
        "operations": {
            "open_proposal": proposal,
            "list_targets": {"rows": [], "weighed": 0},
            "check_targets": {"rows": [], "dropped": [], "count": 1},
        },
    }  # fmt: skip
    now = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
    run = rehearse(model_of("round_planning"), Answers(given), now, all_operations())
    assert (run.outcome, run.problems) == ("finished", [])
