"""督办文书登记簿: 督办单, three-colour letters, 约谈 and circulars in one list, newest first.

Each kind is asked for by itself, narrowed, ordered and cut before the four are put together: a page costs the same
whatever their number.  A circular stands once for each unit it went to.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from workflows.database import UtcDateTime
from workflows.models import (
    AdmonitionTalk,
    Circular,
    CircularReceipt,
    Deadline,
    Finding,
    InspectionCase,
    Letter,
    SupervisionNotice,
    Unit,
    User,
)
from workflows.policy import SUPERVISORS, Actor
from workflows.policy.receipts import missing_since
from workflows.queries.letter_receipts import CIRCULAR, LETTER, NOTICE, TALK, WAITING, Paper
from workflows.queries.letter_words import LETTER_COLOURS, LETTER_FORMS
from workflows.queries.notices import own_units
from workflows.queries.paging import PAGE_SIZE, Page
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains
from workflows.workdays import Calendar, end_of_day, start_of_day

KINDS: Mapping[str, str] = MappingProxyType(
    {"papers": "督办文书（五书）", "letters": "三色预警函", "talks": "约谈", "circulars": "通报"}
)
RECEIPTS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": "未签收",
        "missing": "未签收超过2个工作日",
        "received": "已签收",
        "answered": "已回复",
        "void": "已替代或作废",
    }
)
AT_ONCE = 500
FIFTH_PAPER = "final"  # 整改情况提醒书 is sent as a letter, and is one of the five papers
Condition = ColumnElement[bool]
NO_LEVEL, NO_MOMENT = cast(null(), Integer), cast(null(), UtcDateTime())  # typed: PostgreSQL puts the kinds together


@dataclass(frozen=True)
class Filters:
    """What the address asks for; `kind` of KINDS, `receipt` of RECEIPTS, empty for all."""

    kind: str = ""
    receipt: str = ""
    level: int | None = None
    colour: str = ""
    unit_id: int | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    kind: str
    id: int
    number: str
    form: str
    level: int | None
    colour: str
    unit_id: int
    city_id: int | None
    unit: str
    case_no: str
    finding_no: str
    matter: str
    issued_at: datetime
    received_at: datetime | None
    received_by: str
    answer: str
    is_waiting: bool
    is_missing: bool
    is_void: bool
    reminded_at: datetime | None

    @property
    def paper(self) -> Paper:
        return Paper(self.kind, self.id)


@dataclass(frozen=True)
class Counts:
    """Of the kinds and of the receipts under the other filters; `total` under all of them."""

    kinds: Mapping[str, int]
    receipts: Mapping[str, int]
    total: int


@dataclass(frozen=True)
class _Source:
    """One kind of paper: its columns, where they come from, and its conditions."""

    kind: str
    group: str
    columns: Mapping[str, Any]
    joined: Any
    within: Condition
    void: Condition
    colour: Any
    level: Any
    answered: Condition


def register(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    now: datetime,
    calendar: Calendar,
    after: str = "",
    size: int = PAGE_SIZE,
) -> Page[Entry]:
    """One page; one statement."""
    since = missing_since(now, calendar)
    place = _decode(after)
    parts = []
    for source in _sources(actor):
        query = _narrowed(source, filters, since)
        if query is None:
            continue
        issued, kind, number = source.columns["issued_at"], literal(source.kind), source.columns["id"]
        if place is not None:
            query = query.where(
                tuple_(issued, kind, number) < tuple_(literal(place[0], UtcDateTime()), *map(literal, place[1:]))
            )
        cut = query.order_by(issued.desc(), number.desc()).limit(size + 1).subquery()
        parts.append(select(cut))
    if not parts:
        return Page([])
    every = union_all(*parts).subquery()
    query = select(every).order_by(every.c.issued_at.desc(), every.c.kind.desc(), every.c.id.desc())
    rows = [_entry(row) for row in session.execute(query.limit(size + 1))]
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    return Page(rows[:size], _encode(last))


def every_entry(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar
) -> Iterator[Sequence[Entry]]:
    """All rows of the filters, five hundred at a time."""
    after = ""
    while True:
        page = register(session, actor, filters, now=now, calendar=calendar, after=after, size=AT_ONCE)
        yield page.rows
        if not page.next:
            return
        after = page.next


def counts(session: Session, actor: Actor, filters: Filters, *, now: datetime, calendar: Calendar) -> Counts:
    """The numbers beside the tabs and chips; one statement."""
    since = missing_since(now, calendar)
    rows = session.execute(union_all(*_counting(actor, filters, since))).all()
    kinds: dict[str, int] = dict.fromkeys(KINDS, 0)
    receipts: dict[str, int] = dict.fromkeys(RECEIPTS, 0)
    total = 0
    for group, of_kind, both, *of_receipts in rows:
        kinds[group] += of_kind
        total += both
        for name, number in zip(RECEIPTS, of_receipts, strict=True):
            receipts[name] += number
    return Counts(kinds, receipts, total)


def _counting(actor: Actor, filters: Filters, since: datetime) -> list[Any]:
    found = []
    for source in _sources(actor):
        states = _states(source, since)
        of_receipt = states.get(filters.receipt, literal(filters.receipt == ""))
        of_kind = literal(filters.kind in ("", source.group))
        found.append(
            select(
                literal(source.group),
                _count(of_receipt),
                _count(and_(of_kind, of_receipt)),
                *(_count(and_(of_kind, states[name])) for name in RECEIPTS),
            )
            .select_from(source.joined)
            .where(source.within, *_conditions(source, filters))
        )
    return found


def _count(condition: Any) -> Any:
    return func.count(case((condition, 1)))


def _narrowed(source: _Source, filters: Filters, since: datetime) -> Any:
    """The rows of one kind that the filters ask for; None when they ask for another kind."""
    if filters.kind not in ("", source.group):
        return None
    states = _states(source, since)
    columns = [column.label(name) for name, column in source.columns.items()]
    flags = [case((states[name], 1), else_=0).label(name) for name in ("waiting", "missing", "void")]
    query = select(*columns, *flags).select_from(source.joined).where(source.within, *_conditions(source, filters))
    return query.where(states.get(filters.receipt, false())) if filters.receipt else query


def _states(source: _Source, since: datetime) -> dict[str, Any]:
    waiting = WAITING[source.kind]()
    return {
        "waiting": waiting,
        "missing": and_(waiting, source.columns["issued_at"] < since),
        "received": source.columns["received_at"].is_not(None),
        "answered": source.answered,
        "void": source.void,
    }


def _conditions(source: _Source, filters: Filters) -> list[Any]:
    found: list[Any] = []
    issued = source.columns["issued_at"]
    if filters.level is not None:
        found.append(source.level == filters.level)
    if filters.colour:
        found.append(source.colour == filters.colour)
    if filters.unit_id is not None:
        found.append(Unit.id == filters.unit_id)
    if filters.since is not None:
        found.append(issued >= start_of_day(filters.since))
    if filters.until is not None:
        found.append(issued < end_of_day(filters.until))
    if filters.text:
        found.append(contains(filters.text, source.columns["number"], source.columns["matter"], Unit.name))
    return found


def _sources(actor: Actor) -> list[_Source]:
    of_letters = (Letter.kind == FIFTH_PAPER, Letter.kind != FIFTH_PAPER)
    return [
        _notices(actor),
        *(_letters(actor, group, which) for group, which in zip(("papers", "letters"), of_letters, strict=True)),
        _talks(actor),
        _circulars(actor),
    ]


def _notices(actor: Actor) -> _Source:
    table = SupervisionNotice
    joined = (
        _of_case(table, table.case_id, table.unit_id)
        .outerjoin(Finding, Finding.id == table.finding_id)
        .outerjoin(Deadline, Deadline.id == table.deadline_id)
        .outerjoin(User, User.id == table.received_by_id)
    )
    columns = _columns(
        NOTICE, table.id, table.notice_no, table.form, table.level, table.colour, table.issued_at,
        table.received_at, table.answer, table.reminded_at,
    )  # fmt: skip
    return _Source(
        NOTICE, "papers", columns, joined, visible_cases(actor), table.status == "superseded", table.colour,
        table.level, table.answer != "",
    )  # fmt: skip


def _letters(actor: Actor, group: str, which: Condition) -> _Source:
    joined = (
        _of_case(Letter, Deadline.case_id, Deadline.unit_id, (Deadline, Deadline.id == Letter.deadline_id))
        .outerjoin(Finding, Finding.id == Deadline.finding_id)
        .outerjoin(User, User.id == Letter.received_by_id)
    )
    colour = case(*((Letter.kind == kind, name) for kind, name in LETTER_COLOURS.items()), else_="")
    columns = _columns(
        LETTER, Letter.id, Letter.letter_no, Letter.kind, NO_LEVEL, colour, Letter.sent_at, Letter.received_at,
        literal(""), Letter.reminded_at,
    )  # fmt: skip
    void = or_(Letter.superseded, Deadline.voided_at.is_not(None))
    within = and_(visible_cases(actor), which)
    return _Source(LETTER, group, columns, joined, within, void, colour, NO_LEVEL, false())


def _talks(actor: Actor) -> _Source:
    """The talk is its own receipt: the person was there, and what he undertook is his answer."""
    table, notice = AdmonitionTalk, SupervisionNotice
    joined = (
        _of_case(table, notice.case_id, notice.unit_id, (notice, notice.id == table.notice_id))
        .outerjoin(Finding, Finding.id == notice.finding_id)
        .outerjoin(Deadline, Deadline.id == notice.deadline_id)
    )
    columns = _columns(
        TALK, table.id, table.talk_no, literal("约谈"), notice.level, notice.colour, table.recorded_at,
        table.recorded_at, table.commitment, NO_MOMENT,
    ) | {"received_by": table.person}  # fmt: skip
    answered = table.commitment != ""
    return _Source(
        TALK, "talks", columns, joined, visible_cases(actor), false(), notice.colour, notice.level, answered
    )


def _circulars(actor: Actor) -> _Source:
    """Without case and finding: a unit has no business in another unit's."""
    table = CircularReceipt
    joined = (
        table.__table__.join(Circular, Circular.id == table.circular_id)
        .join(Unit, Unit.id == table.unit_id)
        .outerjoin(User, User.id == table.read_by_id)
    )
    columns = _columns(
        CIRCULAR, table.id, Circular.circular_no, literal("通报"), NO_LEVEL, literal(""), Circular.issued_at,
        table.read_at, table.self_check, table.reminded_at,
    ) | {"case_no": literal(""), "finding_no": literal(""), "matter": Circular.title}  # fmt: skip
    is_supervisor = actor.has_role(*SUPERVISORS)
    within = Circular.id.is_not(None) if is_supervisor else table.unit_id.in_(own_units(actor))
    return _Source(
        CIRCULAR, "circulars", columns, joined, within, false(), literal(""), NO_LEVEL, table.answered_at.is_not(None)
    )


