"""整改台账 on the page, and as a spreadsheet: the same rows, columns and lights."""

from dataclasses import asdict
from io import BytesIO

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import downwards, flag, number
from webapp.formats import local_date, local_time
from webapp.navigation import READERS
from workflows.commands.jobs import ask_job
from workflows.commands.ledger_export import TITLE
from workflows.documents import ledger_xlsx
from workflows.policy import vocabulary
from workflows.policy.transitions import STATES
from workflows.queries import cases, ledger
from workflows.queries.ledger_uploads import IMPORTERS
from workflows.refusal import Refusal

bp = Blueprint("ledger", __name__, url_prefix="/ledger")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_AT_ONCE = 2000  # rows that are written while the person waits


@bp.get("/")
@open_to(*READERS)
def page() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    filters = filters_asked()
    found = ledger.ledger(session, actor, filters, now=current.now(), page=number("page") or 1)
    return render_template(
        "ledger/index.html", found=found, filters=filters, columns=ledger.COLUMNS, words=vocabulary,
        rounds=cases.rounds(session, actor), units=cases.units(session, actor), states=STATES["finding"],
        open_states=ledger.OPEN, now=current.now(), may_import=actor.has_role(*IMPORTERS),
        most_at_once=MOST_AT_ONCE,
    )  # fmt: skip


@bp.get("/ledger.xlsx")
@open_to(*READERS)
def spreadsheet() -> ResponseReturnValue:
    """At once, as long as it takes a second or two; more is a job."""
    session, actor, filters, now = current.session(), current.actor(), filters_asked(), current.now()
    keys = ledger.row_keys(session, actor, filters, now=now)
    if len(keys) > MOST_AT_ONCE:
        raise Refusal(f"共{len(keys)}行，超过{MOST_AT_ONCE}行，请在台账页点“导出”，由后台生成。", rule="export_size")
    rows = (row.cells for block in ledger.export_blocks(session, actor, keys, now=now) for row in block)
    subtitle = f"导出人：{actor.name}　导出时间：{local_time(now)}（北京时间）"
    content = ledger_xlsx.ledger_bytes(rows, ledger.COLUMNS, title=TITLE, subtitle=subtitle)
    name = f"整改台账-{local_date(now)}.xlsx"
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


@bp.post("/export")
@open_to(*READERS)
def export() -> ResponseReturnValue:
    """Every row of the filters, in the background."""
    job = current.desk().act(
        ask_job, kind="ledger_export", arguments=asdict(filters_asked()), actor=current.actor(), now=current.now()
    )
    return redirect(url_for("jobs.page", job_id=job.id))


def filters_asked() -> ledger.Filters:
    """What the address asks for."""
    arguments = request.args
    return ledger.Filters(
        text=arguments.get("q", ""),
        round_id=number("round"),
        unit_id=number("unit"),
        status=arguments.get("status", ""),
        light=arguments.get("light", ""),
        category=arguments.get("category", ""),
        severity=arguments.get("severity", ""),
        watch=flag("watch"),
        sort=arguments.get("sort", "finding_no"),
        descending=bool(downwards()),
    )
