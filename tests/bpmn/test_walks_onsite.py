"""P03 with its leads, requests and immediate items: every way through, each step on an engine that starts cold."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest

from tests.bpmn.walking import Walk, nodes_of
from tests.workflows.operations.stay import LEAD, PAPER, TALK, VERIFICATION

SPOT = {"place": "区财政局", "method": "archive", "sample": 12, "result": "档案基本齐全。"}
COACHING = {"topic": "动议环节", "policy": "干部选拔任用条例", "attendees_n": 12}
OWN_PAPER = {key: value for key, value in PAPER.items() if key not in ("title", "evidence")} | {
    "paper_title": "考察走过场", "paper_evidence": "考察材料",
}  # fmt: skip


class Site(Walk):
    """A stay of seven days that finds as many problems as asked for."""

    def __init__(self, papers: int = 1):
        super().__init__("onsite_inspection", {})
        today = self.world.now.date().isoformat()
        site = {"entry_date": today, "least_days": 7, "earliest_exit": today, "checklist": [], "reporting_line": ""}
        prepared = {"papers": [], "lead_papers": [], "open_leads": []}
        self.world.script = {
            "enter_site": site, "prepare_papers": prepared, "record_papers": {"paper_count": papers}
        }  # fmt: skip

    @property
    def today(self) -> str:
        return self.world.now.date().isoformat()

    def enters(self) -> "Site":
        self.begin("case.ready", case_no="C1")
        self.answer(
            "announce_entry", entry_date=self.today, announcement="检查组自今日起进驻。", channels=["意见箱"]
        ).answer(
            "hear_report", heard_on=self.today, materials="专题汇报材料", problem_share=75, report_summary="汇报了总体情况和不足。"
        )  # fmt: skip
        return self

    def works(self) -> "Site":
        self.answer("hold_talks", interviews=[TALK]).answer("spot_check", spot_checks=[SPOT])
        self.answer("coach", coaching=[COACHING]).answer("register_leads", leads=[LEAD], leads_done="more")
        self.answer("register_leads", leads_done="done")
        demand = {"text": "立即清退超期借调人员。", "days": 3}
        self.answer("demand_immediate", immediate_items=[demand], demands_done="more")
        self.answer("demand_immediate", demands_done="done")
        return self

    def leaves(self) -> "Site":
        self.answer("leave", exit_date=self.today, handover="材料已清退。")
        return self


def found_something() -> Walk:
    walk = Site().enters().works().answer("check_items", checklist=[])
    walk.answer("draft_papers", papers=[PAPER])
    assert walk.open == ["leave"]
    walk.wake(7)
    assert walk.world.times("remind_before_exit") == 1
    walk.leaves()
    assert walk.step.sent[-1].name == "case.exited"
    return walk


def found_nothing() -> Walk:
    walk = Site(papers=0).enters().works()
    walk.wake(7)
    assert walk.world.times("remind_before_exit") == 1
    walk.answer("check_items", checklist=[]).answer("draft_papers")
    walk.answer("declare_zero", declaration="清单全部核查，谈话和线索均已办结，未发现问题。")
    walk.leaves()
    return walk


class LeadWalk(Walk):
    """One lead; where it goes is what the leader decides."""

    def __init__(self, *, in_scope: bool = True, proved: bool = False, receiver: str = "", on_site: bool = True):
        super().__init__("lead_handling", {})
        due = (self.world.now + timedelta(days=2)).isoformat()
        people = [{"name": "柳组员", "duty": "组员", "part": "none"}]
        self.people = [people[0] | {"part": "handler"}]
        self.world.script = {
            "register_lead": {"lead_no": "XS1"},
            "open_lead": {
                "lead_no": "XS1", "title": "反映考察走过场", "channel": "来信", "on_site": on_site, "people": people,
                "user_ids": [7],
            },
            "dispose_lead": {"in_scope": in_scope, "assignee_id": 7, "receiver": receiver, "due_at": due},
            "conclude_lead": {"proved": proved, "wp_no": "DG1"},
        }  # fmt: skip

    def is_screened(self) -> "LeadWalk":
        self.answer("screen_lead", in_scope="yes", people=self.people, due_days=5, share="no")
        return self


def lead_proved() -> Walk:
    walk = LeadWalk(proved=True)
    walk.begin("lead.registered", registered={"lead_no": "XS1"})
    walk.is_screened().wake(3)
    assert walk.world.times("remind") == 1
    walk.answer("verify_lead", **VERIFICATION)
    walk.answer("conclude_lead", conclusion="substantiated", conclusion_note="依据核查材料。")
    walk.answer("complete_paper", **OWN_PAPER)
    return walk


def lead_filed() -> Walk:
    walk = LeadWalk()
    walk.begin()
    walk.answer("register_lead", **LEAD)
    walk.is_screened().answer("verify_lead", **VERIFICATION)
    walk.answer("conclude_lead", conclusion="unsubstantiated", conclusion_note="依据核查材料。")
    return walk


def lead_handed_over(receiver: str, element: str) -> Walk:
    walk = LeadWalk(in_scope=False, receiver=receiver)
    walk.begin("lead.registered", registered={"lead_no": "XS1"})
    walk.answer("screen_lead", in_scope="no", receiver=receiver, transfer_reason="不属于选人用人范围。")
    assert (walk.open, walk.role_of(element)) == ([element], receiver)
    walk.wake(3)
    assert walk.world.arguments_of("remind")["role"] == receiver
    walk.answer(element, receipt_note="已签收。")
    return walk


def to_the_tour() -> Walk:
    return lead_handed_over("tour_leader", "receipt_by_tour")


def to_discipline() -> Walk:
    return lead_handed_over("discipline_liaison", "receipt_by_discipline")


def to_supervision() -> Walk:
    return lead_handed_over("supervision_officer", "receipt_by_supervision")


def nobody_on_site() -> Walk:
    walk = LeadWalk(in_scope=False, receiver="supervision_officer", on_site=False)
    walk.begin()
    walk.answer("register_lead", **LEAD).answer("receipt_by_supervision", receipt_note="已签收。")
    assert walk.world.arguments_of("dispose_lead")["in_scope"] == "no"
    return walk


def sharing(*, on_site: bool = True) -> tuple[Walk, dict[str, object]]:
    walk = Walk("lead_sharing", {})
    due = (walk.world.now + timedelta(days=2)).isoformat()
    shared = {"share_id": 1, "lead_no": "XS1", "reason": "关联线索", "due_at": due, "on_site": on_site}
    walk.world.script = {"share_lead_with_team": shared}
    return walk, shared


def tour_tells_team() -> Walk:
    walk, _ = sharing()
    walk.begin()
    walk.answer("share_lead", title="反映违规提拔", body="内容详见附件。", share_reason="属选人用人问题。").wake(3)
    assert walk.world.arguments_of("remind")["role"] == "team_leader"
    walk.answer("receipt_by_team", receipt_note="已签收。")
    return walk


def tour_tells_the_division() -> Walk:
    walk, _ = sharing(on_site=False)
    walk.begin()
    walk.answer("share_lead", title="反映违规提拔", body="内容详见附件。", share_reason="属选人用人问题。")
    return walk


def team_tells_tour() -> Walk:
    walk, shared = sharing()
    walk.begin("lead.shared", shared=shared)
    walk.wake(3)
    assert walk.world.arguments_of("remind")["role"] == "tour_leader"
    walk.answer("receipt_by_tour", receipt_note="已签收。")
    return walk


def request_to(role: str, element: str) -> Walk:
    walk = Walk("request_report", {})
    due, late = ((walk.world.now + timedelta(days=days)).isoformat() for days in (1, 2))
    given = {"report_no": "QSBG1", "level": "重大事项", "to_role": role, "due_at": due, "escalates_at": late}
    walk.world.script = {"submit_request_report": given}
    walk.begin()
    walk.answer("write_request", level="major", text="发现重大问题线索，拟调整检查安排。")
    assert (walk.open, walk.role_of(element)) == ([element], role)
    walk.wake(1)
    assert (walk.world.times("remind"), walk.world.times("escalate_request")) == (1, 0)
    walk.wake(1)
    assert walk.world.times("escalate_request") == 1
    walk.answer(element, reply="同意，请抓紧核实。")
    return walk


def request_to_tour() -> Walk:
    return request_to("tour_leader", "reply_by_tour")


def request_home() -> Walk:
    return request_to("deputy_minister", "reply_by_minister")


def item_late_and_done() -> Walk:
    walk = Walk("immediate_rectification", {})
    due = walk.world.now + timedelta(days=3)
    walk.begin(
        "immediate.demanded",
        item_no="LXLG1",
        demand="立即清退。",
        due_on=due.date().isoformat(),
        due_at=due.isoformat(),
    )
    walk.wake(4)
    assert walk.world.times("remind") == 2
    walk.answer("rectify_at_once", result="超期借调人员已全部清退。")
    return walk


WAYS: dict[str, tuple[Callable[[], Walk], ...]] = {
    "onsite_inspection": (found_something, found_nothing),
    "lead_handling": (lead_proved, lead_filed, to_the_tour, to_discipline, to_supervision, nobody_on_site),
    "lead_sharing": (tour_tells_team, tour_tells_the_division, team_tells_tour),
    "request_report": (request_to_tour, request_home),
    "immediate_rectification": (item_late_and_done,),
}
walked = {way: cache(way) for ways in WAYS.values() for way in ways}


@pytest.mark.parametrize("way", walked, ids=lambda way: way.__name__)
def test_a_way_comes_to_its_end(way: Callable[[], Walk]) -> None:
    assert walked[way]().step.finished


@pytest.mark.parametrize("process", WAYS)
def test_the_ways_pass_every_element(process: str) -> None:
    passed = {element for way in WAYS[process] for element in walked[way]().passed}
    assert nodes_of(process) - passed == set()
