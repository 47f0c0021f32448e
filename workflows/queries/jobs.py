"""我的后台任务: a person's own jobs, and which job waits for a clock.  Nobody sees another's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import Job
from workflows.policy import Actor
from workflows.queries.paging import Order, Page, fetch

UNENDED = ("queued", "running")
STATUS = {"queued": "排队中", "running": "进行中", "done": "已完成", "failed": "未能完成", "cancelled": "已取消"}
NEWEST = Order(Job.asked_at, lambda job: job.asked_at, "发起时间", descending=True)


@dataclass(frozen=True)
class JobView:
    """A job as its owner sees it; `left` is None while nothing can be said about the time that is left.

    `percent` is 0…100; `ahead` counts the jobs that wait before this one.
    """

    job: Job
    percent: int
    left: timedelta | None
    ahead: int
    may_cancel: bool
    may_fetch: bool


def jobs(session: Session, actor: Actor, *, status: str = "", after: str = "") -> Page[Job]:
    """The person's jobs, newest first; status "open" means not ended."""
    query = select(Job).where(Job.asked_by_id == actor.user_id)
    if status:
        query = query.where(Job.status.in_(UNENDED) if status == "open" else Job.status == status)
    return fetch(session, query, order=NEWEST, id_=Job.id, after=after)


def find(session: Session, actor: Actor, job_id: int) -> Job:
    """One of the person's own jobs; else NoResultFound."""
    return session.scalars(select(Job).where(Job.id == job_id, Job.asked_by_id == actor.user_id)).one()


def view(session: Session, actor: Actor, job_id: int, *, now: datetime) -> JobView:
    """One of the person's own jobs with what its page says; else NoResultFound."""
    job = find(session, actor, job_id)
    ahead = select(func.count()).where(Job.status == "queued", Job.id < job.id)
    return JobView(
        job=job,
        percent=percent_of(job),
        left=_left(job, now),
        ahead=(session.scalar(ahead) or 0) if job.status == "queued" else 0,
        may_cancel=job.status in UNENDED and job.cancel_asked_at is None,
        may_fetch=has_file(job, now),
    )


def percent_of(job: Job) -> int:
    """How much of it is done, in whole percent."""
    if job.status == "done":
        return 100
    return min(99, job.done_n * 100 // job.total_n) if job.total_n else 0


def has_file(job: Job, now: datetime) -> bool:
    """Whether its file may still be fetched."""
    return job.status == "done" and bool(job.result_path) and job.expires_at is not None and job.expires_at > now


def is_due(now: datetime) -> ColumnElement[bool]:
    """A condition over Job: not ended, and no clock works on it."""
    abandoned = and_(Job.status == "running", or_(Job.lease_until.is_(None), Job.lease_until <= now))
    return or_(Job.status == "queued", abandoned)


def due_jobs(session: Session, now: datetime, limit: int) -> list[int]:
    """Ids of jobs that wait for a clock, oldest first."""
    return list(session.scalars(select(Job.id).where(is_due(now)).order_by(Job.asked_at, Job.id).limit(limit)))


def expired_results(session: Session, now: datetime, limit: int) -> list[int]:
    """Ids of jobs whose file is to be removed."""
    return list(session.scalars(select(Job.id).where(Job.expires_at <= now).order_by(Job.id).limit(limit)))


def running_file(job_id: int, token: str) -> str:
    """The name of the file that a run of a job writes."""
    return f"{job_id}-{token}"


def files_in_use(session: Session) -> set[str]:
    """Names in the jobs folder that are results still to be fetched, or are being written."""
    query = select(Job.id, Job.result_path, Job.lease_token).where(
        or_(Job.result_path != "", Job.lease_token.is_not(None))
    )
    return {row.result_path or running_file(row.id, row.lease_token) for row in session.execute(query)}


def _left(job: Job, now: datetime) -> timedelta | None:
    """As long again as the steps done so far let expect."""
    if job.status != "running" or job.started_at is None or not job.done_n or job.done_n >= job.total_n:
        return None
    return (now - job.started_at) / job.done_n * (job.total_n - job.done_n)
