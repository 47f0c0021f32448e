"""通知: what a person is told, and the letters, supervision notices and circulars of the cases he sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import (
    Circular,
    CircularReceipt,
    Deadline,
    Finding,
    InspectionCase,
    Letter,
    Notification,
    SupervisionNotice,
    Unit,
    User,
)
from workflows.policy import SUPERVISORS, UNIT_ROLES, Actor
from workflows.queries.paging import PAGE_SIZE, Order, Page, fetch
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains

NEWEST = Order(Notification.created_at, lambda row: row.created_at, "时间", descending=True)
SENT = Order(Letter.sent_at, lambda row: row.sent_at, "发出时间", descending=True)
ISSUED = Order(SupervisionNotice.issued_at, lambda row: row.issued_at, "下发时间", descending=True)
CIRCULATED = Order(Circular.issued_at, lambda row: row.issued_at, "印发时间", descending=True)


@dataclass(frozen=True)
class Told:
    """A notification with the numbers of the case and finding it leads to."""

    notification: Notification
    case_no: str
    finding_no: str


@dataclass(frozen=True)
class LetterRow:
    """A letter with its deadline, unit and the names of those who received it."""

    letter: Letter
    deadline: Deadline
    case_no: str
    finding_no: str
    unit: str
    recipients: list[str]


@dataclass(frozen=True)
class NoticeRow:
    """A supervision notice with what it presses."""

    notice: SupervisionNotice
    unit: str
    case_no: str
    finding: Finding | None


@dataclass(frozen=True)
class CircularRow:
    """A circular with how many units have read and answered it, and the person's own units' receipts."""

    circular: Circular
    receipts: int
    read: int
    answered: int
    own: list[tuple[CircularReceipt, str]]


def unread(session: Session, actor: Actor) -> int:
    """How many notifications the person has not read."""
    query = select(func.count()).where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
    return session.scalar(query) or 0


def notifications(
    session: Session, actor: Actor, *, only_unread: bool = False, after: str = "", size: int = PAGE_SIZE
) -> Page[Told]:
    """The person's own notifications, newest first."""
    query = select(Notification).where(Notification.user_id == actor.user_id)
    if only_unread:
        query = query.where(Notification.read_at.is_(None))
    page = fetch(session, query, order=NEWEST, id_=Notification.id, after=after, size=size)
    numbers = _numbers(session, [row.case_id for row in page.rows], [row.finding_id for row in page.rows])
    return Page([Told(row, *_subject(numbers, row.case_id, row.finding_id)) for row in page.rows], page.next)


def find_notification(session: Session, actor: Actor, notification_id: int) -> Notification:
    """One of the person's own; else NoResultFound."""
    return session.scalars(
        select(Notification).where(Notification.id == notification_id, Notification.user_id == actor.user_id)
    ).one()


def letters(
    session: Session, actor: Actor, *, kind: str = "", text: str = "", after: str = "", size: int = PAGE_SIZE
) -> Page[LetterRow]:
    """The letters on the cases the person sees, newest first; those passed over after downtime among them."""
    query = (
        select(Letter)
        .join(Deadline, Letter.deadline_id == Deadline.id)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .join(Unit, Deadline.unit_id == Unit.id)
        .where(visible_cases(actor))
    )
    if kind:
        query = query.where(Letter.kind == kind)
    if text:
        query = query.where(contains(text, Deadline.subject_no, Deadline.title, Unit.name))
    page = fetch(session, query, order=SENT, id_=Letter.id, after=after, size=size)
    return Page(_letter_rows(session, list(page.rows)), page.next)


def supervision_notices(
    session: Session,
    actor: Actor,
    *,
    status: str = "",
    level: int | None = None,
    text: str = "",
    after: str = "",
    size: int = PAGE_SIZE,
) -> Page[NoticeRow]:
    """The supervision notices on the cases the person sees, newest first."""
    query = (
        select(SupervisionNotice)
        .join(InspectionCase, SupervisionNotice.case_id == InspectionCase.id)
        .join(Unit, SupervisionNotice.unit_id == Unit.id)
        .where(visible_cases(actor))
    )
    if status:
        query = query.where(SupervisionNotice.status == status)
    if level is not None:
        query = query.where(SupervisionNotice.level == level)
    if text:
        query = query.where(contains(text, SupervisionNotice.notice_no, SupervisionNotice.text, Unit.name))
    page = fetch(session, query, order=ISSUED, id_=SupervisionNotice.id, after=after, size=size)
    return Page(_notice_rows(session, list(page.rows)), page.next)


def find_notice(session: Session, actor: Actor, notice_no: str) -> NoticeRow:
    """A supervision notice, if the person sees its case; else NoResultFound."""
    notice = session.scalars(
        select(SupervisionNotice)
        .join(InspectionCase, SupervisionNotice.case_id == InspectionCase.id)
        .where(SupervisionNotice.notice_no == notice_no, visible_cases(actor))
    ).one()
    return _notice_rows(session, [notice])[0]


