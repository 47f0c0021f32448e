"""期限: the deadlines a person sees, and one with the story of how it came to stand where it stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from workflows.models import (
    Deadline,
    DeadlineChange,
    ExtensionRequest,
    Finding,
    InspectionCase,
    Letter,
    TimeLimitRule,
    Unit,
)
from workflows.policy import Actor
from workflows.queries import findings, lights
from workflows.queries.overdue import is_late
from workflows.queries.paging import PAGE_SIZE, Order, Page, fetch
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains

BY_DUE = Order(Deadline.due_at, lambda deadline: deadline.due_at, "期限")
STATES = ("open", "overdue", "paused", "met", "voided")


@dataclass(frozen=True)
class DeadlineRow:
    """A deadline with its light and what it belongs to."""

    deadline: Deadline
    light: str
    case: InspectionCase
    unit: Unit
    finding: Finding | None


@dataclass(frozen=True)
class DeadlineView:
    """One deadline with its changes, requests and letters; they reconcile to `due_at`."""

    row: DeadlineRow
    changes: list[DeadlineChange]
    requests: list[ExtensionRequest]
    letters: list[Letter]
    names: dict[int, str]
    rule: TimeLimitRule | None

    @property
    def pending(self) -> ExtensionRequest | None:
        """The request that waits for a decision."""
        return next((request for request in self.requests if request.status == "pending"), None)


def deadlines(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    state: str = "open",
    rule: str = "",
    light: str = "",
    case_no: str = "",
    finding_no: str = "",
    text: str = "",
    after: str = "",
    size: int = PAGE_SIZE,
) -> Page[DeadlineRow]:
    """The deadlines of the cases the person sees, first due first: two statements."""
    conditions = [visible_cases(actor)]
    if state:
        conditions.append(_is_in(state, now))
    if light:
        conditions.append(lights.is_light(light, now))
    if rule:
        conditions.append(Deadline.rule == rule)
    if case_no:
        conditions.append(InspectionCase.case_no == case_no)
    if finding_no:
        conditions.append(Finding.finding_no == finding_no)
    if text:
        conditions.append(contains(text, Deadline.subject_no, Deadline.title, Unit.name))
    query = (
        select(Deadline)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .join(Unit, Deadline.unit_id == Unit.id)
        .outerjoin(Finding, Deadline.finding_id == Finding.id)
        .where(*conditions)
    )
    page = fetch(session, query, order=BY_DUE, id_=Deadline.id, after=after, size=size)
    return Page(rows_of(session, list(page.rows), now), page.next)


def rows_of(session: Session, found: list[Deadline], now: datetime) -> list[DeadlineRow]:
    """The deadlines with what they belong to: one statement."""
    query = (
        select(Deadline.id, InspectionCase, Unit, Finding)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .join(Unit, Deadline.unit_id == Unit.id)
        .outerjoin(Finding, Deadline.finding_id == Finding.id)
        .where(Deadline.id.in_([deadline.id for deadline in found]))
    )
    belongings = {number: (case, unit, finding) for number, case, unit, finding in session.execute(query)}
    return [DeadlineRow(deadline, lights.light_of(deadline, now), *belongings[deadline.id]) for deadline in found]


def find(session: Session, actor: Actor, deadline_id: int) -> Deadline:
    """The deadline, if the person sees its case; else NoResultFound."""
    query = (
        select(Deadline)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .where(Deadline.id == deadline_id, visible_cases(actor))
    )
    return session.scalars(query).one()


def view(session: Session, actor: Actor, deadline_id: int, *, now: datetime) -> DeadlineView:
    """One deadline with its whole story; raises NoResultFound."""
    deadline = find(session, actor, deadline_id)
    changes = list(
        session.scalars(
            select(DeadlineChange).where(DeadlineChange.deadline_id == deadline_id).order_by(DeadlineChange.id)
        )
    )
    requests = list(
        session.scalars(
            select(ExtensionRequest).where(ExtensionRequest.deadline_id == deadline_id).order_by(ExtensionRequest.id)
        )
    )
    letters = list(
        session.scalars(select(Letter).where(Letter.deadline_id == deadline_id).order_by(Letter.rule_at, Letter.id))
    )
    people = [change.by_id for change in changes]
    people += [number for request in requests for number in (request.requested_by_id, request.decided_by_id)]
    return DeadlineView(
        rows_of(session, [deadline], now)[0],
        changes,
        requests,
        letters,
        findings.names_of(session, people),
        _rule(session, deadline),
    )


def rules(session: Session) -> list[TimeLimitRule]:
    """The register of time limits, by code and date."""
    return list(session.scalars(select(TimeLimitRule).order_by(TimeLimitRule.code, TimeLimitRule.valid_from)))


def _rule(session: Session, deadline: Deadline) -> TimeLimitRule | None:
    query = select(TimeLimitRule).where(TimeLimitRule.code == deadline.rule).order_by(TimeLimitRule.valid_from.desc())
    return session.scalars(query.limit(1)).first()


def _is_in(state: str, now: datetime) -> ColumnElement[bool]:
    is_open = and_(Deadline.met_at.is_(None), Deadline.voided_at.is_(None))
    states: dict[str, ColumnElement[bool]] = {
        "overdue": is_late(now),
        "paused": and_(is_open, Deadline.paused_since.is_not(None)),
        "met": Deadline.met_at.is_not(None),
        "voided": Deadline.voided_at.is_not(None),
    }
    return states.get(state, is_open)
