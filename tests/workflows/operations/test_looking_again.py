"""P08 on a real database: the windows, the second round, the three cycles, the archive."""

from datetime import datetime, timedelta

import pytest

from tests.people import Region, recuse
from tests.pool import login_of, staff_no
from tests.workflows.operations.following import BODY, TEAM, Following
from workflows.commands.desk import Desk
from workflows.database import atomic
from workflows.forms import Form, InvalidForm
from workflows.models import (
    Circular,
    ClosureRecord,
    Deadline,
    Measure,
    Occasion,
    ProcessInstance,
    Referral,
    Revisit,
    RevisitItem,
)
from workflows.policy import Place
from workflows.queries.people import actor_of
from workflows.queries.registers import choices_of
from workflows.refusal import Refusal


@pytest.fixture
def cleared(desk: Desk, region: Region, now: datetime) -> Following:
    """Two serious findings are closed and the unit has reported: D9 asks for a revisit within a year."""
    story = Following(desk, region, now)
    grave = {"recurrence_count": 1}
    story.registered(grave, grave | {"title": "公示不规范", "category": "C08"}).told().owned().planned()
    return story.all_closed().reported()


@pytest.fixture
def looking(cleared: Following) -> Following:
    """The revisit team is on site."""
    return cleared.pass_to("choose_occasion").prepared()


def test_the_window_opens_three_months_on(cleared: Following) -> None:
    assert cleared.case().status == "revisit_due"
    assert cleared.open() == set()
    cleared.later(days=80).wake()
    assert cleared.open() == set()
    cleared.pass_to("choose_occasion")
    task = cleared.tasks("choose_occasion")[0]
    assert task.due_at is not None
    assert (task.due_at - cleared.now).days > 200


def test_the_division_is_pressed_by_nobody_for_its_own_limit(cleared: Following) -> None:
    limit = next(row for row in cleared.rows(Deadline) if row.rule == "T19.closes")
    assert (limit.title, limit.escalates, limit.responsible_role) == ("回头看最迟开展", False, "supervision_officer")


def test_a_team_that_may_not_go_is_refused(cleared: Following) -> None:
    """D10, lighter: three of the pool, nobody twice, and nobody who must keep away from the unit."""
    cleared.pooled().pass_to("choose_occasion")
    recuse(cleared.desk.sessions, cleared.region, login_of(4), cleared.region.unit_a_id, cleared.now)
    cleared.does("officer", "choose_occasion", occasion="research", occasion_ref="调研方案", visit_date=cleared.day())
    suggested = cleared.tasks("form_team")[0].context["revisit_team"]
    assert suggested["exclusions"] == ["检查员5：已申报回避：亲属关系"]
    assert staff_no(4) not in str((suggested["leader"], suggested["rows"]))
    with pytest.raises(InvalidForm):
        cleared.does("officer", "form_team", **(TEAM | {"team_members": TEAM["team_members"][:1]}))
    for number, said in ((0, "重复"), (4, "检查员5应当回避：已申报回避"), (99, "人才库中没有")):
        members = [{"person": staff_no(2)}, {"person": staff_no(number)}]
        with pytest.raises(Refusal, match=said):
            cleared.does("officer", "form_team", **(TEAM | {"team_members": members}))
    assert cleared.rows(Revisit) == []


def test_who_goes_back_may_read_the_case_and_review(cleared: Following) -> None:
    """The team suggested goes; its leader needs no other grant than the one that comes with the seat."""
    cleared.pooled().pass_to("choose_occasion")
    cleared.does("officer", "choose_occasion", occasion="research", occasion_ref="调研方案", visit_date=cleared.day())
    suggested = cleared.tasks("form_team")[0].context["revisit_team"]
    heads = {staff_no(number): login_of(number) for number in (0, 1)}
    assert suggested["leader"] in heads
    cleared.does("officer", "form_team", revisit_leader=suggested["leader"], team_members=suggested["rows"])
    with cleared.desk.sessions() as session:
        head = actor_of(session, cleared.region.actors[heads[suggested["leader"]]].user_id, cleared.now)
    assert head is not None
    assert head.holds("team_leader", Place(unit_id=cleared.region.unit_a_id, case_id=cleared.case().id))
    assert len(cleared.rows(Revisit)[0].team) == 3


def test_a_visit_in_the_past_is_refused(cleared: Following) -> None:
    cleared.pooled().pass_to("choose_occasion")
    cleared.does("officer", "choose_occasion", occasion="other", occasion_ref="其他时机", visit_date=cleared.day(-1))
    with pytest.raises(Refusal, match="不能早于今天"):
        cleared.does("officer", "form_team", **TEAM)


@pytest.mark.parametrize("wrong", [{"occasion": "holiday"}, {"occasion_ref": ""}])
def test_a_revisit_keeps_its_occasion(cleared: Following, wrong: dict[str, str]) -> None:
    """S102: one of the known occasions, and where it is written."""
    cleared.pooled().pass_to("choose_occasion")
    given = {"occasion": "talent_inventory", "occasion_ref": "人才盘点方案", "visit_date": cleared.day()}
    with pytest.raises(InvalidForm):
        cleared.does("officer", "choose_occasion", **(given | wrong))
    cleared.does("officer", "choose_occasion", **given)
    cleared.does("officer", "form_team", **TEAM)
    revisit = cleared.rows(Revisit)[0]
    assert (revisit.occasion, revisit.occasion_ref) == ("talent_inventory", "人才盘点方案")


