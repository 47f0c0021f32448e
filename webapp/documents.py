"""文书: the documents of a case, and of the region — drafting, previewing, issuing, voiding, downloading — and their templates."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import NoResultFound

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import number
from workflows.commands import documents as commands
from workflows.commands.document_register_export import DOCUMENT_REGISTER_EXPORT
from workflows.commands.evidence import FileContent
from workflows.commands.jobs import ask_job
from workflows.documents import pdf, reading
from workflows.documents.file_types import MEDIA_TYPES
from workflows.models import InspectionCase, IssuedDocument
from workflows.queries import cases, documents

bp = Blueprint("documents", __name__)
PDF = "application/pdf"


@bp.get("/cases/<case_no>/documents")
@open_to(SIGNED_IN)
def index(case_no: str) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    case, rows = documents.documents_of(session, actor, case_no)
    return _index_page(rows, documents.draftable(session, actor, case), case)


@bp.get("/documents/")
@open_to(*documents.REGIONAL_READERS)
def regional() -> ResponseReturnValue:
    """The documents of no case: of trainings, and the month's bulletin."""
    session, actor = current.session(), current.actor()
    return _index_page(documents.regional_documents(session, actor), documents.draftable(session, actor, None), None)


@bp.post("/documents/register")
@open_to(*DOCUMENT_REGISTER_EXPORT.roles)
def export_register() -> ResponseReturnValue:
    """文书登记簿: every document the person may read, as a spreadsheet made in the background."""
    job = current.desk().act(
        ask_job, kind=DOCUMENT_REGISTER_EXPORT.code, arguments={}, actor=current.actor(), now=current.now()
    )
    return redirect(url_for("jobs.page", job_id=job.id))


@bp.get("/documents/draft")
@open_to(*documents.REGIONAL_READERS)
def draft_regional() -> ResponseReturnValue:
    if not request.args:  # nothing has been chosen yet
        return redirect(url_for("documents.regional"))
    return _new_draft("", url_for("documents.add_regional"))


@bp.post("/documents/")
@open_to(*documents.REGIONAL_READERS)
def add_regional() -> ResponseReturnValue:
    return _add("")


@bp.get("/documents/preview.docx")
@open_to(*documents.REGIONAL_READERS)
def preview_regional_file() -> ResponseReturnValue:
    if not request.args:
        return redirect(url_for("documents.regional"))
    return _preview_file("")


@bp.get("/cases/<case_no>/documents/draft")
@open_to(SIGNED_IN)
def draft(case_no: str) -> ResponseReturnValue:
    """What the drafter has to write, beside the document as it would look now."""
    return _new_draft(case_no, url_for("documents.add", case_no=case_no))


@bp.post("/cases/<case_no>/documents")
@open_to(SIGNED_IN)
def add(case_no: str) -> ResponseReturnValue:
    return _add(case_no)


@bp.get("/documents/<int:document_id>")
@open_to(SIGNED_IN)
def page(document_id: int) -> ResponseReturnValue:
    row = documents.find(current.session(), current.actor(), document_id)
    html, missing = _shown(row)
    return render_template(
        "documents/document.html", row=row, document=row.document, html=html, missing=missing, statuses=documents.STATUS,
        has_pdf=pdf.is_available(), mark=commands.mark_of(row.document), **_home(row.document.case),
    )  # fmt: skip


@bp.get("/documents/<int:document_id>/revision")
@open_to(SIGNED_IN)
def revision(document_id: int) -> ResponseReturnValue:
    document = documents.find(current.session(), current.actor(), document_id).document
    action = url_for("documents.revise", document_id=document_id)
    return _draft_page(
        _case_no(document), document.kind, document.subject_no, document.typed, action, commands.mark_of(document)
    )


@bp.post("/documents/<int:document_id>/revision")
@open_to(SIGNED_IN)
def revise(document_id: int) -> ResponseReturnValue:
    if request.form.get("preview"):
        document = documents.find(current.session(), current.actor(), document_id).document
        typed, seen = request.form.to_dict(), request.form.get("_seen", "")
        return _draft_page(_case_no(document), document.kind, document.subject_no, typed, request.path, seen)
    typed = request.form.to_dict()
    return _done(commands.revise_document, document_id, "草稿已修改。", typed=typed, seen=request.form.get("_seen"))


@bp.post("/documents/<int:document_id>/issuance")
@open_to(SIGNED_IN)
def issue(document_id: int) -> ResponseReturnValue:
    return _done(commands.issue_document, document_id, "已印发并编号，文件已存档。", seen=request.form.get("_seen"))


