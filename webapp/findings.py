"""问题: the findings a person sees, and one finding's whole life on one page."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import flag, number
from webapp.navigation import READERS
from workflows.policy import vocabulary
from workflows.policy.transitions import STATES
from workflows.queries import cases, finding_facts, finding_filters, findings, forecast, history, units

bp = Blueprint("findings", __name__, url_prefix="/findings")


@bp.get("/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    session, actor, filters = current.session(), current.actor(), filters_asked()
    found = findings.findings(session, actor, filters, now=current.now(), after=request.args.get("after", ""))
    return render_template(
        "findings/index.html", found=found, filters=filters, states=STATES["finding"], words=vocabulary,
        stages=finding_filters.STAGE_WORDS, timings=finding_filters.ON_TIME, facts=finding_facts.FACTS,
        units=cases.units(session, actor), rounds=cases.rounds(session, actor), cities=dict(units.cities(session)),
    )  # fmt: skip


@bp.get("/<finding_no>")
@open_to(SIGNED_IN)
def page(finding_no: str) -> ResponseReturnValue:
    life = findings.life(current.session(), current.actor(), finding_no, now=current.now())
    return render_template(
        "findings/finding.html", life=life, finding=life.finding, case=life.case, now=current.now(),
        acts=history.timeline(life.acts), told=forecast.told,
        risks=forecast.of_deadlines(
            current.session(), [story.deadline.id for story in life.deadlines], current.now()
        ),
    )  # fmt: skip


def filters_asked() -> finding_filters.Filters:
    """What the address asks for; every list, wall and dossier of findings reads it alike."""
    given = request.args
    return finding_filters.Filters(
        text=given.get("q", ""), case_no=given.get("case_no", ""), status=given.get("status", ""),
        unit_id=number("unit"), city=number("city"), kind=given.get("kind", ""), round_id=number("round"),
        year=number("year"), since=number("since"), category=given.get("category", ""), severity=given.get("severity", ""),
        light=given.get("light", ""), timing=given.get("timing", ""), recurring=flag("recurring"),
        fact=given.get("fact", ""),
    )  # fmt: skip
