"""A unit's spreadsheet against our ledger: which row is which measure, what would change, what differs, what is wrong.

Writes nothing.  Only progress may change through a spreadsheet; whatever else it says differently is a difference (S97).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.documents.ledger_import import Cell, Sheet
from workflows.models import Finding, ImportMapping, LedgerUpload, Measure, Unit
from workflows.policy import Actor
from workflows.policy.transitions import state_name
from workflows.policy.vocabulary import COMPLETION
from workflows.queries import ledger
from workflows.reconciliation import SHEET_TEXTS

IMPORTERS = ("unit_liaison", "measure_owner")
CHANGEABLE: Mapping[str, tuple[str, int]] = {
    "progress": ("进展情况", 2_000),
    "completion": ("完成情况", 20),
    "owner": ("责任人", 100),
    "evidence": ("佐证材料", 500),
}
"""Column → its name, and the longest text it takes."""
OPEN_MEASURES = ("approved", "in_progress", "returned")
OF_FINDING = ("text", "category", "severity", "rectify_type")
STATUS = {"previewed": "待确认", "confirmed": "已入账", "discarded": "已放弃", "superseded": "已被替代"}


@dataclass(frozen=True)
class Entry:
    """A row of our ledger as the export shows it, with what may become of it."""

    finding_id: int
    finding_no: str
    case_id: int
    case_no: str
    round_no: int
    measure_id: int | None
    seq: int | None
    cells: Mapping[str, str]
    document_ref: str
    locked: str


@dataclass(frozen=True)
class Change:
    """One cell that would become a value of ours: column, before, after."""

    column: str
    name: str
    address: str
    before: str
    after: str


@dataclass(frozen=True)
class Fault:
    """A cell or row that cannot be taken, and why."""

    where: str
    sentence: str


@dataclass
class RowPlan:
    """What one row of the spreadsheet comes to."""

    number: int
    entry: Entry | None = None
    changes: list[Change] = field(default_factory=list)
    differences: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What the whole spreadsheet comes to; with one fault nothing is taken."""

    rows: list[RowPlan]
    faults: list[Fault]
    claims: list[dict[str, Any]]

    @property
    def changes(self) -> list[Change]:
        return [change for row in self.rows for change in row.changes]

    @property
    def mark(self) -> str:
        """Stands for every change shown: a confirmation that carries another one has not seen these."""
        shown = [
            (row.entry.finding_no, row.entry.seq, change.column, change.before, change.after)
            for row in self.rows
            if row.entry is not None
            for change in row.changes
        ]
        return sha256(repr(shown).encode()).hexdigest()[:16]

    @property
    def differences(self) -> list[Change]:
        return [difference for row in self.rows for difference in row.differences]


Row = tuple[int, dict[str, Cell]]


def plan(
    session: Session, actor: Actor, unit_id: int, sheet: Sheet, columns: Mapping[int, str], *, now: datetime
) -> Plan:
    """Holds every row of the sheet against the unit's ledger, as far as the person sees it."""
    missing = _missing_columns(columns)
    if missing:
        return Plan([], [Fault(sheet.name, missing)], [])
    entries, made = _entries(session, actor, unit_id, now), []
    groups: dict[str, list[RowPlan]] = defaultdict(list)
    cells_of: dict[int, dict[str, Cell]] = {}
    for number, cells in _named_rows(sheet, columns):
        row = RowPlan(number)
        made.append(row)
        cells_of[number] = cells
        row.faults += [
            Fault(cell.address, f"单元格{cell.address}{cell.fault}。") for cell in cells.values() if cell.fault
        ]
        finding_no = _finding_no(cells, entries)
        if finding_no is None:
            row.faults.append(_unknown(number, cells))
        else:
            groups[finding_no].append(row)
    for finding_no, rows in groups.items():
        _match(rows, entries[finding_no], cells_of, has_content="content" in columns.values())
    for row in made:
        if row.entry is not None:
            _compare(row, cells_of[row.number])
    faults = [fault for row in made for fault in row.faults]
    claims = [_claim(row, cells_of[row.number]) for row in made if row.entry is not None]
    return Plan(made, faults, claims)


