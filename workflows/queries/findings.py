"""问题全程: a finding's whole life on one page, in order.  Found only through the cases the person sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from workflows.models import (
    Acknowledgement,
    AdmonitionTalk,
    Attachment,
    ClosureRecord,
    Deadline,
    DeadlineChange,
    Decision,
    ExtensionRequest,
    Feedback,
    Finding,
    FindingPerson,
    InspectionCase,
    Letter,
    Measure,
    ProgressReport,
    RectificationPlan,
    Referral,
    Revisit,
    RevisitItem,
    SupervisionNotice,
    Task,
    User,
    Verification,
)
from workflows.policy import CASE_READERS, Actor, Place
from workflows.queries import cases, history, inbox, lights
from workflows.queries.attachments import readable_attachments
from workflows.queries.finding_filters import Filters, conditions, joined
from workflows.queries.paging import PAGE_SIZE, Order, fetch
from workflows.queries.scope import visible_cases, visible_tasks

Row = TypeVar("Row")
BY_NUMBER = Order(Finding.finding_no, lambda finding: finding.finding_no, "问题编号")


@dataclass(frozen=True)
class DeadlineStory:
    """A deadline with its light, its changes, its extensions and its letters."""

    deadline: Deadline
    light: str
    changes: list[DeadlineChange]
    extensions: list[ExtensionRequest]
    letters: list[Letter]


@dataclass(frozen=True)
class Found:
    """One page of findings; `total` counts all that the filters mean."""

    rows: Sequence[Finding]
    next: str
    total: int


@dataclass(frozen=True)
class Life:
    """Everything that happened to one finding."""

    finding: Finding
    case: InspectionCase
    light: str
    deadline: Deadline | None
    persons: list[FindingPerson]
    feedbacks: list[Feedback]
    acknowledgements: list[Acknowledgement]
    plans: list[RectificationPlan]
    measures: list[Measure]
    reports: list[ProgressReport]
    evidence: list[Attachment]
    verifications: list[Verification]
    deadlines: list[DeadlineStory]
    notices: list[SupervisionNotice]
    talks: list[AdmonitionTalk]
    decisions: list[Decision]
    closures: list[ClosureRecord]
    revisits: list[tuple[RevisitItem, Revisit]]
    referrals: list[Referral]
    tasks: list[inbox.Item]
    acts: list[history.Act]
    names: dict[int, str]


def find(session: Session, actor: Actor, finding_no: str) -> Finding:
    """The finding, if the person sees its case; else NoResultFound."""
    query = (
        select(Finding)
        .join(Finding.case)
        .where(Finding.finding_no == finding_no, visible_cases(actor))
        .options(
            joinedload(Finding.case).joinedload(InspectionCase.unit),
            joinedload(Finding.case).joinedload(InspectionCase.round),
            joinedload(Finding.recurrence_of),
        )
    )
    return session.scalars(query).one()


def findings(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, after: str = "", size: int = PAGE_SIZE
) -> Found:
    """One page of the findings of the cases the person sees, by number, and how many there are."""
    wanted = conditions(actor, filters, now)
    query = joined(select(Finding)).where(*wanted)
    loaded = query.options(joinedload(Finding.case).joinedload(InspectionCase.unit))
    page = fetch(session, loaded, order=BY_NUMBER, id_=Finding.id, after=after, size=size)
    return Found(page.rows, page.next, session.scalar(joined(select(func.count())).where(*wanted)) or 0)


def life(session: Session, actor: Actor, finding_no: str, *, now: datetime) -> Life:
    """A finding's whole life; raises NoResultFound when the person does not see its case."""
    finding = find(session, actor, finding_no)
    own = _own(session, finding)
    stories = _stories(session, finding, now)
    latest = next((story.deadline for story in reversed(stories) if story.deadline.rule == lights.FINDING_RULE), None)
    plans = _rows(session, RectificationPlan, RectificationPlan.case_id == finding.case_id)
    closures = own(ClosureRecord)
    notices = own(SupervisionNotice)
    story_people = [change.by_id for story in stories for change in story.changes]
    asked = [e.requested_by_id for s in stories for e in s.extensions]
    decided = [e.decided_by_id for s in stories for e in s.extensions]
    acknowledgements, verifications = own(Acknowledgement), own(Verification)
    people = [
        *story_people, *asked, *decided, *(row.by_id for row in (*acknowledgements, *verifications)),
        *(plan.signed_by_id for plan in plans), *(closure.approver_id for closure in closures),
    ]  # fmt: skip
    return Life(
        finding=finding,
        case=finding.case,
        light=lights.finding_light(finding.status, latest, now),
        deadline=latest,
        persons=own(FindingPerson),
        feedbacks=_rows(session, Feedback, Feedback.case_id == finding.case_id),
        acknowledgements=acknowledgements,
        plans=plans,
        measures=_measures(session, finding),
        reports=_reports(session, finding),
        evidence=_evidence(session, actor, finding),
        verifications=verifications,
        deadlines=stories,
        notices=notices,
        talks=_rows(session, AdmonitionTalk, AdmonitionTalk.notice_id.in_([notice.id for notice in notices])),
        decisions=own(Decision) if actor.has_role(*CASE_READERS) else [],
        closures=closures,
        revisits=_revisits(session, finding),
        referrals=cases.referrals_of(session, actor, Referral.finding_id == finding.id),
        tasks=_tasks(session, actor, finding, now),
        acts=history.of_finding(session, actor, finding.case, finding.id),
        names=names_of(session, people),
    )


