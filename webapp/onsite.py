"""现场检查 and 线索: the team's workspace on site, one lead, and the opening of its sealed text."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from workflows.commands.leads import LeadText, open_lead_text
from workflows.queries import leads, processes, workspace
from workflows.records import time_limits
from workflows.workdays import local_date

bp = Blueprint("onsite", __name__)


@bp.get("/cases/<case_no>/onsite")
@open_to(*workspace.SITE_READERS)
def page(case_no: str) -> ResponseReturnValue:
    session, now = current.session(), current.now()
    least = time_limits.limit_in_force(session, "T03", local_date(now))[0].amount
    found = workspace.workspace(session, current.actor(), case_no, now=now, least_days=least)
    startable = processes.startable(session, current.actor(), found.case)
    return render_template(
        "onsite/workspace.html", view=found, case=found.case, least_days=least, startable=startable, now=now
    )


@bp.get("/leads/<lead_no>")
@open_to(SIGNED_IN)
def lead(lead_no: str) -> ResponseReturnValue:
    return _lead(lead_no)


@bp.post("/leads/<lead_no>/openings")
@open_to(SIGNED_IN)
def open_lead(lead_no: str) -> ResponseReturnValue:
    text = current.desk().act(open_lead_text, lead_no=lead_no, actor=current.actor(), now=current.now())
    return _lead(lead_no, text)


def _lead(lead_no: str, text: LeadText | None = None) -> str:
    found = leads.view(current.session(), current.actor(), lead_no)
    return render_template("onsite/lead.html", view=found, lead=found.lead, text=text, now=current.now())
