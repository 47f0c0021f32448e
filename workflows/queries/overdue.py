"""逾期监控: what is late, how long, at which level, and what nobody looks after.  Derived when asked, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from workflows.deadlines.levels import DEFAULT_POLICY, is_unattended
from workflows.deadlines.moments import overdue_days
from workflows.models import Batch, Deadline, Finding, InspectionCase, InspectionRound, SupervisionNotice, Unit
from workflows.policy import Actor
from workflows.queries.finding_filters import in_city, in_year
from workflows.queries.paging import PAGE_SIZE, Order, fetch
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains
from workflows.workdays import Calendar, end_of_day, local_date

BUCKETS: Mapping[str, tuple[int, int | None]] = {"1-6": (1, 6), "7-14": (7, 14), "15-29": (15, 29), "30+": (30, None)}
BUCKET_WORDS = {"1-6": "1–6 天", "7-14": "7–14 天", "15-29": "15–29 天", "30+": "30 天及以上"}
BY_DUE = Order(Deadline.due_at, lambda deadline: deadline.due_at, "逾期时长")


@dataclass(frozen=True)
class Filters:
    """What the address asks for."""

    bucket: str = ""
    level: int | None = None
    unit_id: int | None = None
    unattended: bool = False
    text: str = ""
    city: int | None = None
    kind: str = ""
    round_id: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class OverdueRow:
    """A late deadline with what it belongs to."""

    deadline: Deadline
    case: InspectionCase
    unit: Unit
    finding: Finding | None
    days: int
    is_unattended: bool
    notice: SupervisionNotice | None


@dataclass(frozen=True)
class Overdue:
    """One page of the monitor; every number equals the list behind it."""

    rows: list[OverdueRow]
    next: str
    total: int
    buckets: Mapping[str, int]
    levels: Mapping[int, int]
    unattended: int
    worst_units: Sequence[tuple[Unit, int]]


def overdue(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    now: datetime,
    calendar: Calendar,
    after: str = "",
    size: int = PAGE_SIZE,
) -> Overdue:
    """One page, longest overdue first: six statements."""
    late = [is_late(now), visible_cases(actor), *_place_and_period(filters)]
    wanted = [*late, *_conditions(filters, now, calendar)]
    query = _joined(select(Deadline)).outerjoin(Finding, Deadline.finding_id == Finding.id).where(*wanted)
    page = fetch(session, query, order=BY_DUE, id_=Deadline.id, after=after, size=size)
    numbers = _numbers(session, late, wanted, now, calendar)
    return Overdue(
        rows=_rows(session, page.rows, now, calendar),
        next=page.next,
        total=numbers["total"],
        buckets={name: numbers[name] for name in BUCKETS},
        levels={level: numbers[f"level{level}"] for level in range(1, 5)},
        unattended=numbers["unattended"],
        worst_units=_worst_units(session, late),
    )


def is_late(now: datetime) -> ColumnElement[bool]:
    """A condition over Deadline: open, its clock running, and past its due moment."""
    return and_(
        Deadline.met_at.is_(None),
        Deadline.voided_at.is_(None),
        Deadline.paused_since.is_(None),
        Deadline.due_at <= now,
    )


def count(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many late deadlines the person sees."""
    query = (
        select(func.count())
        .select_from(Deadline)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .where(is_late(now), visible_cases(actor))
    )
    return session.scalar(query) or 0


def late_ids(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar, most: int
) -> list[int]:
    """Ids of what the filters mean, longest overdue first, at most so many."""
    wanted = [is_late(now), visible_cases(actor), *_place_and_period(filters), *_conditions(filters, now, calendar)]
    query = _joined(select(Deadline.id)).outerjoin(Finding, Deadline.finding_id == Finding.id).where(*wanted)
    return list(session.scalars(query.order_by(Deadline.due_at, Deadline.id).limit(most)))


def late_of_ids(
    session: Session, actor: Actor, ids: Sequence[int], *, now: datetime, calendar: Calendar
) -> list[OverdueRow]:
    """Those of these deadlines that are late and that the person sees, longest overdue first."""
    query = (
        select(Deadline)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .where(Deadline.id.in_(ids), is_late(now), visible_cases(actor))
    )
    return _rows(session, session.scalars(query.order_by(Deadline.due_at, Deadline.id)).all(), now, calendar)


def press_batch(session: Session, actor: Actor, batch_id: int) -> Batch:
    """What became of a 批量督办 of the person's own; else NoResultFound."""
    query = select(Batch).where(Batch.id == batch_id, Batch.asked_by_id == actor.user_id, Batch.verb == "press")
    return session.scalars(query.options(joinedload(Batch.asked_by))).one()


def numbers(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar
) -> Mapping[str, int]:
    """Only the numbers of the monitor, by name (a bucket, level1…, unattended, total): two statements."""
    late = [is_late(now), visible_cases(actor), *_place_and_period(filters)]
    return _numbers(session, late, [*late, *_conditions(filters, now, calendar)], now, calendar)


