"""个案全景: the cases a person sees, one case on one page, and following it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import downwards, flag, number
from webapp.navigation import READERS
from workflows.commands import attention
from workflows.commands.ad_hoc import may_give
from workflows.policy import CASE_READERS
from workflows.policy.clearance import may_read_dossier
from workflows.policy.transitions import STATES
from workflows.queries import cases, history, processes, team_sheets, workspace
from workflows.queries.task_facts import place_of_case

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    asked: dict[str, Any] = {
        "text": request.args.get("q", ""), "round_id": number("round"), "unit_id": number("unit"),
        "status": request.args.get("status", ""), "watched": flag("watched"),
    }  # fmt: skip
    found = cases.cases(
        session, actor, now=current.now(), sort=request.args.get("sort", "case_no"), descending=downwards(),
        after=request.args.get("after", ""), **asked,
    )  # fmt: skip
    return render_template(
        "cases/index.html", found=found, asked=asked, rounds=cases.rounds(session, actor),
        units=cases.units(session, actor), states=STATES["case"],
    )  # fmt: skip


@bp.get("/<case_no>")
@open_to(SIGNED_IN)
def page(case_no: str) -> ResponseReturnValue:
    found = cases.overview(current.session(), current.actor(), case_no, now=current.now())
    return render_template(
        "cases/case.html", view=found, case=found.case, now=current.now(),
        may_give=may_give(current.actor().in_person(), found.case),
        acts=history.timeline(found.acts), titles=processes.titles(current.session()),
        startable=processes.startable(current.session(), current.actor(), found.case),
        sees_team=current.actor().has_role(*team_sheets.SHEET_READERS),
        sees_dossier=may_read_dossier(current.actor(), place_of_case(found.case)),
        may_file_appeal=current.actor().has_role("accountability_officer"),
        sees_site=current.actor().has_role(*workspace.SITE_READERS),
        sees_unit=current.actor().has_role(*CASE_READERS),
    )  # fmt: skip


@bp.post("/<case_no>/watch")
@open_to(SIGNED_IN)
def watch(case_no: str) -> ResponseReturnValue:
    current.desk().act(attention.watch_case, case_no=case_no, actor=current.actor(), now=current.now())
    flash("已关注，本案进行中的事项会出现在“我关注的”。", "success")
    return redirect(url_for("cases.page", case_no=case_no))


@bp.post("/<case_no>/watch/removal")
@bp.delete("/<case_no>/watch")
@open_to(SIGNED_IN)
def unwatch(case_no: str) -> ResponseReturnValue:
    current.desk().act(attention.unwatch_case, case_no=case_no, actor=current.actor(), now=current.now())
    flash("已取消关注。", "success")
    return redirect(url_for("cases.page", case_no=case_no), 303)
