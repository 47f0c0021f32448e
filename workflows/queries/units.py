"""单位: the units to choose from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Unit


def choices(session: Session) -> list[tuple[str, str]]:
    """(code, name) of every active unit, by name."""
    query = select(Unit.code, Unit.name).where(Unit.is_active).order_by(Unit.name)
    return [(code, name) for code, name in session.execute(query)]
