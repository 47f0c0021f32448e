"""单位台账导入: upload, say which column is which, look at every change, confirm all of it or drop it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.row_ids import row_id
from workflows.commands import ledger_imports as commands
from workflows.queries import ledger, ledger_uploads
from workflows.queries.ledger_uploads import IMPORTERS

bp = Blueprint("ledger_import", __name__, url_prefix="/ledger/import")


@bp.get("/")
@open_to(*IMPORTERS)
def index() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    return render_template(
        "ledger_import/index.html", units=ledger_uploads.units_of(session, actor),
        uploads=ledger_uploads.uploads(session, actor), statuses=ledger_uploads.STATUS,
    )  # fmt: skip


@bp.post("/")
@open_to(*IMPORTERS)
def upload() -> ResponseReturnValue:
    file = request.files.get("file")
    uploaded = current.desk().act(
        commands.upload_ledger, unit_id=row_id(request.form.get("unit_id", "")) or 0, name=(file.filename or "") if file else "",
        content=file.read() if file else b"", actor=current.actor(), now=current.now(),
    )  # fmt: skip
    return redirect(url_for("ledger_import.page", upload_id=uploaded.id))


@bp.get("/<int:upload_id>")
@open_to(*IMPORTERS)
def page(upload_id: int) -> ResponseReturnValue:
    found, sheet, plan = commands.preview_import(
        current.desk(), upload_id=upload_id, actor=current.actor(), now=current.now()
    )
    return render_template(
        "ledger_import/upload.html", upload=found, sheet=sheet, plan=plan, columns=ledger.COLUMNS,
        statuses=ledger_uploads.STATUS,
    )  # fmt: skip


@bp.post("/<int:upload_id>/columns")
@open_to(*IMPORTERS)
def choose(upload_id: int) -> ResponseReturnValue:
    chosen = {
        index: column
        for name, column in request.form.items()
        if name.startswith("column-") and (index := row_id(name.removeprefix("column-"))) is not None
    }
    current.desk().act(
        commands.choose_columns, upload_id=upload_id, columns=chosen, actor=current.actor(), now=current.now()
    )
    return redirect(url_for("ledger_import.page", upload_id=upload_id))


@bp.post("/<int:upload_id>/confirmation")
@open_to(*IMPORTERS)
def confirm(upload_id: int) -> ResponseReturnValue:
    taken = current.desk().act(
        commands.confirm_import, upload_id=upload_id, actor=current.actor(), now=current.now(),
        seen=request.form.get("_seen"),
    )  # fmt: skip
    flash(f"已入账，更新 {taken.changed_n} 处。列的对应关系已记住。", "success")
    return redirect(url_for("ledger_import.page", upload_id=upload_id))


@bp.post("/<int:upload_id>/discarding")
@open_to(*IMPORTERS)
def discard(upload_id: int) -> ResponseReturnValue:
    current.desk().act(commands.discard_import, upload_id=upload_id, actor=current.actor(), now=current.now())
    flash("已放弃，该台账不再参加对账。", "success")
    return redirect(url_for("ledger_import.index"))
