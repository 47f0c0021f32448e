"""The data of each kind of document, gathered from the tables: a function a kind, a list of subjects a sort of subject.

Knows no template, no number series and no file; what a person typed is put on top by whoever issues.
"""

from sqlalchemy.orm import Session

from workflows.models import InspectionCase
from workflows.queries.document_data import inspecting, lasting, pressing, rectifying, regional
from workflows.queries.document_data._ground import GATHERERS, SUBJECTS, Data, Subject, day, issuer

__all__ = [
    "Data",
    "Subject",
    "common",
    "data_of",
    "day",
    "inspecting",
    "lasting",
    "pressing",
    "rectifying",
    "subjects_of",
]


def subjects_of(session: Session, case: InspectionCase | None, subject: str) -> list[Subject]:
    """What documents about this sort of subject can be about within the case, or in the region (None)."""
    return SUBJECTS[subject](session, case) if case is not None else regional.SUBJECTS[subject](session)


def data_of(session: Session, case: InspectionCase | None, kind: str, subject_no: str) -> Data:
    """Everything the tables say for a document of this kind; raises NoResultFound for a subject that does not exist."""
    if case is None:
        return common(session) | regional.GATHERERS[kind](session, subject_no)
    return common(session, case) | GATHERERS[kind](session, case, subject_no)


def common(session: Session, case: InspectionCase | None = None) -> Data:
    """What every document says: who issues it, and on which case."""
    about = {"unit": case.unit.name, "case_no": case.case_no, "round": case.round.name} if case else {}
    return {"issuer": issuer(session)} | about