def units_of(session: Session, actor: Actor) -> list[Unit]:
    """The units for which the person may hand in a spreadsheet."""
    ids = {holding.scope_id for holding in actor.holdings if holding.role in IMPORTERS and holding.scope == "unit"}
    return list(session.scalars(select(Unit).where(Unit.id.in_(ids - actor.recused_units)).order_by(Unit.name)))


def remembered(session: Session, unit_id: int) -> dict[str, str]:
    """What the unit called its columns: heading → our column."""
    query = select(ImportMapping.header, ImportMapping.column).where(ImportMapping.unit_id == unit_id)
    return dict(session.execute(query).all())


def uploads(session: Session, actor: Actor) -> list[LedgerUpload]:
    """The spreadsheets of the person's units, newest first."""
    ids = [unit.id for unit in units_of(session, actor)]
    return list(
        session.scalars(select(LedgerUpload).where(LedgerUpload.unit_id.in_(ids)).order_by(LedgerUpload.id.desc()))
    )


def find(session: Session, actor: Actor, upload_id: int) -> LedgerUpload:
    """One of them; NoResultFound for those of other units."""
    ids = [unit.id for unit in units_of(session, actor)]
    query = select(LedgerUpload).where(LedgerUpload.id == upload_id, LedgerUpload.unit_id.in_(ids))
    return session.scalars(query).one()


def _missing_columns(columns: Mapping[int, str]) -> str:
    if not {"finding_no", "text"} & set(columns.values()):
        return "没有找到“问题编号”或“反馈问题”列，请在列的对应关系中指定。"
    if not set(CHANGEABLE) & set(columns.values()):
        return "没有找到可以更新的列（进展情况、完成情况、责任人、佐证材料），请在列的对应关系中指定。"
    return ""


def _named_rows(sheet: Sheet, columns: Mapping[int, str]) -> Iterator[Row]:
    """The rows with cells under our names; a finding named once stands for the rows below it (merged cells)."""
    carried: dict[str, Cell] = {}
    for number, by_index in sheet.rows:
        cells = {columns[index]: cell for index, cell in by_index.items() if index in columns}
        if not set(cells) - {"number", "unit", "round", "note"}:
            continue  # nothing but a total or a remark
        here: dict[str, Cell] = {name: cells[name] for name in ("finding_no", "text") if name in cells}
        if here:
            carried = here
        yield number, {**carried, **cells}


def _finding_no(cells: Mapping[str, Cell], entries: Mapping[str, list[Entry]]) -> str | None:
    if "finding_no" in cells:
        found = cells["finding_no"].plain
        return found if found in entries else None
    text = cells.get("text")
    fitting = [no for no, rows in entries.items() if text is not None and text.says(rows[0].cells["text"])]
    return fitting[0] if len(fitting) == 1 else None


def _unknown(number: int, cells: Mapping[str, Cell]) -> Fault:
    cell = cells.get("finding_no") or cells.get("text")
    if cell is None:
        return Fault(f"第{number}行", f"第{number}行没有问题编号，无法与台账对应。")
    what = "问题编号" if "finding_no" in cells else "问题"
    return Fault(cell.address, f"单元格{cell.address}：本单位台账中没有{what}“{cell.plain[:40]}”。")


def _match(
    rows: Sequence[RowPlan],
    entries: Sequence[Entry],
    cells_of: Mapping[int, Mapping[str, Cell]],
    *,
    has_content: bool,
) -> None:
    """By the measure's wording first, the rest in the order of the ledger; a row too many is a fault."""
    left = list(entries)
    rest = []
    for row in rows:
        cell = cells_of[row.number].get("content")
        fitting = next((entry for entry in left if cell is not None and cell.says(entry.cells["content"])), None)
        if fitting is None:
            rest.append(row)
            continue
        row.entry = fitting
        left.remove(fitting)
    if not has_content and len(rest) != len(left):
        for row in rest:
            row.faults.append(_ambiguous(row, entries))
        return
    for row in rest:
        if left:
            row.entry = left.pop(0)
        else:
            row.faults.append(_surplus(row, entries))


def _ambiguous(row: RowPlan, entries: Sequence[Entry]) -> Fault:
    no = entries[0].finding_no
    return Fault(
        f"第{row.number}行", f"第{row.number}行：问题{no}有{len(entries)}条措施，没有“整改措施”列，无法判断是哪一条。"
    )


