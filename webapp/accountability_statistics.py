"""问责统计与典型问题: persons by management level, reason and form, their rows, and the register of typical problems."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.findings import filters_asked
from workflows.commands import typical
from workflows.queries import accountability_statistics
from workflows.queries.accountability_statistics import STATISTICS_READERS
from workflows.refusal import Refusal

bp = Blueprint("accountability_statistics", __name__, url_prefix="/accountability-statistics")


class BadDay(Refusal):
    """The address names a day that is none."""

    rule = "day"


@bp.get("/")
@open_to(*STATISTICS_READERS)
def page() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    since, until = _day("since"), _day("until")
    return render_template(
        "accountability_statistics/index.html", since=since, until=until,
        found=accountability_statistics.statistics(session, actor, filters_asked(), since=since, until=until),
        typicals=accountability_statistics.typical_findings(session, actor),
        may_mark=actor.has_role(typical.KEEPER),
    )  # fmt: skip


@bp.post("/typical")
@open_to(typical.KEEPER)
def mark() -> ResponseReturnValue:
    given = request.form
    current.desk().act(
        typical.mark_typical, finding_no=given.get("finding_no", ""), is_typical=given.get("typical") != "0",
        reason=given.get("reason", ""), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已登记。", "success")
    return redirect(url_for("accountability_statistics.page"))


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadDay(f"“{text}”不是日期，请按“2026-09-01”填写。") from error
