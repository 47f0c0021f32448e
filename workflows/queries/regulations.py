"""The rule base: clauses to cite, and whether one was in force on a day (S3)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflows.models import Clause, Regulation


@dataclass(frozen=True)
class Citation:
    """A clause as it is cited; `doubt` says why it cannot be relied on for conduct of a given day ("" = it can)."""

    text: str
    doubt: str


def every(session: Session) -> list[Regulation]:
    """Every version of every regulation with its clauses, the newest version of a title first."""
    query = select(Regulation).options(selectinload(Regulation.clauses))
    return list(session.scalars(query.order_by(Regulation.title, Regulation.valid_from.desc())))


def choices(session: Session) -> list[tuple[str, str]]:
    """(citation, label with the gist) of each clause."""
    query = (
        select(Clause)
        .join(Clause.regulation)
        .options(joinedload(Clause.regulation))
        .order_by(Regulation.title, Regulation.valid_from.desc(), Clause.id)
    )
    return [(citation(row), f"{citation(row)} {row.text}") for row in session.scalars(query)]


def citation(clause: Clause) -> str:
    """How a clause is cited: 《…条例》（2019年版）第七条."""
    return f"《{clause.regulation.title}》（{clause.regulation.version}）{clause.article}"


def cite(session: Session, texts: list[str], on: date) -> list[Citation]:
    """Each text with the doubt about it on the day of the conduct."""
    known = {citation(row): row for row in session.scalars(select(Clause).options(joinedload(Clause.regulation)))}
    return [Citation(text, _doubt(known.get(text), on)) for text in texts]


def _doubt(clause: Clause | None, on: date) -> str:
    if clause is None:
        return "规则库没有收录"
    if on < clause.valid_from:
        return f"{clause.valid_from.isoformat()}起施行，行为发生时尚未生效"
    if clause.valid_to is not None and on > clause.valid_to:
        return f"{clause.valid_to.isoformat()}后已失效"
    return ""
