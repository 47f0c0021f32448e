"""Figures: named facts about subjects, counted and listed by one and the same condition.

Everything goes through the actor's scope; a subject of which the person is not told counts nothing and lists nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, case, false, func, literal, select
from sqlalchemy import cast as cast_sql
from sqlalchemy.orm import Session

from workflows.database import UtcDateTime
from workflows.models import InspectionCase, InspectionRound, Unit
from workflows.policy import Actor
from workflows.queries.figure_facts import FACTS, Fact
from workflows.queries.figure_subjects import SUBJECTS, Subject
from workflows.queries.finding_filters import Filters, in_city, in_year
from workflows.queries.paging import PAGE_SIZE
from workflows.queries.scope import Condition
from workflows.workdays import start_of_day


@dataclass(frozen=True)
class Line:
    """One row behind a figure."""

    number: str
    title: str
    unit: str
    at: date | datetime | None


@dataclass(frozen=True)
class Behind:
    """One page of the rows behind a figure; `after` is the id behind which the next one begins, 0 at the end."""

    fact: Fact
    subject: Subject
    rows: Sequence[Line]
    after: int
    total: int


def counts(
    session: Session, actor: Actor, names: Collection[str], filters: Filters, *, now: datetime
) -> Mapping[str, int]:
    """Fact → how many rows: one statement a subject."""
    by_subject: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_subject[FACTS[name].subject].append(name)
    found: dict[str, int] = {}
    for kind, wanted in by_subject.items():
        subject = SUBJECTS[kind]
        columns = [func.count(case((_is_true(FACTS[name], actor, now), 1))).label(name) for name in wanted]
        query = subject.source(select(*columns)).where(*conditions(subject, actor, filters))
        found |= session.execute(query).one()._mapping
    return found


def behind(session: Session, actor: Actor, name: str, filters: Filters, *, now: datetime, after: int = 0) -> Behind:
    """The rows of a fact, newest first; raises KeyError when there is no such fact."""
    fact = FACTS[name]
    subject = SUBJECTS[fact.subject]
    wanted = [*conditions(subject, actor, filters), _is_true(fact, actor, now)]
    columns = (
        subject.key.label("id"), func.coalesce(subject.number, literal("")).label("number"),
        cast_sql(subject.title, String).label("title"),
        func.coalesce(Unit.name, literal("")).label("unit"), subject.at.label("at"),
    )  # fmt: skip
    page = subject.source(select(*columns)).where(*wanted, *([subject.key < after] if after else []))
    rows = session.execute(page.order_by(subject.key.desc()).limit(PAGE_SIZE + 1)).all()
    total = session.scalar(subject.source(select(func.count())).where(*wanted)) or 0
    lines = [Line(row.number, row.title, row.unit, row.at) for row in rows[:PAGE_SIZE]]
    return Behind(fact, subject, lines, rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else 0, total)


def conditions(subject: Subject, actor: Actor, filters: Filters) -> list[Condition]:
    """What the person sees of a subject, narrowed to place and period."""
    if subject.readers is not None and not actor.has_role(*subject.readers):
        return [false()]
    found = [subject.seen(actor)]
    if filters.city is not None:
        found.append(in_city(filters.city))
    if filters.kind:
        found.append(Unit.kind == filters.kind)
    if filters.unit_id is not None:
        found.append(Unit.id == filters.unit_id)
    if filters.round_id is not None and subject.has_case:
        found.append(InspectionCase.round_id == filters.round_id)
    if filters.year:
        found += _of_year(subject, filters.year)
    return found


def is_told(actor: Actor, name: str) -> bool:
    """Whether the person is told of a fact at all."""
    readers = (FACTS[name].readers, SUBJECTS[FACTS[name].subject].readers)
    return all(who is None or actor.has_role(*who) for who in readers)


def _is_true(fact: Fact, actor: Actor, now: datetime) -> Condition:
    told = fact.readers is None or actor.has_role(*fact.readers)
    return fact.condition(now, actor) if told else false()


def place_and_period(filters: Filters) -> Filters:
    """Only what every subject knows: round, city, kind of unit, unit, and year."""
    return replace(
        Filters(), round_id=filters.round_id, city=filters.city, kind=filters.kind, unit_id=filters.unit_id,
        year=filters.year,
    )  # fmt: skip


def _of_year(subject: Subject, year: int) -> list[Condition]:
    if subject.day is InspectionRound.starts_on:
        return [in_year(year)]
    if subject.day is None:
        return []
    first = date(min(max(year, 1), 9998), 1, 1)
    bounds: tuple[Any, Any] = (first, first.replace(year=first.year + 1))
    if isinstance(subject.day.type, UtcDateTime):
        bounds = (start_of_day(bounds[0]), start_of_day(bounds[1]))
    return [subject.day >= bounds[0], subject.day < bounds[1]]
