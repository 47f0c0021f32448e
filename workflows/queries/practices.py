"""经验做法库 (S85): practices worth repeating, by category, for everybody who rectifies."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import GoodPractice, InspectionCase
from workflows.policy import Actor
from workflows.queries.paging import Order, Page, fetch
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains

NEWEST = Order(GoodPractice.added_at, lambda row: row.added_at, "收录时间", descending=True)


@dataclass(frozen=True)
class Practice:
    """A practice, and the number of its source case when the person may see that case."""

    row: GoodPractice
    case_no: str


def practices(
    session: Session, actor: Actor, *, text: str = "", category: str = "", after: str = ""
) -> Page[Practice]:
    """The library, newest first; a category finds its leaves too."""
    query = select(GoodPractice)
    if text:
        query = query.where(contains(text, GoodPractice.title, GoodPractice.text, GoodPractice.source))
    if category:
        query = query.where(GoodPractice.category.startswith(category, autoescape=True))
    page = fetch(session, query, order=NEWEST, id_=GoodPractice.id, after=after)
    ids = [row.source_case_id for row in page.rows if row.source_case_id]
    seen = select(InspectionCase.id, InspectionCase.case_no).where(InspectionCase.id.in_(ids), visible_cases(actor))
    numbers = {row.id: row.case_no for row in session.execute(seen)}
    return Page([Practice(row, numbers.get(row.source_case_id, "")) for row in page.rows], page.next)


def fitting(session: Session, category: str) -> GoodPractice | None:
    """The newest practice of the category, else of its group (the letter)."""
    newest = select(GoodPractice).order_by(GoodPractice.added_at.desc(), GoodPractice.id.desc()).limit(1)
    exact = session.scalar(newest.where(GoodPractice.category == category))
    return exact or session.scalar(newest.where(GoodPractice.category.startswith(category[:1], autoescape=True)))
