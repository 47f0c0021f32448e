"""Both channels of feedback, the region's self-check, and what a unit may say to its findings."""

from datetime import datetime

import pytest

from tests.people import Region
from tests.workflows.operations.following import Following
from tests.workflows.operations.story import LONG, Story
from workflows.commands.desk import Desk
from workflows.models import Circular, CircularReceipt, Deadline, Feedback, SupervisionNotice
from workflows.operations.circulars import NothingToJoin
from workflows.operations.feedback import FeedbackRefused


def test_one_channel_is_not_enough(two_findings: Story) -> None:
    two_findings.circulated()
    assert two_findings.case().status == "feedback_pending"
    assert two_findings.open() == {"feed_back_one_to_one"}


def test_a_late_circular_must_be_explained(two_findings: Story) -> None:
    unit = two_findings.tasks("draft_circular")[0]
    assert unit.role == "supervision_officer"
    two_findings.fed_to_unit().later(days=8).circulated()
    assert two_findings.open() == {"explain_gap"}
    two_findings.does("officer", "explain_gap", gap_reason="通报文稿按程序报批，延后印发。")
    assert two_findings.open() == {"acknowledge_findings"}


def test_a_returned_circular_is_drafted_again(two_findings: Story) -> None:
    two_findings.does("officer", "draft_circular", circular_title="关于检查情况的通报", circular_body=LONG)
    two_findings.does("chief", "sign_circular", decision="return", reason="补充典型案例。")
    assert two_findings.open() == {"feed_back_one_to_one", "draft_circular"}
    two_findings.told()
    assert two_findings.case().status == "fed_back"


def test_without_a_circular_of_the_round_none_is_joined(two_findings: Story) -> None:
    two_findings.does("officer", "draft_circular", circular_way="并入本轮通报")
    with pytest.raises(NothingToJoin, match="还没有印发通报"):
        two_findings.does("chief", "sign_circular", decision="approve", reason="同意并入。")
    assert "sign_circular" in two_findings.open()


def test_a_later_case_of_the_round_joins_its_circular(two_findings: Story) -> None:
    two_findings.circulated().registered({}, unit_code="CZT")
    first, second = two_findings.tasks("feed_back_one_to_one")
    draft = two_findings.tasks("draft_circular")[0]
    assert (draft.case_id, first.case_id) == (second.case_id, draft.case_id - 1)
    two_findings.does("officer", "draft_circular", circular_way="并入本轮通报")
    two_findings.does("chief", "sign_circular", decision="approve", reason="同意并入。")
    with two_findings.desk.sessions() as session:
        assert session.query(Circular).count() == 1
        rows = session.query(Feedback).filter_by(channel="circular").all()
    assert {row.document_no for row in rows} == {"组监通〔2026〕1号"}
    assert len({row.case_id for row in rows}) == 2
    assert len(two_findings.tasks("self_check")) == 3  # nobody is asked twice


def test_each_channel_is_recorded_with_day_place_people_and_document(two_findings: Story) -> None:
    """S89, S90: one to one, unified, copied to the leader in charge, and the circular."""
    two_findings.told()
    with two_findings.desk.sessions() as session:
        rows = {row.channel: row for row in session.query(Feedback)}
    assert set(rows) == {"one_to_one", "unified", "copy_leader", "circular"}
    unified = rows["unified"]
    assert (unified.held_on, unified.place, unified.attendees, unified.document_no) == (
        two_findings.now.date(), "区委会议室", "区委班子成员、检查组", "组监反〔2026〕4号",
    )  # fmt: skip
    assert rows["circular"].document_no == "组监通〔2026〕1号"


def test_a_unit_that_does_not_acknowledge_is_pressed(desk: Desk, region: Region, now: datetime) -> None:
    """S77: five working days (T09), then the ladder."""
    story = Following(desk, region, now)
    story.registered({}).told()
    story.swept(7)
    assert [row.rule for row in story.rows(Deadline) if row.level] == []
    story.swept(2)
    assert [(row.rule, row.level) for row in story.rows(Deadline) if row.level] == [("T09", 1)]
    assert [row.form for row in story.rows(SupervisionNotice)] == ["督办通知书"]
    assert story.case().status == "fed_back"


def test_every_active_unit_checks_itself(two_findings: Story) -> None:
    two_findings.told()
    tasks = two_findings.tasks("self_check")
    assert len(tasks) == 3  # not the department that issued it
    assert {task.case_id for task in tasks} == {None}
    with two_findings.desk.sessions() as session:
        assert session.query(CircularReceipt).count() == 3


def test_a_unit_that_finds_the_same_problem_rectifies_it(two_findings: Story) -> None:
    two_findings.told()
    mine = [task for task in two_findings.tasks("self_check") if task.unit_id == two_findings.region.unit_b_id]
    assert len(mine) == 1
    two_findings.does_task(
        "liaison_b", mine[0], answer="has", self_check="对照自查，发现同类问题一起。", measures="立即整改。"
    )
    two_findings.does("liaison_b", "rectify_by_itself", rectified="已补齐任前公示材料。")
    with two_findings.desk.sessions() as session:
        receipt = session.query(CircularReceipt).filter_by(unit_id=two_findings.region.unit_b_id).one()
    assert receipt.self_check.startswith("有同类问题")
    assert "已补齐任前公示材料" in receipt.measures


def test_a_unit_that_does_not_answer_is_reminded(two_findings: Story) -> None:
    two_findings.told().later(days=45).wake()
    assert len(two_findings.tasks("self_check")) == 3
    assert two_findings.notified("请回复通报对照自查情况")


def test_every_finding_must_be_spoken_to(two_findings: Story) -> None:
    two_findings.told()
    rows = two_findings.tasks("acknowledge_findings")[0].context["fed_back"]["findings"]
    with pytest.raises(FeedbackRefused, match="不认领的，须写明理由"):
        two_findings.does(
            "principal", "acknowledge_findings", acknowledgements=[rows[0] | {"accepted": True}, rows[1]]
        )
    assert two_findings.finding().status == "fed_back"


@pytest.mark.parametrize(
    ("ruling", "status", "open_count"), [("maintain", "acknowledged", 2), ("withdraw", "not_upheld", 1)]
)
def test_an_objection_is_answered(two_findings: Story, ruling: str, status: str, open_count: int) -> None:
    two_findings.told().owned(2)
    assert two_findings.finding(2).status == "under_objection"
    row = two_findings.tasks("review_objections")[0].context["acknowledged"]["refused"][0]
    answered = row | {"ruling": ruling, "reply": "经复核，现书面答复如下：情况已核实。"}
    two_findings.does("officer", "review_objections", rulings=[answered])
    assert two_findings.finding(2).status == status
    assert two_findings.case().open_count == open_count
    assert two_findings.open() == {"found_leading_group"}


def test_feedback_before_the_council_is_refused(two_findings: Story) -> None:
    with pytest.raises(FeedbackRefused, match="反馈不能早于部务会审定"):
        two_findings.fed_to_unit(on="2026-08-31")
