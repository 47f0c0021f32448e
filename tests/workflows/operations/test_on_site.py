"""On site: entry only when everything is ready, exit only when nothing is missing (P03, S26, S30–S34, S38, S46, S68, S69)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.people import Region
from tests.workflows.operations.stay import PAPER, TALK, Stay
from workflows.commands.desk import Desk
from workflows.commands.overrides import decide_override, request_override
from workflows.models import (
    ChecklistItem,
    CoachingLog,
    HistoryEntry,
    ImmediateItem,
    Interview,
    Override,
    Team,
    TrainingPass,
    WorkPlan,
    ZeroDeclaration,
)
from workflows.sealing import is_sealed


@pytest.fixture
def stay(desk: Desk, region: Region, now) -> Stay:
    return Stay(desk, region, now).ready()


@pytest.fixture
def on_site(stay: Stay) -> Stay:
    return stay.entered()


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        (update(WorkPlan).values(status="draft"), "S21", "检查工作方案尚未批准"),
        (update(Team).values(status="forming"), "D10", "检查组尚未编成并启用"),
        (update(Team).values(authorisation_no=None), "S45", "尚未取得派出授权"),
        (update(TrainingPass).values(passed=False), "S32", "尚未通过培训测试：石组长、柳组员、梁组员"),
        (update(ChecklistItem).values(dropped_reason="本单位不适用"), "S38", "检查清单没有事项"),
    ],
)
def test_nobody_enters_before_everything_is_ready(stay, change, rule, words):
    stay.change(lambda session: session.execute(change))
    no = stay.refusal(stay.entered)
    assert (no.rule, words in str(no)) == (rule, True)
    assert stay.case().status == "notified"


def test_entry_opens_all_work_at_once(on_site):
    assert on_site.case().status == "onsite"
    assert on_site.open() == {
        "hear_report", "hold_talks", "check_items", "register_leads", "spot_check", "coach", "demand_immediate"
    }  # fmt: skip


def test_day_six_is_refused_and_day_seven_allowed(on_site):
    on_site.worked().drafted({})
    no = on_site.refusal(lambda: on_site.leaves(days_later=6))
    assert (no.rule, str(no)) == ("S26", "还不能离点：进驻6天，不足7天。")
    on_site.leaves(days_later=7)
    assert on_site.case().exit_date == on_site.now.date()
    assert [message.key for name in ("case.exited", "team.released") for message in on_site.sent(name)] == (
        [on_site.case().case_no] * 2
    )


def test_an_approved_override_lets_the_team_leave_early_and_is_used_up(on_site):
    on_site.worked().drafted({})
    case, region = on_site.case(), on_site.region
    asked = on_site.desk.act(
        request_override, rule="S26", object_kind="inspection_case", object_id=case.id, case_id=case.id,
        reason="汛情紧急，检查组提前撤回。", actor=region.leader, now=on_site.now,
    )  # fmt: skip
    assert on_site.refusal(lambda: on_site.leaves(days_later=3)).rule == "S26"
    on_site.desk.act(decide_override, override_id=asked.id, approved=True, actor=region.deputy, now=on_site.now)
    on_site.leaves(days_later=3)
    with on_site.desk.sessions() as session:
        used = session.scalars(select(Override)).one()
        told = session.scalars(select(HistoryEntry.summary).where(HistoryEntry.action == "use_override")).one()
    assert on_site.case().exit_date == on_site.now.date()
    assert (used.status, used.approver_id) == ("used", region.deputy.user_id)
    assert "汛情紧急" in told


def test_an_override_of_the_days_forgives_nothing_else(on_site):
    on_site.worked().drafted({})
    case, region = on_site.case(), on_site.region
    asked = on_site.desk.act(
        request_override, rule="S26", object_kind="inspection_case", object_id=case.id, case_id=case.id,
        reason="汛情紧急。", actor=region.leader, now=on_site.now,
    )  # fmt: skip
    on_site.desk.act(decide_override, override_id=asked.id, approved=True, actor=region.deputy, now=on_site.now)
    on_site.change(lambda session: session.execute(update(ChecklistItem).values(answer="")))
    no = on_site.refusal(lambda: on_site.leaves(days_later=3))
    assert "尚未作答：Q01、Q02、Q03" in str(no)
    with on_site.desk.sessions() as session:
        assert session.scalars(select(Override.status)).one() == "approved"


def test_every_item_of_the_checklist_is_answered_and_what_does_not_apply_says_why(on_site):
    on_site.checked(Q02="na_not_occurred", Q03="issue")
    with on_site.desk.sessions() as session:
        items = session.scalars(select(ChecklistItem).order_by(ChecklistItem.seq)).all()
    assert [(item.answer, item.na_reason) for item in items] == [
        ("no_issue", ""), ("na", "检查期内未发生此类事项"), ("issue", "")
    ]  # fmt: skip
    assert all(item.answered_by_id == on_site.region.member.user_id for item in items)


def test_an_unanswered_item_cannot_be_submitted(on_site):
    rows = on_site.tasks("check_items")[0].context["site"]["checklist"]
    rows = [row | {"answer": "no_issue"} for row in rows[:2]] + rows[2:]
    no = on_site.refusal(lambda: on_site.does("member", "check_items", checklist=rows))
    assert no.rule == "form"


def test_an_item_added_after_the_checks_keeps_the_team_on_site(on_site):
    on_site.worked().drafted({})
    case_id = on_site.case().id
    on_site.change(
        lambda session: session.add(
            ChecklistItem(case_id=case_id, code="Q09", seq=9, text="补充事项", section="补充", origin="note")
        )
    )
    no = on_site.refusal(on_site.leaves)
    assert (no.rule, "清单覆盖率75%，尚未作答：Q09" in str(no)) == ("S38", True)


def test_a_talk_needs_two_inspectors_and_its_summary_is_sealed(on_site):
    alone = TALK | {"inspector_2": TALK["inspector_1"]}
    assert on_site.refusal(lambda: on_site.does("member", "hold_talks", interviews=[alone])).rule == "two_inspectors"
    on_site.does("member", "hold_talks", interviews=[TALK])
    with on_site.desk.sessions() as session:
        talk = session.scalars(select(Interview)).one()
    assert is_sealed(talk.summary)
    assert talk.inspectors == ["柳组员", "梁组员"]
    assert "K7731" not in on_site.stored()


def test_nothing_found_needs_the_leaders_declaration(on_site):
    on_site.worked().does("member", "draft_papers")
    assert "declare_zero" in on_site.open()
    on_site.does("leader", "declare_zero", declaration="清单全部核查，谈话、线索均已办结，未发现选人用人方面问题。")
    on_site.leaves()
    with on_site.desk.sessions() as session:
        zero = session.scalars(select(ZeroDeclaration)).one()
    assert (zero.declared_by_id, zero.withdrawn_at) == (on_site.region.leader.user_id, None)


def test_without_paper_and_declaration_nobody_leaves(on_site):
    on_site.worked().does("member", "draft_papers")
    on_site.does("leader", "declare_zero", declaration="清单全部核查，谈话、线索均已办结，未发现选人用人方面问题。")
    now = on_site.now
    on_site.change(lambda session: session.execute(update(ZeroDeclaration).values(withdrawn_at=now)))
    no = on_site.refusal(on_site.leaves)
    assert (no.rule, "也没有零问题声明" in str(no)) == ("S68", True)


def test_issues_of_the_checklist_stand_in_the_papers_already(on_site):
    on_site.worked(Q03="issue")
    rows = on_site.tasks("draft_papers")[0].context["prepared"]["papers"]
    assert rows == [{"title": "是否存在超职数配备干部", "category": "C06", "chain": "用"}]


@pytest.mark.parametrize("missing", ["chain", "evidence", "category"])
def test_a_paper_without_evidence_category_or_chain_is_refused(on_site, missing):
    on_site.worked()
    paper = {key: value for key, value in PAPER.items() if key != missing}
    assert on_site.refusal(lambda: on_site.does("member", "draft_papers", papers=[paper])).rule == "form"


def test_evidence_of_separators_only_is_no_evidence(on_site):
    on_site.worked()
    no = on_site.refusal(lambda: on_site.drafted({"evidence": "；；"}))
    assert (no.rule, str(no)) == ("S69", "第1份底稿没有佐证材料，不得提交会商。")


def test_immediate_items_have_their_own_due_day_and_are_pressed_by_the_clock(on_site):
    on_site.does(
        "leader",
        "demand_immediate",
        immediate_items=[{"text": "立即清退超期借调人员。", "days": 3}],
        demands_done="done",
    )
    task = on_site.tasks("rectify_at_once")[0]
    assert task.role == "unit_liaison"
    on_site.later(days=3).wake()
    assert on_site.notified("立行立改事项今日到期")
    on_site.later(days=1).wake()
    assert on_site.notified("立行立改事项逾期")
    on_site.does("liaison", "rectify_at_once", result="超期借调人员已全部清退回原单位。")
    with on_site.desk.sessions() as session:
        item = session.scalars(select(ImmediateItem)).one()
    assert item.due_on == item.raised_on + timedelta(days=3)
    assert (item.done_on, item.result[:4]) == (on_site.now.date(), "超期借调")


def test_coaching_is_counted(on_site):
    on_site.worked()
    with on_site.desk.sessions() as session:
        log = session.scalars(select(CoachingLog)).one()
    assert (log.topic, log.clauses, log.attendees_n) == ("动议环节", "条例第十四条", 12)


def test_the_clock_says_on_day_seven_what_is_missing(on_site):
    on_site.later(days=6).wake()
    assert on_site.notified("进驻已满7天：澜城区")


def test_the_secret_of_a_lead_stands_nowhere_in_clear(on_site):
    on_site.got_lead()
    assert is_sealed(on_site.lead().body)
    assert "K7731" not in on_site.stored()
