"""案卷与检查清单: what is known of a unit before its inspection, and what the team will ask it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.commands import dossier as commands
from workflows.policy.checklist import SECTIONS
from workflows.policy.clearance import DOSSIER_READERS
from workflows.policy.vocabulary import RELIABILITY
from workflows.queries import dossier

bp = Blueprint("dossier", __name__, url_prefix="/cases")


@bp.get("/<case_no>/dossier")
@open_to(*DOSSIER_READERS)
def page(case_no: str) -> ResponseReturnValue:
    view = dossier.dossier(current.session(), current.actor(), case_no)
    return render_template(
        "dossier/dossier.html", view=view, case=view.case, reliability=RELIABILITY, now=current.now()
    )


@bp.post("/<case_no>/dossier/notes")
@open_to(*DOSSIER_READERS)
def add_note(case_no: str) -> ResponseReturnValue:
    current.desk().act(
        commands.add_note, case_no=case_no, source=request.form.get("source", ""), text=request.form.get("text", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已补充，记入案卷。", "success")
    return redirect(url_for("dossier.page", case_no=case_no) + "#pane-notes")


@bp.post("/<case_no>/dossier/items")
@open_to(*DOSSIER_READERS)
def add_item(case_no: str) -> ResponseReturnValue:
    form = request.form
    current.desk().act(
        commands.add_intel_item, case_no=case_no, source_type=form.get("source_type", ""),
        title=form.get("title", ""), occurred_on=form.get("occurred_on", ""), body=form.get("body", ""),
        reliability=form.get("reliability", ""), first_hand="first_hand" in form,
        selection_related="selection_related" in form, actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已登记，列入案卷。", "success")
    return redirect(url_for("dossier.page", case_no=case_no) + f"#pane-{form.get('source_type', '')}")


@bp.get("/<case_no>/checklist")
@open_to(*DOSSIER_READERS)
def checklist(case_no: str) -> ResponseReturnValue:
    only_own = request.args.get("only", "") == "own"
    view = dossier.checklist(current.session(), current.actor(), case_no)
    lines = [line for line in view.lines if not only_own or line.kind != "same"]
    return render_template(
        "dossier/checklist.html", view=view, case=view.case, lines=lines, only_own=only_own, sections=SECTIONS
    )
