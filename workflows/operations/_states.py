"""The one way in which an operation changes a state: only as the tables of `policy.transitions` allow."""

from typing import TypeVar

from workflows.models import (
    AssessmentReference,
    CommonCampaign,
    DutyReview,
    Finding,
    InspectionCase,
    InstitutionDoc,
    Lead,
    Measure,
    Referral,
    SupervisionNotice,
    TrainingPlan,
    WorkingPaper,
)
from workflows.policy.transitions import require_transition

Row = TypeVar(
    "Row",
    InspectionCase,
    Finding,
    Measure,
    Referral,
    SupervisionNotice,
    InstitutionDoc,
    TrainingPlan,
    WorkingPaper,
    Lead,
    CommonCampaign,
    DutyReview,
    AssessmentReference,
)

_KINDS = {
    InspectionCase: "case",
    Finding: "finding",
    Measure: "measure",
    Referral: "referral",
    SupervisionNotice: "notice",
    WorkingPaper: "paper",
    Lead: "lead",
    InstitutionDoc: "institution",
    TrainingPlan: "training_plan",
    CommonCampaign: "campaign",
    DutyReview: "duty_review",
    AssessmentReference: "reference",
}


def move(row: Row, *states: str) -> Row:
    """Takes the row through these states one after the other.  Raises TransitionRefused at the first unlawful one."""
    kind = _KINDS[type(row)]
    for state in states:
        require_transition(kind, row.status, state)
        row.status = state
    return row
