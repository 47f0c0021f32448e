"""The counters of all queues of a person in one request, for desktops and reminders."""

from flask import Blueprint
from pydantic import Field

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Shape
from workflows.queries import counters

bp = Blueprint("counters", __name__)


class Counters(Shape):
    """How much waits in every queue of the person."""

    todo: int = Field(description="我的待办")
    claimable: int = Field(description="可签收")
    overdue: int = Field(description="我的待办中已超期")
    today: int = Field(description="我的待办中今天到期")
    started: int = Field(description="我发起的，进行中")
    watched: int = Field(description="我关注的，进行中")
    snoozed: int = Field(description="已暂缓")
    unread: int = Field(description="未读通知")


@bp.get("/counters")
@open_to(SIGNED_IN)
@document.validate(resp=gives(Counters), tags=["待办"])
def count() -> Answer:
    """各队列计数：一次请求取全"""
    found = counters.counters(current.session(), current.actor(), now=current.now())
    return Counters(**found).model_dump(mode="json")
