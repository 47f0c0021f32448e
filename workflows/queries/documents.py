"""文书: the documents of a case a person may read, what could be drafted, and the templates in use."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, joinedload

from workflows.documents.kinds import KINDS, Kind
from workflows.models import DocumentTemplate, InspectionCase, IssuedDocument, User
from workflows.policy import CASE_READERS, SUPERVISORS, UNIT_ROLES, Actor, Place
from workflows.queries import cases, document_data
from workflows.queries.scope import visible_cases
from workflows.queries.task_facts import place_of_case

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
    query = select(IssuedDocument).where(IssuedDocument.case_id == case.id, _readable(actor, case))
    return case, _rows(session, actor, list(session.scalars(query.order_by(IssuedDocument.id.desc()))))


def regional_documents(session: Session, actor: Actor) -> list[DocumentRow]:
    """The documents of no case, newest first, as far as the person may read them."""
    query = select(IssuedDocument).where(IssuedDocument.case_id.is_(None), _readable(actor, None))
    return _rows(session, actor, list(session.scalars(query.order_by(IssuedDocument.id.desc()))))


def find(session: Session, actor: Actor, document_id: int) -> DocumentRow:
    """One document; NoResultFound when the person may not read it, as if there were none."""
    query = (
        select(IssuedDocument)
        .outerjoin(InspectionCase, IssuedDocument.case_id == InspectionCase.id)
        .where(IssuedDocument.id == document_id, or_(IssuedDocument.case_id.is_(None), visible_cases(actor)))
        .options(joinedload(IssuedDocument.case))
    )
    document = session.scalars(query).one()
    readable = select(IssuedDocument).where(IssuedDocument.id == document_id, _readable(actor, document.case))
    if session.scalar(readable) is None:
        raise NoResultFound
    return _rows(session, actor, [document])[0]


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


def _readable(actor: Actor, case: InspectionCase | None) -> ColumnElement[bool]:
    """Insiders read everything; others what was issued for the unit, and the unit's people their own documents.

    Those of the region are read by its supervisors and by who drafts them.
    """
    if case is None:
        drafts = [
            code for code, kind in KINDS.items() if kind.is_regional and actor.holds_any(kind.drafters, Place())
        ]
        return true() if actor.has_role(*SUPERVISORS) else IssuedDocument.kind.in_(drafts)
    place = place_of_case(case)
    if actor.holds_any(INSIDERS, place):
        return IssuedDocument.id.is_not(None)
    told = [code for code, kind in KINDS.items() if kind.is_told]
    own = [code for code, kind in KINDS.items() if kind.is_of_unit and actor.holds_any(UNIT_ROLES, place)]
    out = and_(IssuedDocument.kind.in_(told), IssuedDocument.status.in_(("issued", "void")))
    return or_(out, IssuedDocument.kind.in_(own))


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
