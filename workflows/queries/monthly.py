"""月度调度: how things stood when a month ended, told from rows that are only ever added: the same a year later.

A finding's, case's or deadline's own columns say how it stands today and are not asked; what is asked carries the
moment at which it was written: feedbacks, rulings, closures, reopenings (in the history), changes of deadlines, notices,
extensions, referrals.  What was written after the month's end is not there yet.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from workflows.deadlines.lights import light
from workflows.deadlines.moments import overdue_days
from workflows.models import (
    Acknowledgement,
    ClosureRecord,
    Deadline,
    DeadlineChange,
    ExtensionRequest,
    Feedback,
    Finding,
    HistoryEntry,
    InspectionCase,
    Referral,
    SupervisionNotice,
    Unit,
)
from workflows.queries.lights import FINDING_RULE
from workflows.queries.months import CaseRow, Extension, Item, Limit, Month, Notice, Standing

TOLD_BY = ("unified", "one_to_one")


def standing(session: Session, month: Month, seen: ColumnElement[bool]) -> Standing:
    """How it stood; `seen` is a condition over InspectionCase.  Eleven statements, whatever the numbers."""
    cases = _told_cases(session, month, seen)
    units = {case_id: unit for case_id, _, unit in cases}
    items = _items(session, month, cases)
    return Standing(
        month=month,
        cases=[_case_row(month, case_no, unit, items[case_id]) for case_id, case_no, unit in cases],
        items=[item for case_id, _, _ in cases for item in items[case_id]],
        notices=_notices(session, month, units),
        extensions=_extensions(session, month, units),
        referrals=_referrals(session, month, seen),
    )


def first_month(session: Session, seen: ColumnElement[bool]) -> str:
    """The month of the first feedback, "" when there has been none."""
    query = (
        select(func.min(Feedback.recorded_at)).join(InspectionCase, Feedback.case_id == InspectionCase.id).where(seen)
    )
    at = session.scalar(query)
    return f"{at + timedelta(hours=8):%Y-%m}" if at else ""


def _told_cases(session: Session, month: Month, seen: ColumnElement[bool]) -> list[tuple[int, str, str]]:
    """(id, number, unit) of the cases whose unit had been told by then."""
    told = select(Feedback.case_id).where(
        Feedback.revisit_cycle == 0, Feedback.channel.in_(TOLD_BY), Feedback.recorded_at < month.ends
    )
    query = (
        select(InspectionCase.id, InspectionCase.case_no, Unit.name)
        .join(Unit, InspectionCase.unit_id == Unit.id)
        .where(InspectionCase.id.in_(told), seen)
        .order_by(InspectionCase.case_no)
    )
    return [(number, case_no, unit) for number, case_no, unit in session.execute(query)]


def _items(session: Session, month: Month, cases: Sequence[tuple[int, str, str]]) -> dict[int, list[Item]]:
    """Case id → its findings as they stood, by number."""
    known = {case_id: (case_no, unit) for case_id, case_no, unit in cases}
    withdrawn = _withdrawn(session)
    closures, reopened = _closures(session, month), _reopened(session, month)
    limits, levels = _limits(session, month), _levels(session, month)
    query = select(
        Finding.id, Finding.case_id, Finding.finding_no, Finding.title, Finding.category_label, Finding.category,
        Finding.severity, Finding.status,
    ).order_by(Finding.finding_no)  # fmt: skip
    found: dict[int, list[Item]] = defaultdict(list)
    for row in session.execute(query):
        if row.case_id not in known or _is_gone(row.id, row.status, withdrawn, month):
            continue
        case_no, unit = known[row.case_id]
        record = _standing_closure(closures.get(row.id, []), reopened.get(row.finding_no))
        limit = limits.get(row.id)
        colour = _light(limit, record is not None, month.ends)
        found[row.case_id].append(
            Item(
                row.finding_no, row.title, row.category_label or row.category, row.severity, case_no, unit,
                record[0] if record else "", record[1] if record else None, len(closures.get(row.id, [])), limit, colour,
                overdue_days(limit.due_at, _just_before(month.ends)) if limit and colour == "red" else 0,
                levels.get(row.id, 0) if record is None else 0,
            )
        )  # fmt: skip
    return found


def _is_gone(finding_id: int, status: str, withdrawn: Mapping[int, datetime], month: Month) -> bool:
    """Not a finding any more then: withdrawn on objection before the month's end, or never told to the unit."""
    if finding_id in withdrawn:
        return withdrawn[finding_id] < month.ends
    return status == "not_upheld"


def _withdrawn(session: Session) -> dict[int, datetime]:
    query = select(Acknowledgement.finding_id, Acknowledgement.ruled_at).where(
        Acknowledgement.ruling == "withdraw", Acknowledgement.ruled_at.is_not(None)
    )
    return {finding_id: at for finding_id, at in session.execute(query) if at is not None}


def _closures(session: Session, month: Month) -> dict[int, list[tuple[str, datetime]]]:
    query = select(ClosureRecord.finding_id, ClosureRecord.closure_no, ClosureRecord.at).where(
        ClosureRecord.at < month.ends
    )
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for finding_id, number, at in session.execute(query.order_by(ClosureRecord.id)):
        found[finding_id].append((number, at))
    return found


def _reopened(session: Session, month: Month) -> dict[str, datetime]:
    """Finding number → when it was last reopened."""
    query = select(HistoryEntry.at, HistoryEntry.details).where(
        HistoryEntry.action == "reopen_findings", HistoryEntry.denied.is_(False), HistoryEntry.at < month.ends
    )
    return {
        number: at
        for at, details in session.execute(query.order_by(HistoryEntry.at))
        for number in details["findings"]
    }


