"""Institutions and training: what is in force has a version, and nothing asked of anybody gets lost (S112, S120–S124)."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import (
    InstitutionCheck,
    InstitutionDoc,
    InstitutionImpact,
    InstitutionVersion,
    Message,
    ProcessInstance,
    TrainingAttendance,
    TrainingSession,
    User,
)
from workflows.queries.doctor._rules import Examination, Finds, rule

ISSUED = ("in_force", "amending", "interpreting", "repealed")


@rule("institution_without_version", "现行或已废止的制度必须有连续的版本")
def institution_without_version(seen: Examination) -> Finds:
    """Versions run from 1; what has been issued has at least one."""
    numbers: dict[int, list[int]] = {}
    for doc_id, number in seen.session.execute(select(InstitutionVersion.doc_id, InstitutionVersion.version_no)):
        numbers.setdefault(doc_id, []).append(number)
    for doc in seen.session.scalars(select(InstitutionDoc).where(InstitutionDoc.status.in_(ISSUED))):
        held = sorted(numbers.get(doc.id, []))
        if not held or held != list(range(1, len(held) + 1)):
            yield doc.doc_no, f"制度 {doc.doc_no} 的版本不连续或没有版本"


@rule("review_forgotten", "上位制度变动后的对照修订必须有人办理")
def review_forgotten(seen: Examination) -> Finds:
    """A review that is not settled has a running process, or the message that will start one."""
    query = (
        select(InstitutionImpact, InstitutionDoc, InstitutionVersion)
        .join(InstitutionDoc, InstitutionDoc.id == InstitutionImpact.child_id)
        .join(InstitutionVersion, InstitutionVersion.id == InstitutionImpact.version_id)
        .where(InstitutionImpact.settled_at.is_(None))
    )
    alive = _alive(seen.session, "institution_review", "institution.review_due")
    for _, child, version in seen.session.execute(query):
        if f"{child.doc_no}/{version.doc.doc_no}/V{version.version_no}" not in alive:
            yield child.doc_no, f"制度 {child.doc_no} 应对照“{version.issue_no}”修订，却没有在办流程"


@rule("deviation_forgotten", "制度执行偏差必须跟踪到纠正")
def deviation_forgotten(seen: Examination) -> Finds:
    """A deviation that is not corrected has a running process, or the message that will start one (S122)."""
    query = (
        select(InstitutionCheck, InstitutionDoc.doc_no)
        .join(InstitutionVersion, InstitutionVersion.id == InstitutionCheck.version_id)
        .join(InstitutionDoc, InstitutionDoc.id == InstitutionVersion.doc_id)
        .where(InstitutionCheck.deviation != "none", InstitutionCheck.done_on.is_(None))
    )
    alive = _alive(seen.session, "institution_correction", "institution.deviation")
    for check, doc_no in seen.session.execute(query):
        if f"{doc_no}/C{check.id}" not in alive:
            yield doc_no, f"制度 {doc_no} 的执行偏差尚未纠正，却没有在办流程"


@rule("lecture_not_covered", "两项法规讲座未全覆盖的班次不得办结")
def lecture_not_covered(seen: Examination) -> Finds:
    """A finished lecture of the two regulations has no active person left who must attend (S112)."""
    query = (
        select(TrainingSession.session_no)
        .join(TrainingAttendance, TrainingAttendance.session_id == TrainingSession.id)
        .join(User, User.id == TrainingAttendance.user_id)
        .where(TrainingSession.two_regulations, TrainingSession.status == "done")
        .where(~TrainingAttendance.attended, User.is_active)
        .distinct()
    )
    for session_no in seen.session.scalars(query):
        yield session_no, f"班次 {session_no} 已办结，仍有应训人员未参加"


def _alive(session: Session, process_id: str, message: str) -> Collection[str]:
    """Keys of the running instances of a process, and of the messages on their way to start one."""
    running = select(ProcessInstance.key).where(
        ProcessInstance.process_id == process_id, ProcessInstance.status.in_(("running", "incident"))
    )
    sent = select(Message.key).where(Message.name == message, Message.status == "pending")
    return {*session.scalars(running), *session.scalars(sent)}
