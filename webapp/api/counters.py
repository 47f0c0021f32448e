"""The counters of all queues of a person in one request, for desktops and reminders."""

from flask import Blueprint

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Counters
from workflows.queries import counters

bp = Blueprint("counters", __name__)


@bp.get("/counters")
@open_to(SIGNED_IN)
@document.validate(resp=gives(Counters), tags=["待办"])
def count() -> Answer:
    """各队列计数：一次请求取全"""
    found = counters.counters(current.session(), current.actor(), now=current.now())
    return Counters(**found).model_dump(mode="json")
