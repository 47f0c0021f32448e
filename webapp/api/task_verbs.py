"""The verbs of a task by API: the same commands as the forms, with the same refusals."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Completed
from webapp.api.task_shapes import (
    Asked,
    Circulating,
    Countersigner,
    CountersigningAsked,
    CountersigningShape,
    DelegateAnswer,
    GivenTask,
    GoingBack,
    Handing,
    Nudging,
    Opinion,
    People,
    Reason,
    Remark,
    Snoozing,
    Taken,
    WayBack,
    WaysBack,
)
from workflows.commands import (
    ad_hoc,
    circulation,
    claiming,
    countersigning,
    delegation,
    going_back,
    nudges,
    snoozes,
    tasks,
)
from workflows.models import Task
from workflows.operations import repeatable_operations
from workflows.queries import cases, task, ways_back
from workflows.queries.countersigning import present_round

bp = Blueprint("task_verbs", __name__)
TAGS = ["事项办理"]


@bp.post("/tasks/next")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Taken))
def take_next() -> Answer:
    """领取下一件：最急的可签收事项"""
    taken = current.desk().act(claiming.claim_next, actor=current.actor(), now=current.now())
    return Taken(task_id=taken.id if taken else None).model_dump(mode="json")


@bp.get("/tasks/<int:task_id>/ways-back")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(WaysBack))
def list_ways_back(task_id: int) -> Answer:
    """可以退回的环节，不能退回的写明理由"""
    found = task.find(current.session(), current.actor(), task_id)
    ways = ways_back.ways_back(current.session(), current.desk().engine, found, repeatable_operations())
    rows = [
        WayBack(element=each.element, title=each.title, done_by=each.done_by, refusal=each.refusal) for each in ways
    ]
    return WaysBack(ways=rows).model_dump(mode="json")


@bp.post("/tasks/<int:task_id>/going-back")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def go_back(task_id: int, json: GoingBack) -> Answer:
    """退回：返回重新打开的环节"""
    return _act(going_back.go_back_task, task_id, element=json.element, reason=json.reason, seen_version=json.version)


@bp.post("/tasks/<int:task_id>/taking-back")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def take_back(task_id: int) -> Answer:
    """撤回：下一环节未接办时收回本人提交的内容，返回重新打开的环节"""
    return _act(going_back.take_back_task, task_id)


@bp.post("/tasks/<int:task_id>/reassignment")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def reassign(task_id: int, json: Handing) -> Answer:
    """转办"""
    return _act(tasks.reassign_task, task_id, to_user_id=json.user_id, reason=json.reason)


@bp.post("/tasks/<int:task_id>/delegation")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def delegate(task_id: int, json: Handing) -> Answer:
    """委托：受托人提交后回到委托人"""
    return _act(delegation.delegate_task, task_id, to_user_id=json.user_id, reason=json.reason)


@bp.delete("/tasks/<int:task_id>/delegation")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def recall(task_id: int) -> Answer:
    """收回委托"""
    return _act(delegation.recall_task, task_id)


@bp.post("/tasks/<int:task_id>/delegation/answer")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def hand_back(task_id: int, json: DelegateAnswer) -> Answer:
    """受托人提交，成为委托人的草稿"""
    return _act(delegation.hand_back_task, task_id, answer=json.answer)


@bp.get("/tasks/<int:task_id>/countersigning")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(CountersigningShape))
def get_countersigning(task_id: int) -> Answer:
    """会签进展与各人意见"""
    found = task.find(current.session(), current.actor(), task_id)
    return _standing(found).model_dump(mode="json")


@bp.post("/tasks/<int:task_id>/countersigning")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def ask(task_id: int, json: CountersigningAsked) -> Answer:
    """发起（或重新发起）会签"""
    return _act(countersigning.ask_countersignatures, task_id, **json.model_dump())


@bp.post("/tasks/<int:task_id>/countersigners")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def ask_more(task_id: int, json: People) -> Answer:
    """加签"""
    return _act(countersigning.add_countersigners, task_id, user_ids=json.user_ids)


@bp.delete("/tasks/<int:task_id>/countersigner")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def ask_no_more(task_id: int) -> Answer:
    """减签：撤销一名未表态会签人的会签事项"""
    return _act(countersigning.remove_countersigner, task_id)


@bp.post("/tasks/<int:task_id>/opinion")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def give_opinion(task_id: int, json: Opinion) -> Answer:
    """会签意见"""
    return _act(countersigning.countersign, task_id, opinion=json.opinion, remark=json.remark)


@bp.post("/tasks/<int:task_id>/nudge")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def nudge(task_id: int, json: Nudging) -> Answer:
    """催办：同一事项每天一次"""
    return _act(nudges.nudge_task, task_id, text=json.text)


@bp.post("/tasks/<int:task_id>/circulation")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Asked))
def circulate(task_id: int, json: Circulating) -> Answer:
    """传阅"""
    task.find(current.session(), current.actor(), task_id)
    rows = current.desk().act(
        circulation.circulate_task, task_id=task_id, user_ids=json.user_ids, text=json.text, actor=current.actor(),
        now=current.now(),
    )  # fmt: skip
    return Asked(task_ids=[row.id for row in rows]).model_dump(mode="json")


@bp.post("/tasks/<int:task_id>/receipt")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def acknowledge(task_id: int, json: Remark) -> Answer:
    """阅知"""
    return _act(circulation.acknowledge_circulation, task_id, remark=json.remark)


@bp.put("/tasks/<int:task_id>/snooze")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def snooze(task_id: int, json: Snoozing) -> Answer:
    """暂缓提醒"""
    return _act(snoozes.snooze_task, task_id, until=json.until)


@bp.delete("/tasks/<int:task_id>/snooze")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def wake(task_id: int) -> Answer:
    """恢复提醒"""
    return _act(snoozes.wake_task, task_id)


@bp.post("/cases/<case_no>/given-tasks")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Asked))
def give(case_no: str, json: GivenTask) -> Answer:
    """交办事项"""
    case = cases.find(current.session(), current.actor(), case_no)
    row = current.desk().act(
        ad_hoc.give_task, case_id=case.id, to_user_id=json.user_id, title=json.title, text=json.text, due_on=json.due_on,
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    return Asked(task_ids=[row.id]).model_dump(mode="json")


@bp.post("/tasks/<int:task_id>/report")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def report(task_id: int, json: Remark) -> Answer:
    """办结交办事项"""
    return _act(ad_hoc.finish_given_task, task_id, remark=json.remark)


@bp.post("/tasks/<int:task_id>/withdrawal")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Completed))
def withdraw(task_id: int, json: Reason) -> Answer:
    """撤销交办"""
    return _act(ad_hoc.withdraw_given_task, task_id, reason=json.reason)


def _act(command: Callable[..., Any], task_id: int, **given: Any) -> Answer:
    """Does it, and answers with the task that came of it: the one the command returns, else the one named."""
    task.find(current.session(), current.actor(), task_id)
    came = current.desk().act(command, task_id=task_id, actor=current.actor(), now=current.now(), **given)
    current.forget_reads()
    now = came if isinstance(came, Task) else task.find(current.session(), current.actor(), task_id)
    return Completed(id=now.id, status=now.status, done_at=now.done_at, version=now.version).model_dump(mode="json")


def _standing(found: Task) -> CountersigningShape:
    round_ = present_round(current.session(), found.id)
    if round_ is None:
        return CountersigningShape(needed=0, veto=False, question="", due=0, words="没有发起会签。", people=[])
    people = [
        Countersigner(
            task_id=row.id, name=row.assignee.name if row.assignee else "", opinion=str((row.answer or {}).get("opinion", "")),
            remark=str((row.answer or {}).get("remark", "")), at=row.done_at,
        )
        for row in round_.rows
    ]  # fmt: skip
    rule = round_.rule
    return CountersigningShape(
        needed=rule.needed, veto=rule.veto, question=rule.question, due=round_.tally.due, words=round_.tally.words,
        people=people,
    )  # fmt: skip
