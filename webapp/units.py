"""单位: one unit over the rounds, its votes over the years, and how it has been weighed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.policy import CASE_READERS, vocabulary
from workflows.queries import report_reviews, rounds

bp = Blueprint("units", __name__, url_prefix="/units")


@bp.get("/<code>")
@open_to(*CASE_READERS)
def page(code: str) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    unit = rounds.unit_named(session, actor, code)
    return render_template(
        "units/unit.html", unit=unit, checks=rounds.rounds_of_unit(session, actor, unit),
        years=report_reviews.of_unit(session, actor, unit), group=report_reviews.group_name(unit),
        after=report_reviews.after_checks(session, actor, unit=unit),
        proposals=rounds.proposals_of_unit(session, actor, unit), categories=vocabulary.CATEGORIES,
        severities=vocabulary.SEVERITY,
    )  # fmt: skip
