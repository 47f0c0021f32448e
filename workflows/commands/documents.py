"""文书: drafts, issues and voids documents.  The number is given when issuing, in the same transaction, without gaps.

Whoever drafted does not issue (four eyes).  What was issued is stored under its SHA-256 and never made again.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from workflows.commands.desk import Desk, Work
from workflows.commands.evidence import FileContent, store_bytes
from workflows.documents import file_store, rendering
from workflows.documents.file_types import MEDIA_TYPES, FileType, display_name
from workflows.documents.kinds import KINDS, Field, Kind
from workflows.models import DocumentTemplate, HistoryEntry, InspectionCase, IssuedDocument
from workflows.policy import Actor, NotAllowed
from workflows.queries import cases, document_data, documents
from workflows.records import history, numbers
from workflows.refusal import Refusal
from workflows.workdays import local_date

DOCX = FileType("docx", MEDIA_TYPES["docx"])
LONGEST_TYPED = 8_000  # characters
NO_NUMBER = "（印发时编号）"


class DocumentIncomplete(Refusal):
    """Something the document must say is missing."""

    rule = "document_fields"


class DocumentRefused(Refusal):
    """The document is not in a state for what was asked."""

    rule = "document"


def draft_document(
    work: Work, *, case_no: str, kind: str, subject_no: str, typed: Mapping[str, str], actor: Actor, now: datetime
) -> IssuedDocument:
    """起草: keeps what the drafter typed; takes no number.  Raises NotAllowed, NoResultFound, DocumentRefused."""
    known = known_kind(kind)
    case = _home(work.session, actor, known, case_no)
    _require(actor, known.drafters, case, f"起草{known.name}")
    _require_subject(work.session, case, known, subject_no)
    document = IssuedDocument(
        kind=kind, case_id=case.id if case else None, subject_no=subject_no,
        title=f"{known.name}（{case.unit.name if case else subject_no}）", status="drafted",
        typed=typed_values(known, typed), drafted_by_id=actor.user_id, drafted_at=now,
    )  # fmt: skip
    work.session.add(document)
    work.session.flush()
    _record(work.session, document, "draft_document", f"起草{known.name}", actor, now)
    return document


def revise_document(
    work: Work, *, document_id: int, typed: Mapping[str, str], actor: Actor, now: datetime, seen: str | None = None
) -> IssuedDocument:
    """修改草稿; whoever revises counts as a drafter too.  `seen` is the mark of the draft that was being changed."""
    document = _locked(work.session, actor, document_id, "drafted")
    _require_seen(document, seen)
    kind = KINDS[document.kind]
    _require(actor, kind.drafters, document.case, f"起草{kind.name}")
    document.typed, document.drafted_by_id, document.drafted_at = typed_values(kind, typed), actor.user_id, now
    _record(work.session, document, "revise_document", f"修改{kind.name}草稿", actor, now)
    return document


def mark_of(document: IssuedDocument) -> str:
    """Stands for what the drafters have typed so far: a page that shows something else is out of date."""
    return hashlib.sha256(json.dumps(document.typed, sort_keys=True).encode()).hexdigest()[:16]


def withdraw_document(work: Work, *, document_id: int, actor: Actor, now: datetime) -> IssuedDocument:
    """撤回草稿: by a drafter; no number has been used."""
    document = _locked(work.session, actor, document_id, "drafted")
    kind = KINDS[document.kind]
    _require(actor, kind.drafters, document.case, f"撤回{kind.name}草稿")
    document.status = "withdrawn"
    _record(work.session, document, "withdraw_document", f"撤回{kind.name}草稿", actor, now)
    return document


def issue_document(
    work: Work, *, document_id: int, actor: Actor, now: datetime, seen: str | None = None
) -> IssuedDocument:
    """印发: numbers, renders and stores the document.  Raises DocumentIncomplete with the names of what is missing.

    `seen` is the mark of the draft that the person has read; another one is refused.
    """
    session = work.session
    document = _locked(session, actor, document_id, "drafted")
    _require_seen(document, seen)
    kind, case = KINDS[document.kind], document.case
    _require(actor, kind.issuers, case, f"印发{kind.name}")
    if _has_written(session, document, actor):
        raise NotAllowed("起草人不得印发自己起草的文书，请由他人审签。", rule="four_eyes:drafter×approver")
    if standing := documents.issued_on(session, case, document.kind, document.subject_no):
        raise DocumentRefused(f"{kind.name}已印发（{standing.number}），如需重发请先作废。")
    data = _merged(session, document, now)
    if missing := missing_fields(kind, data):
        raise DocumentIncomplete(
            f"{kind.name}缺少以下内容，不能印发：{'、'.join(field.title for field in missing)}。"
        )
    number = data.get("number") or _next_number(session, kind, case, now)
    data["number"] = number
    template, document.template_version = _template(work, document.kind)
    content = rendering.render(template, kind, data)
    document.sha256 = store_bytes(work, content, DOCX, now)
    document.number, document.edition = number, documents.next_edition(session, number)
    document.status, document.data = "issued", data
    document.issued_by_id, document.issued_at = actor.user_id, now
    _record(session, document, "issue_document", f"印发{kind.name}：{number}", actor, now, sha256=document.sha256)
    return document


def void_document(work: Work, *, document_id: int, reason: str, actor: Actor, now: datetime) -> IssuedDocument:
    """作废: keeps the number and the file, and says why."""
    said = rendering.plain_text(reason)[:1000]
    if not said:
        raise Refusal("作废文书须说明理由。", rule="reason_required")
    document = _locked(work.session, actor, document_id, "issued")
    kind = KINDS[document.kind]
    _require(actor, kind.issuers, document.case, f"作废{kind.name}")
    document.status, document.void_reason = "void", said
    document.voided_by_id, document.voided_at = actor.user_id, now
    summary = f"作废{kind.name}：{document.number}（文号保留）"
    _record(work.session, document, "void_document", summary, actor, now, reason=document.void_reason)
    return document


def upload_template(
    work: Work, *, kind: str, name: str, content: bytes, note: str, actor: Actor, now: datetime
) -> DocumentTemplate:
    """模板换版: checked, stored, and in force for everything issued from now on."""
    known = known_kind(kind)
    actor.require_role(*documents.TEMPLATE_KEEPERS, act="维护文书模板")
    rendering.require_template(known, display_name(name), content)
    last = documents.template_in_force(work.session, kind)
    row = DocumentTemplate(
        kind=kind, version_no=last.version_no + 1 if last else 1, sha256=store_bytes(work, content, DOCX, now),
        note=rendering.plain_text(note)[:200], uploaded_by_id=actor.user_id, uploaded_at=now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    history.record(
        work.session, action="upload_template", summary=f"更新{known.name}模板为第{row.version_no}版", now=now,
        actor=actor, object_kind="document_template", object_id=row.id, details={"sha256": row.sha256},
    )  # fmt: skip
    return row


def preview(
    desk: Desk, *, case_no: str, kind: str, subject_no: str, typed: Mapping[str, str], actor: Actor, now: datetime
) -> tuple[bytes, list[Field]]:
    """预览: the document as it would be issued now, and what is missing.  Writes nothing and takes no number."""
    known = known_kind(kind)
    with desk.sessions() as session:
        case = _home(session, actor, known, case_no)
        _require(actor, (*known.drafters, *known.issuers), case, f"预览{known.name}")
        data = _values(session, case, known, subject_no, typed_values(known, typed), now)
        uploaded = documents.template_in_force(session, kind)
    template = file_store.load(desk.files_dir, uploaded.sha256) if uploaded else rendering.shipped(kind)
    missing = missing_fields(known, data)
    return rendering.render(template, known, {"number": NO_NUMBER} | _without_blanks(data) | _gaps(missing)), missing


def read_document(desk: Desk, *, document_id: int, actor: Actor, now: datetime) -> FileContent:
    """The bytes that were issued, verified; a draft is previewed instead."""
    with desk.sessions() as session:
        document = documents.find(session, actor, document_id).document
        if not document.sha256:
            raise DocumentRefused("文书尚未印发，可先预览。")
        name = display_name(f"{document.number} {document.title}.docx")
    content = file_store.load(desk.files_dir, document.sha256)
    return FileContent(name, DOCX.media_type, document.sha256, content)


def read_template(desk: Desk, *, kind: str, version_no: int) -> FileContent:
    """A template for editing: the shipped one (0) or an uploaded version.  Raises NoResultFound."""
    known = known_kind(kind)
    name = f"{known.name}-模板第{version_no}版.docx"
    if version_no == 0:
        return FileContent(name, DOCX.media_type, "", rendering.shipped(kind))
    with desk.sessions() as session:
        query = select(DocumentTemplate.sha256).where(
            DocumentTemplate.kind == kind, DocumentTemplate.version_no == version_no
        )
        digest = session.scalars(query).one()
    return FileContent(name, DOCX.media_type, digest, file_store.load(desk.files_dir, digest))


def missing_fields(kind: Kind, data: Mapping[str, Any]) -> list[Field]:
    """What the document must say and does not; the number and the date come with issuing."""
    return [
        field
        for field in kind.placeholders.values()
        if field.is_required and field.name not in ("number", "date") and data.get(field.name) in ("", None, [])
    ]


def known_kind(code: str) -> Kind:
    """The kind of this code; NoResultFound when there is none."""
    if code not in KINDS:
        raise NoResultFound
    return KINDS[code]


def typed_values(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """What the drafter may type, cleaned; anything else is dropped."""
    values = {field.name: rendering.plain_text(given.get(field.name, "")) for field in kind.typed}
    for field in kind.typed:
        if len(values[field.name]) > LONGEST_TYPED:
            raise DocumentRefused(f"“{field.title}”超过{LONGEST_TYPED}字，请精简。")
    return values


def _merged(session: Session, document: IssuedDocument, now: datetime) -> dict[str, Any]:
    return _values(session, document.case, KINDS[document.kind], document.subject_no, document.typed, now)


def _values(
    session: Session,
    case: InspectionCase | None,
    kind: Kind,
    subject_no: str,
    typed: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """The tables' word, with what was typed on top; every value as it will stand in the document."""
    data = document_data.data_of(session, case, kind.code, subject_no)
    data |= {name: text for name, text in typed.items() if text}
    data["date"] = document_data.day(local_date(now))
    if kind.is_of_unit and case is not None:
        data["issuer"] = case.unit.name
    return {name: _as_text(value) for name, value in data.items()}


