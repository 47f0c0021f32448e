"""问题类别: which categories may be chosen on a day, and what each was called then (S42)."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from workflows.models import Category


def in_force(session: Session, on: date) -> list[Category]:
    """The categories of a day, by code: classes and leaves."""
    valid = and_(Category.valid_from <= on, or_(Category.valid_to.is_(None), Category.valid_to >= on))
    return list(session.scalars(select(Category).where(valid).order_by(Category.code, Category.version)))


def every(session: Session) -> list[Category]:
    """Every version of every category, newest version first within a code."""
    return list(session.scalars(select(Category).order_by(Category.code, Category.version.desc())))


def leaf(session: Session, code: str, on: date) -> Category | None:
    """The category of this code that a finding may carry on that day, or None."""
    found = {row.code: row for row in in_force(session, on) if row.parent}
    return found.get(code)


def choices(session: Session, on: date) -> list[tuple[str, str]]:
    """(code, label) of each category a finding may carry."""
    return [(row.code, label(row)) for row in in_force(session, on) if row.parent]


def label(row: Category) -> str:
    """A category as people read it: "C07a 末位表态不落实"; a renamed one names its version."""
    version = f"（第{row.version}版）" if row.version > 1 else ""
    return f"{row.code} {row.name}{version}"
