"""外出委托: a person's absences, those for whom he stands in, and the colleagues who could stand in for him."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Absence, User
from workflows.policy import Actor

MOST = 100


def of(session: Session, user_id: int) -> tuple[list[Absence], list[Absence]]:
    """The person's own absences, and those in which he stands in; the latest first."""
    query = (
        select(Absence)
        .where(or_(Absence.user_id == user_id, Absence.substitute_id == user_id))
        .order_by(Absence.first_day.desc(), Absence.id.desc())
        .options(joinedload(Absence.user), joinedload(Absence.substitute))
        .limit(MOST)
    )
    rows = list(session.scalars(query))
    return [row for row in rows if row.user_id == user_id], [row for row in rows if row.substitute_id == user_id]


def colleagues(session: Session, actor: Actor) -> list[User]:
    """Active people of the same unit, by name."""
    query = select(User).where(User.unit_id == actor.unit_id, User.is_active, User.id != actor.user_id)
    return list(session.scalars(query.order_by(User.name, User.id)))
