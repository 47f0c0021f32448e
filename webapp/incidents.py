"""流程异常: what failed on our side, with another try."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import flag
from webapp.navigation import OPERATORS
from workflows.commands import incidents
from workflows.policy import CASE_READERS
from workflows.queries import processes

bp = Blueprint("incidents", __name__, url_prefix="/incidents")


@bp.get("/")
@open_to(*OPERATORS)
def index() -> ResponseReturnValue:
    found = processes.incidents(current.session(), open_only=not flag("all"))
    return render_template(
        "incidents/index.html", found=found, now=current.now(), titles=processes.titles(current.session()),
        tells_cases=current.actor().has_role(*CASE_READERS), may_retry=current.actor().has_role(*incidents.OPERATORS),
    )  # fmt: skip


@bp.post("/<int:incident_id>/retry")
@open_to(*OPERATORS)
def retry(incident_id: int) -> ResponseReturnValue:
    went = current.desk().act(
        incidents.retry_incident, incident_id=incident_id, actor=current.actor(), now=current.now()
    )
    flash("重试成功，流程已恢复运行。" if went else "重试仍未成功，原因已更新。", "success" if went else "error")
    return redirect(url_for("incidents.index"))


@bp.post("/<int:incident_id>/resolution")
@open_to(*OPERATORS)
def resolve(incident_id: int) -> ResponseReturnValue:
    current.desk().act(
        incidents.resolve_incident, incident_id=incident_id, note=request.form.get("note", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    return redirect(url_for("incidents.index"))
