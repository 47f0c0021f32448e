"""个案: the list of cases a person sees, and one case on one page.  Everything is found through `visible_cases`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy import case as case_when
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, contains_eager, joinedload

from workflows.models import (
    Circular,
    Deadline,
    Feedback,
    Finding,
    InspectionCase,
    InspectionRound,
    ProcessInstance,
    RectificationPlan,
    Referral,
    Revisit,
    SupervisionNotice,
    Task,
    Unit,
    Watch,
)
from workflows.policy import CASE_READERS, Actor
from workflows.queries import history, inbox, lights
from workflows.queries.paging import PAGE_SIZE, Order, Page, fetch
from workflows.queries.scope import not_recused, visible_cases, visible_instances, visible_tasks
from workflows.queries.search import contains

Row = TypeVar("Row")
SETTLED = ("closed", "consolidated", "archived")
STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("准备与检查", ("proposed", "approved", "intel_collecting", "analysed", "plan_approved", "team_ready", "trained",
                "notified", "onsite", "exited", "determining")),
    ("部务会审定", ("council_review",)),
    ("反馈", ("feedback_pending", "fed_back")),
    ("制定方案", ("planning",)),
    ("整改", ("rectifying",)),
    ("整改报告", ("reporting",)),
    ("回头看", ("cleared", "revisit_due", "revisiting", "refeedback_pending")),
    ("清零见底", ("zeroed", "archived")),
)  # fmt: skip
ORDERS: Mapping[str, Order] = {
    "case_no": Order(InspectionCase.case_no, lambda case: case.case_no, "案件编号", descending=True),
    "unit": Order(Unit.name, lambda case: case.unit.name, "单位"),
    "status": Order(InspectionCase.status, lambda case: case.status, "状态"),
    "open": Order(InspectionCase.open_count, lambda case: case.open_count, "未销号数", descending=True),
}


@dataclass(frozen=True)
class Stage:
    """A step of the stage bar.  state: done, active or next."""

    title: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class CaseRow:
    """A case with its counts."""

    case: InspectionCase
    findings: int
    closed: int
    overdue: int


@dataclass(frozen=True)
class FindingRow:
    """A finding with its latest own deadline and light."""

    finding: Finding
    deadline: Deadline | None
    light: str


@dataclass(frozen=True)
class Overview:
    """One case on one page."""

    case: InspectionCase
    stages: list[Stage]
    findings: list[FindingRow]
    tasks: list[inbox.Item]
    deadlines: list[tuple[Deadline, str]]
    instances: list[ProcessInstance]
    feedbacks: list[Feedback]
    circulars: list[Circular]
    plans: list[RectificationPlan]
    notices: list[SupervisionNotice]
    referrals: list[Referral]
    revisits: list[Revisit]
    acts: list[history.Act]
    is_watched: bool


def find(session: Session, actor: Actor, case_no: str) -> InspectionCase:
    """The case, if the person may see it; else NoResultFound."""
    query = (
        select(InspectionCase)
        .where(InspectionCase.case_no == case_no, visible_cases(actor))
        .options(
            joinedload(InspectionCase.unit), joinedload(InspectionCase.round), joinedload(InspectionCase.officer)
        )
    )
    return session.scalars(query).one()


def cases(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    text: str = "",
    round_id: int | None = None,
    unit_id: int | None = None,
    status: str = "",
    watched: bool = False,
    sort: str = "case_no",
    descending: bool | None = None,
    after: str = "",
    size: int = PAGE_SIZE,
) -> Page[CaseRow]:
    """The cases the person sees, with their counts: two statements."""
    conditions = [visible_cases(actor)]
    if text:
        conditions.append(contains(text, InspectionCase.case_no, Unit.name, InspectionRound.name))
    if round_id is not None:
        conditions.append(InspectionCase.round_id == round_id)
    if unit_id is not None:
        conditions.append(InspectionCase.unit_id == unit_id)
    if status:
        conditions.append(InspectionCase.status == status)
    if watched:
        mine = select(Watch.case_id).where(Watch.user_id == actor.user_id)
        conditions.append(InspectionCase.id.in_(mine))
    query = (
        select(InspectionCase)
        .join(InspectionCase.unit)
        .join(InspectionCase.round)
        .where(*conditions)
        .options(
            contains_eager(InspectionCase.unit),
            contains_eager(InspectionCase.round),
            joinedload(InspectionCase.officer),
        )
    )
    page = fetch(
        session, query, order=ORDERS.get(sort, ORDERS["case_no"]), id_=InspectionCase.id, after=after, size=size,
        descending=descending,
    )  # fmt: skip
    counts = _counts(session, [case.id for case in page.rows], now)
    return Page([CaseRow(case, *counts.get(case.id, (0, 0, 0))) for case in page.rows], page.next)


def total(session: Session, actor: Actor, condition: ColumnElement[bool] | None = None) -> int:
    """How many cases the person sees."""
    query = select(func.count()).select_from(InspectionCase).where(visible_cases(actor))
    return session.scalar(query if condition is None else query.where(condition)) or 0


def overview(session: Session, actor: Actor, case_no: str, *, now: datetime) -> Overview:
    """One case on one page, the parts cut to what the person may see; raises NoResultFound."""
    case = find(session, actor, case_no)
    tasks = inbox.tasks(
        session,
        and_(Task.case_id == case.id, Task.status == "open", visible_tasks(actor)),
        inbox.Filters(size=100),
        now=now,
    )
    return Overview(
        case=case,
        stages=stages(case),
        findings=findings_of(session, case, now=now),
        tasks=inbox.items(tasks, now),
        deadlines=_open_deadlines(session, case, now),
        instances=_instances(session, actor, case),
        feedbacks=_all(session, Feedback, Feedback.case_id == case.id, Feedback.id),
        circulars=_all(session, Circular, Circular.case_id == case.id, Circular.id),
        plans=_all(session, RectificationPlan, RectificationPlan.case_id == case.id, RectificationPlan.id),
        notices=_all(session, SupervisionNotice, SupervisionNotice.case_id == case.id, SupervisionNotice.id),
        referrals=referrals_of(session, actor, Referral.case_id == case.id),
        revisits=_all(session, Revisit, Revisit.case_id == case.id, Revisit.cycle),
        acts=history.of_case(session, actor, case),
        is_watched=_is_watched(session, actor, case),
    )


def stages(case: InspectionCase) -> list[Stage]:
    """The stage bar of a case; a suspended or cancelled one has no active stage but says so."""
    at = next((number for number, (_, states) in enumerate(STAGES) if case.status in states), None)
    if at is None:
        return [Stage(title, "next") for title, _ in STAGES]
    finished = case.status in ("zeroed", "archived")
    return [
        Stage(title, "done" if number < at or finished else "active" if number == at else "next", _note(case, number))
        for number, (title, _) in enumerate(STAGES)
    ]


def _note(case: InspectionCase, number: int) -> str:
    notes = {1: case.council_date, 2: case.feedback_date, 7: case.zeroed_at.date() if case.zeroed_at else None}
    if number == 6 and case.revisit_cycle:
        return f"第 {case.revisit_cycle} 轮"
    day = notes.get(number)
    return day.isoformat() if day else ""


def findings_of(session: Session, case: InspectionCase, *, now: datetime) -> list[FindingRow]:
    """The findings of a case with their lights: one statement."""
    query = (
        select(Finding, Deadline)
        .outerjoin(Deadline, and_(Deadline.finding_id == Finding.id, lights.latest_of_findings()))
        .where(Finding.case_id == case.id)
        .order_by(Finding.seq)
    )
    return [
        FindingRow(finding, deadline, lights.finding_light(finding.status, deadline, now))
        for finding, deadline in session.execute(query)
    ]


def referrals_of(session: Session, actor: Actor, condition: ColumnElement[bool]) -> list[Referral]:
    """问责移送 of a case or finding: for those who read cases, and for the accountability side; never the unit's."""
    if not actor.has_role(*CASE_READERS, "accountability_officer", "discipline_liaison", "organ_review"):
        return []
    conditions = (condition, not_recused(Referral.unit_id, actor))
    return list(session.scalars(select(Referral).where(*conditions).order_by(Referral.id)))


