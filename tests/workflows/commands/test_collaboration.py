"""委托, 会签, 催办, 传阅, 暂缓提醒, 交办: allowed, refused, stale, and what each leaves behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.people import recuse
from tests.workflows.operations.story import Story
from workflows.commands.ad_hoc import AdHocRefused, finish_given_task, give_task, withdraw_given_task
from workflows.commands.circulation import acknowledge_circulation, circulate_case, circulate_finding, circulate_task
from workflows.commands.countersigning import (
    CountersigningRefused,
    add_countersigners,
    ask_countersignatures,
    countersign,
    remove_countersigner,
)
from workflows.commands.delegation import delegate_task, hand_back_task, recall_task
from workflows.commands.nudges import NudgeRefused, nudge_task
from workflows.commands.recusals import declare_recusal
from workflows.commands.snoozes import SnoozeRefused, snooze_task, wake_task
from workflows.commands.tasks import AlreadyDone, claim_task, complete_task, save_draft
from workflows.models import Draft, HistoryEntry, Notification, Participation, Snooze, Task
from workflows.policy import NotAllowed, NotYet
from workflows.queries.countersigning import present_round
from workflows.refusal import Refusal
from workflows.workdays import local_date

TEXT = "整改落实到位，制度已修订。"


@pytest.fixture
def story(rectifying) -> Story:
    return rectifying


@pytest.fixture
def act(desk, story, region):
    """Somebody does something now: `act("owner", delegate_task, …)`."""

    def done(who: str, command, **given):
        return desk.act(command, actor=region.actors[who], now=story.now, **given)

    return done


def _task(story: Story) -> Task:
    """实施整改措施 of the first finding, for the owner of unit A."""
    return story.tasks("implement_measures", story.finding().finding_no)[0]


def _answer(task: Task) -> dict:
    rows = [
        row | {"progress": TEXT, "completion": "done", "document_ref": "文"}
        for row in task.context["task"]["measures"]
    ]
    return {"measures": rows}


def _rows(story: Story, kind: str) -> list[Task]:
    with story.desk.sessions() as session:
        return list(session.scalars(select(Task).where(Task.kind == kind).order_by(Task.id)))


def _again(story: Story, task: Task) -> Task:
    with story.desk.sessions() as session:
        return session.scalars(select(Task).where(Task.id == task.id)).one()


def _told(story: Story, user_id: int) -> list[str]:
    with story.desk.sessions() as session:
        return list(session.scalars(select(Notification.title).where(Notification.user_id == user_id)))


# -- 委托


def test_a_delegate_works_it_out_and_the_owner_completes(story, region, act, session):
    task = _task(story)
    act("owner", delegate_task, task_id=task.id, to_user_id=region.liaison.user_id, reason="请先起草。")
    held = _again(story, task)
    assert (held.assignee_id, held.owner_id) == (region.liaison.user_id, region.owner.user_id)
    with pytest.raises(NotAllowed, match="已由他人签收"):
        act("owner", complete_task, task_id=task.id, answer=_answer(task))
    with pytest.raises(NotYet, match="受托人提交后由委托人核定办结"):
        act("liaison", complete_task, task_id=task.id, answer=_answer(task))
    act("liaison", save_draft, task_id=task.id, answer=_answer(task))
    act("liaison", hand_back_task, task_id=task.id, answer=_answer(task))
    back = _again(story, task)
    assert (back.assignee_id, back.owner_id, back.status) == (region.owner.user_id, None, "open")
    draft = session.scalars(select(Draft).where(Draft.task_id == task.id)).one()
    assert (draft.user_id, draft.answer["measures"][0]["progress"]) == (region.owner.user_id, TEXT)
    act("owner", complete_task, task_id=task.id, answer=_answer(task))
    session.rollback()
    parts = session.scalars(select(Participation.user_id).where(Participation.part == "implementer"))
    assert set(parts) == {region.owner.user_id, region.liaison.user_id}


def test_a_delegate_counts_for_four_eyes(story, region, act):
    task = _task(story)
    act("owner", delegate_task, task_id=task.id, to_user_id=region.unit_leader.user_id, reason="请先起草。")
    act("unit_leader", hand_back_task, task_id=task.id, answer=_answer(task))
    act("owner", complete_task, task_id=task.id, answer=_answer(task))
    check = story.tasks("check_by_leader")[0]
    with pytest.raises(NotAllowed, match="制衡"):
        act("unit_leader", claim_task, task_id=check.id)


def test_nobody_is_delegated_what_he_may_not_see(story, region, act):
    task = _task(story)
    asked = {"task_id": task.id, "reason": "请办。"}
    with pytest.raises(NotAllowed, match="无权查看"):
        act("owner", delegate_task, to_user_id=region.owner_b.user_id, **asked)
    with pytest.raises(NotAllowed):
        act("owner_b", delegate_task, to_user_id=region.liaison.user_id, **asked)
    with pytest.raises(Refusal, match="写明要求"):
        act("owner", delegate_task, task_id=task.id, to_user_id=region.liaison.user_id, reason=" ")


def test_the_owner_takes_a_delegation_back(story, region, act):
    task = _task(story)
    act("owner", delegate_task, task_id=task.id, to_user_id=region.liaison.user_id, reason="请先起草。")
    with pytest.raises(NotAllowed, match="委托人本人或上级"):
        act("liaison", recall_task, task_id=task.id)
    act("owner", recall_task, task_id=task.id)
    with pytest.raises(NotAllowed, match="已收回"):
        act("liaison", hand_back_task, task_id=task.id, answer=_answer(task))
    assert _again(story, task).assignee_id == region.owner.user_id


# -- 会签


def _asked(story, region, act, *names: str, **rule) -> Task:
    task = _task(story)
    ids = [region.actors[name].user_id for name in names]
    act("owner", ask_countersignatures, task_id=task.id, user_ids=ids, **rule)
    return task


def test_two_of_three_must_agree(story, region, act, session):
    task = _asked(story, region, act, "liaison", "principal", "unit_leader", needed=2)
    first, second, third = _rows(story, "countersign")
    with pytest.raises(NotYet, match="还须2人同意"):
        act("owner", complete_task, task_id=task.id, answer=_answer(task))
    act("liaison", countersign, task_id=first.id, opinion="agree")
    with pytest.raises(Refusal, match="写明理由"):
        act("principal", countersign, task_id=second.id, opinion="disagree")
    act("principal", countersign, task_id=second.id, opinion="disagree", remark="措施不实。")
    assert _again(story, task).approvals_due == 1
    with pytest.raises(NotYet, match="还须1人同意"):
        act("owner", complete_task, task_id=task.id, answer=_answer(task))
    act("unit_leader", countersign, task_id=third.id, opinion="agree")
    assert _again(story, task).approvals_due == 0
    assert any("会签结果" in title for title in _told(story, region.owner.user_id))
    act("owner", complete_task, task_id=task.id, answer=_answer(task))
    round_ = present_round(session, task.id)
    assert round_ is not None
    assert [row.answer["opinion"] for row in round_.rows] == ["agree", "disagree", "agree"]


def test_one_veto_stops_it_until_they_are_asked_again(story, region, act):
    task = _asked(story, region, act, "liaison", "principal", needed=1, veto=True)
    first, second = _rows(story, "countersign")
    act("liaison", countersign, task_id=first.id, opinion="agree")
    assert _again(story, task).approvals_due == 0
    act("principal", countersign, task_id=second.id, opinion="disagree", remark="不妥。")
    with pytest.raises(NotYet, match="会签尚未通过"):
        act("owner", complete_task, task_id=task.id, answer=_answer(task))
    act("owner", ask_countersignatures, task_id=task.id, user_ids=[region.principal.user_id], needed=1)
    act("principal", countersign, task_id=_rows(story, "countersign")[-1].id, opinion="agree")
    act("owner", complete_task, task_id=task.id, answer=_answer(task))


def test_countersigners_are_added_and_removed(story, region, act):
    task = _asked(story, region, act, "liaison", "principal", needed=2)
    first, second = _rows(story, "countersign")
    with pytest.raises(CountersigningRefused, match="少于须同意的2人"):
        act("owner", remove_countersigner, task_id=first.id)
    with pytest.raises(CountersigningRefused, match="已在会签名单"):
        act("owner", add_countersigners, task_id=task.id, user_ids=[region.liaison.user_id])
    act("owner", add_countersigners, task_id=task.id, user_ids=[region.unit_leader.user_id])
    act("owner", remove_countersigner, task_id=first.id)
    with pytest.raises(AlreadyDone):
        act("liaison", countersign, task_id=first.id, opinion="agree")
    act("principal", countersign, task_id=second.id, opinion="agree")
    with pytest.raises(AlreadyDone):
        act("owner", remove_countersigner, task_id=second.id)
    with pytest.raises(AlreadyDone):
        act("principal", countersign, task_id=second.id, opinion="agree")
    with pytest.raises(NotYet, match="还须1人同意"):
        act("owner", complete_task, task_id=task.id, answer=_answer(task))


def test_removing_the_last_one_ends_the_countersigning(story, region, act, session):
    task = _asked(story, region, act, "liaison", needed=1)
    act("owner", remove_countersigner, task_id=_rows(story, "countersign")[0].id)
    assert present_round(session, task.id) is None
    act("owner", complete_task, task_id=task.id, answer=_answer(task))


def test_what_nobody_answered_goes_with_its_task(story, region, act):
    task = _asked(story, region, act, "liaison", "principal", needed=1)
    act("liaison", countersign, task_id=_rows(story, "countersign")[0].id, opinion="agree")
    act("owner", complete_task, task_id=task.id, answer=_answer(task))
    assert [row.status for row in _rows(story, "countersign")] == ["done", "withdrawn"]


def test_only_who_was_asked_signs_and_it_counts_for_four_eyes(story, region, act, session):
    task = _asked(story, region, act, "unit_leader", needed=1)
    row = _rows(story, "countersign")[0]
    with pytest.raises(NotAllowed, match="指定他人办理"):
        act("liaison", countersign, task_id=row.id, opinion="agree")
    act("unit_leader", countersign, task_id=row.id, opinion="agree")
    act("owner", complete_task, task_id=task.id, answer=_answer(task))
    with pytest.raises(NotAllowed, match="制衡"):
        act("unit_leader", claim_task, task_id=story.tasks("check_by_leader")[0].id)


def test_the_rule_must_be_possible_and_the_people_allowed(story, region, act):
    task = _task(story)
    asked = {"task_id": task.id}
    with pytest.raises(CountersigningRefused, match="1至1之间"):
        act("owner", ask_countersignatures, user_ids=[region.liaison.user_id], needed=2, **asked)
    with pytest.raises(CountersigningRefused, match="本人"):
        act("owner", ask_countersignatures, user_ids=[region.owner.user_id], needed=1, **asked)
    with pytest.raises(NotAllowed, match="无权查看"):
        act("owner", ask_countersignatures, user_ids=[region.liaison_b.user_id], needed=1, **asked)
    with pytest.raises(CountersigningRefused, match="选择会签人员"):
        act("owner", ask_countersignatures, user_ids=[], needed=1, **asked)


def test_who_declares_a_recusal_is_no_longer_asked(story, region, act, desk):
    task = _asked(story, region, act, "officer", needed=1)
    desk.act(declare_recusal, unit_code="QL-LC", reason="relative", actor=region.officer, now=story.now)
    assert _rows(story, "countersign")[0].status == "withdrawn"
    recused = recuse(desk.sessions, region, "officer2", region.unit_a_id, story.now)
    with pytest.raises(NotAllowed):
        act("owner", ask_countersignatures, task_id=task.id, user_ids=[recused.user_id], needed=1)


# -- 催办


def test_once_a_day_and_by_whoever_waits(story, region, act):
    task = _task(story)
    with pytest.raises(NudgeRefused, match="只有流程发起人"):
        act("liaison", nudge_task, task_id=task.id)
    act("officer", nudge_task, task_id=task.id)
    assert f"催办：{task.title}" in _told(story, region.owner.user_id)
    with pytest.raises(NudgeRefused, match="今天已由江经办催办"):
        act("chief", nudge_task, task_id=task.id)
    story.later(days=1)
    act("chief", nudge_task, task_id=task.id)


def test_nobody_reminds_himself(story, region, act):
    task = _task(story)
    act("owner", claim_task, task_id=task.id)
    with pytest.raises(NudgeRefused, match="本人承办"):
        act("owner", nudge_task, task_id=task.id)
    act("officer", nudge_task, task_id=task.id)
    assert _told(story, region.owner.user_id)[-1] == f"催办：{task.title}"


# -- 传阅


def test_readers_are_named_with_the_moment_they_read(story, region, act):
    task = _task(story)
    act(
        "officer",
        circulate_task,
        task_id=task.id,
        user_ids=[region.chief.user_id, region.council.user_id],
        text="请阅。",
    )
    act("officer", circulate_task, task_id=task.id, user_ids=[region.chief.user_id])
    chief, council = _rows(story, "circulation")
    story.later(hours=2)
    act("chief", acknowledge_circulation, task_id=chief.id, remark="已阅，抓紧。")
    read = _again(story, chief)
    assert (read.status, read.done_by_id, read.done_at) == ("done", region.chief.user_id, story.now)
    with pytest.raises(NotAllowed, match="指定他人"):
        act("chief", acknowledge_circulation, task_id=council.id)


def test_a_case_and_a_finding_go_round_too(story, region, act):
    finding = story.finding()
    act("officer", circulate_case, case_id=finding.case_id, user_ids=[region.chief.user_id])
    act("officer", circulate_finding, finding_id=finding.id, user_ids=[region.principal.user_id])
    case_row, finding_row = _rows(story, "circulation")
    assert (case_row.case_id, case_row.finding_id) == (finding.case_id, None)
    assert finding_row.finding_id == finding.id


def test_nothing_is_circulated_to_whom_it_does_not_concern(story, region, act):
    task = _task(story)
    for name in ("owner_b", "admin", "accountability"):
        with pytest.raises(NotAllowed, match="无权查看"):
            act("officer", circulate_task, task_id=task.id, user_ids=[region.actors[name].user_id])
    with pytest.raises(NotAllowed):
        act("owner_b", circulate_task, task_id=task.id, user_ids=[region.owner.user_id])


# -- 暂缓提醒


def test_never_past_the_deadline(story, region, act, session):
    task = _task(story)
    due = local_date(task.due_at or story.now + timedelta(days=30))
    day = local_date(story.now) + timedelta(days=2)
    act("owner", snooze_task, task_id=task.id, until=day)
    act("owner", snooze_task, task_id=task.id, until=day + timedelta(days=1))
    assert len(session.scalars(select(Snooze)).all()) == 1
    with pytest.raises(SnoozeRefused, match="今天之后"):
        act("owner", snooze_task, task_id=task.id, until=local_date(story.now))
    if task.due_at is not None:
        with pytest.raises(SnoozeRefused, match="不得晚于办理期限"):
            act("owner", snooze_task, task_id=task.id, until=due + timedelta(days=2))
    with pytest.raises(NotAllowed):
        act("owner_b", snooze_task, task_id=task.id, until=day)
    act("owner", wake_task, task_id=task.id)
    session.rollback()
    assert not session.scalars(select(Snooze)).all()


# -- 交办


def test_a_supervisor_gives_a_task_and_learns_that_it_is_done(story, region, act, session):
    case_id, day = story.finding().case_id, local_date(story.now) + timedelta(days=3)
    row = act(
        "officer", give_task, case_id=case_id, to_user_id=region.liaison.user_id, title="补充干部名册", text="按表填报。",
        due_on=day,
    )  # fmt: skip
    assert (row.kind, row.assignee_id, local_date(row.due_at - timedelta(seconds=1))) == (
        "ad_hoc",
        region.liaison.user_id,
        day,
    )
    with pytest.raises(AdHocRefused, match="填写办理情况"):
        act("liaison", finish_given_task, task_id=row.id, remark="")
    with pytest.raises(NotAllowed):
        act("owner", finish_given_task, task_id=row.id, remark="已办。")
    act("liaison", finish_given_task, task_id=row.id, remark="已报送。")
    assert "交办事项“补充干部名册”已办结" in _told(story, region.officer.user_id)
    entries = select(HistoryEntry.action).where(HistoryEntry.object_id == row.id, HistoryEntry.object_kind == "task")
    acts = session.scalars(entries.where(HistoryEntry.denied.is_(False)))
    assert list(acts) == ["give_task", "finish_given_task"]


def test_the_flow_goes_on_beside_a_given_task(story, region, act):
    case_id, day = story.finding().case_id, local_date(story.now) + timedelta(days=3)
    row = act(
        "leader",
        give_task,
        case_id=case_id,
        to_user_id=region.owner.user_id,
        title="补材料",
        text="请补。",
        due_on=day,
    )
    task = _task(story)
    act("owner", complete_task, task_id=task.id, answer=_answer(task))
    assert _again(story, row).status == "open"
    with pytest.raises(NotAllowed, match="交办人本人"):
        act("officer", withdraw_given_task, task_id=row.id, reason="不需要了。")
    act("leader", withdraw_given_task, task_id=row.id, reason="不需要了。")
    with pytest.raises(AlreadyDone):
        act("owner", finish_given_task, task_id=row.id, remark="已办。")


def test_who_may_give_and_to_whom(story, region, act):
    asked = {
        "case_id": story.finding().case_id, "title": "补材料", "text": "请补。",
        "due_on": local_date(story.now) + timedelta(days=3),
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="权限"):
        act("liaison", give_task, to_user_id=region.owner.user_id, **asked)
    with pytest.raises(NotAllowed, match="无权查看"):
        act("officer", give_task, to_user_id=region.owner_b.user_id, **asked)
    with pytest.raises(AdHocRefused, match="不能早于今天"):
        act(
            "officer",
            give_task,
            to_user_id=region.owner.user_id,
            **asked | {"due_on": local_date(story.now) - timedelta(days=1)},
        )


def test_what_is_not_a_step_is_not_completed_as_one(story, region, act):
    task = _task(story)
    act("officer", circulate_task, task_id=task.id, user_ids=[region.chief.user_id])
    row = _rows(story, "circulation")[0]
    with pytest.raises(NotAllowed, match="不是流程环节"):
        act("chief", complete_task, task_id=row.id, answer={})
