"""P02 on a real database with the real processes: nobody enters before dossier, plan, team, training and notice."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.workflows.operations.preparing import CASE_NO, FOCUS, SECRET, Preparing
from workflows.database import atomic
from workflows.forms import InvalidForm
from workflows.models import (
    Analysis,
    ChecklistItem,
    InspectionCase,
    InspectionRound,
    IntelRequest,
    IntelSource,
    Message,
    Team,
    TrainingPass,
)
from workflows.policy.checklist import TEMPLATE
from workflows.queries import preparation
from workflows.records import messages
from workflows.refusal import Refusal
from workflows.sealing import is_sealed
from workflows.workdays import closing_day

T01_DUE = date(2026, 9, 15)  # ten working days after Tuesday 1 September
SIX = ("tour", "audit", "annual_assessment", "report_review", "petition", "sanction")


@pytest.fixture
def preparing(desk, region, now) -> Preparing:
    """The council has approved unit A as a target; its preparation has begun."""
    return Preparing(desk, region, now).begun()


@pytest.fixture
def ready_to_plan(preparing: Preparing) -> Preparing:
    return preparing.dossier_done().team_done()


@pytest.fixture
def ready_to_notify(ready_to_plan: Preparing) -> Preparing:
    return ready_to_plan.plan_drafted().plan_approved().trained()


def status(story: Preparing) -> str:
    return story.case().status


def test_a_case_is_prepared_from_approval_to_readiness(preparing):
    seen = [status(preparing)]
    preparing.baseline().collected().team_done().analysed().signed()
    seen.append(status(preparing))
    preparing.plan_drafted().plan_approved()
    seen.append(status(preparing))
    preparing.trained()
    seen.append(status(preparing))
    preparing.notice()
    seen.append(status(preparing))
    assert seen == ["intel_collecting", "analysed", "team_ready", "trained", "notified"]
    entry = preparing.case().entry_date
    assert entry == date(2026, 9, 15)
    assert not preparing.sent("case.ready")
    preparing.later(days=(entry - preparing.now.date()).days - 1).wake()
    assert [message.key for message in preparing.sent("case.ready")] == [CASE_NO]
    assert preparing.processes()[f"preparation:{CASE_NO}"] == "finished"


def test_every_active_source_is_asked_once_within_t01(preparing):
    asked = [preparing.request(source) for source in SIX]
    assert {row.due_at for row in asked} == {asked[0].due_at}
    assert closing_day(asked[0].due_at) == T01_DUE
    elements = {source: preparing.asked(source).element for source in SIX}
    assert {source for source, element in elements.items() if element == "supply_confidential_intel"} == {
        "petition", "sanction",
    }  # fmt: skip
    assert preparing.asked("audit").role == "intel_provider"


def test_a_seventh_source_is_asked_without_a_deploy(desk, region, now):
    with atomic(desk.sessions) as session:
        session.add(IntelSource(code="opinion", name="舆情", seq=7))
        session.scalars(select(IntelSource).where(IntelSource.code == "tour")).one().is_active = False
    story = Preparing(desk, region, now).begun()
    assert story.asked("opinion").context["source_name"] == "舆情"
    assert {row.source_type for row in story.rows(IntelRequest)} == {*SIX, "opinion"} - {"tour"}


def test_a_provider_sees_the_requests_of_his_own_unit_only(desk, region, now):
    with atomic(desk.sessions) as session:
        source = session.scalars(select(IntelSource).where(IntelSource.code == "audit")).one()
        source.provider_unit_id = region.unit_b_id
    story = Preparing(desk, region, now).begun()
    assert story.asked("audit").unit_id == region.unit_b_id
    assert story.asked("audit").context["unit_name"] == "澜城区"


def test_late_providers_are_reminded_and_then_recorded_as_silent(preparing):
    preparing.baseline()
    for source in SIX[1:]:
        preparing.supplies(source)
    preparing.later(days=15).wake()
    assert preparing.notified("请尽快提供情况：巡视")
    assert preparing.request("tour").status == "asked"
    assert "analyse" not in preparing.open()
    preparing.later(days=8).wake()
    assert preparing.request("tour").status == "overdue"
    assert preparing.notified("“巡视”逾期未提供情况")
    assert preparing.tasks("analyse")[0].context["collected"]["silent"] == "巡视"
    assert preparing.processes()[f"intel_supply:{CASE_NO}/tour"] == "finished"


def test_the_window_begins_where_the_last_check_ended(desk, region, now):
    with atomic(desk.sessions) as session:
        old = InspectionRound(code="12-01", name="第一轮", kind="regular", starts_on=date(2024, 1, 1))
        session.add(old)
        session.flush()
        session.add(
            InspectionCase(
                case_no="XR-12-01-001",
                round_id=old.id,
                unit_id=region.unit_a_id,
                status="archived",
                exit_date=date(2024, 5, 20),
                opened_at=now,
                facts={},
            )
        )
    story = Preparing(desk, region, now).begun()
    story.supplies("audit", {"occurred_on": "2024-05-19"}, {"occurred_on": "2024-05-20"})
    assert [item.outside_window for item in story.items()] == [True, False]
    assert story.request("audit").window_start == date(2024, 5, 20)


def test_a_unit_never_checked_is_looked_at_from_the_beginning_of_the_term(desk, region, now):
    with atomic(desk.sessions) as session:
        session.add(InspectionRound(code="12-01", name="第一轮", kind="regular", starts_on=date(2024, 1, 1)))
    assert Preparing(desk, region, now).begun().request("tour").window_start == date(2024, 1, 1)


def test_confidential_sources_are_kept_sealed_and_open_ones_are_not(preparing):
    preparing.collected()
    bodies = {item.title: item.body for item in preparing.items()}
    assert is_sealed(bodies["反映提拔亲属"])
    assert preparing.desk.sealer.open(bodies["反映提拔亲属"]) == SECRET
    assert not is_sealed(bodies["超职数列支"])


def test_something_that_has_not_happened_yet_is_refused(preparing):
    with pytest.raises(Refusal, match="晚于今天"):
        preparing.supplies("audit", {"occurred_on": "2026-09-02"})


def test_a_baseline_without_a_mandatory_figure_is_not_complete(preparing):
    with pytest.raises(InvalidForm):
        preparing.baseline(value=None)
    with preparing.desk.sessions() as session:
        case = session.scalars(select(InspectionCase)).one()
        assert len(preparation.missing_metrics(session, case)) == 12
        undone = [step.code for step in preparation.undone(session, case)]
        assert undone[:3] == ["intel", "baseline", "analysis"]


def test_a_figure_is_as_of_a_day_that_has_come(preparing):
    assert {row["as_of"] for row in preparing.tasks("fill_baseline")[0].context["dossier"]["metrics"]} == {
        "2026-09-01"
    }
    with pytest.raises(Refusal, match="不能晚于今天"):
        preparing.baseline(as_of="2026-09-02")


def test_nothing_is_planned_on_an_unsigned_analysis(preparing):
    preparing.baseline().collected().team_done().analysed()
    assert preparing.open() == {"approve_analysis"}
    preparing.does("chief", "approve_analysis", decision="return", reason="重点不突出，请补充。")
    assert preparing.open() == {"analyse"}
    preparing.analysed(focus=FOCUS[:1]).signed()
    versions = [(row.version_no, row.signed_at is not None) for row in preparing.rows(Analysis)]
    assert versions == [(1, False), (2, True)]
    assert preparing.open() == {"draft_work_plan"}


def test_who_analyses_does_not_sign(preparing):
    officer, chief = preparing.region.officer, preparing.region.chief
    preparing.region.actors["officer"] = replace(officer, holdings=officer.holdings + chief.holdings)
    preparing.baseline().collected().analysed()
    with pytest.raises(Refusal, match="起草"):
        preparing.does("officer", "approve_analysis", decision="approve", reason="同意。")


def test_the_plan_goes_back_and_a_new_version_is_kept(ready_to_plan):
    ready_to_plan.plan_drafted()
    ready_to_plan.does("deputy", "approve_work_plan", decision="return", comment="任务不够具体。")
    task = ready_to_plan.tasks("draft_work_plan")[0]
    assert task.context["comment"] == "任务不够具体。"
    ready_to_plan.plan_drafted().plan_approved()
    assert [(plan.version_no, plan.status) for plan in ready_to_plan.plans()] == [(1, "draft"), (2, "approved")]
    assert ready_to_plan.plans()[1].analysis_id is not None


def test_the_checklist_is_the_template_and_the_units_own(ready_to_plan):
    added = ({"section": "manage", "text": "区划调整人员安置情况", "category": "D07", "chain": "管"},)
    ready_to_plan.plan_drafted(dropped=("S04", "U03"), added=added).plan_approved()
    items = {item.code: item for item in ready_to_plan.checklist()}
    assert len(items) == len(TEMPLATE) + len(FOCUS) + 1
    assert {code for code, item in items.items() if item.dropped_reason} == {"S04", "U03"}
    assert [items[code].text for code in ("F01", "F02")] == [row["text"] for row in FOCUS]
    assert (items["F01"].origin, items["F01"].category, items["A01"].origin) == ("analysis", "C05", "plan")


def test_every_plan_asks_about_willingness_to_act_and_the_three_special_systems(ready_to_plan):
    ready_to_plan.plan_drafted(
        dropped=tuple(item.code for item in TEMPLATE if item.section not in KEPT)
    ).plan_approved()
    kept = {(item.section, item.category) for item in ready_to_plan.checklist() if not item.dropped_reason}
    assert {("duty", "B01"), ("duty", "B06")} <= kept
    assert {("special", "D01"), ("special", "D02"), ("special", "D03")} <= kept


KEPT = ("duty", "special", "prior")


def test_a_key_task_round_brings_its_six_concerns_and_five_efforts(desk, region, now):
    story = Preparing(desk, region, now).begun(kind="key_task").dossier_done().team_done()
    story.plan_drafted().plan_approved()
    from_sets = [item for item in story.checklist() if item.origin == "focus_set"]
    assert len(from_sets) == 11
    assert sum(item.text.startswith("六个突出关注") for item in from_sets) == 6
    assert all(item.category for item in from_sets)
    assert story.plans()[0].focus_sets == ["GZ", "ZL"]


def test_the_unit_is_told_t02_before_the_entry(ready_to_notify):
    with pytest.raises(Refusal, match="10个工作日") as refused:
        ready_to_notify.notice("2026-09-14")
    assert refused.value.rule == "T02"
    assert ready_to_notify.open() == {"issue_entry_notice"}
    ready_to_notify.notice("2026-09-20")
    assert ready_to_notify.notified("进驻通知组监检〔2026〕1号：2026-09-20进驻")
    assert status(ready_to_notify) == "notified"


@pytest.mark.parametrize(
    ("loses", "named"),
    [
        ("authorisation", "派出授权（S45）"),
        ("activation", "检查组组建符合要求（S22）"),
        ("pass", "全员参训并测试合格（S32）"),
    ],
)
def test_whatever_is_undone_is_named_and_nobody_enters(ready_to_notify, loses, named):
    with atomic(ready_to_notify.desk.sessions) as session:
        team = session.scalars(select(Team)).one()
        if loses == "authorisation":
            team.authorisation_no = None
        elif loses == "activation":
            team.status = "cancelled"
        else:
            session.scalars(select(TrainingPass)).first().passed = False
    with pytest.raises(Refusal) as refused:
        ready_to_notify.notice()
    assert named in str(refused.value)
    assert (refused.value.rule, status(ready_to_notify)) == ("S7", "trained")


def test_an_unready_case_names_every_step(preparing):
    with preparing.desk.sessions() as session:
        case = session.scalars(select(InspectionCase)).one()
        steps = preparation.steps(session, case)
        assert preparation.completeness(steps) == 0
        assert [step.rule for step in steps] == ["S8", "S17", "S18", "S6", "S22", "S45", "S32", "S7"]


def test_a_repeated_collection_message_starts_nothing_twice(preparing):
    preparing.baseline().collected()
    with preparing.desk.sessions() as session:
        sent = session.scalars(select(Message).where(Message.name == "case.intel_collected")).all()
        assert len(sent) == 1


def test_each_target_of_a_round_has_a_plan_and_a_checklist_of_its_own(ready_to_plan, desk, region, now):
    def second_case(work, now):
        case = InspectionCase(
            case_no="XR-12-04-008", round_id=region.round_id, unit_id=region.unit_b_id, status="approved",
            opened_at=now, facts={},
        )  # fmt: skip
        work.session.add(case)
        work.session.flush()
        messages.send(work.session, name="case.created", key=case.case_no, now=now, case_id=case.id)

    ready_to_plan.plan_drafted(dropped=("S04",)).plan_approved()
    desk.act(second_case, now=now)
    with desk.sessions() as session:
        first, second = session.scalars(select(InspectionCase).order_by(InspectionCase.id))
        assert preparation.approved_plan(session, first).case_id == first.id
        assert preparation.approved_plan(session, second) is None
        assert {item.case_id for item in session.scalars(select(ChecklistItem))} == {first.id}
        requests = session.scalars(select(IntelRequest.request_no).where(IntelRequest.case_id == second.id)).all()
        assert len(requests) == 6
        assert second.status == "intel_collecting"
