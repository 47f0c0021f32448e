"""回避: what has been declared, one's own or, for the chief and the security administrator, everybody's.  Reads only."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from workflows.models import Inspector, Recusal, Unit, User
from workflows.policy import Actor

KEEPERS = ("supervision_chief", "security_admin")


@dataclass(frozen=True)
class Declared:
    """A recusal, and who wrote it down."""

    recusal: Recusal
    declared_by: str


def own(session: Session, actor: Actor) -> list[Declared]:
    """What the person has declared, newest first."""
    return _rows(session, Recusal.user_id == actor.user_id)


def everybodys(session: Session, actor: Actor) -> list[Declared]:
    """All of them, newest first; nothing for who does not keep them."""
    return _rows(session) if actor.has_role(*KEEPERS) else []


def people(session: Session) -> list[tuple[str, str]]:
    """Staff number and words of the department's people and of the pool: whom a recusal may be registered for."""
    query = (
        select(User.staff_no, User.name, Unit.name, User.post)
        .join(User.unit)
        .outerjoin(Inspector, Inspector.user_id == User.id)
        .where(User.is_active, (Unit.kind == "org_department") | Inspector.is_active)
        .order_by(User.staff_no)
    )
    return [(staff_no, f"{name}（{unit}{post}）") for staff_no, name, unit, post in session.execute(query)]


def _rows(session: Session, *conditions: object) -> list[Declared]:
    writer = aliased(User)
    query = (
        select(Recusal, writer.name)
        .outerjoin(writer, Recusal.declared_by_id == writer.id)
        .where(*conditions)  # type: ignore[arg-type]
        .options(joinedload(Recusal.user).joinedload(User.unit), joinedload(Recusal.unit))
        .order_by(Recusal.declared_at.desc(), Recusal.id.desc())
    )
    return [Declared(row, name or "") for row, name in session.execute(query)]
