"""日历: what a person has before him from one day to another: deadlines, own tasks, milestones and shared occasions.

Everything passes the scope of the person as he is now; five or six statements, however many days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from workflows.models import CalendarDay, Deadline, InspectionCase, InspectionRound, Occasion, Task, Unit
from workflows.policy import CASE_READERS, UNIT_ROLES, Actor
from workflows.policy.vocabulary import OCCASION_KIND
from workflows.queries.milestones import milestones
from workflows.queries.scope import not_recused, visible_cases, visible_tasks
from workflows.workdays import closing_day, end_of_day, start_of_day

WHOSE = {"mine": "我的", "unit": "按单位", "region": "可见范围"}
KINDS = {"deadline": "期限", "task": "待办", "milestone": "里程碑", "occasion": "会议与场合"}
MOST = 2000
"""No more deadlines than anybody could read."""


@dataclass(frozen=True)
class Item:
    """An entry of one day or several, whole days in Shanghai.  `uid` stays the same whatever changes.

    `page` and `key` say where it is opened: a deadline, a task, a case by number, or nowhere.
    """

    uid: str
    kind: str
    first: date
    last: date
    title: str
    where: str = ""
    number: str = ""
    page: str = ""
    key: str = ""
    is_late: bool = False
    is_cancelled: bool = False
    is_provisional: bool = False
    sequence: int = 0


def agenda(
    session: Session, actor: Actor, first: date, last: date, *, now: datetime, whose: str = "mine",
    unit_id: int | None = None, kinds: tuple[str, ...] = tuple(KINDS),
) -> list[Item]:  # fmt: skip
    """The entries that touch first..last, by day; overdue ones stand at the day on which they were due."""
    found: list[Item] = []
    if "deadline" in kinds:
        found += _deadlines(session, actor, first, last, now, _whose(actor, whose, unit_id))
    if "task" in kinds:
        found += _tasks(session, actor, first, last, now, unit_id if whose == "unit" else None)
    if "milestone" in kinds:
        found += _milestones(session, actor, first, last)
    if "occasion" in kinds or "milestone" in kinds:
        found += [each for each in _occasions(session, actor, first, last, unit_id) if each.kind in kinds]
    order = list(KINDS)
    return sorted(found, key=lambda item: (item.first, order.index(item.kind), item.number, item.uid))


def day_names(session: Session, first: date, last: date) -> dict[date, str]:
    """What holidays and make-up days within first..last are called."""
    query = select(CalendarDay.day, CalendarDay.name).where(CalendarDay.day >= first, CalendarDay.day <= last)
    return {row.day: row.name for row in session.execute(query.order_by(CalendarDay.version))}


def occasions(session: Session, actor: Actor, first: date, *, round_id: int | None = None) -> list[Occasion]:
    """重要场合清单: the shared entries that end on or after `first`, cancelled ones among them."""
    query = select(Occasion).where(_readable(actor), Occasion.ends_on >= first)
    if round_id is not None:
        query = query.where(Occasion.round_id == round_id)
    options = joinedload(Occasion.round), joinedload(Occasion.unit)
    return list(session.scalars(query.options(*options).order_by(Occasion.starts_on, Occasion.id)))


def occasion(session: Session, actor: Actor, occasion_id: int) -> Occasion:
    """One entry the person may read; else NoResultFound."""
    return session.scalars(select(Occasion).where(Occasion.id == occasion_id, _readable(actor))).one()


def rounds_of(session: Session, actor: Actor) -> list[InspectionRound]:
    """The rounds on which a milestone may be set, newest first."""
    own = select(InspectionCase.round_id).where(visible_cases(actor))
    query = select(InspectionRound).where(InspectionRound.id.in_(own) if not _of_region(actor) else true())
    return list(session.scalars(query.order_by(InspectionRound.starts_on.desc()).limit(50)))


def _whose(actor: Actor, whose: str, unit_id: int | None) -> ColumnElement[bool]:
    """Mine: of the cases I am in charge of, of my own units, of tasks I have taken."""
    if whose == "unit" and unit_id is not None:
        return Deadline.unit_id == unit_id
    if whose != "mine":
        return true()
    own_units = [
        holding.scope_id for holding in actor.holdings if holding.role in UNIT_ROLES and holding.scope == "unit"
    ]
    taken = select(Task.deadline_id).where(
        Task.assignee_id == actor.user_id, Task.status == "open", Task.deadline_id.is_not(None)
    )
    of_unit = Deadline.unit_id.in_(own_units) if own_units else false()
    return or_(InspectionCase.officer_id == actor.user_id, of_unit, Deadline.id.in_(taken))


def _within(moment: Any, first: date, last: date) -> ColumnElement[bool]:
    """Due at the end of a day of first..last, or within it: 24:00 belongs to the day that ends."""
    return and_(moment > start_of_day(first), moment <= end_of_day(last))


def _deadlines(
    session: Session, actor: Actor, first: date, last: date, now: datetime, whose: ColumnElement[bool]
) -> Iterator[Item]:
    query = (
        select(Deadline, InspectionCase.case_no, Unit.name)
        .join(InspectionCase, InspectionCase.id == Deadline.case_id)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(Deadline.met_at.is_(None), Deadline.voided_at.is_(None), Deadline.paused_since.is_(None))
        .where(_within(Deadline.due_at, first, last), visible_cases(actor), whose)
        .order_by(Deadline.due_at, Deadline.id)
        .limit(MOST)
    )
    for row, _case_no, unit in session.execute(query):
        day = closing_day(row.due_at)
        yield Item(
            f"deadline-{row.id}", "deadline", day, day, row.title, unit, row.subject_no, "deadlines.page", str(row.id),
            is_late=row.due_at <= now, is_provisional=row.is_provisional, sequence=row.extension_count,
        )  # fmt: skip


def _tasks(
    session: Session, actor: Actor, first: date, last: date, now: datetime, unit_id: int | None
) -> Iterator[Item]:
    """Tasks the person has taken."""
    due_at = func.coalesce(Deadline.due_at, Task.due_at)
    query = (
        select(Task.id, Task.title, due_at.label("due_at"), InspectionCase.case_no, Unit.name.label("unit"))
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .outerjoin(InspectionCase, InspectionCase.id == Task.case_id)
        .outerjoin(Unit, Unit.id == Task.unit_id)
        .where(Task.assignee_id == actor.user_id, Task.status == "open", visible_tasks(actor))
        .where(_within(due_at, first, last), Task.unit_id == unit_id if unit_id is not None else true())
        .order_by(due_at, Task.id)
        .limit(MOST)
    )
    for row in session.execute(query):
        day = closing_day(row.due_at)
        yield Item(
            f"task-{row.id}", "task", day, day, row.title, row.unit or "", row.case_no or "", "tasks.page", str(row.id),
            is_late=row.due_at <= now,
        )  # fmt: skip


def _milestones(session: Session, actor: Actor, first: date, last: date) -> Iterator[Item]:
    for year in range(first.year, last.year + 1):
        for each in milestones(session, actor, year):
            if first <= each.day <= last:
                uid = f"milestone-{each.case_no or each.title}-{each.title}-{each.day.isoformat()}"
                page = "cases.page" if each.case_no else ""
                yield Item(
                    uid, "milestone", each.day, each.day, each.title, each.side, each.case_no, page, each.case_no
                )


def _occasions(session: Session, actor: Actor, first: date, last: date, unit_id: int | None) -> Iterator[Item]:
    query = (
        select(Occasion)
        .where(_readable(actor), Occasion.starts_on <= last, Occasion.ends_on >= first)
        .options(joinedload(Occasion.round))
        .order_by(Occasion.starts_on, Occasion.id)
    )
    if unit_id is not None:
        query = query.where(or_(Occasion.unit_id == unit_id, Occasion.unit_id.is_(None)))
    for row in session.scalars(query):
        kind = "milestone" if row.kind == "milestone" else "occasion"
        title = f"{OCCASION_KIND[row.kind]}：{row.title}"
        yield Item(
            f"occasion-{row.id}", kind, row.starts_on, row.ends_on, title, row.round.name if row.round else row.place,
            page="agenda.occasion", key=str(row.id), is_cancelled=row.cancelled_at is not None, sequence=row.sequence,
        )  # fmt: skip


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Whoever supervises or inspects; a milestone of a round only by the region and those with a case in it."""
    if not actor.has_role(*CASE_READERS):
        return false()
    kept_away = not_recused(Occasion.unit_id, actor)
    if _of_region(actor):
        return kept_away
    rounds = select(InspectionCase.round_id).where(visible_cases(actor))
    held = [holding.scope_id for holding in actor.holdings if holding.scope == "round"]
    return and_(
        kept_away, or_(Occasion.round_id.is_(None), Occasion.round_id.in_(rounds), Occasion.round_id.in_(held))
    )


def _of_region(actor: Actor) -> bool:
    return any(holding.role in CASE_READERS and holding.scope == "region" for holding in actor.holdings)
