"""越权特批: asking for a rule to be set aside, and deciding on it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.navigation import READERS
from workflows.commands import overrides as commands
from workflows.policy import CASE_READERS
from workflows.queries import cases, overrides
from workflows.refusal import Refusal

bp = Blueprint("overrides", __name__, url_prefix="/overrides")


@bp.get("/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    status = request.args.get("status", "")
    found = overrides.overrides(
        current.session(), current.actor(), status=status, after=request.args.get("after", "")
    )
    return render_template(
        "overrides/index.html", found=found, status=status, statuses=overrides.STATUS, now=current.now(),
        may_ask=current.actor().has_role(*CASE_READERS),
        may_decide=current.actor().has_role(commands.APPROVER),
    )  # fmt: skip


@bp.post("/")
@open_to(*CASE_READERS)
def ask() -> ResponseReturnValue:
    rule, case_no = request.form.get("rule", "").strip(), request.form.get("case_no", "").strip()
    if not rule:
        raise Refusal("请填写要特批不适用的规则编号。", rule="rule_required")
    case = cases.find(current.session(), current.actor(), case_no)
    current.desk().act(
        commands.request_override, rule=rule, object_kind="inspection_case", object_id=case.id, case_id=case.id,
        reason=request.form.get("reason", ""), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已提交特批申请，由分管副部长审批。", "success")
    return redirect(url_for("overrides.index"))


@bp.post("/<int:override_id>/decision")
@open_to("deputy_minister")
def decide(override_id: int) -> ResponseReturnValue:
    current.desk().act(
        commands.decide_override, override_id=override_id, approved=request.form.get("approved") == "1",
        note=request.form.get("note", ""), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已审批。", "success")
    return redirect(url_for("overrides.index"))
