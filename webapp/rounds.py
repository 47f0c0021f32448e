"""轮次: all rounds with what they have found so far, and one round analysed as a whole."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.policy import CASE_READERS, SUPERVISORS, vocabulary
from workflows.queries import processes, rounds, yields

bp = Blueprint("rounds", __name__, url_prefix="/rounds")


@bp.get("/")
@open_to(*CASE_READERS)
def index() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    startable = {version.process_id for version in processes.startable(session, actor)}
    return render_template(
        "rounds/index.html", rows=rounds.rounds(session, actor), groups=rounds.cumulative(session, actor),
        trend=rounds.category_trend(session, actor), categories=vocabulary.CATEGORIES,
        may_plan="round_planning" in startable,
    )  # fmt: skip


@bp.get("/<code>")
@open_to(*CASE_READERS)
def page(code: str) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    view = rounds.round_view(session, actor, code)
    return render_template(
        "rounds/round.html", view=view, round=view.round, categories=vocabulary.CATEGORIES,
        severities=vocabulary.SEVERITY, sees_teams=actor.has_role(*SUPERVISORS),
        yields=yields.of_round(session, actor, view.round.id),
    )  # fmt: skip
