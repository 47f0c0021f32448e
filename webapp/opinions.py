"""常用意见: the sentences a person writes again and again, ready at every field of a form."""

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from workflows.commands import preferences as commands
from workflows.queries import preferences

bp = Blueprint("opinions", __name__, url_prefix="/opinions")


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    return render_template("inbox/opinions.html", opinions=saved(), most=commands.MOST_OPINIONS)


@bp.post("/")
@open_to(SIGNED_IN)
def keep() -> ResponseReturnValue:
    texts = request.form.get("opinions", "").splitlines()
    current.desk().act(commands.keep_opinions, texts=texts, actor=current.actor(), now=current.now())
    flash("常用意见已保存。", "success")
    return redirect(url_for("opinions.page"))


def saved() -> list[str]:
    """The opinions of the person who asks, asked once a request; none for a stranger."""
    if g.get("actor") is None:
        return []
    if "opinions" not in g:
        g.opinions = preferences.opinions(current.session(), current.actor())
    found: list[str] = g.opinions
    return found


def register(app: Flask) -> None:
    app.add_template_global(saved, "saved_opinions")
