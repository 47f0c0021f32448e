"""Background jobs: asked for and cancelled by a person, carried out by the clock under a lease and a fence.

As with timers, `now` is the caller's and the token decides: a later claim replaces it, and whatever an earlier
claimant still wants to note finds no row.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.commands.errands import Outcome, Progress
from workflows.commands.job_kinds import KINDS
from workflows.models import Job
from workflows.policy import Actor, NotAllowed
from workflows.queries.jobs import UNENDED, is_due, running_file
from workflows.records import history
from workflows.refusal import Refusal

MOST_UNENDED = 5  # of one person
MOST_ATTEMPTS = 3
LEASE = timedelta(seconds=60)
KEPT = timedelta(days=7)  # how long the file of a finished job may be fetched
INTERRUPTED = "多次执行均被中断，已停止；请缩小范围后重新发起，或联系系统管理员。"


@dataclass(frozen=True)
class JobClaim:
    """A job that is ours until the lease ends, and the token that proves it."""

    job_id: int
    token: str
    kind: str
    asked_by_id: int
    arguments: Mapping[str, Any]
    done_before: int

    @property
    def file_name(self) -> str:
        """The file of this run in the jobs folder: no other run, of this job or another, writes the same."""
        return running_file(self.job_id, self.token)


class ClaimLost(Exception):
    """Another clock has taken the job over: this run ends without a trace."""


def jobs_dir(files_dir: Path) -> Path:
    """Where the files of jobs lie: beside the stored files, which keep to folders of two hex digits."""
    return files_dir / "jobs"


def ask_job(
    work: Work, *, kind: str, arguments: Mapping[str, Any], actor: Actor, now: datetime, title: str = ""
) -> Job:
    """Puts a job in the queue; the same one asked for twice is one job.  Raises Refusal or NotAllowed."""
    asked = KINDS.get(kind)
    if asked is None:
        raise Refusal(f"没有“{kind}”这种后台任务。", rule="job_kind")
    if not asked.is_open_to(actor):
        raise NotAllowed(f"您没有发起“{asked.words}”的权限。", rule="job_kind")
    kept = asked.accepts(arguments)
    mine = _unended_of(work.session, actor)
    same = next((job for job in mine if job.kind == kind and job.arguments == kept and not job.cancel_asked_at), None)
    if same is not None:
        return same
    if len(mine) >= MOST_UNENDED:
        raise Refusal(f"您已有{MOST_UNENDED}项后台任务未完成，请等其完成或取消后再发起。", rule="job_number")
    job = Job(kind=kind, title=title or asked.words, asked_by_id=actor.user_id, asked_at=now, arguments=kept)
    work.session.add(job)
    work.session.flush()
    _note(work.session, job, "ask_job", f"发起后台任务“{job.title}”", now, actor)
    return job


def cancel_job(work: Work, *, job_id: int, actor: Actor, now: datetime) -> Job:
    """Takes one's own job back: at once while it waits or its clock is gone, else after the step at hand."""
    job = _locked(work.session, Job.id == job_id, Job.asked_by_id == actor.user_id)
    if job is None:
        raise Refusal("没有找到这项后台任务。", rule="job")
    if job.status not in UNENDED:
        raise Refusal("该后台任务已经结束，无需取消。", rule="job_ended")
    if job.cancel_asked_at is None:
        job.cancel_asked_at = now
        _note(work.session, job, "cancel_job", f"取消后台任务“{job.title}”", now, actor)
    if job.status == "queued" or job.lease_until is None or job.lease_until <= now:
        _end(job, "cancelled", now)
    return job


def claim_job(work: Work, *, now: datetime) -> JobClaim | None:
    """Takes the job that waits longest, or one whose clock is gone; None when there is none.

    Each claim counts as an attempt, so a job that kills its process is given up in the end.
    """
    due = select(Job).where(is_due(now)).order_by(Job.asked_at, Job.id).limit(1)
    job = work.session.scalar(due.with_for_update(skip_locked=True))
    if job is None:
        return None
    if job.cancel_asked_at is not None:
        _end(job, "cancelled", now)
        return None
    if job.attempts >= MOST_ATTEMPTS:
        job.error = INTERRUPTED
        _end(job, "failed", now)
        return None
    job.status, job.started_at = "running", job.started_at or now
    job.attempts += 1
    job.lease_token, job.lease_until = secrets.token_hex(16), now + LEASE
    return JobClaim(job.id, job.lease_token, job.kind, job.asked_by_id, dict(job.arguments), job.done_n)


