"""期限: each with the derivation of its due moment, and what may be done to it."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.navigation import READERS
from workflows.commands import deadlines as commands
from workflows.deadlines.history import PauseKind
from workflows.policy import Actor
from workflows.queries import deadlines, forecast
from workflows.queries.places import place_of
from workflows.refusal import Refusal

bp = Blueprint("deadlines", __name__, url_prefix="/deadlines")


@bp.get("/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    asked: dict[str, Any] = {name: request.args.get(name, "") for name in ("rule", "light", "case_no", "finding_no")}
    asked |= {"state": request.args.get("state", "open"), "text": request.args.get("q", "")}
    found = deadlines.deadlines(
        current.session(), current.actor(), now=current.now(), after=request.args.get("after", ""), **asked
    )
    return render_template(
        "deadlines/index.html", found=found, asked=asked, rules=deadlines.rules(current.session()), now=current.now()
    )


@bp.get("/rules")
@open_to(SIGNED_IN)
def rules() -> ResponseReturnValue:
    return render_template("deadlines/rules.html", rules=deadlines.rules(current.session()))


@bp.get("/<int:deadline_id>")
@open_to(SIGNED_IN)
def page(deadline_id: int) -> ResponseReturnValue:
    view = deadlines.view(current.session(), current.actor(), deadline_id, now=current.now())
    return render_template(
        "deadlines/deadline.html", view=view, row=view.row, deadline=view.row.deadline, now=current.now(),
        may=_may(current.actor(), view), told=forecast.told,
        risk=forecast.of_deadlines(current.session(), [deadline_id], current.now()).get(deadline_id),
    )  # fmt: skip


@bp.post("/<int:deadline_id>/extension")
@open_to(SIGNED_IN)
def request_extension(deadline_id: int) -> ResponseReturnValue:
    deadlines.find(current.session(), current.actor(), deadline_id)
    current.desk().act(
        commands.request_extension, deadline_id=deadline_id, new_due_on=_day(request.form.get("new_due_on", "")),
        reason=request.form.get("reason", ""), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已提交延期申请，审批前原期限仍然有效。", "success")
    return redirect(url_for("deadlines.page", deadline_id=deadline_id))


@bp.post("/<int:deadline_id>/pause")
@open_to(SIGNED_IN)
def pause(deadline_id: int) -> ResponseReturnValue:
    deadlines.find(current.session(), current.actor(), deadline_id)
    kind = request.form.get("kind", "")
    current.desk().act(
        commands.pause_deadline, deadline_id=deadline_id,
        kind=PauseKind.EXTERNAL_DEPENDENCY if kind == PauseKind.EXTERNAL_DEPENDENCY else PauseKind.OBJECTION,
        reason=request.form.get("reason", ""), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已中止计时。", "success")
    return redirect(url_for("deadlines.page", deadline_id=deadline_id))


@bp.post("/<int:deadline_id>/resumption")
@open_to(SIGNED_IN)
def resume(deadline_id: int) -> ResponseReturnValue:
    deadlines.find(current.session(), current.actor(), deadline_id)
    current.desk().act(commands.resume_deadline, deadline_id=deadline_id, actor=current.actor(), now=current.now())
    flash("已恢复计时，期限已顺延。", "success")
    return redirect(url_for("deadlines.page", deadline_id=deadline_id))


def _may(actor: Actor, view: deadlines.DeadlineView) -> dict[str, bool]:
    """Which buttons stand on the page; the commands decide again."""
    deadline, place = view.row.deadline, place_of(current.session(), view.row.case.id)
    runs = deadline.met_at is None and deadline.voided_at is None
    unit_side = actor.holds_any(("unit_liaison", "unit_leader", "unit_principal"), place)
    return {
        "extend": runs and unit_side and view.pending is None and deadline.paused_since is None,
        "pause": runs and deadline.paused_since is None
        and actor.holds_any(("supervision_chief", "deputy_minister"), place),
        "resume": runs and deadline.paused_since is not None and actor.holds("supervision_chief", place),
    }  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("请填写申请延至的日期。", rule="date") from error
