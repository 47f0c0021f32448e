"""Where a case stands in the organisation, for policy to hold against what somebody has been granted."""

from sqlalchemy.orm import Session, joinedload

from workflows.models import InspectionCase
from workflows.policy import Place


def place_of(session: Session, case_id: int | None) -> Place:
    """Where a case stands, to be held against what somebody has been granted."""
    if case_id is None:
        return Place()
    case = session.get_one(InspectionCase, case_id, options=[joinedload(InspectionCase.unit)])
    return Place(unit_id=case.unit_id, city_id=case.unit.city_id, case_id=case.id, round_id=case.round_id)