def test_a_revisit_joins_an_occasion_of_the_shared_list(cleared: Following) -> None:
    """S102: the list offers what is to come; what has been called off or is over is not offered."""
    cleared.pooled().pass_to("choose_occasion")
    day = cleared.now.date()
    entries = {"人才盘点第二组": (5, None), "已经结束的调研": (-9, None), "取消的督导": (7, cleared.now)}
    with atomic(cleared.desk.sessions) as session:
        session.add_all(
            Occasion(
                kind="talent_review", title=title, starts_on=day + timedelta(days=days), ends_on=day + timedelta(days=days),
                created_by_id=cleared.region.officer.user_id, created_at=cleared.now, cancelled_at=cancelled,
            )
            for title, (days, cancelled) in entries.items()
        )  # fmt: skip
    task = cleared.tasks("choose_occasion")[0]
    with cleared.desk.sessions() as session:
        digest = session.get_one(ProcessInstance, task.instance_id).model_digest
        form = Form.load(cleared.desk.engine.files(digest).files["forms/choose_occasion.json"])
        ((offered, _),) = choices_of(session, form, case_id=task.case_id, today=day)["shared_occasion"]
    assert "人才盘点第二组" in offered
    given = {"occasion": "talent_inventory", "visit_date": cleared.day(), "shared_occasion": offered}
    cleared.does("officer", "choose_occasion", **given)
    cleared.does("officer", "form_team", **TEAM)
    assert cleared.rows(Revisit)[0].occasion_ref == offered


def test_every_finding_needs_a_result(looking: Following) -> None:
    rows = looking.tasks("review_on_site")[0].context["cycle"]["rows"]
    one = [rows[0] | {"result": "consolidated", "note": ""}]
    with pytest.raises(Refusal, match="不一致"):
        looking.does("leader", "review_on_site", review_items=one)
    bare = [row | {"result": "rebound", "note": ""} for row in rows]
    with pytest.raises(Refusal, match="须写明依据"):
        looking.does("leader", "review_on_site", review_items=bare)
    assert looking.rows(RevisitItem) == []


def test_all_consolidated_ends_in_the_archive(looking: Following) -> None:
    looking.looked_at("consolidated", "consolidated").zeroed()
    case = looking.case()
    assert (case.status, case.open_count) == ("archived", 0)
    assert case.zeroed_at is not None
    assert looking.statuses() == ["archived", "archived"]
    assert [row.status for row in looking.rows(Revisit)] == ["zeroed"]
    circular = looking.rows(Circular)[-1]
    assert circular.kind == "zeroed"
    asked = [message for message in looking.sent("circular.issued") if message.key.startswith(circular.circular_no)]
    assert asked == [], "for information: nobody has to check himself again"
    assert looking.notified(f"通报 {circular.circular_no}")
    assert len(looking.sent("case.zeroed")) == 1


def test_what_is_not_in_place_starts_a_second_round(looking: Following) -> None:
    looking.looked_at("not_in_place", "consolidated").demanded().remeasured()
    finding = looking.finding(1)
    assert (finding.status, finding.round_no, finding.recurrence_count, finding.watch) == ("rectifying", 2, 2, True)
    assert looking.finding(2).status == "consolidated"
    case = looking.case()
    assert (case.status, case.open_count, case.revisit_cycle) == ("rectifying", 1, 0)
    assert [measure.status for measure in looking.rows(Measure) if measure.round_no == 2] == ["in_progress"]
    limits = [row.rule for row in looking.rows(Deadline) if row.subject_no == finding.finding_no and not row.met_at]
    assert limits == ["D4"]
    assert len(looking.tasks("implement_measures", finding.finding_no)) == 1


def test_two_cycles_until_zero(looking: Following) -> None:
    looking.looked_at("rebound", "consolidated").demanded().remeasured().all_closed()
    assert looking.case().revisit_cycle == 1
    assert looking.finding(1).status == "closed"
    looking.pass_to("choose_occasion").prepared().looked_at("consolidated", "consolidated").zeroed()
    assert looking.case().status == "archived"
    assert [row.cycle for row in looking.rows(Revisit)] == [1, 2]
    assert looking.rows(Referral) == []


def test_three_cycles_go_up_to_the_deputy_and_to_accountability(looking: Following) -> None:
    for _ in range(3):
        looking.looked_at("not_in_place", "consolidated").demanded().remeasured().all_closed()
        if "supervise_personally" not in looking.open():
            looking.pass_to("choose_occasion").prepared()
    assert [(row.trigger, row.finding_id) for row in looking.rows(Referral)] == [("not_in_place", None)]
    looking.does(
        "deputy", "supervise_personally", supervision_instruction="限期整改到位并报告结果",
        supervision_leader="方副部长", supervision_report_date=looking.day(30),
    )  # fmt: skip
    looking.pass_to("choose_occasion").prepared().looked_at("consolidated", "consolidated").zeroed()
    assert looking.case().status == "zeroed"  # the referral is not decided yet
    looking.does("accountability", "screen", screening_decision="reject", screening_reason=BODY)
    looking.does("deputy", "approve_rejection", rejection_decision="agree", rejection_opinion="同意")
    assert looking.case().status == "archived"


