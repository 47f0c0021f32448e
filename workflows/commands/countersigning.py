"""会签: others are asked to sign an open task before it can be completed; 加签 asks more of them, 减签 fewer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflows.commands.asking import answer_row, asked_task, named, require_unbound, tell
from workflows.commands.desk import Work, lent
from workflows.commands.tasks import locked_task, note_part, record_act, require_open, touch
from workflows.models import Countersigning, Task, User
from workflows.policy import Actor, NotAllowed, TaskFacts, require_worker
from workflows.policy.countersigning import DISAGREE, OPINIONS
from workflows.queries.countersigning import present_round
from workflows.queries.task_facts import facts_of
from workflows.queries.task_people import who_may_see
from workflows.refusal import Refusal

MOST = 30  # people asked on one task


class CountersigningRefused(Refusal):
    """The rule asked for cannot be kept."""

    rule = "countersign"


@lent
def ask_countersignatures(
    work: Work,
    *,
    task_id: int,
    user_ids: Sequence[int],
    needed: int,
    veto: bool = False,
    question: str = "",
    actor: Actor,
    now: datetime,
) -> Task:
    """发起会签: `needed` of those named must agree.  A round that stands already is replaced by the new one."""
    session = work.session
    task, facts, actor = _held(session, task_id, actor)
    people = _chosen(session, task, facts, user_ids, actor, now)
    if not 1 <= needed <= len(people):
        raise CountersigningRefused(f"须同意人数应当在1至{len(people)}之间。")
    rule = _new_round(session, task.id, actor, now)
    rule.needed, rule.veto, rule.question = needed, veto, question.strip()[:500]
    task.approvals_due = needed
    if task.assignee_id is None:  # who asks has taken it, and learns what came of it
        task.assignee_id, task.claimed_at = actor.user_id, now
    words = f"{len(people)}人中须{needed}人同意" + ("，可一票否决" if veto else "")
    _ask(session, task, people, rule, actor, now)
    record_act(
        session, task, "ask_countersignatures", f"就“{task.title}”发起会签（{words}）", actor, now,
        people=[user.id for user in people], needed=needed, veto=veto,
    )  # fmt: skip
    return task


@lent
def add_countersigners(work: Work, *, task_id: int, user_ids: Sequence[int], actor: Actor, now: datetime) -> Task:
    """加签: more people in the present round; how many must agree stays as it is."""
    session = work.session
    task, facts, actor = _held(session, task_id, actor)
    round_ = present_round(session, task.id)
    if round_ is None:
        raise CountersigningRefused(f"“{task.title}”尚未发起会签，不能加签。")
    people = _chosen(session, task, facts, user_ids, actor, now)
    asked = {row.assignee_id for row in round_.rows}
    if again := [user.name for user in people if user.id in asked]:
        raise CountersigningRefused(f"{'、'.join(again)}已在会签名单中。")
    if len(asked) + len(people) > MOST:
        raise CountersigningRefused(f"会签人员不超过{MOST}人。")
    _ask(session, task, people, round_.rule, actor, now)
    record_act(
        session, task, "add_countersigners", f"“{task.title}”加签：{'、'.join(user.name for user in people)}", actor, now,
        people=[user.id for user in people],
    )  # fmt: skip
    return task


@lent
def remove_countersigner(work: Work, *, task_id: int, actor: Actor, now: datetime) -> Task:
    """减签: the countersigner's task `task_id`, as long as he has said nothing and enough others are left."""
    session = work.session
    row = locked_task(session, task_id)
    require_open(session, row)
    if row.kind != "countersign" or row.parent_id is None:
        raise CountersigningRefused("该事项不是会签。")
    task, _, actor = _held(session, row.parent_id, actor)
    round_ = present_round(session, task.id)
    if round_ is None or row.id not in {each.id for each in round_.rows}:
        raise CountersigningRefused("该会签不在本轮名单中。")
    name = row.assignee.name if row.assignee else ""
    if len(round_.rows) == 1:
        round_.rule.needed = task.approvals_due = 0
    elif len(round_.rows) - 1 < round_.rule.needed:
        raise CountersigningRefused(
            f"减签后只剩{len(round_.rows) - 1}人，少于须同意的{round_.rule.needed}人，不能减签。"
        )
    row.status, row.done_at = "withdrawn", now
    row.version += 1
    record_act(
        session, task, "remove_countersigner", f"“{task.title}”减签：{name}", actor, now, person=row.assignee_id
    )
    tell(
        session,
        [row.assignee_id] if row.assignee_id else [],
        row,
        f"“{row.title}”已撤销，无需办理",
        "",
        now,
        "process",
    )
    return task


