"""受理申诉: registering an appeal against a decision on one track of a referral."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.commands.appeals import file_appeal
from workflows.queries import cases

bp = Blueprint("appeals", __name__)


@bp.post("/cases/<case_no>/referrals/<ref_no>/appeals")
@open_to("accountability_officer")
def file(case_no: str, ref_no: str) -> ResponseReturnValue:
    case = cases.find(current.session(), current.actor(), case_no)
    referral = cases.referral_of(current.session(), current.actor(), case, ref_no)
    current.desk().act(
        file_appeal,
        ref_no=referral.ref_no,
        text=request.form.get("text", ""),
        actor=current.actor(),
        now=current.now(),
    )
    flash("申诉已受理，转入复核程序。", "success")
    return redirect(url_for("cases.page", case_no=case_no))
