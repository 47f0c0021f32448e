"""文书: the documents of a case — drafting, previewing, issuing, voiding, downloading — and their templates."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import number
from workflows.commands import documents as commands
from workflows.commands.evidence import FileContent
from workflows.documents import pdf, reading
from workflows.documents.file_types import MEDIA_TYPES
from workflows.queries import cases, documents
from workflows.queries.task_facts import place_of_case

bp = Blueprint("documents", __name__)
PDF = "application/pdf"


@bp.get("/cases/<case_no>/documents")
@open_to(SIGNED_IN)
def index(case_no: str) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    case, rows = documents.documents_of(session, actor, case_no)
    return render_template(
        "documents/index.html", case=case, rows=rows, statuses=documents.STATUS, now=current.now(),
        draftable=documents.draftable(session, actor, case),
    )  # fmt: skip


@bp.get("/cases/<case_no>/documents/draft")
@open_to(SIGNED_IN)
def draft(case_no: str) -> ResponseReturnValue:
    """What the drafter has to write, beside the document as it would look now."""
    kind, subject_no = request.args.get("kind", ""), request.args.get("subject", case_no)
    given = request.args.to_dict()
    known = commands.known_kind(kind)
    typed = {field.name: given.get(field.name, field.default) for field in known.typed}
    return _draft_page(case_no, kind, subject_no, typed, url_for("documents.add", case_no=case_no))


@bp.post("/cases/<case_no>/documents")
@open_to(SIGNED_IN)
def add(case_no: str) -> ResponseReturnValue:
    kind, subject_no = request.form.get("kind", ""), request.form.get("subject_no", "")
    if request.form.get("preview"):
        return _draft_page(case_no, kind, subject_no, request.form.to_dict(), request.path)
    drafted = current.desk().act(
        commands.draft_document, case_no=case_no, kind=kind, subject_no=subject_no, typed=request.form.to_dict(),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已起草，由审签人印发时编号。", "success")
    return redirect(url_for("documents.page", document_id=drafted.id))


@bp.get("/documents/<int:document_id>")
@open_to(SIGNED_IN)
def page(document_id: int) -> ResponseReturnValue:
    row = documents.find(current.session(), current.actor(), document_id)
    html, missing = _shown(row)
    return render_template(
        "documents/document.html", row=row, document=row.document, case=row.document.case, html=html, missing=missing,
        statuses=documents.STATUS, has_pdf=pdf.is_available(), mark=commands.mark_of(row.document),
    )  # fmt: skip


@bp.get("/documents/<int:document_id>/revision")
@open_to(SIGNED_IN)
def revision(document_id: int) -> ResponseReturnValue:
    document = documents.find(current.session(), current.actor(), document_id).document
    action = url_for("documents.revise", document_id=document_id)
    return _draft_page(document.case.case_no, document.kind, document.subject_no, document.typed, action, commands.mark_of(document))


@bp.post("/documents/<int:document_id>/revision")
@open_to(SIGNED_IN)
def revise(document_id: int) -> ResponseReturnValue:
    if request.form.get("preview"):
        document = documents.find(current.session(), current.actor(), document_id).document
        typed, seen = request.form.to_dict(), request.form.get("_seen", "")
        return _draft_page(document.case.case_no, document.kind, document.subject_no, typed, request.path, seen)
    typed = request.form.to_dict()
    return _done(
        commands.revise_document, document_id, "草稿已修改。", typed=typed, seen=request.form.get("_seen")
    )


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
    given = request.args.to_dict()
    content, _ = _preview(case_no, given.get("kind", ""), given.get("subject", case_no), given)
    name = f"预览-{commands.known_kind(given.get('kind', '')).name}.docx"
    return _sent(FileContent(name, MEDIA_TYPES["docx"], "", content))


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


def _draft_page(
    case_no: str, kind: str, subject_no: str, typed: Any, action: str, seen: str = ""
) -> ResponseReturnValue:
    content, missing = _preview(case_no, kind, subject_no, typed)
    known = commands.known_kind(kind)
    return render_template(
        "documents/draft.html", case=cases.find(current.session(), current.actor(), case_no), kind=known,
        subject_no=subject_no, typed=typed, html=Markup(reading.as_html(content)), missing=missing, action=action,
        filled=commands.typed_values(known, typed), seen=seen,
    )  # fmt: skip


def _shown(row: documents.DocumentRow) -> tuple[Markup, Any]:
    """What was issued, or what would be; `reading` has escaped every text."""
    document = row.document
    if document.sha256:
        return Markup(reading.as_html(_file(document.id).content)), []
    place = place_of_case(document.case)
    if not current.actor().holds_any((*row.kind.drafters, *row.kind.issuers), place):
        return Markup(""), []
    content, missing = _preview(document.case.case_no, document.kind, document.subject_no, document.typed)
    return Markup(reading.as_html(content)), missing


def _preview(case_no: str, kind: str, subject_no: str, typed: Any) -> Any:
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