def countersign(
    work: Work,
    *,
    task_id: int,
    opinion: str,
    remark: str = "",
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Task:
    """会签意见: agree, disagree (with a remark) or abstain; it counts at once, and is never changed."""
    session = work.session
    row = locked_task(session, task_id)
    require_open(session, row)
    if row.kind != "countersign" or row.parent_id is None:
        raise CountersigningRefused("该事项不是会签。")
    facts = facts_of(session, row)
    actor = require_worker(actor, facts)
    if opinion not in OPINIONS:
        raise CountersigningRefused("请选择会签意见。")
    if opinion == DISAGREE and not remark.strip():
        raise CountersigningRefused("不同意的，须写明理由。")
    answer_row(row, {"opinion": opinion, "remark": remark.strip()[:2000]}, actor, now)
    note_part(session, row, facts, actor, now)
    session.flush()
    task = session.get_one(Task, row.parent_id)
    _count(session, task, now)
    touch(session, task, now)
    record_act(
        session,
        row,
        "countersign",
        f"会签“{task.title}”：{OPINIONS[opinion]}",
        actor,
        now,
        opinion=opinion,
        remark=remark.strip(),
    )
    return row


def _count(session: Session, task: Task, now: datetime) -> None:
    """What is still missing stands on the task itself; whoever holds it learns when it passes or cannot pass any more."""
    round_ = present_round(session, task.id)
    if round_ is None:
        return
    before = task.approvals_due
    task.approvals_due = round_.tally.due
    task.version += 1
    settled = (before > 0 and task.approvals_due == 0) or not round_.tally.can_pass
    if settled and task.assignee_id is not None:
        tell(session, [task.assignee_id], task, f"“{task.title}”会签结果", round_.tally.words, now, "process")


def _held(session: Session, task_id: int, actor: Actor) -> tuple[Task, TaskFacts, Actor]:
    """The step, open and in the actor's hands."""
    task = locked_task(session, task_id)
    require_open(session, task)
    facts = facts_of(session, task)
    actor = require_worker(actor, facts)
    if task.kind != "step" or task.owner_id is not None:
        raise NotAllowed(f"“{task.title}”不能发起会签。", rule="countersign")
    return task, facts, actor


def _chosen(
    session: Session, task: Task, facts: TaskFacts, user_ids: Sequence[int], actor: Actor, now: datetime
) -> list[User]:
    wanted = list(dict.fromkeys(user_ids))
    if not wanted or len(wanted) > MOST:
        raise CountersigningRefused(f"请选择会签人员（1至{MOST}人）。")
    if actor.user_id in wanted or task.assignee_id in wanted:
        raise CountersigningRefused("承办人本人不能作为会签人员。")
    seers = who_may_see(session, task, now)
    people = [named(seers, user_id, "请其会签") for user_id in wanted]
    for user in people:
        require_unbound(session, user, facts, "请其会签：", now)
    return people


def _ask(
    session: Session, task: Task, people: Sequence[User], rule: Countersigning, actor: Actor, now: datetime
) -> None:
    rows = [
        asked_task(
            task.instance, kind="countersign", title=f"会签：{task.title}", to=user, actor=actor, now=now, parent=task,
            due_at=task.due_at, text=rule.question, key=f"countersign:{rule.round_no}",
        )
        for user in people
    ]  # fmt: skip
    session.add_all(rows)
    task.version += 1
    session.flush()
    title = f"{actor.name}请您会签“{task.title}”"
    for user, row in zip(people, rows, strict=True):
        tell(session, [user.id], row, title, rule.question, now, "process")


def _new_round(session: Session, task_id: int, actor: Actor, now: datetime) -> Countersigning:
    """The next round; who had not yet spoken in the one before is not asked any more."""
    session.execute(
        update(Task)
        .where(Task.parent_id == task_id, Task.kind == "countersign", Task.status == "open")
        .values(status="withdrawn", done_at=now)
    )
    rule = session.scalar(select(Countersigning).where(Countersigning.task_id == task_id))
    if rule is None:
        rule = Countersigning(task_id=task_id, round_no=0)
        session.add(rule)
    rule.round_no, rule.asked_by_id, rule.asked_at = rule.round_no + 1, actor.user_id, now
    return rule
