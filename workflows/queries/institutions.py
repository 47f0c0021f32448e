"""制度库: the institutions a person may read, one with everything around it, and the questions put to the division.

An institution of the region is everybody's; a unit's own is the unit's and the supervisors'.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from workflows.models import (
    Finding,
    InspectionCase,
    InstitutionCause,
    InstitutionCheck,
    InstitutionDoc,
    InstitutionImpact,
    InstitutionVersion,
    PolicyQuestion,
    Unit,
)
from workflows.policy import UNIT_ROLES, Actor
from workflows.queries.paging import Order, Page, fetch
from workflows.queries.scope import sees_region, visible_cases
from workflows.queries.search import contains

NUMBERED = Order(InstitutionDoc.doc_no, lambda row: row.doc_no, "制度编号", descending=True)
ASKED = Order(PolicyQuestion.asked_at, lambda row: row.asked_at, "提出时间", descending=True)
KEEPER = "policy_officer"


@dataclass(frozen=True)
class Review:
    """对照修订 asked of this institution, or of a dependant: which superior version, until when, with what outcome."""

    impact: InstitutionImpact
    version: InstitutionVersion
    superior: InstitutionDoc
    child: InstitutionDoc


@dataclass(frozen=True)
class Check:
    """执行情况检查 at one unit."""

    check: InstitutionCheck
    unit: str


@dataclass(frozen=True)
class Life:
    """One institution with its versions, superior documents, dependants, reviews, checks and root causes.

    `root_cause` is empty for those who may not know where it was found.
    """

    doc: InstitutionDoc
    unit: str
    root_cause: str
    parents: list[InstitutionDoc]
    children: list[InstitutionDoc]
    reviews: list[Review]
    asked: list[Review]
    checks: list[Check]
    causes: list[Finding]


@dataclass(frozen=True)
class RootCause:
    """A root cause of a finding the person sees, and the institutions that answer it (S119)."""

    finding: Finding
    docs: list[InstitutionDoc]


def readable(actor: Actor) -> ColumnElement[bool]:
    """A condition over InstitutionDoc: what this person may read."""
    if _keeps(actor):
        return true()
    return or_(InstitutionDoc.unit_id.is_(None), InstitutionDoc.unit_id.in_(_own_units(actor)))


def library(
    session: Session, actor: Actor, *, text: str = "", level: str = "", status: str = "", after: str = ""
) -> Page[InstitutionDoc]:
    """The library, newest number first."""
    query = select(InstitutionDoc).where(readable(actor))
    if text:
        numbered = select(InstitutionVersion.doc_id).where(contains(text, InstitutionVersion.issue_no))
        query = query.where(
            or_(contains(text, InstitutionDoc.title, InstitutionDoc.doc_no), InstitutionDoc.id.in_(numbered))
        )
    if level:
        query = query.where(InstitutionDoc.level == level)
    if status:
        query = query.where(InstitutionDoc.status == status)
    return fetch(session, query, order=NUMBERED, id_=InstitutionDoc.id, after=after)


def life(session: Session, actor: Actor, doc_no: str) -> Life:
    """One institution the person may read; else NoResultFound."""
    doc = session.scalars(select(InstitutionDoc).where(InstitutionDoc.doc_no == doc_no, readable(actor))).one()
    known = list(session.scalars(select(InstitutionDoc).where(readable(actor)).order_by(InstitutionDoc.doc_no)))
    unit = session.get(Unit, doc.unit_id) if doc.unit_id else None
    return Life(
        doc=doc,
        unit=unit.name if unit else "",
        root_cause=doc.root_cause if _keeps(actor) or doc.unit_id in _own_units(actor) else "",
        parents=[other for other in known if other.id in doc.parent_ids],
        children=[other for other in known if doc.id in other.parent_ids],
        reviews=_reviews(session, actor, InstitutionImpact.child_id == doc.id),
        asked=_reviews(session, actor, InstitutionVersion.doc_id == doc.id),
        checks=_checks(session, actor, doc),
        causes=_causes(session, actor, doc),
    )


def root_causes(session: Session, actor: Actor, *, after: str = "") -> Page[RootCause]:
    """Root causes of the findings the person sees, with the institutions that answer them (S119, S120)."""
    order = Order(Finding.finding_no, lambda row: row.finding_no, "问题编号", descending=True)
    query = select(Finding).join(InspectionCase).where(visible_cases(actor), Finding.root_cause != "")
    page = fetch(session, query, order=order, id_=Finding.id, after=after)
    answers: dict[int, list[InstitutionDoc]] = {}
    linked = select(InstitutionCause.finding_id, InstitutionDoc).join(
        InstitutionDoc, InstitutionDoc.id == InstitutionCause.doc_id
    )
    for finding_id, doc in session.execute(
        linked.where(InstitutionCause.finding_id.in_([row.id for row in page.rows]), readable(actor))
    ):
        answers.setdefault(finding_id, []).append(doc)
    return Page([RootCause(row, answers.get(row.id, [])) for row in page.rows], page.next)


def questions(session: Session, actor: Actor, *, text: str = "", after: str = "") -> Page[tuple[PolicyQuestion, str]]:
    """Published questions for everybody; unpublished ones for the division and those who asked."""
    query = select(PolicyQuestion).where(_heard(actor))
    if text:
        query = query.where(
            contains(text, PolicyQuestion.title, PolicyQuestion.question, PolicyQuestion.answer, PolicyQuestion.basis)
        )
    page = fetch(session, query, order=ASKED, id_=PolicyQuestion.id, after=after)
    wanted = select(Unit.id, Unit.name).where(Unit.id.in_([row.unit_id for row in page.rows]))
    units = {row.id: row.name for row in session.execute(wanted)}
    return Page([(row, units[row.unit_id]) for row in page.rows], page.next)


def _heard(actor: Actor) -> ColumnElement[bool]:
    if _keeps(actor):
        return true()
    return or_(PolicyQuestion.status == "published", PolicyQuestion.unit_id.in_(_own_units(actor)))


def _keeps(actor: Actor) -> bool:
    """Whether the person looks after the whole library, or over the whole region."""
    return sees_region(actor) or actor.has_role(KEEPER)


def _own_units(actor: Actor) -> list[int]:
    return [held.scope_id for held in actor.holdings if held.role in UNIT_ROLES and held.scope == "unit"]


def _reviews(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[Review]:
    query = (
        select(InstitutionImpact, InstitutionVersion, InstitutionDoc)
        .join(InstitutionVersion, InstitutionVersion.id == InstitutionImpact.version_id)
        .join(InstitutionDoc, InstitutionDoc.id == InstitutionImpact.child_id)
        .where(which, readable(actor))
        .order_by(InstitutionImpact.id.desc())
    )
    return [Review(impact, version, version.doc, child) for impact, version, child in session.execute(query)]


def _checks(session: Session, actor: Actor, doc: InstitutionDoc) -> list[Check]:
    query = (
        select(InstitutionCheck, Unit.name)
        .join(Unit, Unit.id == InstitutionCheck.unit_id)
        .join(InstitutionVersion, InstitutionVersion.id == InstitutionCheck.version_id)
        .where(InstitutionVersion.doc_id == doc.id)
        .order_by(InstitutionCheck.id)
    )
    if not _keeps(actor):
        query = query.where(InstitutionCheck.unit_id.in_(_own_units(actor)))
    return [Check(check, name) for check, name in session.execute(query)]


def _causes(session: Session, actor: Actor, doc: InstitutionDoc) -> list[Finding]:
    query = (
        select(Finding)
        .join(InstitutionCause, InstitutionCause.finding_id == Finding.id)
        .join(InspectionCase, InspectionCase.id == Finding.case_id)
        .where(InstitutionCause.doc_id == doc.id, visible_cases(actor))
    )
    return list(session.scalars(query.order_by(Finding.finding_no)))
