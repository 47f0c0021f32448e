"""我的后台任务: long work with its progress, taken back by a click, and the file that came of it."""

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import current
from webapp.access import SIGNED_IN, open_to
from workflows.commands import jobs as commands
from workflows.commands.job_kinds import KINDS
from workflows.models import Job
from workflows.queries import jobs
from workflows.refusal import Refusal

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/")
@open_to(SIGNED_IN)
def index() -> ResponseReturnValue:
    status = request.args.get("status", "")
    found = jobs.jobs(current.session(), current.actor(), status=status, after=request.args.get("after", ""))
    return render_template(
        "jobs/index.html", found=found, status=status, statuses=jobs.STATUS, now=current.now(),
        percent_of=jobs.percent_of, has_file=jobs.has_file,
        is_moving=any(job.status in jobs.UNENDED for job in found.rows),
    )  # fmt: skip


@bp.get("/<int:job_id>")
@open_to(SIGNED_IN)
def page(job_id: int) -> ResponseReturnValue:
    view = jobs.view(current.session(), current.actor(), job_id, now=current.now())
    return render_template("jobs/job.html", view=view, job=view.job, statuses=jobs.STATUS, now=current.now())


@bp.post("/<int:job_id>/cancellation")
@open_to(SIGNED_IN)
def cancel(job_id: int) -> ResponseReturnValue:
    current.desk().act(commands.cancel_job, job_id=job_id, actor=current.actor(), now=current.now())
    flash(_("已取消。进行中的任务将在当前步骤结束后停止。"))
    return redirect(url_for("jobs.page", job_id=job_id))


@bp.get("/<int:job_id>/file")
@open_to(SIGNED_IN)
def file(job_id: int) -> ResponseReturnValue:
    return sent(jobs.find(current.session(), current.actor(), job_id))


def sent(job: Job) -> Response:
    """The file of the person's own job, while it is kept and he may still have it."""
    path = commands.jobs_dir(current.desk().files_dir) / job.result_path
    if not jobs.has_file(job, current.now()) or not path.is_file():
        raise Refusal("文件已过保存期或尚未生成，请重新发起。", rule="job_file")
    if job.kind in KINDS and not KINDS[job.kind].is_open_to(current.actor()):
        raise Refusal("您已不具备获取此文件的权限。", rule="job_file")
    return send_file(path, as_attachment=True, download_name=job.result_name, max_age=0)