@bp.post("/documents/<int:document_id>/voiding")
@open_to(SIGNED_IN)
def void(document_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _done(commands.void_document, document_id, "已作废，文号保留。", reason=reason)


@bp.post("/documents/<int:document_id>/withdrawal")
@open_to(SIGNED_IN)
def withdraw(document_id: int) -> ResponseReturnValue:
    return _done(commands.withdraw_document, document_id, "草稿已撤回。")


@bp.get("/documents/<int:document_id>/file")
@open_to(SIGNED_IN)
def download(document_id: int) -> ResponseReturnValue:
    return _sent(_file(document_id))


@bp.get("/documents/<int:document_id>/pdf")
@open_to(SIGNED_IN)
def download_pdf(document_id: int) -> ResponseReturnValue:
    file = _file(document_id)
    stem = file.name.removesuffix(".docx")
    content = BytesIO(pdf.as_pdf(file.content, stem))
    return send_file(content, mimetype=PDF, as_attachment=True, download_name=f"{stem}.pdf")


@bp.get("/cases/<case_no>/documents/preview.docx")
@open_to(SIGNED_IN)
def preview_file(case_no: str) -> ResponseReturnValue:
    return _preview_file(case_no)


@bp.get("/documents/templates")
@open_to(*documents.TEMPLATE_KEEPERS)
def templates() -> ResponseReturnValue:
    return render_template("documents/templates.html", rows=documents.templates(current.session()))


@bp.get("/documents/templates/<kind>")
@open_to(*documents.TEMPLATE_KEEPERS)
def download_template(kind: str) -> ResponseReturnValue:
    return _sent(commands.read_template(current.desk(), kind=kind, version_no=number("version") or 0))


@bp.post("/documents/templates/<kind>")
@open_to(*documents.TEMPLATE_KEEPERS)
def upload_template(kind: str) -> ResponseReturnValue:
    file = request.files.get("file")
    row = current.desk().act(
        commands.upload_template, kind=kind, name=(file.filename or "") if file else "",
        content=file.read() if file else b"", note=request.form.get("note", ""), actor=current.actor(),
        now=current.now(),
    )  # fmt: skip
    flash(f"模板第{row.version_no}版已启用。", "success")
    return redirect(url_for("documents.templates"))


def _index_page(
    rows: list[documents.DocumentRow], draftable: list[documents.Draftable], case: InspectionCase | None
) -> ResponseReturnValue:
    return render_template(
        "documents/index.html", rows=rows, statuses=documents.STATUS, now=current.now(), draftable=draftable,
        **_home(case),
    )  # fmt: skip


def _home(case: InspectionCase | None) -> dict[str, Any]:
    """Where documents stand, for their pages: the case, or the region."""
    if case is None:
        return {
            "case": None, "home": "全区", "home_url": url_for("documents.regional"),
            "draft_url": url_for("documents.draft_regional"), "preview_url": url_for("documents.preview_regional_file"),
        }  # fmt: skip
    no = case.case_no
    return {
        "case": case, "home": case.unit.name, "home_url": url_for("documents.index", case_no=no),
        "draft_url": url_for("documents.draft", case_no=no), "preview_url": url_for("documents.preview_file", case_no=no),
    }  # fmt: skip


def _case_no(document: IssuedDocument) -> str:
    return document.case.case_no if document.case else ""


def _new_draft(case_no: str, action: str) -> ResponseReturnValue:
    given = request.args.to_dict()
    known = commands.known_kind(given.get("kind", ""))
    typed = {field.name: given.get(field.name, field.default) for field in known.typed}
    return _draft_page(case_no, known.code, given.get("subject", case_no), typed, action)


def _add(case_no: str) -> ResponseReturnValue:
    kind, subject_no = request.form.get("kind", ""), request.form.get("subject_no", "")
    _require_home(kind, case_no)
    if request.form.get("preview"):
        return _draft_page(case_no, kind, subject_no, request.form.to_dict(), request.path)
    drafted = current.desk().act(
        commands.draft_document, case_no=case_no, kind=kind, subject_no=subject_no, typed=request.form.to_dict(),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已起草，由审签人印发时编号。", "success")
    return redirect(url_for("documents.page", document_id=drafted.id))


def _preview_file(case_no: str) -> ResponseReturnValue:
    given = request.args.to_dict()
    content, _ = _preview(case_no, given.get("kind", ""), given.get("subject", case_no), given)
    name = f"预览-{commands.known_kind(given.get('kind', '')).name}.docx"
    return _sent(FileContent(name, MEDIA_TYPES["docx"], "", content))


def _require_home(kind: str, case_no: str) -> None:
    """A document of a case is asked for in its case, one of the region in the region; NoResultFound otherwise."""
    if commands.known_kind(kind).is_regional is bool(case_no):
        raise NoResultFound


def _draft_page(
    case_no: str, kind: str, subject_no: str, typed: Any, action: str, seen: str = ""
) -> ResponseReturnValue:
    content, missing = _preview(case_no, kind, subject_no, typed)
    known = commands.known_kind(kind)
    case = cases.find(current.session(), current.actor(), case_no) if case_no else None
    return render_template(
        "documents/draft.html", kind=known, subject_no=subject_no, typed=typed, html=Markup(reading.as_html(content)),
        missing=missing, action=action, filled=commands.typed_values(known, typed), seen=seen, **_home(case),
    )  # fmt: skip


def _shown(row: documents.DocumentRow) -> tuple[Markup, Any]:
    """What was issued, or what would be; `reading` has escaped every text."""
    document = row.document
    if document.sha256:
        return Markup(reading.as_html(_file(document.id).content)), []
    if not current.actor().holds_any((*row.kind.drafters, *row.kind.issuers), documents.place_of(document.case)):
        return Markup(""), []
    content, missing = _preview(_case_no(document), document.kind, document.subject_no, document.typed)
    return Markup(reading.as_html(content)), missing


def _preview(case_no: str, kind: str, subject_no: str, typed: Any) -> Any:
    _require_home(kind, case_no)
    return commands.preview(
        current.desk(), case_no=case_no, kind=kind, subject_no=subject_no, typed=typed, actor=current.actor(),
        now=current.now(),
    )  # fmt: skip


def _file(document_id: int) -> FileContent:
    return commands.read_document(current.desk(), document_id=document_id, actor=current.actor(), now=current.now())


def _sent(file: FileContent) -> ResponseReturnValue:
    return send_file(BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=file.name)


def _done(command: Any, document_id: int, sentence: str, **more: Any) -> ResponseReturnValue:
    current.desk().act(command, document_id=document_id, actor=current.actor(), now=current.now(), **more)
    flash(sentence, "success")
    return redirect(url_for("documents.page", document_id=document_id))
