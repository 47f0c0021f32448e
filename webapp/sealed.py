"""查阅密文: shows a sealed text once, to whoever is cleared; the opening stands in the case's history."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.row_ids import row_id
from workflows.commands.sealed_text import open_sealed
from workflows.refusal import Refusal

bp = Blueprint("sealed", __name__)


@bp.post("/cases/<case_no>/sealed-openings")
@open_to(SIGNED_IN)
def open_(case_no: str) -> ResponseReturnValue:
    row = row_id(request.form.get("row", ""))
    if row is None:
        raise Refusal("请从案卷页面点击查阅。", rule="sealed")
    text = current.desk().act(
        open_sealed, case_no=case_no, kind=request.form.get("kind", ""), row_id=row,
        path=request.form.get("path", ""), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    back = url_for("cases.page", case_no=case_no)
    return render_template("sealed/text.html", case_no=case_no, text=text, back=back)
