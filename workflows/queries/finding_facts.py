"""What may be true of a finding besides its own columns, as named conditions: a figure and its list share the name."""

from collections.abc import Callable, Mapping

from sqlalchemy import exists

from workflows.models import (
    Acknowledgement,
    Deadline,
    ExtensionRequest,
    Finding,
    InspectionCase,
    InstitutionCause,
    Measure,
)
from workflows.queries.scope import Condition

UNDETERMINED = ("draft", "team_review", "fact_check", "not_upheld")
MAINTAINED = "maintain"


def _acknowledged(*also: Condition) -> Condition:
    return exists().where(Acknowledgement.finding_id == Finding.id, *also)


def _extended() -> Condition:
    """An extension was granted, whichever of the finding's deadlines it moved."""
    granted = exists().where(ExtensionRequest.finding_id == Finding.id, ExtensionRequest.status == "approved")
    return granted | exists().where(Deadline.finding_id == Finding.id, Deadline.extension_count > 0).correlate(
        Finding
    )


FACTS: Mapping[str, tuple[str, Callable[[], Condition]]] = {
    "determined": ("经认定", lambda: Finding.status.not_in(UNDETERMINED)),
    "accepted": ("已认领", lambda: _acknowledged(Acknowledgement.accepted.is_(True))),
    "objected": ("提出异议", lambda: _acknowledged(~Acknowledgement.accepted)),
    "objection_upheld": (
        "异议成立",
        lambda: _acknowledged(
            ~Acknowledgement.accepted, Acknowledgement.ruling != "", Acknowledgement.ruling != MAINTAINED
        ),
    ),
    "extended": ("批准过延期", _extended),
    "timed": (
        "有反馈和销号日期",
        lambda: Finding.closed_at.is_not(None) & InspectionCase.feedback_date.is_not(None),
    ),
    "rooted": ("已剖析根源", lambda: Finding.root_cause != ""),
    "answered": (
        "根源已有制度对应",
        lambda: (Finding.root_cause != "") & exists().where(InstitutionCause.finding_id == Finding.id),
    ),
    "instituted": (
        "建立或修订制度",
        lambda: exists().where(Measure.finding_id == Finding.id, Measure.institutions_n > 0),
    ),
    "repeated": ("反复出现", lambda: Finding.recurrence_count > 0),
    "good": ("成效等次为好", lambda: Finding.effect_grade == "good"),
}
"""Name → (words, condition over Finding joined with its case)."""
