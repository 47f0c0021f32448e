"""外出委托: one's own absences, and those of others for whom one stands in."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.row_ids import row_id
from workflows.commands import absences as commands
from workflows.policy import NotAllowed
from workflows.policy.absences import NEVER_LENT
from workflows.queries import absences
from workflows.refusal import Refusal
from workflows.workdays import local_date

bp = Blueprint("absences", __name__, url_prefix="/absences")


@bp.get("/")
@open_to(SIGNED_IN)
def index() -> ResponseReturnValue:
    return _page()


@bp.post("/")
@open_to(SIGNED_IN)
def declare() -> ResponseReturnValue:
    try:
        current.desk().act(
            commands.declare_absence, substitute_id=row_id(request.form.get("substitute", "")) or 0,
            first_day=_day("first_day"), last_day=_day("last_day"), roles=request.form.getlist("roles"),
            reason=request.form.get("reason", ""), actor=current.actor(), now=current.now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refusal as no:
        current.forget_reads()
        return _page(refusal=no), 409
    flash("已登记外出委托。", "success")
    return redirect(url_for("absences.index"))


@bp.post("/<int:absence_id>/end")
@open_to(SIGNED_IN)
def end(absence_id: int) -> ResponseReturnValue:
    current.desk().act(commands.end_absence, absence_id=absence_id, actor=current.actor(), now=current.now())
    flash("已结束外出委托。", "success")
    return redirect(url_for("absences.index"))


def _page(*, refusal: Refusal | None = None) -> str:
    session, actor, today = current.session(), current.actor(), local_date(current.now())
    own, others = absences.of(session, actor.user_id)
    return render_template(
        "absences/index.html", own=own, others=others, colleagues=absences.colleagues(session, actor),
        roles=sorted(actor.in_person().roles - NEVER_LENT), refusal=refusal, typed=request.form, today=today,
    )  # fmt: skip


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Refusal("请填写开始和结束日期。", rule="day_required") from None
