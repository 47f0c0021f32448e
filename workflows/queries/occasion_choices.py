"""Which shared occasions a revisit may be joined to (S102): those to come, for everybody or for its own unit."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.models import InspectionCase, Occasion
from workflows.policy.vocabulary import OCCASION_KIND

OCCASIONS = ("talent_review", "survey", "supervision", "joint", "other")


def choices(session: Session, case_id: int | None, today: date) -> list[tuple[str, str]]:
    """The occasions not over yet, soonest first: what is kept with the case, and the words it is chosen by (the same)."""
    own = select(InspectionCase.unit_id).where(InspectionCase.id == case_id).scalar_subquery()
    query = select(Occasion).where(
        Occasion.kind.in_(OCCASIONS),
        Occasion.cancelled_at.is_(None),
        Occasion.ends_on >= today,
        or_(Occasion.unit_id.is_(None), Occasion.unit_id == own),
    )
    found = session.scalars(query.order_by(Occasion.starts_on, Occasion.id).limit(100))
    texts = [f"{OCCASION_KIND[each.kind]}“{each.title}”（{each.starts_on}至{each.ends_on}）" for each in found]
    return [(text, text) for text in texts]