def note_progress(work: Work, *, claim: JobClaim, progress: Progress, now: datetime) -> bool:
    """Says how far it is and keeps the lease; False when the person wants it stopped.  Raises ClaimLost."""
    values = {"done_n": progress.done, "total_n": progress.total, "note": progress.note, "lease_until": now + LEASE}
    _pass_fence(work.session, claim, values)
    return work.session.scalar(select(Job.cancel_asked_at).where(Job.id == claim.job_id)) is None


def finish_job(work: Work, *, claim: JobClaim, outcome: Outcome, target: Path, now: datetime) -> None:
    """The job is done; its file, if it has one, may be fetched for a week.  Raises ClaimLost."""
    job = _claimed(work.session, claim)
    job.note, job.outcome = outcome.note, dict(outcome.details)
    job.done_n = job.total_n
    if outcome.file_name:
        job.result_path, job.result_name = target.name, outcome.file_name
        job.result_size, job.expires_at = target.stat().st_size, now + KEPT
    _end(job, "done", now)
    _note(work.session, job, "finish_job", f"后台任务“{job.title}”已完成", now)


def fail_job(work: Work, *, claim: JobClaim, error: str, now: datetime) -> None:
    """The job cannot be done; `error` is a sentence for the person.  Raises ClaimLost."""
    job = _claimed(work.session, claim)
    job.error = error[:2000]
    _end(job, "failed", now)
    _note(work.session, job, "fail_job", f"后台任务“{job.title}”未能完成：{job.error}", now)


def stop_job(work: Work, *, claim: JobClaim, now: datetime) -> None:
    """The run has stopped between two steps because the person cancelled.  Raises ClaimLost."""
    _end(_claimed(work.session, claim), "cancelled", now)


def release_job(work: Work, *, claim: JobClaim) -> None:
    """Gives a job back, as a clock does that is told to stop: it is not counted as an attempt.  Raises ClaimLost."""
    job = _claimed(work.session, claim)
    job.status, job.lease_token, job.lease_until = "queued", None, None
    job.attempts -= 1


def forget_result(work: Work, *, job_id: int, now: datetime) -> None:
    """Lets go of an expired file; the clock then removes it."""
    job = _locked(work.session, Job.id == job_id, Job.expires_at <= now)
    if job is not None:
        job.result_path, job.expires_at = "", None


def _unended_of(session: Session, actor: Actor) -> list[Job]:
    query = select(Job).where(Job.asked_by_id == actor.user_id, Job.status.in_(UNENDED)).order_by(Job.id)
    return list(session.scalars(query))


def _end(job: Job, status: str, now: datetime) -> None:
    job.status, job.ended_at, job.lease_token, job.lease_until = status, now, None, None


def _pass_fence(session: Session, claim: JobClaim, values: Mapping[str, Any]) -> None:
    fence = (
        update(Job)
        .where(Job.id == claim.job_id, Job.lease_token == claim.token, Job.status == "running")
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if cast(CursorResult[Any], session.execute(fence)).rowcount != 1:
        raise ClaimLost(f"job {claim.job_id}")


def _claimed(session: Session, claim: JobClaim) -> Job:
    job = _locked(session, Job.id == claim.job_id, Job.lease_token == claim.token, Job.status == "running")
    if job is None:
        raise ClaimLost(f"job {claim.job_id}")
    return job


def _locked(session: Session, *which: ColumnElement[bool]) -> Job | None:
    query = select(Job).where(*which).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def _note(session: Session, job: Job, action: str, summary: str, now: datetime, actor: Actor | None = None) -> None:
    history.record(
        session, action=action, summary=summary, now=now, actor=actor, object_kind="job", object_id=job.id,
        details={"kind": job.kind, "arguments": job.arguments},
    )  # fmt: skip
