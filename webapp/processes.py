"""流程: published models with their diagrams, and starting one by hand (发起)."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import number
from workflows.commands import opening
from workflows.queries import inbox, processes

SECOND_CLICK = timedelta(seconds=5)
bp = Blueprint("processes", __name__, url_prefix="/processes")


@bp.get("/")
@open_to(SIGNED_IN)
def index() -> ResponseReturnValue:
    found = processes.published(current.session())
    startable = processes.startable(current.session(), current.actor())
    return render_template("processes/index.html", found=found, startable=startable, now=current.now())


@bp.get("/<process_id>")
@open_to(SIGNED_IN)
def page(process_id: str) -> ResponseReturnValue:
    versions = processes.versions_of(current.session(), process_id)
    version = next((row for row in versions if row.number == number("version")), versions[0])
    return render_template(
        "processes/process.html", versions=versions, version=version, now=current.now(),
        description=current.desk().engine.description(version.digest),
        may_start=current.actor().has_role(*version.starter_roles) and version.status == "active" and not version.subject,
    )  # fmt: skip


@bp.get("/<process_id>/versions/<int:version>/diagram")
@open_to(SIGNED_IN)
def diagram(process_id: str, version: int) -> ResponseReturnValue:
    row = processes.version_of(current.session(), process_id, version)
    counts = processes.tokens_of_all(current.session(), process_id) if row.status == "active" else {}
    return {"xml": processes.diagram(current.session(), row.digest, process_id), "counts": counts}


@bp.post("/<process_id>/instances")
@open_to(SIGNED_IN)
def start(process_id: str) -> ResponseReturnValue:
    started = current.desk().act(
        opening.start_process, process_id=process_id, actor=current.actor(), now=current.now(),
        case_no=request.form.get("case_no") or None, once_within=SECOND_CLICK,
    )  # fmt: skip
    flash("已发起流程。", "success")
    current.forget_reads()
    first = inbox.first_task_of(current.session(), current.actor(), started.id)
    return redirect(url_for("tasks.page", task_id=first) if first else url_for("inbox.page", tab="started"))
