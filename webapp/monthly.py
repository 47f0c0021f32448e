"""月度调度: the months that are over, and their pack in one click."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.commands.jobs import ask_job
from workflows.commands.monthly_pack import MONTHLY_PACK
from workflows.policy import SUPERVISORS
from workflows.queries import monthly, months
from workflows.queries.scope import sees_region, visible_cases
from workflows.workdays import local_date

bp = Blueprint("monthly", __name__, url_prefix="/monthly")
MOST = 36


@bp.get("/")
@open_to(*SUPERVISORS)
def index() -> ResponseReturnValue:
    return render_template("monthly/index.html", months=_months(), may_ask=sees_region(current.actor()))


@bp.post("/packs")
@open_to(*SUPERVISORS)
def ask() -> ResponseReturnValue:
    arguments = MONTHLY_PACK.accepts(request.form)
    title = f"月度调度通报（{months.month_of(arguments['month']).words}）"
    job = current.desk().act(
        ask_job, kind=MONTHLY_PACK.code, arguments=arguments, title=title, actor=current.actor(), now=current.now()
    )
    return redirect(url_for("jobs.page", job_id=job.id))


def _months() -> list[months.Month]:
    """Those that are over, the latest first, back to the first feedback."""
    first = monthly.first_month(current.session(), visible_cases(current.actor()))
    day, found = local_date(current.now()).replace(day=1), list[months.Month]()
    while first and len(found) < MOST:
        day = (day - timedelta(days=1)).replace(day=1)
        if f"{day:%Y-%m}" < first:
            break
        found.append(months.month_of(f"{day:%Y-%m}"))
    return found
