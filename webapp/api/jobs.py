"""Background jobs by API: ask for one, look how far it is, take it back, fetch its file."""

from datetime import datetime
from typing import Any

from flask import Blueprint
from pydantic import Field

from webapp import current
from webapp import jobs as pages
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Shape
from workflows.commands import jobs as commands
from workflows.models import Job
from workflows.queries import jobs

bp = Blueprint("jobs", __name__)


class JobAsked(Shape):
    """Which kind of work, with which arguments."""

    kind: str = Field(max_length=60, description="ledger_export 或 document_register_export 等")
    arguments: dict[str, Any] = Field(default_factory=dict, description="台账导出：与台账列表相同的筛选条件")


class JobsAsked(Shape):
    """Which of one's own jobs."""

    status: str = Field(default="", pattern="^(|open|queued|running|done|failed|cancelled)$")
    after: str = ""


class JobShape(Shape):
    """How a job stands.  `file` is where its result can be fetched, empty without one."""

    id: int
    kind: str
    title: str
    status: str
    status_name: str
    done: int
    total: int
    percent: int
    note: str
    error: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    file: str
    file_name: str
    expires_at: datetime | None
    outcome: dict[str, Any]


class JobPage(Shape):
    """One page of jobs, newest first."""

    jobs: list[JobShape]
    next: str


@bp.get("/jobs")
@open_to(SIGNED_IN)
@document.validate(resp=gives(JobPage), tags=["后台任务"])
def list_jobs(query: JobsAsked) -> Answer:
    """本人的后台任务"""
    page = jobs.jobs(current.session(), current.actor(), status=query.status, after=query.after)
    return JobPage(jobs=[_shape(row) for row in page.rows], next=page.next).model_dump(mode="json")


@bp.post("/jobs")
@open_to(SIGNED_IN)
@document.validate(resp=gives(JobShape, status=201), tags=["后台任务"])
def ask_job(json: JobAsked) -> Answer:
    """发起后台任务；同样的任务未完成时返回原任务"""
    job = current.desk().act(
        commands.ask_job, kind=json.kind, arguments=json.arguments, actor=current.actor(), now=current.now()
    )
    return _shape(job).model_dump(mode="json"), 201


@bp.get("/jobs/<int:job_id>")
@open_to(SIGNED_IN)
@document.validate(resp=gives(JobShape), tags=["后台任务"])
def get_job(job_id: int) -> Answer:
    """一项后台任务的进度与结果"""
    return _shape(jobs.find(current.session(), current.actor(), job_id)).model_dump(mode="json")


@bp.post("/jobs/<int:job_id>/cancellation")
@open_to(SIGNED_IN)
@document.validate(resp=gives(JobShape), tags=["后台任务"])
def cancel_job(job_id: int) -> Answer:
    """取消：排队中的立即取消，进行中的在当前步骤结束后停止"""
    job = current.desk().act(commands.cancel_job, job_id=job_id, actor=current.actor(), now=current.now())
    return _shape(job).model_dump(mode="json")


@bp.get("/jobs/<int:job_id>/file")
@open_to(SIGNED_IN)
@document.validate(tags=["后台任务"], skip_validation=True)
def get_job_file(job_id: int) -> Answer:
    """下载结果文件（保存 7 天，仅本人）"""
    answer = pages.sent(jobs.find(current.session(), current.actor(), job_id))
    answer.direct_passthrough = False
    answer.get_data()  # spectree hands on what it reads, and closes nothing
    answer.close()
    return answer


def _shape(job: Job) -> JobShape:
    has_file = jobs.has_file(job, current.now())
    return JobShape(
        id=job.id, kind=job.kind, title=job.title, status=job.status, status_name=jobs.STATUS[job.status],
        done=job.done_n, total=job.total_n, percent=jobs.percent_of(job), note=job.note, error=job.error,
        asked_at=job.asked_at, started_at=job.started_at, ended_at=job.ended_at,
        file=f"/api/v1/jobs/{job.id}/file" if has_file else "", file_name=job.result_name if has_file else "",
        expires_at=job.expires_at, outcome=job.outcome,
    )  # fmt: skip
