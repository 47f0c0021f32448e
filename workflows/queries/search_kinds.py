"""What can be searched for: six kinds, each with whom it is shown to, where a word may stand, and in which order.

Every kind is found through the same scope as its own pages, so that hits, counts and suggestions agree with them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager

from workflows.documents.kinds import KINDS as DOCUMENT_KINDS
from workflows.models import (
    Finding,
    InspectionCase,
    InspectionRound,
    InstitutionDoc,
    InstitutionVersion,
    IssuedDocument,
    Unit,
    User,
)
from workflows.policy import UNIT_ROLES, Actor
from workflows.policy.transitions import state_name
from workflows.policy.vocabulary import UNIT_KIND
from workflows.queries import documents, institutions
from workflows.queries.paging import Order
from workflows.queries.scope import not_recused, sees_region, visible_cases
from workflows.queries.search import Asked, contains, found_in, is_no_token

KEEPERS_OF_ACCOUNTS = ("sys_admin", "security_admin", "auditor")


@dataclass(frozen=True)
class Hit:
    """One thing found: `key` names it in its address, `note` says what it is, `text` is where words may stand too.

    `initials` are those of the title; a person who `is_inspector` has a record in the talent pool.
    """

    kind: str
    key: str
    id: int
    title: str
    note: str
    text: str = ""
    initials: str = ""
    is_inspector: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of thing: `finds` builds the query of all that is found, in the person's scope."""

    code: str
    words: str
    finds: Callable[[Actor, Asked], Select[Any]]
    order: Order
    then: tuple[tuple[Order, bool], ...]
    id_: Any
    hit: Callable[[Any], Hit]


def visible_units(actor: Actor) -> ColumnElement[bool]:
    """A condition over Unit: all for who reads the region or keeps the accounts; else one's own and those of one's cases."""
    if sees_region(actor) or actor.has_role(*KEEPERS_OF_ACCOUNTS):
        ways: list[ColumnElement[bool]] = [true()]
    else:
        held = {h.scope_id for h in actor.holdings if h.scope == "unit" and h.role in UNIT_ROLES}
        cities = [h.scope_id for h in actor.holdings if h.scope == "city"]
        of_cases = select(InspectionCase.unit_id).where(visible_cases(actor))
        ways = [Unit.id.in_(sorted({actor.unit_id, *held, *cities})), Unit.city_id.in_(cities), Unit.id.in_(of_cases)]
    return and_(or_(*ways), not_recused(Unit.id, actor))


def _units(actor: Actor, asked: Asked) -> Select[Any]:
    return select(Unit).where(visible_units(actor), found_in(asked, Unit.name, Unit.code, initials=(Unit.initials,)))


def _people(actor: Actor, asked: Asked) -> Select[Any]:
    """Those with an account in use, of the units one may see."""
    columns = (User.name, User.staff_no, User.post, Unit.name)
    return (
        select(User)
        .join(User.unit)
        .where(User.is_active, visible_units(actor), found_in(asked, *columns, initials=(User.initials,)))
        .options(contains_eager(User.unit))
    )


def _cases(actor: Actor, asked: Asked) -> Select[Any]:
    columns = (InspectionCase.case_no, Unit.name, InspectionRound.name)
    return (
        select(InspectionCase)
        .join(InspectionCase.unit)
        .join(InspectionCase.round)
        .where(visible_cases(actor), found_in(asked, *columns, initials=(Unit.initials,)))
        .options(contains_eager(InspectionCase.unit), contains_eager(InspectionCase.round))
    )


def _findings(actor: Actor, asked: Asked) -> Select[Any]:
    columns = (Finding.finding_no, Finding.title, Finding.text, Unit.name)
    return (
        select(Finding)
        .join(Finding.case)
        .join(InspectionCase.unit)
        .where(visible_cases(actor), found_in(asked, *columns), is_no_token(Finding.text), is_no_token(Finding.title))
        .options(contains_eager(Finding.case).contains_eager(InspectionCase.unit))
    )


