"""制度库 and 政策问答: what is in force, where it comes from, what depends on it, and what units have asked."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.navigation import READERS
from workflows.policy import vocabulary
from workflows.policy.transitions import STATES
from workflows.queries import institutions

bp = Blueprint("institutions", __name__)


@bp.get("/institutions/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    asked: dict[str, Any] = {
        "text": request.args.get("q", ""), "level": request.args.get("level", ""),
        "status": request.args.get("status", ""),
    }  # fmt: skip
    found = institutions.library(current.session(), current.actor(), after=request.args.get("after", ""), **asked)
    return render_template(
        "institutions/index.html", found=found, asked=asked, levels=vocabulary.INSTITUTION_LEVEL,
        states=STATES["institution"], may_propose=current.actor().has_role("policy_officer"),
        may_register=current.actor().has_role("unit_liaison"),
    )  # fmt: skip


@bp.get("/institutions/root-causes")
@open_to(*READERS)
def root_causes() -> ResponseReturnValue:
    found = institutions.root_causes(current.session(), current.actor(), after=request.args.get("after", ""))
    return render_template("institutions/root_causes.html", found=found)


@bp.get("/institutions/<doc_no>")
@open_to(*READERS)
def page(doc_no: str) -> ResponseReturnValue:
    life = institutions.life(current.session(), current.actor(), doc_no)
    return render_template("institutions/institution.html", life=life, doc=life.doc, now=current.now())


@bp.get("/questions/")
@open_to(*READERS)
def questions() -> ResponseReturnValue:
    text = request.args.get("q", "")
    found = institutions.questions(current.session(), current.actor(), text=text, after=request.args.get("after", ""))
    return render_template(
        "institutions/questions.html", found=found, text=text, may_ask=current.actor().has_role("unit_liaison")
    )
