"""情况来源: the kinds of sources that dossiers ask, kept by the system administrator."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.row_ids import row_id
from workflows.commands.dossier import save_source
from workflows.queries import dossier

bp = Blueprint("intel_sources", __name__, url_prefix="/intel-sources")


@bp.get("/")
@open_to("sys_admin")
def index() -> ResponseReturnValue:
    session = current.session()
    return render_template(
        "intel_sources/index.html", sources=dossier.sources(session), providers=dossier.providers(session)
    )


@bp.post("/")
@open_to("sys_admin")
def save() -> ResponseReturnValue:
    form = request.form
    saved = current.desk().act(
        save_source, code=form.get("code", "").strip(), name=form.get("name", ""),
        confidential="confidential" in form, is_active="is_active" in form,
        provider_unit_id=row_id(form.get("provider", "")), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"已保存情况来源“{saved.name}”，今后建立的案卷按此提请。", "success")
    return redirect(url_for("intel_sources.index"))