def test_weak_rectification_is_referred_with_its_evidence(looking: Following) -> None:
    looking.looked_at("not_in_place", "consolidated").demanded("weak_rectify").remeasured()
    referral = looking.rows(Referral)[0]
    assert (referral.trigger, referral.finding_id) == ("weak_rectify", looking.finding(1).id)
    assert "现场核对" in referral.evidence
    assert "screen" in looking.open()


def test_a_second_rebound_is_referred_without_asking(looking: Following) -> None:
    looking.looked_at("rebound", "consolidated").demanded().remeasured().all_closed()
    looking.pass_to("choose_occasion").prepared().looked_at("rebound", "consolidated").demanded().remeasured()
    assert [row.trigger for row in looking.rows(Referral)] == ["not_in_place"]


def test_the_second_round_passes_and_the_case_is_looked_at_again(looking: Following) -> None:
    looking.looked_at("not_in_place", "consolidated").demanded().remeasured()
    looking.pass_to("choose_occasion", days=120)
    case = looking.case()
    assert (case.status, case.revisit_cycle, case.open_count) == ("revisit_due", 1, 1)
    limit = next(row for row in looking.rows(Deadline) if row.rule == "T20")
    assert limit.voided_at is not None
    looking.prepared()
    row = looking.tasks("review_on_site")[0].context["cycle"]["rows"][0]
    assert (row["state"], row["result"]) == ("整改中", "not_in_place")
    with pytest.raises(Refusal, match="尚未销号"):
        looking.looked_at("consolidated", "consolidated")
    looking.looked_at("not_in_place", "consolidated").demanded()
    assert "draft_measures" not in looking.open()
    assert looking.finding(1).round_no == 2
    assert len(looking.tasks("implement_measures")) == 1
    looking.all_closed()
    looking.pass_to("choose_occasion").prepared().looked_at("consolidated", "consolidated").zeroed()
    assert looking.case().status == "archived"


def test_requirements_are_bounded(looking: Following) -> None:
    looking.looked_at("not_in_place", "consolidated")
    row = looking.tasks("set_requirements")[0].context["outcome"]["rows"][0] | {
        "requirement": "限期整改到位并报告结果"
    }
    with pytest.raises(Refusal, match="最长3个月"):
        looking.does("officer", "set_requirements", requirements=[row | {"due_date": looking.day(120)}])
    with pytest.raises(Refusal, match="今天之后"):
        looking.does("officer", "set_requirements", requirements=[row | {"due_date": looking.day()}])
    assert looking.finding(1).status == "closed"


def test_measures_must_answer_every_reopened_finding(looking: Following) -> None:
    looking.looked_at("not_in_place", "rebound").demanded()
    rows = looking.tasks("draft_measures")[0].context["reopening"]["rows"]
    filled = [
        row | {"goal": "完善制度", "content": "修订规程并组织全员学习", "kinds": ["training"], "leader": "组织部长",
               "department": "组织部", "owner": "干部科长"}
        for row in rows
    ]  # fmt: skip
    with pytest.raises(Refusal, match="还没有整改措施"):
        looking.does("liaison", "draft_measures", second_measures=filled[:1])
    with pytest.raises(Refusal, match="不得晚于"):
        looking.does(
            "liaison", "draft_measures", second_measures=[row | {"due_date": looking.day(200)} for row in filled]
        )
    looking.does("liaison", "draft_measures", second_measures=filled)
    looking.does("principal", "approve_measures", measures_decision="return")
    looking.does("liaison", "draft_measures", second_measures=filled)
    looking.does("principal", "approve_measures", measures_decision="agree")
    second = [measure.status for measure in looking.rows(Measure) if measure.round_no == 2]
    assert sorted(second) == ["in_progress"] * 2 + ["superseded"] * 2


def test_a_changed_closure_record_keeps_the_case_out_of_the_archive(looking: Following) -> None:
    looking.looked_at("consolidated", "consolidated")
    with atomic(looking.desk.sessions) as session:
        record = session.query(ClosureRecord).first()
        record.snapshot = record.snapshot | {"title": "另一个问题"}
    with pytest.raises(Refusal, match="校验不符"):
        looking.zeroed()


@pytest.mark.parametrize(("sample", "status"), [("no", "archived"), ("yes", "revisit_due")])
def test_a_cleared_case_is_sampled_or_archived(
    desk: Desk, region: Region, now: datetime, sample: str, status: str
) -> None:
    story = Following(desk, region, now)
    story.registered({}).told().owned().planned()
    story.all_closed().reported()
    assert (story.case().status, story.open()) == ("cleared", {"decide_sampling"})
    story.does("chief", "decide_sampling", sample=sample, sample_reason="按两成比例抽签决定")
    assert story.case().status == status