def names_of(session: Session, ids: list[int | None]) -> dict[int, str]:
    """User id → name."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def _own(session: Session, finding: Finding) -> Any:
    def rows(kind: Any) -> list[Any]:
        return _rows(session, kind, kind.finding_id == finding.id)

    return rows


def _rows(session: Session, kind: type[Row], condition: ColumnElement[bool]) -> list[Row]:
    table: Any = kind
    return list(session.scalars(select(kind).where(condition).order_by(table.id)))


def _measures(session: Session, finding: Finding) -> list[Measure]:
    query = select(Measure).where(Measure.finding_id == finding.id).order_by(Measure.round_no, Measure.seq)
    return list(session.scalars(query))


def _reports(session: Session, finding: Finding) -> list[ProgressReport]:
    query = (
        select(ProgressReport)
        .join(Measure, ProgressReport.measure_id == Measure.id)
        .where(Measure.finding_id == finding.id)
        .order_by(ProgressReport.at)
    )
    return list(session.scalars(query))


def _evidence(session: Session, actor: Actor, finding: Finding) -> list[Attachment]:
    case = finding.case
    place = Place(case.unit_id, case.unit.city_id, case.id, case.round_id)
    of_measures = select(Measure.id).where(Measure.finding_id == finding.id)
    query = (
        select(Attachment)
        .where(or_(Attachment.finding_id == finding.id, Attachment.measure_id.in_(of_measures)))
        .where(readable_attachments(actor, place))
        .order_by(Attachment.uploaded_at, Attachment.id)
        .options(joinedload(Attachment.file), joinedload(Attachment.uploaded_by))
    )
    return list(session.scalars(query))


def _stories(session: Session, finding: Finding, now: datetime) -> list[DeadlineStory]:
    """Every deadline of the finding with its changes, requests and letters: four statements."""
    deadlines = _rows(session, Deadline, Deadline.finding_id == finding.id)
    ids = [deadline.id for deadline in deadlines]
    changes = _by_deadline(session, DeadlineChange, ids)
    requests = _by_deadline(session, ExtensionRequest, ids)
    letters = _by_deadline(session, Letter, ids)
    return [
        DeadlineStory(
            deadline,
            lights.light_of(deadline, now),
            changes.get(deadline.id, []),
            requests.get(deadline.id, []),
            letters.get(deadline.id, []),
        )
        for deadline in deadlines
    ]


def _by_deadline(session: Session, kind: Any, ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    if ids:
        for row in _rows(session, kind, kind.deadline_id.in_(ids)):
            found.setdefault(row.deadline_id, []).append(row)
    return found


def _revisits(session: Session, finding: Finding) -> list[tuple[RevisitItem, Revisit]]:
    query = (
        select(RevisitItem, Revisit)
        .join(Revisit, RevisitItem.revisit_id == Revisit.id)
        .where(RevisitItem.finding_id == finding.id)
        .order_by(Revisit.cycle)
    )
    return [(item, revisit) for item, revisit in session.execute(query)]


def _tasks(session: Session, actor: Actor, finding: Finding, now: datetime) -> list[inbox.Item]:
    condition = and_(Task.finding_id == finding.id, Task.status == "open", visible_tasks(actor))
    return inbox.items(inbox.tasks(session, condition, inbox.Filters(), now=now), now)
