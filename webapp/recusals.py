"""回避申报: everybody declares his own; the chief and the security administrator see all, the chief registers and lifts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from workflows.commands import recusals as commands
from workflows.policy.recusal import REASONS
from workflows.queries import recusals, units

bp = Blueprint("recusals", __name__, url_prefix="/recusals")


@bp.get("/")
@open_to(SIGNED_IN)
def index() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    registers = actor.has_role(commands.REGISTRAR)
    return render_template(
        "recusals/index.html", own=recusals.own(session, actor), rows=recusals.everybodys(session, actor),
        keeps=actor.has_role(*recusals.KEEPERS), registers=registers, reasons=REASONS, units=units.choices(session),
        people=recusals.people(session) if registers else [], me=actor.user_id,
    )  # fmt: skip


@bp.post("/")
@open_to(SIGNED_IN)
def declare() -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("unit_code", "reason", "note", "staff_no")}
    current.desk().act(commands.declare_recusal, **given, actor=current.actor(), now=current.now())
    flash("已登记回避，相关案件即时不再可见。", "success")
    return redirect(url_for("recusals.index"))


@bp.post("/<int:recusal_id>/lifting")
@open_to(commands.REGISTRAR)
def lift(recusal_id: int) -> ResponseReturnValue:
    current.desk().act(
        commands.lift_recusal, recusal_id=recusal_id, reason=request.form.get("reason", ""), actor=current.actor(),
        now=current.now(),
    )  # fmt: skip
    flash("已解除回避。", "success")
    return redirect(url_for("recusals.index"))