def longest(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, most: int = 10
) -> list[tuple[Deadline, InspectionCase, Unit, Finding | None]]:
    """The deadlines longest overdue, with what they belong to: one statement."""
    query = _joined(select(Deadline, InspectionCase, Unit, Finding)).outerjoin(
        Finding, Deadline.finding_id == Finding.id
    )
    late = [is_late(now), visible_cases(actor), *_place_and_period(filters)]
    found = session.execute(query.where(*late).order_by(Deadline.due_at, Deadline.id).limit(most))
    return [(deadline, of_case, unit, finding) for deadline, of_case, unit, finding in found]


def _joined(query: Any) -> Any:
    """Deadlines with case, unit and round."""
    return (
        query.select_from(Deadline)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .join(Unit, Deadline.unit_id == Unit.id)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
    )


def _place_and_period(filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions over what `_joined` joins; they hold for every number of the page."""
    found = [in_city(filters.city)] if filters.city is not None else []
    if filters.kind:
        found.append(Unit.kind == filters.kind)
    if filters.round_id is not None:
        found.append(InspectionCase.round_id == filters.round_id)
    if filters.year:
        found.append(in_year(filters.year))
    return found


def _conditions(filters: Filters, now: datetime, calendar: Calendar) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.bucket in BUCKETS:
        found.append(_in_bucket(filters.bucket, now))
    if filters.level is not None:
        found.append(Deadline.level == filters.level)
    if filters.unit_id is not None:
        found.append(Deadline.unit_id == filters.unit_id)
    if filters.unattended:
        found.append(_is_unattended(now, calendar))
    if filters.text:
        found.append(contains(filters.text, Deadline.subject_no, Deadline.title, Finding.title, Unit.name))
    return found


def _in_bucket(name: str, now: datetime) -> ColumnElement[bool]:
    """Overdue by so many days, counted as `overdue_days` counts them."""
    today, (least, most) = local_date(now), BUCKETS[name]
    latest = Deadline.due_at <= (now if least == 1 else end_of_day(today - timedelta(days=least)))
    if most is None:
        return latest
    return and_(latest, Deadline.due_at > end_of_day(today - timedelta(days=most + 1)))


def _is_unattended(now: datetime, calendar: Calendar) -> ColumnElement[bool]:
    """T27 as a condition: neither due day nor last act lies after the day from which three working days have gone."""
    until = end_of_day(_unattended_since(local_date(now), calendar))
    return and_(Deadline.due_at <= until, or_(Deadline.last_act_at.is_(None), Deadline.last_act_at < until))


def _unattended_since(today: date, calendar: Calendar) -> date:
    """The last day after which the working days of T27 have wholly passed."""
    day = today - timedelta(days=1)
    while calendar.workdays_after(day, DEFAULT_POLICY.unattended_workdays) >= today:
        day -= timedelta(days=1)
    return day


def _numbers(
    session: Session, late: list[Any], wanted: list[Any], now: datetime, calendar: Calendar
) -> dict[str, int]:
    """Buckets, levels and the unattended over everything late; `total` over the filters."""

    def counted(name: str, condition: ColumnElement[bool]) -> Any:
        return func.count(case((condition, 1))).label(name)

    columns = [
        *(counted(name, _in_bucket(name, now)) for name in BUCKETS),
        *(counted(f"level{level}", Deadline.level == level) for level in range(1, 5)),
        counted("unattended", _is_unattended(now, calendar)),
    ]
    row = session.execute(_joined(select(*columns)).where(*late)).one()
    total = _joined(select(func.count())).outerjoin(Finding, Deadline.finding_id == Finding.id).where(*wanted)
    return {**dict(row._mapping), "total": session.scalar(total) or 0}


def _worst_units(session: Session, late: list[Any], most: int = 10) -> list[tuple[Unit, int]]:
    query = (
        _joined(select(Unit, func.count()))
        .where(*late)
        .group_by(Unit.id)
        .order_by(func.count().desc(), Unit.name)
        .limit(most)
    )
    return list(session.execute(query).all())


def _rows(session: Session, deadlines: Sequence[Deadline], now: datetime, calendar: Calendar) -> list[OverdueRow]:
    belongings = (
        select(Deadline.id, InspectionCase, Unit, Finding)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .join(Unit, Deadline.unit_id == Unit.id)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .outerjoin(Finding, Deadline.finding_id == Finding.id)
        .where(Deadline.id.in_([deadline.id for deadline in deadlines]))
    )
    found = {number: (of_case, unit, finding) for number, of_case, unit, finding in session.execute(belongings)}
    notices = _notices(session, [deadline.id for deadline in deadlines])
    return [
        OverdueRow(
            deadline,
            *found[deadline.id],
            overdue_days(deadline.due_at, now),
            is_unattended(
                deadline.due_at, deadline.last_act_at, calendar, met_at=deadline.met_at, paused=False, now=now
            ),
            notices.get(deadline.id),
        )
        for deadline in deadlines
    ]


def _notices(session: Session, ids: list[int]) -> dict[int, SupervisionNotice]:
    """Deadline id → its newest notice."""
    query = select(SupervisionNotice).where(SupervisionNotice.deadline_id.in_(ids)).order_by(SupervisionNotice.id)
    return {notice.deadline_id: notice for notice in session.scalars(query) if notice.deadline_id is not None}
