"""退回 and 撤回 on a real case: what opens again, what is voided, and what forbids it, in a sentence."""

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import LONG, Story
from workflows.commands.going_back import go_back_task, take_back_task
from workflows.commands.tasks import AlreadyDone, CannotReturn, StalePage, claim_task, comment_on_task
from workflows.models import Comment, Deadline, Draft, HistoryEntry, Task
from workflows.policy import NotAllowed
from workflows.refusal import Refusal


@pytest.fixture
def story(desk, region, now) -> Story:
    """The findings are registered; the council is asked to confirm them."""
    story = Story(desk, region, now)
    return story.registered({}).fed_to_unit()


def _one(session, task_id: int) -> Task:
    return session.scalars(select(Task).where(Task.id == task_id)).one()


def _circular(story: Story) -> Task:
    """拟稿 is done, 审核 is open."""
    story.later(hours=1).does(
        "officer", "draft_circular", circular_title="关于专项检查情况的通报", circular_body=LONG
    )
    return story.tasks("sign_circular")[0]


def test_the_step_before_opens_again_with_its_answer_as_a_draft(story, region, desk, session):
    task = _circular(story)
    fresh = desk.act(
        go_back_task,
        task_id=task.id,
        element="draft_circular",
        reason="标题不规范。",
        actor=region.chief,
        now=story.now,
    )
    again = story.tasks("draft_circular")[0]
    assert (again.id, again.assignee_id) == (fresh.id, region.officer.user_id)
    assert not story.tasks("sign_circular")
    assert _one(session, task.id).status == "withdrawn"
    draft = session.scalars(select(Draft).where(Draft.task_id == fresh.id)).one()
    assert (draft.user_id, draft.answer["circular_title"]) == (region.officer.user_id, "关于专项检查情况的通报")
    assert "标题不规范。" in session.scalars(select(Comment.text).where(Comment.task_id == fresh.id)).one()
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "go_back_task")).one()
    assert (entry.actor_id, entry.details["to"]) == (region.chief.user_id, "draft_circular")
    assert story.notified("“起草通报”被退回")
    story.does("officer", "draft_circular", circular_title="关于检查情况的通报（改）", circular_body=LONG)
    assert story.tasks("sign_circular")


def test_a_withdrawn_steps_deadline_is_voided(story, region, desk, session):
    task = _circular(story)
    desk.act(
        go_back_task, task_id=task.id, element="draft_circular", reason="退回。", actor=region.chief, now=story.now
    )
    if task.deadline_id is not None:
        assert session.get_one(Deadline, task.deadline_id).voided_at is not None


def test_what_cannot_be_repeated_is_named(story, region, desk):
    story.circulated().owned().drafted().does("principal", "sign_plan", decision="approve", reason="同意报送。")
    task = story.tasks("review_plan")[0]
    asked = {"task_id": task.id, "reason": "退回。", "actor": region.officer, "now": story.now}
    with pytest.raises(CannotReturn, match="“主要负责人签批方案”之后已执行“报送方案”，该操作不可重复执行"):
        desk.act(go_back_task, element="sign_plan", **asked)
    with pytest.raises(CannotReturn, match="不是本流程已办的环节"):
        desk.act(go_back_task, element="no_such", **asked)
    assert story.tasks("review_plan")


def test_an_operation_that_may_run_again_is_no_barrier(story, region, desk):
    story.circulated().owned().drafted()
    task = story.tasks("sign_plan")[0]
    desk.act(
        go_back_task, task_id=task.id, element="found_leading_group", reason="重新研究。", actor=region.principal,
        now=story.now,
    )  # fmt: skip
    assert not story.tasks("sign_plan")
    story.drafted().does("principal", "sign_plan", decision="approve", reason="同意报送。")
    assert story.tasks("review_plan")


def test_going_back_needs_a_reason_the_right_person_and_a_fresh_page(story, region, desk):
    task = _circular(story)
    asked = {"task_id": task.id, "element": "draft_circular", "now": story.now}
    with pytest.raises(Refusal, match="说明理由"):
        desk.act(go_back_task, reason=" ", actor=region.chief, **asked)
    with pytest.raises(NotAllowed):
        desk.act(go_back_task, reason="退回。", actor=region.liaison, **asked)
    with pytest.raises(StalePage):
        desk.act(go_back_task, reason="退回。", actor=region.chief, seen_version=task.version + 1, **asked)
    desk.act(go_back_task, reason="退回。", actor=region.chief, **asked)
    with pytest.raises(AlreadyDone):
        desk.act(go_back_task, reason="退回。", actor=region.chief, **asked)


def _drafted(story: Story) -> Task:
    drafted = story.tasks("draft_circular")[0]
    _circular(story)
    return drafted


def test_what_was_handed_in_comes_back_while_nobody_touched_the_next_step(story, region, desk, session):
    drafted = _drafted(story)
    fresh = desk.act(take_back_task, task_id=drafted.id, actor=region.officer, now=story.now)
    assert (fresh.assignee_id, fresh.status) == (region.officer.user_id, "open")
    assert session.scalars(select(Draft).where(Draft.task_id == fresh.id)).one().answer["circular_body"] == LONG
    assert _one(session, drafted.id).status == "withdrawn"
    with pytest.raises(AlreadyDone):
        desk.act(take_back_task, task_id=drafted.id, actor=region.officer, now=story.now)
    story.does("officer", "draft_circular", circular_title="关于检查情况的通报（改）", circular_body=LONG)
    assert len(story.tasks("sign_circular")) == 1


def test_nobody_takes_back_anothers_answer(story, region, desk):
    drafted = _drafted(story)
    with pytest.raises(NotAllowed, match="提交人本人"):
        desk.act(take_back_task, task_id=drafted.id, actor=region.officer2, now=story.now)


def test_a_claimed_next_step_keeps_what_was_handed_in(story, region, desk):
    drafted = _drafted(story)
    review = story.tasks("sign_circular")[0]
    desk.act(claim_task, task_id=review.id, actor=region.chief, now=story.now)
    with pytest.raises(CannotReturn, match="已由陆处长接办"):
        desk.act(take_back_task, task_id=drafted.id, actor=region.officer, now=story.now)


def test_a_comment_on_the_next_step_keeps_what_was_handed_in(story, region, desk):
    drafted = _drafted(story)
    review = story.tasks("sign_circular")[0]
    desk.act(comment_on_task, task_id=review.id, text="先放一放。", actor=region.chief, now=story.now)
    with pytest.raises(CannotReturn, match="已有草稿、意见"):
        desk.act(take_back_task, task_id=drafted.id, actor=region.officer, now=story.now)