def _documents(actor: Actor, asked: Asked) -> Select[Any]:
    """The kind's own name counts as a word of its documents."""
    columns = (IssuedDocument.title, IssuedDocument.number, IssuedDocument.subject_no, Unit.name)
    return (
        select(IssuedDocument)
        .outerjoin(IssuedDocument.case)
        .outerjoin(InspectionCase.unit)
        .where(documents.readable(actor), found_in(asked, *columns), is_no_token(IssuedDocument.title))
        .options(contains_eager(IssuedDocument.case).contains_eager(InspectionCase.unit))
    )


def _institutions(actor: Actor, asked: Asked) -> Select[Any]:
    def found(word: str) -> ColumnElement[bool]:
        numbered = select(InstitutionVersion.doc_id).where(contains(word, InstitutionVersion.issue_no))
        columns = (InstitutionDoc.title, InstitutionDoc.doc_no, InstitutionDoc.issuing_body)
        return or_(contains(word, *columns), InstitutionDoc.id.in_(numbered))

    return select(InstitutionDoc).where(
        institutions.readable(actor),
        not_recused(InstitutionDoc.unit_id, actor),
        *map(found, asked.words),
        is_no_token(InstitutionDoc.title),
    )


def _unit_hit(unit: Unit) -> Hit:
    return Hit("unit", unit.code, unit.id, unit.name, UNIT_KIND.get(unit.kind, unit.kind), initials=unit.initials)


def _person_hit(user: User) -> Hit:
    note = "　".join(part for part in (user.unit.name, user.post) if part)
    return Hit("person", user.staff_no, user.id, user.name, note, initials=user.initials)


def _case_hit(case: InspectionCase) -> Hit:
    note = f"{case.round.name}　{state_name('case', case.status)}"
    return Hit("case", case.case_no, case.id, f"{case.case_no}　{case.unit.name}", note)


def _finding_hit(finding: Finding) -> Hit:
    note = f"{finding.case.unit.name}　{state_name('finding', finding.status)}"
    return Hit(
        "finding", finding.finding_no, finding.id, f"{finding.finding_no}　{finding.title}", note, finding.text
    )


def _document_hit(row: IssuedDocument) -> Hit:
    place = row.case.unit.name if row.case else "全区"
    note = "　".join((place, DOCUMENT_KINDS[row.kind].name, documents.STATUS[row.status]))
    return Hit("document", str(row.id), row.id, "　".join(part for part in (row.number, row.title) if part), note)


def _institution_hit(doc: InstitutionDoc) -> Hit:
    note = f"{doc.issuing_body}　{state_name('institution', doc.status)}"
    return Hit("institution", doc.doc_no, doc.id, f"{doc.doc_no}　{doc.title}", note)


# The shorter of two names that contain the words is the nearer one.
UNIT_ORDER = Order(func.length(Unit.name), lambda unit: len(unit.name), "名称")
UNIT_THEN = Order(Unit.name, lambda unit: unit.name, "名称")
PERSON_ORDER = Order(func.length(User.name), lambda user: len(user.name), "姓名")
PERSON_THEN = Order(User.name, lambda user: user.name, "姓名")
CASE_ORDER = Order(InspectionCase.case_no, lambda case: case.case_no, "编号", descending=True)
FINDING_ORDER = Order(Finding.finding_no, lambda finding: finding.finding_no, "编号", descending=True)
DOCUMENT_ORDER = Order(IssuedDocument.drafted_at, lambda row: row.drafted_at, "起草", descending=True)
INSTITUTION_ORDER = Order(InstitutionDoc.doc_no, lambda doc: doc.doc_no, "编号", descending=True)

ALL = (
    Kind("unit", "单位", _units, UNIT_ORDER, ((UNIT_THEN, False),), Unit.id, _unit_hit),
    Kind("person", "人员", _people, PERSON_ORDER, ((PERSON_THEN, False),), User.id, _person_hit),
    Kind("case", "案件", _cases, CASE_ORDER, (), InspectionCase.id, _case_hit),
    Kind("finding", "问题", _findings, FINDING_ORDER, (), Finding.id, _finding_hit),
    Kind("document", "文书", _documents, DOCUMENT_ORDER, (), IssuedDocument.id, _document_hit),
    Kind("institution", "制度", _institutions, INSTITUTION_ORDER, (), InstitutionDoc.id, _institution_hit),
)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in ALL}
