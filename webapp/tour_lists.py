"""巡视对象: the lists of units of each tour, kept by the tour office and followed by the checks (S44)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.commands import tour_lists
from workflows.policy import SUPERVISORS
from workflows.queries import rounds, units

bp = Blueprint("tour_lists", __name__, url_prefix="/tour-lists")


@bp.get("/")
@open_to("tour_office", *SUPERVISORS)
def index() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    known = rounds.tour_rounds(session)
    tour = request.args.get("tour") or (known[-1] if known else "")
    return render_template(
        "tour_lists/index.html", tours=known, tour=tour, rows=rounds.tour_units(session, actor, tour),
        units=units.choices(session), may_keep=actor.has_role(*tour_lists.KEEPERS),
    )  # fmt: skip


@bp.post("/units")
@open_to(*tour_lists.KEEPERS)
def add() -> ResponseReturnValue:
    tour = request.form.get("tour", "").strip()
    case = current.desk().act(
        tour_lists.add_tour_unit, tour_round=tour, unit_code=request.form.get("unit_code", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"已登记，并提出案件 {case.case_no}。" if case else "已登记。", "success")
    return redirect(url_for("tour_lists.index", tour=tour))


@bp.post("/units/<int:tour_unit_id>/removal")
@open_to(*tour_lists.KEEPERS)
def remove(tour_unit_id: int) -> ResponseReturnValue:
    current.desk().act(
        tour_lists.remove_tour_unit, tour_unit_id=tour_unit_id, reason=request.form.get("reason", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已移出巡视对象清单。", "success")
    return redirect(url_for("tour_lists.index", tour=request.form.get("tour", "")))
