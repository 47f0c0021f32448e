"""政策宣讲培训: the plans, one plan's 3 × 2 matrix and gap list, and the map of articles never taught."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.policy import SUPERVISORS
from workflows.queries import training_effect
from workflows.workdays import local_date

bp = Blueprint("training", __name__, url_prefix="/training")
TRAINERS = (*sorted(SUPERVISORS), "training_officer", "policy_officer")


@bp.get("/")
@open_to(*TRAINERS)
def index() -> ResponseReturnValue:
    session = current.session()
    return render_template(
        "training/index.html", plans=training_effect.plans(session), tiers=training_effect.recurrence(session),
        articles=training_effect.articles(session, local_date(current.now())),
        may_plan=current.actor().has_role("training_officer"),
    )  # fmt: skip


@bp.get("/<plan_no>")
@open_to(*TRAINERS)
def page(plan_no: str) -> ResponseReturnValue:
    session, tier = current.session(), request.args.get("tier", "")
    plan = training_effect.find(session, plan_no)
    return render_template(
        "training/plan.html", plan=plan, tier=tier, cells=training_effect.coverage(session, plan),
        gaps=[gap for gap in training_effect.gaps(session, plan) if tier in ("", gap.org_tier)],
    )  # fmt: skip
