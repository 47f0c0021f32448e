"""The plan: everything covered, everybody named, in time, with root causes; signed, reviewed, and then the ledger."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import LONG, Story
from workflows.forms import InvalidForm
from workflows.models import Deadline, Measure, RectificationPlan
from workflows.operations.plans import PlanRefused
from workflows.operations.reports import ReportRefused
from workflows.records.deadlines import standing_of


def deadline_of(story: Story, rule: str, subject_no: str = "XR-12-04-001") -> Deadline:
    with story.desk.sessions() as session:
        query = select(Deadline).where(Deadline.subject_no == subject_no, Deadline.rule == rule)
        return session.scalars(query.order_by(Deadline.seq.desc())).first()


def test_a_meeting_still_to_come_is_refused_where_its_day_is_entered(fed_back: Story) -> None:
    """S86: later, nobody at the plan could put it right."""
    group = {"leading_group": "组长：区委书记；成员：班子成员", "meeting_minutes": "区委专题研究整改工作，明确责任。"}
    tomorrow = (fed_back.now + timedelta(days=1)).date().isoformat()
    with pytest.raises(PlanRefused, match="不能晚于今天") as refusal:
        fed_back.does("liaison", "found_leading_group", meeting_date=tomorrow, **group)
    assert refusal.value.rule == "S86"
    assert fed_back.open() == {"found_leading_group"}


def test_a_finding_left_out_is_named(fed_back: Story) -> None:
    fed_back.studied()
    plan = fed_back.plan()
    plan["measures"] = plan["measures"][:1]
    with pytest.raises(PlanRefused, match="没有覆盖以下问题：XR-12-04-001-F02") as refusal:
        fed_back.does("liaison", "draft_plan", **plan)
    assert refusal.value.rule == "S87"
    assert fed_back.open() == {"draft_plan"}


def test_a_foreign_number_is_refused(fed_back: Story) -> None:
    with pytest.raises(PlanRefused, match="没有覆盖"):
        fed_back.drafted(finding_no="XR-12-04-001-F09")


@pytest.mark.parametrize("day", ["2026-12-02", "2027-09-30"])
def test_a_measure_beyond_d4_is_refused(fed_back: Story, day: str) -> None:
    with pytest.raises(PlanRefused, match="超过最迟时限2026-12-01") as refusal:
        fed_back.drafted(due_date=day)
    assert refusal.value.rule == "D4"


def test_a_grave_finding_needs_its_root_cause(story: Story) -> None:
    story.registered({"appointment_effect": "missing_step"}).told().owned().studied()
    plan = story.plan()
    del plan["root_causes"]
    with pytest.raises(PlanRefused, match="须剖析根源") as refusal:
        story.does("liaison", "draft_plan", **plan)
    assert refusal.value.rule == "S119"
    story.does("liaison", "draft_plan", **story.plan())
    assert story.finding().root_cause == "制度执行不严，监督缺位。"


def test_the_principal_sends_back_and_a_new_version_is_kept(fed_back: Story) -> None:
    fed_back.drafted().does("principal", "sign_plan", decision="return", reason="措施再具体些。")
    assert fed_back.open() == {"draft_plan"}
    fed_back.planned()
    with fed_back.desk.sessions() as session:
        plans = session.scalars(select(RectificationPlan).order_by(RectificationPlan.version_no)).all()
        measures = session.scalars(select(Measure)).all()
    assert [plan.status for plan in plans] == ["returned", "approved"]
    assert sorted(measure.status for measure in measures) == ["in_progress"] * 2 + ["superseded"] * 2
    assert plans[1].signed_by_id == fed_back.region.principal.user_id


def test_review_sends_back_with_a_word_on_each(fed_back: Story) -> None:
    fed_back.drafted().does("principal", "sign_plan", decision="approve", reason="同意报送。")
    rows = fed_back.tasks("review_plan")[0].context["plan"]["findings"]
    returned = [rows[0] | {"verdict": "return"}, rows[1]]
    with pytest.raises(PlanRefused, match="须写明意见：XR-12-04-001-F01"):
        fed_back.does("officer", "review_plan", review_rows=returned, review_reason="部分退回。")
    returned[0]["note"] = "措施太笼统。"
    fed_back.does("officer", "review_plan", review_rows=returned, review_reason="部分退回。")
    assert fed_back.open() == {"draft_plan"}
    assert deadline_of(fed_back, "T11").met_at is not None
    assert deadline_of(fed_back, "T10").seq == 2


def test_deadlines_count_from_the_feedback(fed_back: Story) -> None:
    deadline = deadline_of(fed_back, "T10")
    assert deadline.anchor_label == "收到反馈"
    assert deadline.due_at == datetime(2026, 9, 21, 16, tzinfo=UTC)  # 20 September is a make-up day
    assert fed_back.case().concentrated_end.isoformat() == "2027-03-01"


def test_the_ledger_opens_each_findings_own_limit(rectifying: Story) -> None:
    deadline = deadline_of(rectifying, "D4", "XR-12-04-001-F01")
    assert (deadline.amount, deadline.amount_unit, deadline.escalates) == (3, "month", True)
    assert deadline.due_at == datetime(2026, 12, 1, 16, tzinfo=UTC)


def test_the_liaison_is_reminded_of_the_plan(fed_back: Story) -> None:
    fed_back.studied().later(days=15).wake()
    assert fed_back.notified("整改方案报送时限将至")
    assert fed_back.open() == {"draft_plan"}


def test_monthly_reports_until_the_period_is_over(rectifying: Story) -> None:
    rectifying.later(days=20).wake()
    task = rectifying.tasks("report_month")[0]
    assert task.due_at == datetime(2026, 9, 28, 16, tzinfo=UTC)  # 25–27 September are holidays
    rows = [row | {"percent": 40, "progress": "已开展培训。"} for row in task.context["ledger"]["measures"]]
    with pytest.raises(ReportRefused, match="年-月"):
        rectifying.does("liaison", "report_month", report_period="2026-99", report_rows=rows, report_summary=LONG)
    rectifying.does("liaison", "report_month", report_period="2026-09", report_rows=rows, report_summary=LONG)
    assert "report_month" not in rectifying.open()
    rectifying.later(days=30).wake()
    assert "report_month" in rectifying.open()
    rectifying.later(days=150).wake()
    assert "report_month" not in rectifying.open()
    assert rectifying.notified("集中整改期将满")


def test_what_is_open_after_the_period_is_looked_at_again(rectifying: Story) -> None:
    rectifying.does(
        "principal",
        "hold_democratic_meeting",
        democratic_on="2026-09-01",
        democratic_minutes="班子成员逐一对照检查到位。",
    )
    rectifying.later(days=200).wake()
    assert rectifying.case().status == "reporting"
    rows = rectifying.tasks("write_report")[0].context["results"]["findings"]
    rows = [row | {"result": "正在整改，尚未完成。"} for row in rows]
    rectifying.does("liaison", "write_report", result_rows=rows, report_effect=LONG, undisclosed="无")
    rectifying.does("officer", "review_report", decision="return", reason="逐项说明未完成原因。")
    rectifying.does("liaison", "write_report", result_rows=rows, report_effect=LONG, undisclosed="无")
    day = rectifying.now.date().isoformat()
    rectifying.does("officer", "review_report", decision="approve", scope="party", published_on=day, reason="同意。")
    message = rectifying.sent("case.revisit_due")[0]
    assert message.payload == {"reason": "有未销号问题", "months": 3}
    assert rectifying.processes()["revisit:XR-12-04-001"] == "running"


def test_the_days_of_a_maintained_objection_do_not_count(two_findings: Story) -> None:
    """domain/3 §3.3: the clock stands still while an objection is open, D4's clock too."""
    two_findings.told().owned(2).later(days=6)
    (refused,) = two_findings.tasks("review_objections")[0].context["acknowledged"]["refused"]
    reply = {"ruling": "maintain", "reply": "经复核，原认定事实清楚，予以维持。"}
    two_findings.does("officer", "review_objections", rulings=[refused | reply]).planned()
    owned, disputed = (
        deadline_of(two_findings, "D4", "XR-12-04-001-F01"),
        deadline_of(two_findings, "D4", "XR-12-04-001-F02"),
    )
    assert (owned.paused_days, disputed.paused_days) == (0, 6)
    assert owned.original_due_at == owned.due_at == disputed.original_due_at
    assert timedelta(days=6) <= disputed.due_at - owned.due_at <= timedelta(days=9)
    with two_findings.desk.sessions() as session:
        standing = standing_of(session, session.get_one(Deadline, disputed.id))
    assert standing.reconciles
    assert standing.due_at == disputed.due_at


@pytest.mark.parametrize("cell", ["content", "leader", "department", "owner", "due_date", "goal", "kinds"])
def test_a_measure_without_a_duty_is_a_field_error(fed_back: Story, cell: str) -> None:
    """S94: measure, leader, department, person and day are all there, or the plan is not taken."""
    fed_back.studied()
    given = fed_back.plan()
    given["measures"][0].pop(cell)
    with pytest.raises(InvalidForm) as refusal:
        fed_back.does("liaison", "draft_plan", **given)
    assert any(cell in field for field in refusal.value.problems)
