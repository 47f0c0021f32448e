"""对账: every difference between feedback, plan, ledger, evidence, closure and the unit's own spreadsheet."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.navigation import READERS
from workflows.queries import findings, reconciliation

bp = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")


@bp.get("/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    text = request.args.get("q", "")
    found = reconciliation.overview(
        current.session(), current.actor(), now=current.now(), text=text, after=request.args.get("after", "")
    )
    return render_template("reconciliation/index.html", found=found, text=text)


@bp.get("/<case_no>")
@open_to(SIGNED_IN)
def case(case_no: str) -> ResponseReturnValue:
    balance = reconciliation.find_case(current.session(), current.actor(), case_no)
    return render_template("reconciliation/case.html", balance=balance, case=balance.case)


@bp.get("/findings/<finding_no>")
@open_to(SIGNED_IN)
def finding(finding_no: str) -> ResponseReturnValue:
    found = findings.find(current.session(), current.actor(), finding_no)
    differences = reconciliation.of_finding(current.session(), found)
    return render_template("reconciliation/finding.html", finding=found, case=found.case, differences=differences)