def _standing_closure(
    records: Sequence[tuple[str, datetime]], reopened: datetime | None
) -> tuple[str, datetime] | None:
    """The closure that held then."""
    if not records or (reopened is not None and reopened >= records[-1][1]):
        return None
    return records[-1]


def _limits(session: Session, month: Month) -> dict[int, Limit]:
    """Finding id → its newest own limit after the changes up to then."""
    query = (
        select(
            Deadline.finding_id, Deadline.id, Deadline.original_due_at, DeadlineChange.kind, DeadlineChange.at,
            DeadlineChange.due_at,
        )
        .join(DeadlineChange, DeadlineChange.deadline_id == Deadline.id)
        .where(Deadline.rule == FINDING_RULE, Deadline.finding_id.is_not(None), DeadlineChange.at < month.ends)
        .order_by(Deadline.id, DeadlineChange.id)
    )  # fmt: skip
    changes: dict[int, dict[int, list[tuple[str, datetime, datetime]]]] = defaultdict(lambda: defaultdict(list))
    first: dict[int, datetime] = {}
    for finding_id, deadline_id, original, kind, at, due_at in session.execute(query):
        changes[finding_id or 0][deadline_id].append((kind, at, due_at))
        first[deadline_id] = original
    found = {}
    for finding_id, by_deadline in changes.items():
        valid = [each for each, rows in by_deadline.items() if all(kind != "voided" for kind, _, _ in rows)]
        if valid:
            found[finding_id] = _limit(first[valid[-1]], by_deadline[valid[-1]])
    return found


def _limit(original: datetime, changes: Iterable[tuple[str, datetime, datetime]]) -> Limit:
    due_at, met_at, paused, extensions = original, None, False, 0
    for kind, at, due in changes:
        due_at = due
        met_at = at if kind == "met" else met_at
        paused = kind == "paused" or (paused and kind != "resumed")
        extensions += kind == "extended"
    return Limit(original, due_at, met_at, paused and met_at is None, extensions)


def _light(limit: Limit | None, is_closed: bool, ends: datetime) -> str:
    if is_closed:
        return "closed"
    if limit is None:
        return "none"
    return light(limit.due_at, met_at=limit.met_at, paused=limit.paused, now=ends).value


def _levels(session: Session, month: Month) -> dict[int, int]:
    """Finding id → the highest level of its notices up to then."""
    query = (
        select(SupervisionNotice.finding_id, func.max(SupervisionNotice.level))
        .where(SupervisionNotice.issued_at < month.ends, SupervisionNotice.finding_id.is_not(None))
        .group_by(SupervisionNotice.finding_id)
    )
    return {finding_id: level for finding_id, level in session.execute(query) if finding_id is not None}


def _case_row(month: Month, case_no: str, unit: str, items: Sequence[Item]) -> CaseRow:
    return CaseRow(
        case_no, unit, len(items), sum(item.is_closed for item in items),
        sum(month.holds(item.closed_at) for item in items), sum(item.light == "red" for item in items),
        sum(item.limit is not None and item.limit.extensions > 0 for item in items),
    )  # fmt: skip


def _notices(session: Session, month: Month, units: Mapping[int, str]) -> list[Notice]:
    query = (
        select(SupervisionNotice, Finding.finding_no, InspectionCase.case_no)
        .join(InspectionCase, SupervisionNotice.case_id == InspectionCase.id)
        .outerjoin(Finding, SupervisionNotice.finding_id == Finding.id)
        .where(SupervisionNotice.issued_at >= month.begins, SupervisionNotice.issued_at < month.ends)
        .order_by(SupervisionNotice.notice_no)
    )
    return [
        Notice(
            row.notice_no, units[row.case_id], finding_no or case_no, row.level, row.form, row.issued_at,
            row.received_at if row.received_at is not None and row.received_at < month.ends else None,
        )
        for row, finding_no, case_no in session.execute(query)
        if row.case_id in units
    ]  # fmt: skip


def _extensions(session: Session, month: Month, units: Mapping[int, str]) -> list[Extension]:
    query = (
        select(ExtensionRequest, Deadline.subject_no, Deadline.case_id)
        .join(Deadline, ExtensionRequest.deadline_id == Deadline.id)
        .where(ExtensionRequest.decided_at >= month.begins, ExtensionRequest.decided_at < month.ends)
        .order_by(ExtensionRequest.id)
    )
    return [
        Extension(
            subject_no, units[case_id], row.nth, row.old_due_at, row.new_due_at, row.status == "approved",
            row.decided_at,
        )
        for row, subject_no, case_id in session.execute(query)
        if case_id in units and row.decided_at is not None
    ]  # fmt: skip


def _referrals(session: Session, month: Month, seen: ColumnElement[bool]) -> int:
    """Referrals opened in the month, each counted once, not by track."""
    query = (
        select(func.count())
        .select_from(Referral)
        .join(InspectionCase, Referral.case_id == InspectionCase.id)
        .where(Referral.parent_id.is_(None), seen)
        .where(Referral.opened_at >= month.begins, Referral.opened_at < month.ends)
    )
    return session.scalar(query) or 0


def _just_before(ends: datetime) -> datetime:
    return ends - timedelta(seconds=1)


def levels_in_words(notices: Collection[Notice], names: Mapping[int, str]) -> str:
    """本月发出督办3件，其中一级督办2件，二级督办1件。"""
    if not notices:
        return "本月没有发出督办。"
    levels = sorted({notice.level for notice in notices})
    parts = "，".join(f"{names[level]}{sum(each.level == level for each in notices)}件" for level in levels)
    return f"本月发出督办{len(notices)}件，其中{parts}。"
