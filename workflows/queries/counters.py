"""How much waits in every queue of a person, in one statement: the inbox's tabs and quick choices, notices, what is late."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import Notification
from workflows.policy import Actor
from workflows.queries.inbox import queue_sums, shown_in, size


def counters(session: Session, actor: Actor, *, now: datetime) -> Mapping[str, int]:
    """Own tasks, those to take, put off, begun by the person or followed; own ones overdue and due today; unread notices."""
    queue = queue_sums(actor, now).subquery()
    unread = select(func.count(Notification.id)).where(
        Notification.user_id == actor.user_id, Notification.read_at.is_(None)
    )
    others = {
        "started": size(shown_in(actor, "started", now)),
        "watched": size(shown_in(actor, "watched", now)),
        "snoozed": size(shown_in(actor, "todo", now, snoozed=True)),
        "unread": unread.scalar_subquery(),
    }
    columns = [value.label(name) for name, value in others.items()]
    row = session.execute(select(*queue.c, *columns).select_from(queue)).one()
    return {name: int(number) for name, number in row._mapping.items() if name != "newest"}