def circulars(session: Session, actor: Actor, *, after: str = "", size: int = PAGE_SIZE) -> Page[CircularRow]:
    """通报 that went to the person's unit, or all for supervisors, with the receipts; newest first."""
    page = fetch(
        session, select(Circular).where(_receives(actor)), order=CIRCULATED, id_=Circular.id, after=after, size=size
    )
    ids = [row.id for row in page.rows]
    counts = {
        circular_id: (total, read, answered)
        for circular_id, total, read, answered in session.execute(
            select(
                CircularReceipt.circular_id,
                func.count(),
                func.count(CircularReceipt.read_at),
                func.count(CircularReceipt.answered_at),
            )
            .where(CircularReceipt.circular_id.in_(ids))
            .group_by(CircularReceipt.circular_id)
        )
    }
    own: dict[int, list[tuple[CircularReceipt, str]]] = {}
    mine = (
        select(CircularReceipt, Unit.name)
        .join(Unit, CircularReceipt.unit_id == Unit.id)
        .where(CircularReceipt.circular_id.in_(ids), CircularReceipt.unit_id.in_(own_units(actor)))
    )
    for receipt, unit in session.execute(mine):
        own.setdefault(receipt.circular_id, []).append((receipt, unit))
    rows = [CircularRow(row, *counts.get(row.id, (0, 0, 0)), own.get(row.id, [])) for row in page.rows]
    return Page(rows, page.next)


def find_circular(session: Session, actor: Actor, circular_no: str) -> Circular:
    """A circular the person received; else NoResultFound."""
    return session.scalars(select(Circular).where(Circular.circular_no == circular_no, _receives(actor))).one()


def receipts(session: Session, actor: Actor, circular: Circular) -> list[tuple[CircularReceipt, Unit]]:
    """Who has read and answered a circular: all for supervisors, one's own units for the others."""
    query = (
        select(CircularReceipt, Unit)
        .join(Unit, CircularReceipt.unit_id == Unit.id)
        .where(CircularReceipt.circular_id == circular.id)
        .order_by(Unit.name)
    )
    if not actor.has_role(*SUPERVISORS):
        query = query.where(CircularReceipt.unit_id.in_(own_units(actor)))
    return list(session.execute(query).all())


def answer_rate(receipts: Sequence[CircularReceipt]) -> Mapping[str, int]:
    """Of the copies of a circular: sent, read, answered, with the same problem, without, and the rate in per cent."""
    answered = sum(row.answered_at is not None for row in receipts)
    return {
        "sent": len(receipts),
        "read": sum(row.read_at is not None for row in receipts),
        "answered": answered,
        "has": sum(row.answer == "has" for row in receipts),
        "none": sum(row.answer == "none" for row in receipts),
        "rate": round(100 * answered / len(receipts)) if receipts else 0,
    }


def is_answer(receipt: CircularReceipt, answer: str) -> bool:
    """Whether the copy is one of those asked for: has, none, unread, unanswered, or all of them."""
    match answer:
        case "has" | "none":
            return receipt.answer == answer
        case "unread":
            return receipt.read_at is None
        case "unanswered":
            return receipt.answered_at is None
    return True


def _receives(actor: Actor) -> ColumnElement[bool]:
    if actor.has_role(*SUPERVISORS):
        return Circular.id.is_not(None)
    sent = select(CircularReceipt.circular_id).where(CircularReceipt.unit_id.in_(own_units(actor)))
    visible = select(InspectionCase.id).where(visible_cases(actor))
    return or_(Circular.id.in_(sent), Circular.case_id.in_(visible))


def own_units(actor: Actor) -> list[int]:
    return sorted({h.scope_id for h in actor.holdings if h.role in UNIT_ROLES and h.scope == "unit"})


def _letter_rows(session: Session, found: list[Letter]) -> list[LetterRow]:
    query = (
        select(Letter.id, Deadline, InspectionCase.case_no, Finding.finding_no, Unit.name)
        .join(Deadline, Letter.deadline_id == Deadline.id)
        .join(InspectionCase, Deadline.case_id == InspectionCase.id)
        .join(Unit, Deadline.unit_id == Unit.id)
        .outerjoin(Finding, Deadline.finding_id == Finding.id)
        .where(Letter.id.in_([letter.id for letter in found]))
    )
    belongings = {row[0]: row[1:] for row in session.execute(query)}
    names = _names(session, {number for letter in found for number in letter.recipients})
    rows = []
    for letter in found:
        deadline, case_no, finding_no, unit = belongings[letter.id]
        told = [names[number] for number in letter.recipients if number in names]
        rows.append(LetterRow(letter, deadline, case_no, finding_no or "", unit, told))
    return rows


def _notice_rows(session: Session, found: list[SupervisionNotice]) -> list[NoticeRow]:
    query = (
        select(SupervisionNotice.id, Unit.name, InspectionCase.case_no, Finding)
        .join(Unit, SupervisionNotice.unit_id == Unit.id)
        .join(InspectionCase, SupervisionNotice.case_id == InspectionCase.id)
        .outerjoin(Finding, SupervisionNotice.finding_id == Finding.id)
        .where(SupervisionNotice.id.in_([notice.id for notice in found]))
    )
    belongings = {number: (unit, case_no, finding) for number, unit, case_no, finding in session.execute(query)}
    return [NoticeRow(notice, *belongings[notice.id]) for notice in found]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def _numbers(session: Session, cases: list[Any], findings: list[Any]) -> tuple[Mapping[int, str], Mapping[int, str]]:
    case_ids, finding_ids = {i for i in cases if i}, {i for i in findings if i}
    of_cases = select(InspectionCase.id, InspectionCase.case_no).where(InspectionCase.id.in_(case_ids))
    of_findings = select(Finding.id, Finding.finding_no).where(Finding.id.in_(finding_ids))
    return (
        dict(session.execute(of_cases).all()) if case_ids else {},
        dict(session.execute(of_findings).all()) if finding_ids else {},
    )


def _subject(
    numbers: tuple[Mapping[int, str], Mapping[int, str]], case_id: int | None, finding_id: int | None
) -> tuple[str, str]:
    return numbers[0].get(case_id or 0, ""), numbers[1].get(finding_id or 0, "")
