"""经验做法库: looking for what has worked elsewhere, and adding to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.navigation import READERS
from workflows.commands import practices as commands
from workflows.policy.vocabulary import CATEGORIES, CATEGORY_LEAVES
from workflows.queries import practices

bp = Blueprint("practices", __name__, url_prefix="/practices")


@bp.get("/")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    text, category = request.args.get("q", ""), request.args.get("category", "")
    found = practices.practices(
        current.session(), current.actor(), text=text, category=category, after=request.args.get("after", "")
    )
    return render_template(
        "practices/index.html", found=found, text=text, category=category, categories={**CATEGORIES, **CATEGORY_LEAVES},
        may_add=current.actor().has_role(*commands.COLLECTORS),
    )  # fmt: skip


@bp.post("/")
@open_to(*commands.COLLECTORS)
def add() -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("title", "text", "category", "case_no", "source")}
    current.desk().act(commands.add_practice, actor=current.actor(), now=current.now(), **given)
    flash("已收录，编制同类问题的整改方案时可以选用。", "success")
    return redirect(url_for("practices.index"))
