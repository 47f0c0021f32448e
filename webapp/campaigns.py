"""共性问题专项: the campaigns a person sees, and one with units, self-checks, visits, coverage and scores."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.policy import CASE_READERS, UNIT_ROLES, normalisation, vocabulary
from workflows.policy.transitions import STATES
from workflows.queries import campaigns

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")
CAMPAIGN_READERS = CASE_READERS | UNIT_ROLES


@bp.get("/")
@open_to(*CAMPAIGN_READERS)
def index() -> ResponseReturnValue:
    category, status = request.args.get("category", ""), request.args.get("status", "")
    found = campaigns.campaigns(current.session(), current.actor(), category=category, status=status)
    return render_template(
        "campaigns/index.html", found=found, category=category, status=status, states=STATES["campaign"],
        leaves=vocabulary.CATEGORY_LEAVES,
    )  # fmt: skip


@bp.get("/<campaign_no>")
@open_to(*CAMPAIGN_READERS)
def page(campaign_no: str) -> ResponseReturnValue:
    view = campaigns.find_campaign(current.session(), current.actor(), campaign_no)
    return render_template(
        "campaigns/campaign.html", view=view, campaign=view.row.campaign, formula=normalisation.FORMULA,
        now=current.now(),
    )  # fmt: skip
