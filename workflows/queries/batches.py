"""批次: what became of an act on many tasks, for the person who asked for it (督办 has a page of its own)."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Batch
from workflows.policy import Actor


def find(session: Session, actor: Actor, batch_id: int) -> Batch:
    """The person's own batch; else NoResultFound, as for a number that does not exist."""
    mine = select(Batch).where(Batch.id == batch_id, Batch.asked_by_id == actor.user_id, Batch.verb != "press")
    return session.scalars(mine.options(joinedload(Batch.asked_by))).one()