def _surplus(row: RowPlan, entries: Sequence[Entry]) -> Fault:
    number = sum(entry.measure_id is not None for entry in entries)
    return Fault(
        f"第{row.number}行", f"第{row.number}行：问题{entries[0].finding_no}在台账中只有{number}条措施，没有这一条。"
    )


def _compare(row: RowPlan, cells: Mapping[str, Cell]) -> None:
    entry = row.entry
    assert entry is not None
    for name, cell in cells.items():
        if name in CHANGEABLE and cell.plain and not cell.fault:
            _compare_progress(row, entry, name, cell)
        elif name in _texts_of(entry) and cell.plain and not cell.says(entry.cells[name]):
            row.differences.append(Change(name, SHEET_TEXTS[name], cell.address, entry.cells[name], cell.plain))


def _compare_progress(row: RowPlan, entry: Entry, name: str, cell: Cell) -> None:
    words, longest = CHANGEABLE[name]
    before = entry.document_ref if name == "evidence" else entry.cells[name]
    if cell.says(before) or (name == "evidence" and cell.plain.isdecimal()):
        return  # the export shows how many files there are, which is not for the unit to say
    sentence = entry.locked or _unfit(name, words, longest, cell.plain)
    if sentence:
        row.faults.append(Fault(cell.address, f"单元格{cell.address}（{words}）：{sentence}"))
        return
    row.changes.append(Change(name, words, cell.address, before, cell.plain))


def _unfit(name: str, words: str, longest: int, text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        return "含有不可见的控制字符。"
    if len(text) > longest:
        return f"{words}不超过{longest}字。"
    if name == "completion" and text not in COMPLETION.values():
        return f"“{text[:20]}”不是规定的写法，只能填写{'、'.join(COMPLETION.values())}。"
    return ""


def _claim(row: RowPlan, cells: Mapping[str, Cell]) -> dict[str, Any]:
    """What the row says of texts that are not the unit's to change; ours stands for what says the same."""
    entry = row.entry
    assert entry is not None
    said = {
        name: entry.cells[name] if cell.says(entry.cells[name]) else cell.plain
        for name, cell in cells.items()
        if name in _texts_of(entry) and cell.plain
    }
    return {
        "finding_no": entry.finding_no, "case_no": entry.case_no, "round_no": entry.round_no, "seq": entry.seq,
        "where": f"第{row.number}行", "cells": said,
    }  # fmt: skip


def _texts_of(entry: Entry) -> Sequence[str]:
    return OF_FINDING if entry.measure_id is None else tuple(SHEET_TEXTS)


def _entries(session: Session, actor: Actor, unit_id: int, now: datetime) -> dict[str, list[Entry]]:
    """Finding number → its rows in our ledger."""
    rows = list(ledger.all_rows(session, actor, ledger.Filters(unit_id=unit_id), now=now))
    measures = {m.id: m for m in session.scalars(select(Measure).where(Measure.id.in_([r.measure_id for r in rows])))}
    findings = {f.id: f for f in session.scalars(select(Finding).where(Finding.id.in_([r.finding_id for r in rows])))}
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        finding, measure = findings[row.finding_id], measures.get(row.measure_id or 0)
        found[row.finding_no].append(_entry(row, finding, measure))
    return found


def _entry(row: ledger.LedgerRow, finding: Finding, measure: Measure | None) -> Entry:
    return Entry(
        finding_id=finding.id,
        finding_no=finding.finding_no,
        case_id=finding.case_id,
        case_no=row.case_no,
        round_no=finding.round_no,
        measure_id=measure.id if measure else None,
        seq=measure.seq if measure else None,
        cells={name: str(value) for name, value in row.cells.items()},
        document_ref=measure.document_ref if measure else "",
        locked=_locked(finding, measure),
    )


def _locked(finding: Finding, measure: Measure | None) -> str:
    """Why the progress of this row is not for the unit to change now; "" when it is."""
    if measure is None:
        return "该问题还没有批准的整改措施，不能填报进展。"
    if finding.status not in ("rectifying", "continuing"):
        return f"该问题当前为“{state_name('finding', finding.status)}”，不能再改。"
    if measure.status not in OPEN_MEASURES:
        return f"该措施当前为“{state_name('measure', measure.status)}”，不能再改。"
    return ""
