"""单位: one unit over the rounds, its votes over the years, how it has been weighed, and its five-year dossier."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import number
from workflows.policy import CASE_READERS, vocabulary
from workflows.queries import report_reviews, rounds, unit_profile

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


@bp.get("/<code>/profile")
@open_to(*CASE_READERS)
def profile(code: str) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    unit = rounds.unit_named(session, actor, code)
    return render_template(
        "units/profile.html", unit=unit, reviews={row.review.year: row for row in report_reviews.of_unit(session, actor, unit)},
        profile=unit_profile.profile(session, actor, unit, now=current.now()), sections=unit_profile.SECTIONS,
    )  # fmt: skip


@bp.get("/<code>/profile/<section>")
@open_to(*CASE_READERS)
def behind(code: str, section: str) -> ResponseReturnValue:
    """The rows behind a number of the dossier."""
    session, actor, named = current.session(), current.actor(), unit_profile.SECTIONS.get(section)
    if named is None or not named.is_open_to(actor):
        abort(404)
    unit, year, group = rounds.unit_named(session, actor, code), number("year"), request.args.get("group", "")
    rows = unit_profile.behind(session, actor, unit, section, now=current.now(), year=year, group=group)
    return render_template("units/behind.html", unit=unit, section=named, rows=rows, year=year, group=group)
