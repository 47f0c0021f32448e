"""一报告两评议: the ranked list of a year, the trend of the region, and taking in a year's sheet."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import number
from workflows.commands import report_reviews as commands
from workflows.documents.report_review_sheet import LARGEST, SheetRefused, blank_sheet
from workflows.policy import CASE_READERS
from workflows.queries import report_reviews, units
from workflows.workdays import local_date

bp = Blueprint("report_reviews", __name__, url_prefix="/report-reviews")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@open_to(*CASE_READERS)
def index() -> ResponseReturnValue:
    return _page()


@bp.post("/imports")
@open_to(*commands.KEEPERS)
def take_in() -> ResponseReturnValue:
    """The whole sheet or nothing; a refused one is answered with every wrong cell."""
    sheet, year = request.files.get("sheet"), request.form.get("year", "")
    try:
        if sheet is None or not sheet.filename:
            raise SheetRefused(["请选择要导入的 xlsx 或 csv 表格。"])
        kept = current.desk().act(
            commands.import_report_sheet, year=int(year) if year.isdecimal() and len(year) == 4 else 0,
            name=sheet.filename, content=sheet.read(LARGEST + 1), actor=current.actor(), now=current.now(),
        )  # fmt: skip
    except SheetRefused as refusal:
        return _page(refusal), 422
    flash(f"已导入 {year} 年度 {len(kept)} 个单位的评议结果，并重新排名。", "success")
    return redirect(url_for("report_reviews.index", year=year))


@bp.get("/blank.xlsx")
@open_to(*commands.KEEPERS)
def blank() -> ResponseReturnValue:
    content = blank_sheet(units.choices(current.session()))
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name="一报告两评议导入表.xlsx")


def _page(refusal: SheetRefused | None = None) -> str:
    session, actor = current.session(), current.actor()
    known = report_reviews.years(session)
    year = number("year") or (known[0] if known else local_date(current.now()).year - 1)
    rows = report_reviews.ranked(session, actor, year)
    groups = sorted({report_reviews.group_name(row.review.unit) for row in rows})
    asked = request.args.get("group", "")
    if request.args.get("band"):
        rows = [row for row in rows if row.review.bottom_band]
    shown = [row for row in rows if not asked or report_reviews.group_name(row.review.unit) == asked]
    return render_template(
        "report_reviews/index.html", rows=shown, years=known, year=year, groups=groups, group=asked,
        band=request.args.get("band", ""), trend=report_reviews.region_trend(session, actor),
        after=report_reviews.after_checks(session, actor), group_name=report_reviews.group_name, refusal=refusal,
        may_import=actor.has_role(*commands.KEEPERS), this_year=local_date(current.now()).year,
    )  # fmt: skip