def _of_case(table: Any, case_id: Any, unit_id: Any, *first: tuple[Any, Any]) -> Any:
    joined = table.__table__
    for other, how in first:
        joined = joined.join(other, how)
    return joined.join(InspectionCase, InspectionCase.id == case_id).join(Unit, Unit.id == unit_id)


def _columns(
    kind: str, number: Any, text: Any, form: Any, level: Any, colour: Any, issued_at: Any, received_at: Any,
    answer: Any, reminded_at: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "kind": literal(kind), "id": number, "number": text, "form": form, "level": level, "colour": colour,
        "unit_id": Unit.id, "city_id": Unit.city_id, "unit": Unit.name, "case_no": InspectionCase.case_no,
        "finding_no": func.coalesce(Finding.finding_no, ""),
        "matter": func.coalesce(Finding.title, Deadline.title, ""),
        "issued_at": issued_at, "received_at": received_at, "received_by": func.coalesce(User.name, ""),
        "answer": answer, "reminded_at": reminded_at,
    }  # fmt: skip


def _entry(row: Any) -> Entry:
    values = dict(row._mapping)
    for name in ("waiting", "missing", "void"):
        values[f"is_{name}"] = bool(values.pop(name))
    values["form"] = LETTER_FORMS.get(values["form"], values["form"])
    return Entry(**values)


def _encode(entry: Entry) -> str:
    plain = [entry.issued_at.isoformat(), entry.kind, entry.id]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def _decode(text: str) -> tuple[datetime, str, int] | None:
    """Where a page begins; what is no cursor of ours counts as the start."""
    try:
        at, kind, number = json.loads(base64.urlsafe_b64decode(text.encode()))
        moment = datetime.fromisoformat(at)
        return (moment, str(kind), int(number)) if moment.tzinfo is not None else None
    except (ValueError, TypeError, binascii.Error):
        return None
