"""对账 (S97): gathers what is written about findings in feedback, plan, ledger, evidence, closure and the unit's spreadsheet.

The comparison itself is `workflows.reconciliation`; closing asks the same function as the page.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import (
    Attachment,
    ClosureRecord,
    Deadline,
    Finding,
    HistoryEntry,
    InspectionCase,
    LedgerUpload,
    Measure,
    RectificationPlan,
)
from workflows.policy import Actor
from workflows.queries import cases, ledger, lights
from workflows.queries.chain_hashes import closure_hash, text_hash
from workflows.queries.paging import Page
from workflows.reconciliation import (
    Account,
    Claim,
    ClosureAccount,
    Difference,
    MeasureAccount,
    differences,
    row_count,
)

PLANNED = ("rectifying", "pending_verification", "continuing", "verified", "closed", "consolidated", "archived")
SETTLED = ("closed", "consolidated", "archived")
TOLD = (*ledger.OPEN, *SETTLED)
DOCUMENTED = ("establish_system", "accountability", "correct_appointment", "draw_inferences")
"""Kinds of measure that must name the document that proves them (S118)."""


@dataclass(frozen=True)
class CaseBalance:
    """A case with everything in it that does not agree: of the whole case, and finding by finding."""

    case: InspectionCase
    of_case: list[Difference]
    of_findings: list[tuple[Finding, list[Difference]]]

    @property
    def count(self) -> int:
        """How many differences there are in all."""
        return len(self.of_case) + sum(len(found) for _, found in self.of_findings)


def of_finding(session: Session, finding: Finding) -> list[Difference]:
    """Every difference in the accounts of one finding; closing it is refused while there is one."""
    session.flush()
    return differences(_accounts(session, [finding])[0])


def of_case(session: Session, case: InspectionCase) -> CaseBalance:
    """Every difference of a case, from the feedback on: a handful of statements, whatever the number of findings."""
    query = select(Finding).where(Finding.case_id == case.id, Finding.status.in_(TOLD)).order_by(Finding.seq)
    found = list(session.scalars(query))
    balanced = [
        (finding, differences(account)) for finding, account in zip(found, _accounts(session, found), strict=True)
    ]
    return CaseBalance(case, _rows(session, case, found), balanced)


def find_case(session: Session, actor: Actor, case_no: str) -> CaseBalance:
    """The balance of a case the person may see; else NoResultFound."""
    return of_case(session, cases.find(session, actor, case_no))


def overview(session: Session, actor: Actor, *, now: datetime, text: str = "", after: str = "") -> Page[CaseBalance]:
    """The cases the person sees, page by page, each with its balance."""
    page = cases.cases(session, actor, now=now, text=text, after=after, size=20)
    return Page([of_case(session, row.case) for row in page.rows], page.next)


def frozen_cells(measure: Measure) -> dict[str, str]:
    """What the plan settles of a measure, as text (keys of `reconciliation.FROZEN`)."""
    return {
        "goal": measure.goal,
        "content": measure.content,
        "leader": measure.leader,
        "department": measure.department,
        "partner": measure.partner,
        "due_date": measure.due_date.isoformat(),
    }


def lacks_document(measure: Measure) -> bool:
    """Whether the measure is of a kind that needs a document and names none (S118)."""
    return not measure.document_ref.strip() and any(kind in DOCUMENTED for kind in measure.kinds)


def proves(measure: Measure, files: Collection[str]) -> bool:
    """Whether a measure is proved: a document where its kind asks for one, else a document or any file on the finding."""
    return not lacks_document(measure) and bool(measure.document_ref.strip() or files)


def evidence_of(session: Session, finding: Finding) -> frozenset[str]:
    """SHA-256 of every file that stands on the finding or its measures."""
    return frozenset(_evidence(session, [finding.id])[finding.id])


def _accounts(session: Session, found: Sequence[Finding]) -> list[Account]:
    ids = [finding.id for finding in found]
    measures, evidence = _measures(session, ids), _evidence(session, ids)
    plans = _plans(session, {m.plan_id for rows in measures.values() for m in rows if m.plan_id})
    hashes, limits = _recorded_hashes(session, {finding.case_id for finding in found}), _with_limit(session, ids)
    closures, claims = _closures(session, ids), _claims(session, found)
    return [
        Account(
            finding_no=finding.finding_no,
            round_no=finding.round_no,
            text_hash_now=text_hash(finding),
            text_hash_kept=finding.text_hash,
            text_hash_recorded=hashes.get(finding.finding_no, ""),
            measures=tuple(_measure(row, plans, evidence[finding.id]) for row in measures[finding.id]),
            is_planned=finding.status in PLANNED,
            has_limit=finding.id in limits,
            evidence=frozenset(evidence[finding.id]),
            closed_no=finding.closed_no if finding.status in SETTLED else "",
            closure=_closure(finding, closures.get((finding.id, finding.round_no)), measures[finding.id]),
            ledger_cells=_texts(ledger.finding_cells(finding, finding.case)),
            measure_cells={m.seq: _sheet_cells(m) for m in measures[finding.id]},
            claims=claims.get(finding.finding_no),
        )
        for finding in found
    ]


def _measure(row: Measure, plans: Mapping[int, Mapping[str, Any]], files: Collection[str]) -> MeasureAccount:
    planned = plans.get(row.plan_id or 0, {}).get("measures", {}).get(str(row.id))
    return MeasureAccount(
        row.seq, frozen_cells(row), planned, row.plan_id is not None, row.completion == "done", proves(row, files)
    )


def _closure(finding: Finding, record: ClosureRecord | None, measures: Sequence[Measure]) -> ClosureAccount | None:
    if record is None:
        return None
    kept = record.snapshot
    stored = {"问题": str(kept.get("title", "")), "整改成效": str(kept.get("effect", ""))}
    present = {"问题": finding.title, "整改成效": finding.effect, "销号编号": finding.closed_no}
    stored["销号编号"] = record.closure_no
    for row in kept.get("measures", ()):
        stored[f"第{row['seq']}条措施"] = f"{row['content']}（{row['owner']}，{row['due_date']}）"
    for measure in measures:
        present[f"第{measure.seq}条措施"] = f"{measure.content}（{measure.owner}，{measure.due_date.isoformat()}）"
    return ClosureAccount(
        record.closure_no, record.hash == closure_hash(record), stored, present, tuple(kept.get("evidence", ()))
    )


def _rows(session: Session, case: InspectionCase, found: Sequence[Finding]) -> list[Difference]:
    """S95: what the ledger shows of the case, held against findings × measures counted by themselves."""
    measures = _measures(session, [finding.id for finding in found])
    expected = sum(max(len(measures[finding.id]), 1) for finding in found)
    return row_count(case.case_no, rows=ledger.rows_of_case(session, case.id), expected=expected)


def _measures(session: Session, ids: Sequence[int]) -> dict[int, list[Measure]]:
    """Finding id → the measures of its present round that still hold."""
    query = (
        select(Measure)
        .join(Finding, Measure.finding_id == Finding.id)
        .where(Finding.id.in_(ids), Measure.round_no == Finding.round_no, Measure.status != "superseded")
        .order_by(Measure.seq)
    )
    found: dict[int, list[Measure]] = defaultdict(list)
    for measure in session.scalars(query):
        found[measure.finding_id].append(measure)
    return found


def _evidence(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    query = (
        select(func.coalesce(Attachment.finding_id, Measure.finding_id), Attachment.sha256)
        .outerjoin(Measure, Attachment.measure_id == Measure.id)
        .where(or_(Attachment.finding_id.in_(ids), Measure.finding_id.in_(ids)), Attachment.voided_at.is_(None))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for finding_id, digest in session.execute(query):
        found[finding_id].add(digest)
    return found


def _plans(session: Session, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    query = select(RectificationPlan.id, RectificationPlan.review).where(RectificationPlan.id.in_(sorted(ids)))
    return dict(session.execute(query).all())


def _recorded_hashes(session: Session, case_ids: Collection[int]) -> dict[str, str]:
    """Finding number → the hash written to the history when the feedback was settled."""
    query = select(HistoryEntry.details).where(
        HistoryEntry.case_id.in_(sorted(case_ids)), HistoryEntry.action == "complete_feedback"
    )
    found: dict[str, str] = {}
    for details in session.scalars(query.order_by(HistoryEntry.id)):
        found |= details.get("hashes", {})
    return found


def _with_limit(session: Session, ids: Sequence[int]) -> set[int]:
    query = select(Deadline.finding_id).where(Deadline.finding_id.in_(ids), Deadline.rule == lights.FINDING_RULE)
    return {number for number in session.scalars(query) if number is not None}


def _closures(session: Session, ids: Sequence[int]) -> dict[tuple[int, int], ClosureRecord]:
    query = select(ClosureRecord).where(ClosureRecord.finding_id.in_(ids)).order_by(ClosureRecord.id)
    return {(record.finding_id, record.round_no): record for record in session.scalars(query)}


def _claims(session: Session, found: Sequence[Finding]) -> dict[str, tuple[Claim, ...]]:
    """Finding number → the rows of the unit's newest confirmed spreadsheet; nothing for units that have none.

    A spreadsheet speaks of the cases it names; a finding of such a case that it leaves out is missing from it.
    """
    units = {finding.case.unit_id for finding in found}
    newest = (
        select(func.max(LedgerUpload.id)).where(LedgerUpload.status == "confirmed").group_by(LedgerUpload.unit_id)
    )
    query = select(LedgerUpload).where(and_(LedgerUpload.id.in_(newest), LedgerUpload.unit_id.in_(sorted(units))))
    claimed: dict[str, tuple[Claim, ...]] = {}
    for upload in session.scalars(query):
        named = {row["case_no"] for row in upload.claims}
        for finding in found:
            if finding.case.case_no in named and _handed_in_since(finding, upload):
                claimed[finding.finding_no] = tuple(
                    Claim(row["seq"], row["cells"], row["where"])
                    for row in upload.claims
                    if row["finding_no"] == finding.finding_no and row["round_no"] == finding.round_no
                )
    return claimed


def _handed_in_since(finding: Finding, upload: LedgerUpload) -> bool:
    """A spreadsheet of an earlier round of rectification says nothing about the present one."""
    rounds = [row["round_no"] for row in upload.claims if row["finding_no"] == finding.finding_no]
    return not rounds or finding.round_no in rounds


def _sheet_cells(measure: Measure) -> dict[str, str]:
    return _texts(ledger.measure_cells(measure, {})) | {"due": measure.due_date.isoformat()}


def _texts(cells: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in cells.items()}
