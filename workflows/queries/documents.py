"""文书: the documents of a case a person may read, what could be drafted, and the templates in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from workflows.documents.kinds import KINDS, Kind
from workflows.models import DocumentTemplate, InspectionCase, IssuedDocument, User
from workflows.policy import CASE_READERS, SUPERVISORS, UNIT_ROLES, Actor, Place
from workflows.queries import cases, document_data
from workflows.queries.scope import held_cases, visible_cases
from workflows.queries.task_facts import place_of_case
from workflows.workdays import local_date

INSIDERS = CASE_READERS | {"accountability_officer"}
STATUS = {"drafted": "草拟", "issued": "已印发", "void": "已作废", "withdrawn": "已撤回"}
REGIONAL_READERS = (*sorted(SUPERVISORS), "training_officer")
TEMPLATE_KEEPERS = ("supervision_chief", "supervision_officer")


@dataclass(frozen=True)
class DocumentRow:
    """A document with its kind and the people behind it."""

    document: IssuedDocument
    kind: Kind
    drafted_by: str
    issued_by: str
    may_edit: bool
    may_issue: bool
    may_void: bool


@dataclass(frozen=True)
class Draftable:
    """A kind the person may draft in this case, and what it could be about."""

    kind: Kind
    subjects: list[document_data.Subject]


@dataclass(frozen=True)
class TemplateRow:
    """A kind with the version of its template in force, and all versions uploaded."""

    kind: Kind
    version_no: int
    versions: list[DocumentTemplate]


def documents_of(session: Session, actor: Actor, case_no: str) -> tuple[InspectionCase, list[DocumentRow]]:
    """The case and its documents, newest first, as far as the person may read them; NoResultFound for a foreign case."""
    case = cases.find(session, actor, case_no)
    query = _readable_documents(actor).where(IssuedDocument.case_id == case.id)
    return case, _rows(session, actor, list(session.scalars(query.order_by(IssuedDocument.id.desc()))))


def regional_documents(session: Session, actor: Actor) -> list[DocumentRow]:
    """The documents of no case, newest first, as far as the person may read them."""
    query = _readable_documents(actor).where(IssuedDocument.case_id.is_(None))
    return _rows(session, actor, list(session.scalars(query.order_by(IssuedDocument.id.desc()))))


def find(session: Session, actor: Actor, document_id: int) -> DocumentRow:
    """One document; NoResultFound when the person may not read it, as if there were none."""
    query = _readable_documents(actor).where(IssuedDocument.id == document_id)
    return _rows(session, actor, [session.scalars(query.options(joinedload(IssuedDocument.case))).one()])[0]


def draftable(session: Session, actor: Actor, case: InspectionCase | None) -> list[Draftable]:
    """What the person may draft in the case, or for the region: kinds of his role with at least one subject."""
    place, of_region = place_of(case), case is None
    mine = [
        kind for kind in KINDS.values() if kind.is_regional is of_region and actor.holds_any(kind.drafters, place)
    ]
    found = [Draftable(kind, document_data.subjects_of(session, case, kind.subject)) for kind in mine]
    return [each for each in found if each.subjects]


def template_in_force(session: Session, code: str) -> DocumentTemplate | None:
    """The newest uploaded template of a kind; None while the shipped one is in force."""
    query = select(DocumentTemplate).where(DocumentTemplate.kind == code)
    return session.scalar(query.order_by(DocumentTemplate.version_no.desc()).limit(1))


def templates(session: Session) -> list[TemplateRow]:
    """Every kind with its templates."""
    rows = list(session.scalars(select(DocumentTemplate).order_by(DocumentTemplate.version_no.desc())))
    return [
        TemplateRow(kind, max((row.version_no for row in rows if row.kind == code), default=0),
                    [row for row in rows if row.kind == code])
        for code, kind in KINDS.items()
    ]  # fmt: skip


def place_of(case: InspectionCase | None) -> Place:
    """Where a document stands: in its case, or in the region."""
    return place_of_case(case) if case is not None else Place()


def issued_on(session: Session, case: InspectionCase | None, kind: str, subject_no: str) -> IssuedDocument | None:
    """The document of this kind that stands issued on a subject."""
    query = select(IssuedDocument).where(
        IssuedDocument.case_id == (case.id if case else None), IssuedDocument.kind == kind, IssuedDocument.subject_no == subject_no,
        IssuedDocument.status == "issued",
    )  # fmt: skip
    return session.scalar(query.limit(1))


def next_edition(session: Session, number: str) -> int:
    """Which issue of a number the next one is."""
    query = select(func.count()).select_from(IssuedDocument).where(IssuedDocument.number == number)
    return (session.scalar(query) or 0) + 1


def readable(actor: Actor) -> ColumnElement[bool]:
    """A condition over IssuedDocument outer joined with its case: what this person may read.

    Insiders read everything of their cases; others what was issued for the unit, and the unit's people their own
    documents.  Those of no case are read by the region's supervisors and by who drafts them.
    """
    told = [code for code, kind in KINDS.items() if kind.is_told]
    own = [code for code, kind in KINDS.items() if kind.is_of_unit]
    out = and_(IssuedDocument.kind.in_(told), IssuedDocument.status.in_(("issued", "void")))
    of_unit = and_(IssuedDocument.kind.in_(own), held_cases(actor, UNIT_ROLES))
    of_cases = and_(visible_cases(actor), or_(held_cases(actor, INSIDERS), out, of_unit))
    return or_(
        and_(IssuedDocument.case_id.is_(None), _of_region(actor)),
        and_(IssuedDocument.case_id.is_not(None), of_cases),
    )


def register(session: Session, actor: Actor) -> list[int]:
    """Ids of all documents the person may read, in the order they were drafted: the plan of an export."""
    query = select(IssuedDocument.id).outerjoin(InspectionCase).where(readable(actor))
    return list(session.scalars(query.order_by(IssuedDocument.id)))


def register_rows(session: Session, actor: Actor, ids: Sequence[int]) -> list[dict[str, Any]]:
    """These documents as lines of the register (文书登记簿)."""
    query = (
        select(IssuedDocument)
        .outerjoin(InspectionCase)
        .where(IssuedDocument.id.in_(ids), readable(actor))
        .options(joinedload(IssuedDocument.case).joinedload(InspectionCase.unit))
        .order_by(IssuedDocument.id)
    )
    return [_line(row) for row in _rows(session, actor, list(session.scalars(query)))]


def _readable_documents(actor: Actor) -> Select[IssuedDocument]:
    return select(IssuedDocument).outerjoin(InspectionCase).where(readable(actor))


def _line(row: DocumentRow) -> dict[str, Any]:
    document, case = row.document, row.document.case
    return {
        "doc_number": document.number or "",
        "doc_kind": row.kind.name,
        "doc_title": document.title,
        "unit": case.unit.name if case else "",
        "case_no": case.case_no if case else "",
        "status": STATUS[document.status],
        "drafted_by": row.drafted_by,
        "drafted_on": local_date(document.drafted_at).isoformat(),
        "issued_by": row.issued_by,
        "issued_on": local_date(document.issued_at).isoformat() if document.issued_at else "",
        "note": document.void_reason,
    }


def _of_region(actor: Actor) -> ColumnElement[bool]:
    drafts = [code for code, kind in KINDS.items() if kind.is_regional and actor.holds_any(kind.drafters, Place())]
    return true() if actor.has_role(*SUPERVISORS) else IssuedDocument.kind.in_(drafts)


def _rows(session: Session, actor: Actor, documents: list[IssuedDocument]) -> list[DocumentRow]:
    people = {number for row in documents for number in (row.drafted_by_id, row.issued_by_id) if number}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(people))).all()) if people else {}
    return [_row(actor, document, names) for document in documents]


def _row(actor: Actor, document: IssuedDocument, names: dict[int, str]) -> DocumentRow:
    kind, place = KINDS[document.kind], place_of(document.case)
    issues = actor.holds_any(kind.issuers, place)
    is_draft = document.status == "drafted"
    return DocumentRow(
        document,
        kind,
        names.get(document.drafted_by_id, ""),
        names.get(document.issued_by_id or 0, ""),
        may_edit=is_draft and actor.holds_any(kind.drafters, place),
        may_issue=is_draft and issues and document.drafted_by_id != actor.user_id,
        may_void=document.status == "issued" and issues,
    )
