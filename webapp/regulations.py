"""规则库: regulations with their versions and clauses; the policy officer adds, and notes what he has verified."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from workflows.commands import rule_base as commands
from workflows.queries import regulations
from workflows.refusal import Refusal

bp = Blueprint("regulations", __name__, url_prefix="/regulations")
EDITORS = ("policy_officer", "supervision_chief")


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    return render_template(
        "regulations/index.html", rows=regulations.every(current.session()), now=current.now(),
        may_edit=current.actor().has_role(*EDITORS), may_verify=current.actor().has_role("policy_officer"),
    )  # fmt: skip


@bp.post("/")
@open_to(*EDITORS)
def add() -> ResponseReturnValue:
    try:
        valid_from = date.fromisoformat(request.form.get("valid_from", ""))
    except ValueError as wrong:
        raise Refusal("请填写施行日期。", rule="rule_base") from wrong
    row = current.desk().act(
        commands.add_regulation, title=request.form.get("title", ""), version=request.form.get("version", ""),
        issuer=request.form.get("issuer", ""), valid_from=valid_from, source=request.form.get("source", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"已增加《{row.title}》（{row.version}）。", "success")
    return redirect(url_for("regulations.page"))


@bp.post("/<int:regulation_id>/clauses")
@open_to(*EDITORS)
def add_clause(regulation_id: int) -> ResponseReturnValue:
    current.desk().act(
        commands.add_clause, regulation_id=regulation_id, article=request.form.get("article", ""),
        text=request.form.get("text", ""), source=request.form.get("source", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已增加条款。", "success")
    return redirect(url_for("regulations.page"))


@bp.post("/clauses/<int:clause_id>/verification")
@open_to("policy_officer")
def verify(clause_id: int) -> ResponseReturnValue:
    current.desk().act(commands.verify_clause, clause_id=clause_id, actor=current.actor(), now=current.now())
    flash("已记为与原文核对一致。", "success")
    return redirect(url_for("regulations.page"))
