"""签收回执: a unit signs for what was sent to it; what nobody signs for is told once to the unit and to the supervisors."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, literal, null, select, update
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Circular, CircularReceipt, Deadline, Letter, SupervisionNotice, Unit
from workflows.policy import Actor, NotAllowed, Place
from workflows.policy.receipts import RECEIVERS, TOLD, WORKDAYS, missing_since
from workflows.policy.transitions import require_transition
from workflows.queries.letter_receipts import CIRCULAR, LETTER, NOTICE, TABLES, Paper, overdue_receipts
from workflows.queries.letter_words import LETTER_FORMS
from workflows.records import calendars, history
from workflows.records.notices import Telling, holders_over, tell
from workflows.refusal import Refusal

AT_ONCE = 200
MOST_NAMED = 30
CIRCULAR_FORM: Any = literal("通报")
NO_CASE: Any = null()
Row = SupervisionNotice | Letter | CircularReceipt


@dataclass(frozen=True)
class Sent:
    """A paper as it was sent to one unit."""

    paper: Paper
    row: Row
    number: str
    words: str
    unit: Unit
    case_id: int | None
    finding_id: int | None


class NotSigned(Refusal):
    """There is nothing to sign for."""

    rule = "receipt"


def sign_receipts(work: Work, *, papers: Sequence[Paper], actor: Actor, now: datetime) -> int:
    """签收: the papers of one's own unit; those signed already, or settled, are left out.  How many were signed.

    Raises NotAllowed when one of them went to another unit, NotSigned when none of them waits for a receipt.
    """
    found = _sent(work.session, papers, lock=True)
    for sent in found:
        if not actor.holds_any(RECEIVERS, Place(unit_id=sent.unit.id, city_id=sent.unit.city_id)):
            raise NotAllowed(f"{sent.words}应由{sent.unit.name}签收。", rule="receipt")
    signed = [sent for sent in found if _sign(sent.row, actor, now)]
    if not signed:
        raise NotSigned("所选文书已经签收或已无需签收。")
    for sent in signed:
        _record(work.session, sent, "sign_receipt", f"{sent.unit.name}签收{sent.words}", now, actor)
    return len(signed)


def remind_of_receipts(work: Work, *, now: datetime) -> int:
    """Tells of up to two hundred papers unsigned for more than two working days, each once; how many.

    The unit's liaison and principal hear of each paper; the supervisors of all at once.
    """
    due = overdue_receipts(work.session, missing_since(now, calendars.in_force(work.session)), AT_ONCE)
    ours = _mark(work.session, due, now) if due else []
    found = _sent(work.session, ours)
    if not found:
        return 0
    unit_ids = {sent.unit.id for sent in found}
    people = holders_over(work.session, roles=(*RECEIVERS, *TOLD), unit_ids=unit_ids, now=now)
    tell(work.session, [*_to_units(found, people), *_to_supervisors(found, people)], now=now)
    for sent in found:
        words = f"{sent.words}发出超过{WORKDAYS}个工作日，{sent.unit.name}未签收，已提醒并报告督办人员"
        _record(work.session, sent, "remind_of_receipt", words, now)
    return len(found)


def _sent(session: Session, papers: Iterable[Paper], *, lock: bool = False) -> list[Sent]:
    """The papers with their units, those of one kind by one statement."""
    ids: dict[str, list[int]] = defaultdict(list)
    for paper in papers:
        ids[paper.kind].append(paper.id)
    found: list[Sent] = []
    for kind, read in ((NOTICE, _notices), (LETTER, _letters), (CIRCULAR, _circulars)):
        if ids[kind]:
            query = read(ids[kind])
            table = TABLES[kind]
            query = query.with_for_update(of=table) if lock else query
            rows = session.execute(query.order_by(table.id).execution_options(populate_existing=True)).unique()
            found += [
                Sent(Paper(kind, row.id), row, number, f"{form} {number}", unit, case_id, finding_id)
                for row, unit, number, form, case_id, finding_id in map(_worded, rows)
            ]
    return found


def _worded(row: Any) -> tuple[Row, Unit, str, str, int | None, int | None]:
    paper, unit, number, form, case_id, finding_id = row
    return paper, unit, number, LETTER_FORMS.get(form, form), case_id, finding_id


def _notices(ids: list[int]) -> Any:
    table = SupervisionNotice
    query = select(table, Unit, table.notice_no, table.form, table.case_id, table.finding_id)
    return query.join(Unit, Unit.id == table.unit_id).where(table.id.in_(ids))


def _letters(ids: list[int]) -> Any:
    query = select(Letter, Unit, Letter.letter_no, Letter.kind, Deadline.case_id, Deadline.finding_id)
    joined = query.join(Deadline, Deadline.id == Letter.deadline_id).join(Unit, Unit.id == Deadline.unit_id)
    return joined.where(Letter.id.in_(ids))


def _circulars(ids: list[int]) -> Any:
    """A circular's copies name no case: a unit has no business in another unit's."""
    query = select(CircularReceipt, Unit, Circular.circular_no, CIRCULAR_FORM, NO_CASE, NO_CASE)
    joined = query.join(Circular, Circular.id == CircularReceipt.circular_id)
    return joined.join(Unit, Unit.id == CircularReceipt.unit_id).where(CircularReceipt.id.in_(ids))


def _sign(row: Row, actor: Actor, now: datetime) -> bool:
    if isinstance(row, CircularReceipt):
        if row.read_at is not None:
            return False
        row.read_at, row.read_by_id = now, actor.user_id
        return True
    if row.received_at is not None or not _stands(row):
        return False
    if isinstance(row, SupervisionNotice):
        require_transition("notice", row.status, "received")
        row.status = "received"
    row.received_at, row.received_by_id = now, actor.user_id
    return True


def _stands(row: SupervisionNotice | Letter) -> bool:
    return not row.superseded if isinstance(row, Letter) else row.status == "issued"


def _mark(session: Session, due: Iterable[Paper], now: datetime) -> list[Paper]:
    """Those that nobody else has told of: whoever marks a paper first tells of it."""
    ours: list[Paper] = []
    for kind, table in TABLES.items():
        ids = [paper.id for paper in due if paper.kind == kind]
        if ids:
            mark = update(table).where(table.id.in_(ids), table.reminded_at.is_(None)).values(reminded_at=now)
            marked = session.execute(mark.returning(table.id).execution_options(synchronize_session=False))
            ours += [Paper(kind, number) for number in cast(CursorResult[Any], marked).scalars()]
    return ours


def _to_units(found: Sequence[Sent], people: Mapping[int, list[tuple[str, int]]]) -> list[Telling]:
    return [
        Telling(
            [user_id for role, user_id in people.get(sent.unit.id, ()) if role in RECEIVERS],
            "unreceipted",
            f"请签收{sent.words}",
            f"该文书发出已超过{WORKDAYS}个工作日，请即签收。",
            case_id=sent.case_id,
            finding_id=sent.finding_id,
            key=f"unreceipted:{sent.paper.kind}:{sent.paper.id}",
        )
        for sent in found
    ]


def _to_supervisors(found: Sequence[Sent], people: Mapping[int, list[tuple[str, int]]]) -> list[Telling]:
    """One notification a person, of the papers within his scope."""
    of_person: dict[int, list[Sent]] = defaultdict(list)
    for sent in found:
        for user_id in {user_id for role, user_id in people.get(sent.unit.id, ()) if role in TOLD}:
            of_person[user_id].append(sent)
    return [
        Telling([user_id], "unreceipted", f"{len(papers)}件文书发出超过{WORKDAYS}个工作日未签收", _listed(papers))
        for user_id, papers in sorted(of_person.items())
    ]


def _listed(papers: Sequence[Sent]) -> str:
    """A paper a line, with the units that have not signed for it."""
    units: dict[str, list[str]] = defaultdict(list)
    for sent in papers:
        units[sent.words].append(sent.unit.name)
    lines = [f"{words}（{'、'.join(names)}）" for words, names in units.items()]
    more = len(lines) - MOST_NAMED
    return "\n".join([*lines[:MOST_NAMED], f"另有{more}件，请在督办文书登记簿查看。"] if more > 0 else lines)


def _record(
    session: Session, sent: Sent, action: str, summary: str, now: datetime, actor: Actor | None = None
) -> None:
    history.record(
        session, action=action, summary=summary, now=now, actor=actor, case_id=sent.case_id,
        finding_id=sent.finding_id, object_kind=sent.paper.kind, object_id=sent.paper.id,
        details={"number": sent.number, "unit": sent.unit.name},
    )  # fmt: skip
