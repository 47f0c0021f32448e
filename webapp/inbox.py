"""我的待办: the list a person starts the day with."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import downwards, flag, number
from webapp.row_ids import row_id
from workflows.commands import tasks as commands
from workflows.queries import inbox, task
from workflows.refusal import Refusal

bp = Blueprint("inbox", __name__)


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    filters = filters_asked()
    found = inbox.inbox(current.session(), current.actor(), filters, now=current.now())
    return render_template("inbox/index.html", inbox=found, filters=filters, now=current.now(), orders=inbox.ORDERS)


@bp.get("/tasks/news")
@open_to(SIGNED_IN)
def news() -> ResponseReturnValue:
    version, fresh = inbox.news(current.session(), current.actor(), since=number("since") or 0)
    return {"version": version, "new": fresh}


@bp.post("/tasks/claims")
@open_to(SIGNED_IN)
def claim_many() -> ResponseReturnValue:
    """签收 of several: each in its own transaction, with a result for each."""
    done = [_claimed(number) for text in request.form.getlist("task") if (number := row_id(text)) is not None]
    refused = [sentence for sentence in done if sentence]
    if len(done) > len(refused):
        flash(f"已签收 {len(done) - len(refused)} 项。", "success")
    for sentence in refused:
        flash(sentence, "error")
    return redirect(url_for("inbox.page"))


def filters_asked() -> inbox.Filters:
    """What the address asks for; what is unknown counts as not asked."""
    arguments = request.args
    tab = arguments.get("tab", "todo")
    return inbox.Filters(
        tab=tab if tab in inbox.TABS else "todo",
        text=arguments.get("q", ""),
        case_no=arguments.get("case", ""),
        unit_id=number("unit"),
        process=arguments.get("process", ""),
        when=arguments.get("when", ""),
        unclaimed=flag("unclaimed"),
        sort=arguments.get("sort", "due"),
        descending=downwards(),
        after=arguments.get("after", ""),
    )


def _claimed(task_id: int) -> str:
    """ "" when it went, else why not."""
    task.find(current.session(), current.actor(), task_id)
    try:
        current.desk().act(commands.claim_task, task_id=task_id, actor=current.actor(), now=current.now())
    except Refusal as no:
        return str(no)
    return ""
