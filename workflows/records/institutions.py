"""The library of institutions: what is in force, what depends on what, and the issue of a new version.

Knows no process; a command, a service task and the demo write a version in the same way.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.models import InstitutionDoc, InstitutionVersion
from workflows.refusal import Refusal

LIVING = ("in_force", "amending", "interpreting")
"""States in which an institution binds; one that is being amended still does."""


SHORTEST_NUMBER = 6


class InstitutionRefused(Refusal):
    """What was registered does not fit the library of institutions."""

    rule = "S118"


def find(session: Session, doc_no: str) -> InstitutionDoc:
    """The institution of this number."""
    doc = session.scalar(select(InstitutionDoc).where(InstitutionDoc.doc_no == doc_no))
    if doc is None:
        raise InstitutionRefused(f"制度库中没有“{doc_no}”。")
    return doc


def latest(doc: InstitutionDoc) -> InstitutionVersion | None:
    """The newest version that carries a text of its own; an interpretation does not replace the text."""
    whole = [version for version in doc.versions if version.action != "interpret"]
    return whole[-1] if whole else None


def living(session: Session) -> list[InstitutionDoc]:
    """Every institution in force, in the order of its number."""
    binding = select(InstitutionDoc).where(InstitutionDoc.status.in_(LIVING))
    return list(session.scalars(binding.order_by(InstitutionDoc.doc_no)))


def dependants(session: Session, doc: InstitutionDoc) -> list[InstitutionDoc]:
    """The institutions in force that name this one as a superior document (S124)."""
    return [child for child in living(session) if doc.id in child.parent_ids]


def descendants(docs: Iterable[InstitutionDoc], doc: InstitutionDoc) -> set[int]:
    """Ids of everything that depends on the institution, however far down; itself included."""
    known, found = list(docs), {doc.id}
    while more := {child.id for child in known if found.intersection(child.parent_ids)} - found:
        found |= more
    return found


def add_version(
    session: Session,
    doc: InstitutionDoc,
    *,
    action: str,
    issue_no: str,
    issuing_body: str,
    issued_on: date,
    effective_on: date,
    text: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> InstitutionVersion:
    """Issues the next version (S120).  Refused when another institution of the same unit carries the 文号."""
    issue_no = issue_no.strip()
    taken = select(InstitutionVersion).where(InstitutionVersion.issue_no == issue_no)
    if any(other.doc_id != doc.id and other.doc.unit_id == doc.unit_id for other in session.scalars(taken)):
        raise InstitutionRefused(f"文号“{issue_no}”已用于另一件制度。")
    if effective_on < issued_on:
        raise InstitutionRefused("施行日期不能早于印发日期。")
    version = InstitutionVersion(
        version_no=len(doc.versions) + 1,
        action=action,
        issue_no=issue_no,
        issued_on=issued_on,
        effective_on=effective_on,
        issuing_body=issuing_body,
        text=text,
        facts=facts or {},
        recorded_at=now,
    )
    doc.versions.append(version)
    doc.issuing_body = issuing_body
    session.flush()
    return version


def of_reference(session: Session, unit_id: int, reference: str) -> InstitutionDoc | None:
    """The institution in force, of the unit or the region, that a reference names by its 文号 or number (S118)."""
    mine = select(InstitutionDoc).where(
        InstitutionDoc.status.in_(LIVING), or_(InstitutionDoc.unit_id == unit_id, InstitutionDoc.unit_id.is_(None))
    )
    for doc in session.scalars(mine.where(InstitutionDoc.level != "superior").order_by(InstitutionDoc.id)):
        if any(_names(reference.strip(), number) for number in (doc.doc_no, *(v.issue_no for v in doc.versions))):
            return doc
    return None


def _names(reference: str, number: str) -> bool:
    """A reference is the number, or words around it; a very short number must stand alone."""
    return number == reference or (len(number) >= SHORTEST_NUMBER and number in reference)
