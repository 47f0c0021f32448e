"""单位: the units to choose from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Unit


def choices_by_id(session: Session) -> list[tuple[int, str, str]]:
    """(id, code, name) of every unit, by name."""
    query = select(Unit.id, Unit.code, Unit.name).order_by(Unit.name)
    return [(number, code, name) for number, code, name in session.execute(query)]


def choices(session: Session) -> list[tuple[str, str]]:
    """(code, name) of every active unit, by name."""
    query = select(Unit.code, Unit.name).where(Unit.is_active).order_by(Unit.name)
    return [(code, name) for code, name in session.execute(query)]


def cities(session: Session) -> list[tuple[int, str]]:
    """(id, name) of every city, as they were entered."""
    query = select(Unit.id, Unit.name).where(Unit.kind == "prefecture_city").order_by(Unit.id)
    return [(number, name) for number, name in session.execute(query)]
