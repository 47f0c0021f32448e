"""逾期监控: what is late, how long, how high it has been escalated, what nobody looks after; and 批量督办 of it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import flag, number
from webapp.navigation import READERS
from webapp.row_ids import row_id
from workflows.commands import pressing
from workflows.commands.jobs import ask_job
from workflows.policy import SUPERVISORS
from workflows.queries import cases, overdue
from workflows.queries.units import cities
from workflows.records import calendars
from workflows.refusal import Refusal

bp = Blueprint("overdue", __name__, url_prefix="/overdue")


@bp.get("/")
@open_to(*READERS)
def page() -> ResponseReturnValue:
    filters = filters_asked()
    found = overdue.overdue(
        current.session(), current.actor(), filters, now=current.now(),
        calendar=calendars.in_force(current.session()), after=request.args.get("after", ""),
    )  # fmt: skip
    units = cases.units(current.session(), current.actor())
    rounds = cases.rounds(current.session(), current.actor()) if filters.round_id else []
    places = dict(cities(current.session())) if filters.city else {}
    return render_template(
        "overdue/index.html", found=found, filters=filters, bucket_words=overdue.BUCKET_WORDS, units=units, rounds=rounds,
        cities=places,
        now=current.now(), may_press=current.actor().has_role(*SUPERVISORS), most=pressing.MOST,
    )  # fmt: skip


@bp.post("/presses/confirmation")
@open_to(*SUPERVISORS)
def confirm_press() -> ResponseReturnValue:
    """What is about to be pressed, named and counted."""
    rows = _chosen(request.form)
    return render_template(
        "overdue/confirmation.html", rows=rows, now=current.now(), most_at_once=pressing.MOST_AT_ONCE, back=_back(),
        longest=pressing.LONGEST_TEXT,
    )  # fmt: skip


@bp.post("/presses")
@open_to(*SUPERVISORS)
def press() -> ResponseReturnValue:
    """At once, or as a job where it would take long."""
    rows, text = _chosen(request.form), request.form.get("text", "").strip()[: pressing.LONGEST_TEXT]
    desk = current.desk()
    asked: dict[str, Any] = {"actor": current.actor(), "now": current.now()}
    if len(rows) > pressing.MOST_AT_ONCE:
        arguments = {"ids": [row.deadline.id for row in rows], "text": text}
        job = desk.act(ask_job, kind="press_deadlines", arguments=arguments, **asked)
        return redirect(url_for("jobs.page", job_id=job.id))
    results = list(pressing.press_each(desk, rows, text=text, **asked))
    batch = desk.act(pressing.keep_presses, results=results, text=text, **asked)
    return redirect(url_for("overdue.press_results", batch_id=batch.id))


@bp.get("/presses/<int:batch_id>")
@open_to(*SUPERVISORS)
def press_results(batch_id: int) -> ResponseReturnValue:
    batch = overdue.press_batch(current.session(), current.actor(), batch_id)
    failed = [result for result in batch.results if not result["is_done"]]
    return render_template("overdue/results.html", batch=batch, failed=failed)


def filters_asked() -> overdue.Filters:
    """What the address asks for."""
    return overdue.Filters(
        bucket=request.args.get("bucket", ""), level=number("level"), unit_id=number("unit"),
        unattended=flag("unattended"), text=request.args.get("q", ""), city=number("city"),
        kind=request.args.get("kind", ""), round_id=number("round"), year=number("year"),
    )  # fmt: skip


def _chosen(form: Mapping[str, Any]) -> list[overdue.OverdueRow]:
    """The rows ticked, or all of the filters in the address."""
    session, actor, now = current.session(), current.actor(), current.now()
    calendar = calendars.in_force(session)
    if form.get("_all"):
        ids = overdue.late_ids(session, actor, filters_asked(), now=now, calendar=calendar, most=pressing.MOST)
    else:
        ids = [each for text in request.form.getlist("deadline") if (each := row_id(text)) is not None]
    rows = overdue.late_of_ids(session, actor, ids[: pressing.MOST], now=now, calendar=calendar)
    if not rows:
        raise Refusal("没有选中任何逾期事项，请返回列表勾选后再督办。", rule="batch_empty")
    return rows


def _back() -> str:
    query = request.query_string.decode()
    return f"{url_for('overdue.page')}?{query}" if query else url_for("overdue.page")
