"""年度考核参考 on the page and as a spreadsheet: one sheet a leading body, the cases the year touched (S107)."""

from io import BytesIO

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.formats import local_time
from webapp.ledger import XLSX
from workflows.documents import ledger_xlsx
from workflows.policy import SUPERVISORS
from workflows.queries import annual

bp = Blueprint("annual", __name__, url_prefix="/annual")
ANNUAL_READERS = SUPERVISORS | {"assessment_office"}


@bp.get("/")
@open_to(*ANNUAL_READERS)
def index() -> ResponseReturnValue:
    return render_template("annual/index.html", years=annual.years(current.session()))


@bp.get("/<int:year>")
@open_to(*ANNUAL_READERS)
def page(year: int) -> ResponseReturnValue:
    found = annual.sheets(current.session(), current.actor(), year)
    return render_template("annual/year.html", year=year, sheets=found, columns=annual.COLUMNS)


@bp.get("/<int:year>/annual.xlsx")
@open_to(*ANNUAL_READERS)
def spreadsheet(year: int) -> ResponseReturnValue:
    found = annual.sheets(current.session(), current.actor(), year)
    subtitle = f"导出人：{current.actor().name}　导出时间：{local_time(current.now())}（北京时间）"
    title = f"{year}年领导班子年度考核参考（整改落实情况）"
    content = ledger_xlsx.ledger_bytes(
        (sheet.cells for sheet in found), annual.COLUMNS, title=title, subtitle=subtitle
    )
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=f"年度考核参考-{year}.xlsx")
