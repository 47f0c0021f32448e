"""流程实例: where one instance stands on its diagram, and the list of all for operators."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.navigation import OPERATORS
from workflows.queries import inbox, processes

bp = Blueprint("instances", __name__, url_prefix="/instances")


@bp.get("/")
@open_to(*OPERATORS)
def index() -> ResponseReturnValue:
    asked: dict[str, Any] = {name: request.args.get(name, "") for name in ("process_id", "status", "after")}
    found = processes.instances(current.session(), text=request.args.get("q", ""), **asked)
    waiting = processes.open_tasks_by_instance(current.session(), [row.id for row in found.rows])
    return render_template(
        "processes/instances.html", found=found, asked=asked, waiting=waiting,
        titles=processes.titles(current.session()), now=current.now(),
    )  # fmt: skip


@bp.get("/<int:instance_id>")
@open_to(SIGNED_IN)
def page(instance_id: int) -> ResponseReturnValue:
    instance = processes.instance_for(current.session(), current.actor(), instance_id)
    tasks = inbox.tasks_of(current.session(), current.actor(), instance_id, now=current.now())
    return render_template(
        "processes/instance.html", instance=instance, tasks=tasks, titles=processes.titles(current.session()),
        now=current.now(),
    )  # fmt: skip


@bp.get("/<int:instance_id>/diagram")
@open_to(SIGNED_IN)
def diagram(instance_id: int) -> ResponseReturnValue:
    instance = processes.instance_for(current.session(), current.actor(), instance_id)
    return processes.live_diagram(current.session(), current.desk().engine, instance)
