"""问题类别: the taxonomy as a tree, with its versions; the chief adds a leaf or renames one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from workflows.commands import rule_base as commands
from workflows.policy import vocabulary
from workflows.queries import taxonomy
from workflows.refusal import Refusal
from workflows.workdays import local_date

bp = Blueprint("taxonomy", __name__, url_prefix="/taxonomy")


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    return render_template(
        "taxonomy/index.html", rows=taxonomy.every(current.session()), today=local_date(current.now()),
        in_force=taxonomy.in_force(current.session(), local_date(current.now())),
        rectify_types=vocabulary.RECTIFY_TYPE, may_edit=current.actor().has_role("supervision_chief"),
    )  # fmt: skip


@bp.post("/categories")
@open_to("supervision_chief")
def add() -> ResponseReturnValue:
    rectify_type = request.form.get("rectify_type", "")
    if rectify_type not in vocabulary.RECTIFY_TYPE:
        raise Refusal("请选择默认整改类型。", rule="rule_base")
    row = current.desk().act(
        commands.add_category, parent=request.form.get("parent", ""), code=request.form.get("code", ""),
        name=request.form.get("name", ""), rectify_type=rectify_type,
        violation_appointment=request.form.get("violation_appointment") == "1",
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"已增设问题类别“{taxonomy.label(row)}”。", "success")
    return redirect(url_for("taxonomy.page"))


@bp.post("/categories/<code>/versions")
@open_to("supervision_chief")
def rename(code: str) -> ResponseReturnValue:
    row = current.desk().act(
        commands.rename_category, code=code, name=request.form.get("name", ""), actor=current.actor(),
        now=current.now(),
    )  # fmt: skip
    flash(f"已修订问题类别“{taxonomy.label(row)}”，以往问题保留原名称。", "success")
    return redirect(url_for("taxonomy.page"))
