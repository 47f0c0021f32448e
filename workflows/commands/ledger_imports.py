"""单位台账入账: takes a unit's spreadsheet in, shows what it would change, and changes it all at once or not at all."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflows.commands.desk import Desk, Work
from workflows.commands.evidence import store_bytes
from workflows.documents import file_store, ledger_import
from workflows.documents.file_types import MEDIA_TYPES, FileType, display_name
from workflows.documents.ledger_import import SYNONYMS, Sheet
from workflows.models import (
    Finding,
    ImportMapping,
    InspectionCase,
    LedgerUpload,
    Measure,
    Participation,
    ProgressReport,
)
from workflows.policy import Actor, NotAllowed, Place, require_four_eyes
from workflows.policy.vocabulary import COMPLETION
from workflows.queries import ledger_uploads
from workflows.queries.ledger_uploads import IMPORTERS, Plan, RowPlan
from workflows.records import history
from workflows.refusal import Refusal
from workflows.workdays import local_date

XLSX = FileType("xlsx", MEDIA_TYPES["xlsx"])
_COMPLETION_CODES = {words: code for code, words in COMPLETION.items()}


class ImportRefused(Refusal):
    """The spreadsheet cannot be taken in as it is; nothing has been changed."""

    rule = "ledger_import"


def upload_ledger(
    work: Work, *, unit_id: int, name: str, content: bytes, actor: Actor, now: datetime
) -> LedgerUpload:
    """上传: reads the file and proposes what its columns are; changes nothing.  Raises FileRefused or NotAllowed."""
    _require_importer(actor, unit_id)
    shown = display_name(name)
    sheet = ledger_import.read(shown, content)
    columns = ledger_import.propose(sheet.headers, ledger_uploads.remembered(work.session, unit_id))
    upload = LedgerUpload(
        unit_id=unit_id, name=shown, sha256=store_bytes(work, content, XLSX, now), status="previewed",
        columns=_as_json(columns), uploaded_by_id=actor.user_id, uploaded_at=now,
    )  # fmt: skip
    work.session.add(upload)
    work.session.flush()
    return upload


def choose_columns(
    work: Work, *, upload_id: int, columns: Mapping[int, str], actor: Actor, now: datetime
) -> LedgerUpload:
    """改对应关系: says anew which column is which; each of ours at most once."""
    upload = _locked(work.session, actor, upload_id, "previewed")
    chosen = {index: column for index, column in columns.items() if column}
    if strange := sorted(set(chosen.values()) - set(SYNONYMS)):
        raise ImportRefused(f"台账没有“{'、'.join(strange)}”这一列。")
    if len(set(chosen.values())) != len(chosen):
        raise ImportRefused("有两列对应到了台账的同一列，请改正。")
    upload.columns = _as_json(chosen)
    return upload


def confirm_import(
    work: Work, *, upload_id: int, actor: Actor, now: datetime, seen: str | None = None
) -> LedgerUpload:
    """入账: everything the preview shows, or nothing.  The unit's column names are remembered.

    Reads the stored file again and plans against the ledger as it stands now; raises ImportRefused naming the first
    cells that cannot be taken.  `seen` is the mark of the plan the person has looked at; another one is refused.
    """
    upload = _locked(work.session, actor, upload_id, "previewed")
    _lock_cases(work.session, upload.unit_id)
    sheet, plan = _planned(work.session, file_store.load(work.files_dir, upload.sha256), upload, actor, now)
    if plan.faults:
        listed = "".join(fault.sentence for fault in plan.faults[:5])
        raise ImportRefused(f"有{len(plan.faults)}处不能入账，全部未作改动：{listed}")
    if seen is not None and seen != plan.mark:
        raise ImportRefused("台账在您打开页面之后又有变化，请刷新后重新核对。")
    for finding_id, rows in _by_finding(plan).items():
        _note_implementer(work.session, work.session.get_one(Finding, finding_id), actor, now)
        _apply(work.session, rows, actor, now)
    _record(work.session, upload, plan, actor, now)
    older = (LedgerUpload.unit_id == upload.unit_id, LedgerUpload.status == "confirmed")
    work.session.execute(update(LedgerUpload).where(*older).values(status="superseded"))
    upload.status, upload.confirmed_at = "confirmed", now
    upload.claims, upload.changed_n = plan.claims, len(plan.changes)
    _remember(work.session, upload, sheet, now)
    return upload


def discard_import(work: Work, *, upload_id: int, actor: Actor, now: datetime) -> LedgerUpload:
    """放弃: a preview is dropped; a spreadsheet already taken in no longer counts in 对账, what it changed stays."""
    upload = _locked(work.session, actor, upload_id, "previewed", "confirmed")
    upload.status = "discarded"
    return upload


def preview_import(desk: Desk, *, upload_id: int, actor: Actor, now: datetime) -> tuple[LedgerUpload, Sheet, Plan]:
    """What the spreadsheet would change, row by row; writes nothing."""
    with desk.sessions() as session:
        upload = ledger_uploads.find(session, actor, upload_id)
        content = file_store.load(desk.files_dir, upload.sha256)
        sheet, plan = _planned(session, content, upload, actor, now)
    return upload, sheet, plan


def _planned(
    session: Session, content: bytes, upload: LedgerUpload, actor: Actor, now: datetime
) -> tuple[Sheet, Plan]:
    sheet = ledger_import.read(upload.name, content)
    columns = {int(index): column for index, column in upload.columns.items()}
    return sheet, ledger_uploads.plan(session, actor, upload.unit_id, sheet, columns, now=now)


def _by_finding(plan: Plan) -> dict[int, list[RowPlan]]:
    found: dict[int, list[RowPlan]] = defaultdict(list)
    for row in plan.rows:
        if row.entry is not None and row.changes:
            found[row.entry.finding_id].append(row)
    return found


def _apply(session: Session, rows: list[RowPlan], actor: Actor, now: datetime) -> None:
    for row in rows:
        if row.entry is None or row.entry.measure_id is None:
            continue
        measure = session.get_one(Measure, row.entry.measure_id)
        for change in row.changes:
            _set(session, measure, row.entry.case_id, change.column, change.after, actor, now)


def _set(
    session: Session, measure: Measure, case_id: int, column: str, text: str, actor: Actor, now: datetime
) -> None:
    match column:
        case "progress":
            measure.progress = text
            period = local_date(now).isoformat()[:7]
            session.add(
                ProgressReport(
                    case_id=case_id, measure_id=measure.id, period=period, text=text, percent=None,
                    by_id=actor.user_id, at=now,
                )
            )  # fmt: skip
        case "completion":
            measure.completion = _COMPLETION_CODES[text]
        case "owner":
            measure.owner = text
        case "evidence":
            measure.document_ref = text


def _note_implementer(session: Session, finding: Finding, actor: Actor, now: datetime) -> None:
    """Who writes progress is an implementer, on this path as on the task's: he will not check or verify it."""
    query = select(Participation.part, Participation.user_id).where(
        Participation.subject_no == finding.finding_no, Participation.round_no == finding.round_no
    )
    played: dict[str, set[int]] = defaultdict(set)
    for part, user_id in session.execute(query):
        played[part].add(user_id)
    require_four_eyes("implementer", user_id=actor.user_id, played=played)
    if actor.user_id not in played["implementer"]:
        session.add(
            Participation(
                subject_no=finding.finding_no,
                round_no=finding.round_no,
                part="implementer",
                user_id=actor.user_id,
                at=now,
            )
        )


