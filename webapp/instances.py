"""流程实例: where one instance stands on its diagram, and the list of all for operators."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.navigation import OPERATORS
from workflows.policy import CASE_READERS
from workflows.queries import inbox, processes

bp = Blueprint("instances", __name__, url_prefix="/instances")


@bp.get("/")
@open_to(*OPERATORS)
def index() -> ResponseReturnValue:
    asked: dict[str, Any] = {name: request.args.get(name, "") for name in ("process_id", "status", "after")}
    tells = _tells_cases()
    found = processes.instances(current.session(), text=request.args.get("q", "") if tells else "", **asked)
    waiting = processes.open_tasks_by_instance(current.session(), [row.id for row in found.rows])
    return render_template(
        "processes/instances.html", found=found, asked=asked, waiting=waiting,
        titles=processes.titles(current.session()), now=current.now(), tells_cases=tells,
    )  # fmt: skip


@bp.get("/<int:instance_id>")
@open_to(SIGNED_IN)
def page(instance_id: int) -> ResponseReturnValue:
    instance = processes.instance_for(current.session(), current.actor(), instance_id)
    own = _tells_cases() or processes.is_visible(current.session(), current.actor(), instance_id)
    tasks = inbox.tasks_of(current.session(), current.actor(), instance_id, now=current.now())
    return render_template(
        "processes/instance.html", instance=instance, tasks=tasks, titles=processes.titles(current.session()),
        now=current.now(), tells_cases=own,
    )  # fmt: skip


@bp.get("/<int:instance_id>/diagram")
@open_to(SIGNED_IN)
def diagram(instance_id: int) -> ResponseReturnValue:
    instance = processes.instance_for(current.session(), current.actor(), instance_id)
    return processes.live_diagram(current.session(), current.desk().engine, instance)


def _tells_cases() -> bool:
    """Designers and administrators keep processes going; of cases they learn no number (“no case data”)."""
    return current.actor().has_role(*CASE_READERS)
