"""佐证材料: attaches files to tasks, findings, measures and cases, voids them with a reason, hands them out verified."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.commands.desk import Desk, Work
from workflows.commands.tasks import locked_task, require_open
from workflows.database import savepoint
from workflows.documents import file_store
from workflows.documents.file_types import FileRefused, FileType, display_name, recognise
from workflows.models import Attachment, Deadline, Finding, Incident, InspectionCase, Measure, StoredFile
from workflows.policy import CASE_READERS, SUPERVISORS, UNIT_ROLES, Actor, NotAllowed, require_worker
from workflows.queries.attachments import find_attachment
from workflows.queries.places import place_of
from workflows.queries.scope import visible_cases
from workflows.queries.task_facts import facts_of
from workflows.records import history, incidents, notices
from workflows.refusal import Refusal

# A finding in one of these states has been settled on its evidence, which stays as it is (S97).
SETTLED = frozenset({"closed", "consolidated", "archived"})


class DamagedFile(Refusal):
    """The stored bytes are no longer what was handed in."""

    rule = "file_integrity"


@dataclass(frozen=True)
class FileContent:
    """A file to be sent, as an attachment and never inline."""

    name: str
    media_type: str
    sha256: str
    content: bytes


@dataclass(frozen=True)
class Subject:
    """What a file is attached to; the finding's and the case's pages list it too."""

    case_id: int | None = None
    finding_id: int | None = None
    measure_id: int | None = None
    task_id: int | None = None


def attach_file(
    work: Work,
    *,
    name: str,
    content: bytes,
    actor: Actor,
    now: datetime,
    task_id: int | None = None,
    finding_id: int | None = None,
    case_id: int | None = None,
    measure_id: int | None = None,
    kind: str = "evidence",
) -> Attachment:
    """Stores the bytes once and attaches them as the next version of this name on this subject.

    On a task: by whoever may complete it.  Otherwise: by the unit's people, supervision and the team, on a case they
    see.  The same bytes under the same name again change nothing.  Raises FileRefused or NotAllowed.
    """
    subject = _subject(work.session, actor, task_id, finding_id, case_id, measure_id, now)
    shown = display_name(name)
    file_type = recognise(shown, content)
    last = _last_version(work.session, subject, shown)
    digest = store_bytes(work, content, file_type, now)
    if last is not None and last.sha256 == digest and last.voided_at is None:
        return last
    attachment = Attachment(
        sha256=digest,
        name=shown,
        version_no=last.version_no + 1 if last else 1,
        kind=kind,
        case_id=subject.case_id,
        finding_id=subject.finding_id,
        measure_id=subject.measure_id,
        task_id=subject.task_id,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    work.session.add(attachment)
    work.session.flush()
    summary = f"上传“{shown}”第{attachment.version_no}版"
    _record(work.session, attachment, "attach_file", summary, actor, now, size=len(content))
    return attachment


def store_bytes(work: Work, content: bytes, file_type: FileType, now: datetime) -> str:
    """Keeps bytes of our own making, or already checked, under their SHA-256, which it returns."""
    digest = file_store.store(work.files_dir, content)
    _store_row(work.session, digest, len(content), file_type, now)
    return digest


def void_file(work: Work, *, attachment_id: int, reason: str, actor: Actor, now: datetime) -> Attachment:
    """作废: by the person who uploaded it, or by supervision; it stays listed, with the reason."""
    if not reason.strip():
        raise Refusal("作废材料须说明理由。", rule="reason_required")
    session = work.session
    session.execute(select(Attachment.id).where(Attachment.id == attachment_id).with_for_update())
    attachment = find_attachment(session, actor, attachment_id)
    supervises = actor.holds_any(SUPERVISORS, place_of(session, attachment.case_id))
    if attachment.uploaded_by_id != actor.user_id and not supervises:
        raise NotAllowed("材料由上传人本人或干部监督处作废。", rule="void_file")
    if attachment.voided_at is not None:
        raise Refusal(f"“{attachment.name}”已经作废。", rule="already_done")
    finding = session.get(Finding, attachment.finding_id) if attachment.finding_id else None
    if finding is not None and finding.status in SETTLED:
        raise Refusal(f"问题{finding.finding_no}已销号，其佐证材料不得作废。", rule="S97")
    attachment.voided_at, attachment.void_reason = now, reason.strip()
    summary = f"作废“{attachment.name}”第{attachment.version_no}版：{attachment.void_reason[:200]}"
    _record(session, attachment, "void_file", summary, actor, now, reason=attachment.void_reason)
    return attachment


def read_file(desk: Desk, *, attachment_id: int, actor: Actor, now: datetime) -> FileContent:
    """The bytes for a download, verified against their SHA-256; writes only when they are damaged.

    Takes the desk: reading opens no transaction that writes, and the incident must stay although the download is
    refused.  Raises NoResultFound (not the actor's to read) or DamagedFile.
    """
    with desk.sessions() as session:
        attachment = find_attachment(session, actor, attachment_id)
    try:
        content = file_store.load(desk.files_dir, attachment.sha256)
    except file_store.Damaged as damage:
        desk.act(report_damage, attachment_id=attachment_id, error=str(damage), now=now)
        raise DamagedFile(f"“{attachment.name}”校验未通过，已停止下载并通知系统管理员。") from damage
    return FileContent(attachment.name, attachment.file.media_type, attachment.sha256, content)


def report_damage(work: Work, *, attachment_id: int, error: str, now: datetime) -> None:
    """One incident a damaged file; system administrators are told."""
    session = work.session
    attachment = session.get_one(Attachment, attachment_id)
    element = f"file:{attachment.sha256}"
    known = select(Incident.id).where(Incident.element == element, Incident.resolved_at.is_(None))
    if session.scalar(known.limit(1)) is not None:
        return
    message = f"材料“{attachment.name}”（编号{attachment.id}）与上传时的校验值不一致：{error}"
    incidents.open_incident(
        session, kind="file", element=element, message=message, now=now,
        case_id=attachment.case_id, finding_id=attachment.finding_id,
    )  # fmt: skip
    told = notices.holders(session, role="sys_admin", now=now)
    notices.notify(session, user_ids=told, kind="incident", title="材料校验未通过", body=message, now=now)


def _subject(
    session: Session,
    actor: Actor,
    task_id: int | None,
    finding_id: int | None,
    case_id: int | None,
    measure_id: int | None,
    now: datetime,
) -> Subject:
    """Where the file goes, under a lock that makes version numbers single-file; checks the right to put it there."""
    if task_id is not None:
        return _task_subject(session, actor, task_id, measure_id, now)
    if measure_id is not None:
        finding_id = session.get_one(Measure, measure_id).finding_id
    if finding_id is not None:
        case_id = session.get_one(Finding, finding_id).case_id
    if case_id is None:
        raise FileRefused("须指明材料所属的任务、问题或案。")
    visible = select(InspectionCase.id).where(InspectionCase.id == case_id, visible_cases(actor))
    session.scalars(visible).one()
    if not actor.holds_any(CASE_READERS | UNIT_ROLES, place_of(session, case_id)):
        raise NotAllowed("您没有为该案上传材料的权限。", rule="attach_file")
    session.execute(select(InspectionCase.id).where(InspectionCase.id == case_id).with_for_update())
    return Subject(case_id, finding_id, measure_id)


def _task_subject(session: Session, actor: Actor, task_id: int, measure_id: int | None, now: datetime) -> Subject:
    task = locked_task(session, task_id)
    require_open(session, task)
    require_worker(actor, facts_of(session, task))
    if task.deadline_id is not None:
        session.get_one(Deadline, task.deadline_id).last_act_at = now
    if measure_id is not None and session.get_one(Measure, measure_id).finding_id != task.finding_id:
        raise FileRefused("所选整改措施不属于本任务的问题。")
    return Subject(task.case_id, task.finding_id, measure_id, task_id)


def _last_version(session: Session, subject: Subject, name: str) -> Attachment | None:
    """The newest of this name on the same finding, else the same case, else the same task."""
    query = select(Attachment).where(
        Attachment.name == name, Attachment.measure_id.is_not_distinct_from(subject.measure_id)
    )
    if subject.finding_id is not None:
        query = query.where(Attachment.finding_id == subject.finding_id)
    elif subject.case_id is not None:
        query = query.where(Attachment.case_id == subject.case_id, Attachment.finding_id.is_(None))
    else:
        query = query.where(Attachment.task_id == subject.task_id)
    return session.scalar(query.order_by(Attachment.version_no.desc()).limit(1))


def _store_row(session: Session, digest: str, size: int, file_type: FileType, now: datetime) -> None:
    if session.get(StoredFile, digest) is not None:
        return
    try:
        with savepoint(session):
            session.add(StoredFile(sha256=digest, size=size, media_type=file_type.media_type, stored_at=now))
    except IntegrityError:  # somebody else has stored the same bytes at this very moment
        return


def _record(
    session: Session,
    attachment: Attachment,
    action: str,
    summary: str,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    history.record(
        session, action=action, summary=summary, now=now, actor=actor,
        case_id=attachment.case_id, finding_id=attachment.finding_id,
        object_kind="attachment", object_id=attachment.id,
        details={"sha256": attachment.sha256, "version": attachment.version_no, **details},
    )  # fmt: skip
