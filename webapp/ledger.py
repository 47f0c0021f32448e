"""整改台账 on the page, as a spreadsheet and as a wall chart: the same rows, columns and lights."""

from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import downwards, flag, number
from webapp.formats import local_date, local_time
from webapp.navigation import READERS
from workflows.documents import ledger_xlsx
from workflows.policy import vocabulary
from workflows.policy.transitions import STATES
from workflows.queries import cases, ledger, wall_chart
from workflows.queries.ledger_uploads import IMPORTERS

bp = Blueprint("ledger", __name__, url_prefix="/ledger")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    )  # fmt: skip


@bp.get("/wall")
@open_to(*READERS)
def wall() -> ResponseReturnValue:
    session, actor, round_id, with_closed = current.session(), current.actor(), number("round"), flag("closed")
    chart = wall_chart.wall_chart(session, actor, now=current.now(), round_id=round_id, with_closed=with_closed)
    return render_template(
        "ledger/wall.html", chart=chart, rounds=cases.rounds(session, actor), round_id=round_id,
        with_closed=with_closed, month=local_date(current.now())[:7],
    )  # fmt: skip


@bp.get("/ledger.xlsx")
@open_to(*READERS)
def spreadsheet() -> ResponseReturnValue:
    rows = ledger.all_rows(current.session(), current.actor(), filters_asked(), now=current.now())
    subtitle = f"导出人：{current.actor().name}　导出时间：{local_time(current.now())}（北京时间）"
    content = ledger_xlsx.ledger_bytes(
        (row.cells for row in rows), ledger.COLUMNS, title="选人用人专项检查整改台账", subtitle=subtitle
    )
    name = f"整改台账-{local_date(current.now())}.xlsx"
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


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
