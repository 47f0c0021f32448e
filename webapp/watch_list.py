"""重点关注: the leaders' list of what keeps coming back, and the patterns over several units."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from workflows.policy import SUPERVISORS
from workflows.queries import watch_list

bp = Blueprint("watch_list", __name__, url_prefix="/watch-list")


@bp.get("/")
@open_to(*SUPERVISORS)
def page() -> ResponseReturnValue:
    found = watch_list.watch_list(current.session(), current.actor(), after=request.args.get("after", ""))
    return render_template("watch_list/index.html", found=found, now=current.now())