def _record(session: Session, upload: LedgerUpload, plan: Plan, actor: Actor, now: datetime) -> None:
    """One entry a case, with every cell before and after."""
    of_case: dict[int, list[RowPlan]] = defaultdict(list)
    for row in plan.rows:
        if row.entry is not None:
            of_case[row.entry.case_id].append(row)
    for case_id, rows in of_case.items():
        changed = [
            [row.entry.finding_no, row.entry.seq, change.column, change.before, change.after]
            for row in rows
            if row.entry is not None
            for change in row.changes
        ]
        summary = f"单位台账“{upload.name}”入账，更新{len(changed)}处"
        history.record(
            session, action="import_ledger", summary=summary, now=now, actor=actor, case_id=case_id,
            object_kind="ledger_upload", object_id=upload.id, details={"sha256": upload.sha256, "changed": changed},
        )  # fmt: skip


def _remember(session: Session, upload: LedgerUpload, sheet: Sheet, now: datetime) -> None:
    known = {
        row.header: row
        for row in session.scalars(select(ImportMapping).where(ImportMapping.unit_id == upload.unit_id))
    }
    for index, header in sheet.headers.items():
        key, column = ledger_import.heading_key(header), upload.columns.get(str(index), "")
        if key in known:
            known[key].column, known[key].used_at = column, now
        else:
            known[key] = ImportMapping(unit_id=upload.unit_id, header=key, column=column, used_at=now)
            session.add(known[key])


def _locked(session: Session, actor: Actor, upload_id: int, *statuses: str) -> LedgerUpload:
    session.execute(select(LedgerUpload.id).where(LedgerUpload.id == upload_id).with_for_update())
    upload = ledger_uploads.find(session, actor, upload_id)
    if upload.status not in statuses:
        raise ImportRefused(f"该台账“{ledger_uploads.STATUS[upload.status]}”，不能这样办理。")
    return upload


def _lock_cases(session: Session, unit_id: int) -> None:
    """Nothing of the unit's cases moves while its spreadsheet is taken in."""
    query = select(InspectionCase.id).where(InspectionCase.unit_id == unit_id).order_by(InspectionCase.id)
    session.execute(query.with_for_update())


def _require_importer(actor: Actor, unit_id: int) -> None:
    if not actor.holds_any(IMPORTERS, Place(unit_id=unit_id)):
        raise NotAllowed("台账由本单位联络员或整改责任人导入。", rule="ledger_import")


def _as_json(columns: Mapping[int, str]) -> dict[str, str]:
    return {str(index): column for index, column in columns.items()}
