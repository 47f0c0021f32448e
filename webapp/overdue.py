"""逾期监控: what is late, how long, how high it has been escalated, and what nobody looks after."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import flag, number
from webapp.navigation import READERS
from workflows.queries import cases, overdue
from workflows.records import calendars

bp = Blueprint("overdue", __name__, url_prefix="/overdue")


@bp.get("/")
@open_to(*READERS)
def page() -> ResponseReturnValue:
    filters = overdue.Filters(
        bucket=request.args.get("bucket", ""), level=number("level"), unit_id=number("unit"),
        unattended=flag("unattended"), text=request.args.get("q", ""),
    )  # fmt: skip
    found = overdue.overdue(
        current.session(), current.actor(), filters, now=current.now(),
        calendar=calendars.in_force(current.session()), after=request.args.get("after", ""),
    )  # fmt: skip
    units = cases.units(current.session(), current.actor())
    return render_template(
        "overdue/index.html", found=found, filters=filters, bucket_words=overdue.BUCKET_WORDS, units=units,
        now=current.now(),
    )  # fmt: skip