def _as_text(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: rendering.plain_text(cell) for name, cell in row.items()} for row in value]
    return rendering.plain_text(value)


def _without_blanks(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value != ""}


def _gaps(missing: list[Field]) -> dict[str, str]:
    return {field.name: f"【缺：{field.title}】" for field in missing if not field.columns}


def _next_number(session: Session, kind: Kind, case: InspectionCase | None, now: datetime) -> str:
    if not kind.pattern:
        raise DocumentIncomplete(f"{kind.name}沿用所办事项的编号，该事项尚无编号，不能印发。")
    return numbers.numbered(session, kind.pattern, year=local_date(now).year, unit=case.unit.name if case else "")


def _template(work: Work, kind: str) -> tuple[bytes, int]:
    uploaded = documents.template_in_force(work.session, kind)
    if uploaded is None:
        return rendering.shipped(kind), 0
    return file_store.load(work.files_dir, uploaded.sha256), uploaded.version_no


def _require_seen(document: IssuedDocument, seen: str | None) -> None:
    if seen is not None and seen != mark_of(document):
        raise DocumentRefused("草稿在您打开页面之后又有修改，请刷新后重新核对。")


def _has_written(session: Session, document: IssuedDocument, actor: Actor) -> bool:
    """Whether the person has drafted or changed this document at any time."""
    query = select(HistoryEntry.id).where(
        HistoryEntry.object_kind == "document", HistoryEntry.object_id == document.id,
        HistoryEntry.action.in_(("draft_document", "revise_document")), HistoryEntry.actor_id == actor.user_id,
        HistoryEntry.denied.is_(False),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def _locked(session: Session, actor: Actor, document_id: int, status: str) -> IssuedDocument:
    """The document under a lock on its case, so that two cannot be issued on one subject at the same time."""
    found = documents.find(session, actor, document_id).document
    home = select(InspectionCase.id).where(InspectionCase.id == found.case_id)
    own = select(IssuedDocument.id).where(IssuedDocument.kind == found.kind).order_by(IssuedDocument.id)
    session.execute((home if found.case_id else own).with_for_update())
    session.refresh(found)
    if found.status != status:
        raise DocumentRefused(f"文书当前为“{documents.STATUS[found.status]}”，不能这样办理。")
    return found


def _home(session: Session, actor: Actor, kind: Kind, case_no: str) -> InspectionCase | None:
    """The case a document belongs to, None for one of the region; raises NoResultFound for a foreign case."""
    return None if kind.is_regional else cases.find(session, actor, case_no)


def _require(actor: Actor, roles: tuple[str, ...], case: InspectionCase | None, act: str) -> None:
    if not actor.holds_any(roles, documents.place_of(case)):
        raise NotAllowed(f"您没有“{act}”的权限。", rule="document_role")


def _require_subject(session: Session, case: InspectionCase | None, kind: Kind, subject_no: str) -> None:
    if subject_no not in {subject.no for subject in document_data.subjects_of(session, case, kind.subject)}:
        raise DocumentRefused(f"{'本案' if case else '目前'}没有可以出具{kind.name}的事项“{subject_no[:60]}”。")


def _record(
    session: Session, document: IssuedDocument, action: str, summary: str, actor: Actor, now: datetime, **more: Any
) -> None:
    history.record(
        session, action=action, summary=summary, now=now, actor=actor, case_id=document.case_id,
        object_kind="document", object_id=document.id,
        details={"kind": document.kind, "subject": document.subject_no, "number": document.number, **more},
    )  # fmt: skip
