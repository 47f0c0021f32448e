"""整改成效: the quality figures over the cases a person sees."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.cockpit import behind
from workflows.policy import CASE_READERS
from workflows.queries import effect

bp = Blueprint("effect", __name__, url_prefix="/effect")


@bp.get("/")
@open_to(*CASE_READERS)
def page() -> ResponseReturnValue:
    return render_template(
        "effect/page.html",
        ratios=effect.quality(current.session(), current.actor(), now=current.now()),
        behind=lambda fact: behind(fact, {}),
    )
