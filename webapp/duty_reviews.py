"""责任倒查: what came to light after inspections, and what was concluded about those who inspected (S68)."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.policy import vocabulary
from workflows.queries.duty_reviews import DUTY_READERS, duty_reviews

bp = Blueprint("duty_reviews", __name__, url_prefix="/duty-reviews")


@bp.get("/")
@open_to(*DUTY_READERS)
def index() -> ResponseReturnValue:
    found = duty_reviews(current.session(), current.actor())
    return render_template("duty_reviews/index.html", found=found, words=vocabulary)