def referral_of(session: Session, actor: Actor, case: InspectionCase, ref_no: str) -> Referral:
    """One referral of a case, found through what the person may see; NoResultFound otherwise."""
    seen = referrals_of(session, actor, (Referral.case_id == case.id) & (Referral.ref_no == ref_no))
    if not seen:
        raise NoResultFound(ref_no)
    return seen[0]


def rounds(session: Session, actor: Actor) -> list[InspectionRound]:
    """The rounds in which the person sees a case, newest first."""
    seen = select(InspectionCase.round_id).where(visible_cases(actor))
    query = select(InspectionRound).where(InspectionRound.id.in_(seen))
    return list(session.scalars(query.order_by(InspectionRound.starts_on.desc())))


def units(session: Session, actor: Actor) -> list[Unit]:
    """The units of which the person sees a case, by name."""
    seen = select(InspectionCase.unit_id).where(visible_cases(actor))
    return list(session.scalars(select(Unit).where(Unit.id.in_(seen)).order_by(Unit.name)))


def _counts(session: Session, ids: list[int], now: datetime) -> dict[int, tuple[int, int, int]]:
    """Case id → findings, closed ones, overdue deadlines."""
    closed = func.sum(case_when((Finding.status.in_(SETTLED), 1), else_=0))
    numbers = select(Finding.case_id, func.count(), closed).where(Finding.case_id.in_(ids)).group_by(Finding.case_id)
    late = (
        select(Deadline.case_id, func.count())
        .where(
            Deadline.case_id.in_(ids), Deadline.met_at.is_(None), Deadline.voided_at.is_(None),
            Deadline.paused_since.is_(None), Deadline.due_at <= now,
        )
        .group_by(Deadline.case_id)
    )  # fmt: skip
    overdue = dict(session.execute(late).all()) if ids else {}
    found = {case_id: (count, int(done or 0), 0) for case_id, count, done in session.execute(numbers)} if ids else {}
    return {case_id: (*found.get(case_id, (0, 0, 0))[:2], overdue.get(case_id, 0)) for case_id in ids}


def _open_deadlines(session: Session, case: InspectionCase, now: datetime) -> list[tuple[Deadline, str]]:
    query = (
        select(Deadline)
        .where(Deadline.case_id == case.id, Deadline.met_at.is_(None), Deadline.voided_at.is_(None))
        .order_by(Deadline.due_at)
    )
    return [(deadline, lights.light_of(deadline, now)) for deadline in session.scalars(query)]


def _instances(session: Session, actor: Actor, case: InspectionCase) -> list[ProcessInstance]:
    query = select(ProcessInstance).join(ProcessInstance.case).where(InspectionCase.id == case.id)
    return list(session.scalars(query.where(visible_instances(actor)).order_by(ProcessInstance.id)))


def _is_watched(session: Session, actor: Actor, case: InspectionCase) -> bool:
    query = select(Watch.id).where(Watch.user_id == actor.user_id, Watch.case_id == case.id)
    return session.scalar(query) is not None


def _all(session: Session, kind: type[Row], condition: ColumnElement[bool], order: Any) -> list[Row]:
    return list(session.scalars(select(kind).where(condition).order_by(order)))
