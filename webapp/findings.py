"""问题: the findings a person sees, and one finding's whole life on one page."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.navigation import READERS
from workflows.policy.transitions import STATES
from workflows.queries import findings, history

bp = Blueprint("findings", __name__, url_prefix="/findings")


@bp.get("/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    asked: dict[str, Any] = {name: request.args.get(name, "") for name in ("case_no", "status", "after")}
    found = findings.findings(current.session(), current.actor(), text=request.args.get("q", ""), **asked)
    return render_template("findings/index.html", found=found, asked=asked, states=STATES["finding"])


@bp.get("/<finding_no>")
@open_to(SIGNED_IN)
def page(finding_no: str) -> ResponseReturnValue:
    life = findings.life(current.session(), current.actor(), finding_no, now=current.now())
    return render_template(
        "findings/finding.html", life=life, finding=life.finding, case=life.case, now=current.now(),
        acts=history.timeline(life.acts),
    )  # fmt: skip
