"""The verbs of a task beside completing it: for each a page with its form, and the act.  Scripts show it as a dialog."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current, form_data, uploads
from webapp.access import SIGNED_IN, open_to
from webapp.row_ids import row_id
from workflows.commands import (
    ad_hoc,
    circulation,
    countersigning,
    delegation,
    going_back,
    nudges,
    snoozes,
    tasks,
)
from workflows.models import Task
from workflows.operations import repeatable_operations
from workflows.policy import NotAllowed
from workflows.policy.countersigning import OPINIONS
from workflows.queries import receivers, task, task_people, ways_back
from workflows.queries.countersigning import present_round
from workflows.refusal import Refusal

bp = Blueprint("task_verbs", __name__, url_prefix="/tasks")


@dataclass(frozen=True)
class Verb:
    """`words` name it, `done` is said afterwards; `asks` gives what its form offers, `act` does it."""

    words: str
    done: str
    act: Callable[[int], Any]
    asks: Callable[[Task], Mapping[str, Any]] = lambda _: {}
    stays: bool = True


@bp.get("/<int:task_id>/verbs/<verb>")
@open_to(SIGNED_IN)
def page(task_id: int, verb: str) -> ResponseReturnValue:
    return _page(task_id, verb)


@bp.post("/<int:task_id>/verbs/<verb>")
@open_to(SIGNED_IN)
def act(task_id: int, verb: str) -> ResponseReturnValue:
    found = task.find(current.session(), current.actor(), task_id)
    asked = VERBS.get(verb) or abort(404)
    try:
        asked.act(task_id)
    except NotAllowed:
        raise
    except Refusal as no:
        current.forget_reads()
        return _page(task_id, verb, refusal=no), 409
    flash(f"{asked.done}：{found.title}", "success")
    return redirect(url_for("tasks.page", task_id=task_id) if asked.stays else url_for("inbox.page"))


@bp.post("/<int:task_id>/delegation-answer")
@open_to(SIGNED_IN)
def hand_back(task_id: int) -> ResponseReturnValue:
    """The delegate's submission; a problem in the form goes the way of every submission."""
    found = task.find(current.session(), current.actor(), task_id)
    answer = form_data.read(request.form, task.form_of(current.session(), found).schema)
    uploads.put_into(answer, found)
    current.desk().act(
        delegation.hand_back_task, task_id=task_id, answer=answer, actor=current.actor(), now=current.now()
    )
    flash(f"已提交委托人核定：{found.title}", "success")
    return redirect(url_for("inbox.page"))


def _page(task_id: int, code: str, *, refusal: Refusal | None = None) -> str:
    verb = VERBS.get(code) or abort(404)
    found = task.find(current.session(), current.actor(), task_id)
    return render_template(
        "tasks/verb.html", task=found, code=code, verb=verb, refusal=refusal, typed=request.form, me=current.actor().user_id,
        opinions=OPINIONS, **verb.asks(found),
    )  # fmt: skip


# -- what the forms offer


def _people(found: Task) -> dict[str, Any]:
    seers = task_people.who_may_see(current.session(), found, current.now())
    return {"people": [user for user in seers if user.id not in (current.actor().user_id, found.assignee_id)]}


def _receivers(found: Task) -> dict[str, Any]:
    return {"people": receivers.receivers(current.session(), current.actor(), found, now=current.now())}


def _ways(found: Task) -> dict[str, Any]:
    return {"ways": ways_back.ways_back(current.session(), current.desk().engine, found, repeatable_operations())}


def _round(found: Task) -> dict[str, Any]:
    return {"round": present_round(current.session(), found.id)} | _people(found)


# -- the acts


def _do(command: Callable[..., Any], task_id: int, **given: Any) -> Any:
    return current.desk().act(command, task_id=task_id, actor=current.actor(), now=current.now(), **given)


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _chosen() -> list[int]:
    return [number for text in request.form.getlist("people") if (number := row_id(text)) is not None]


def _one() -> int:
    number = row_id(request.form.get("receiver", ""))
    if number is None:
        raise Refusal("请选择接收人。", rule="receiver_required")
    return number


def _day(name: str) -> date:
    try:
        return date.fromisoformat(_text(name))
    except ValueError:
        raise Refusal("请填写日期。", rule="day_required") from None


def _countersign_rule() -> dict[str, Any]:
    return {
        "user_ids": _chosen(), "needed": row_id(_text("needed")) or 0, "veto": bool(_text("veto")),
        "question": _text("question"),
    }  # fmt: skip


VERBS: Mapping[str, Verb] = {
    "going_back": Verb(
        "退回", "已退回",
        lambda n: _do(
            going_back.go_back_task, n, element=_text("element"), reason=_text("reason"), seen_version=row_id(_text("version"))
        ),
        _ways, stays=False,
    ),
    "taking_back": Verb("撤回", "已撤回", lambda n: _do(going_back.take_back_task, n), stays=False),
    "delegation": Verb(
        "委托", "已委托", lambda n: _do(delegation.delegate_task, n, to_user_id=_one(), reason=_text("reason")), _people,
    ),
    "reassignment": Verb(
        "转办", "已转办", lambda n: _do(tasks.reassign_task, n, to_user_id=_one(), reason=_text("reason")), _receivers, stays=False
    ),
    "recall": Verb("收回委托", "已收回委托", lambda n: _do(delegation.recall_task, n)),
    "countersigning": Verb(
        "会签", "已发起会签", lambda n: _do(countersigning.ask_countersignatures, n, **_countersign_rule()), _people
    ),
    "additions": Verb(
        "加签", "已加签", lambda n: _do(countersigning.add_countersigners, n, user_ids=_chosen()), _round
    ),
    "removal": Verb("减签", "已减签", lambda n: _do(countersigning.remove_countersigner, n), stays=False),
    "opinion": Verb(
        "会签意见", "已提交会签意见",
        lambda n: _do(countersigning.countersign, n, opinion=_text("opinion"), remark=_text("remark")), stays=False,
    ),
    "nudge": Verb("催办", "已催办", lambda n: _do(nudges.nudge_task, n, text=_text("text"))),
    "circulation": Verb(
        "传阅", "已传阅", lambda n: _do(circulation.circulate_task, n, user_ids=_chosen(), text=_text("text")), _people
    ),
    "receipt": Verb(
        "阅知", "已阅", lambda n: _do(circulation.acknowledge_circulation, n, remark=_text("remark")), stays=False
    ),
    "snooze": Verb("暂缓提醒", "已暂缓提醒", lambda n: _do(snoozes.snooze_task, n, until=_day("until")), stays=False),
    "waking": Verb("恢复提醒", "已恢复提醒", lambda n: _do(snoozes.wake_task, n)),
    "report": Verb(
        "办结交办事项", "已办结", lambda n: _do(ad_hoc.finish_given_task, n, remark=_text("remark")), stays=False
    ),
    "withdrawal": Verb(
        "撤销交办", "已撤销", lambda n: _do(ad_hoc.withdraw_given_task, n, reason=_text("reason")), stays=False
    ),
}  # fmt: skip
