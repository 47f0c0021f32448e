"""Carries out the background jobs that people asked for, one after the other, each step by step.

A step is never cut in two: between steps the job says how far it is, and learns whether it was cancelled, whether
another clock has taken it over, or whether this clock is to stop.
"""

import logging
import os
from contextlib import closing
from pathlib import Path

from scheduler.jobs import AT_ONCE, Clock
from workflows.commands.errands import Errand, Outcome, Run
from workflows.commands.job_kinds import KINDS
from workflows.commands.jobs import (
    ClaimLost,
    JobClaim,
    claim_job,
    fail_job,
    finish_job,
    forget_result,
    jobs_dir,
    note_progress,
    release_job,
    stop_job,
)
from workflows.queries.jobs import due_jobs, expired_results, files_in_use
from workflows.queries.people import actor_of
from workflows.refusal import Refusal

logger = logging.getLogger(__name__)

OUR_FAULT = "系统处理时出错，已记录；请稍后重新发起，或联系系统管理员。"
NO_ACCOUNT = "发起人账号已停用，任务未执行。"
NO_RIGHT = "您已不具备发起此任务的权限，任务未执行。"


class Cancelled(Exception):
    """The person does not want it any more."""


class Stopping(Exception):
    """This clock is to stop: another, or the next one, goes on."""


def run_background_jobs(clock: Clock) -> int:
    """Takes job after job until none waits; how many were worked on."""
    worked = 0
    while not clock.is_stopping() and _waiting(clock):
        claim = clock.desk.act(claim_job, now=clock.now())
        if claim is not None:
            run_claimed(clock, claim)
            worked += 1
    return worked


def run_claimed(clock: Clock, claim: JobClaim) -> None:
    """One job to its end, whatever that is; its file stays only when the job is done."""
    folder = jobs_dir(clock.desk.files_dir)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / claim.file_name
    try:
        _carry_out(clock, claim, target)
    except ClaimLost:
        logger.warning("job %d was taken over by another clock", claim.job_id)
        target.unlink(missing_ok=True)
    except Exception:  # the database itself: the lease runs out and the job comes again
        logger.exception("the end of job %d could not be noted", claim.job_id)


def tidy_job_files(clock: Clock) -> int:
    """Removes files that nobody may fetch any more, and what killed runs left behind; how many."""
    folder = jobs_dir(clock.desk.files_dir)
    present = set(os.listdir(folder)) if folder.is_dir() else set()  # looked at first: later files are in use
    with clock.desk.sessions() as session:
        expired = expired_results(session, clock.now(), AT_ONCE)
    for job_id in expired:
        clock.desk.act(forget_result, job_id=job_id, now=clock.now())
    with clock.desk.sessions() as session:
        useless = present - files_in_use(session)
    for name in useless:
        (folder / name).unlink(missing_ok=True)
    return len(useless)


def _carry_out(clock: Clock, claim: JobClaim, target: Path) -> None:
    desk = clock.desk
    try:
        outcome = _work(clock, claim, _begin(clock, claim, target))
    except Cancelled:
        target.unlink(missing_ok=True)
        desk.act(stop_job, claim=claim, now=clock.now())
    except Stopping:
        target.unlink(missing_ok=True)
        desk.act(release_job, claim=claim)
    except ClaimLost:
        raise
    except Refusal as no:
        target.unlink(missing_ok=True)
        desk.act(fail_job, claim=claim, error=str(no), now=clock.now())
    except Exception:
        logger.exception("job %d (%s) failed", claim.job_id, claim.kind)
        target.unlink(missing_ok=True)
        desk.act(fail_job, claim=claim, error=OUR_FAULT, now=clock.now())
    else:
        desk.act(finish_job, claim=claim, outcome=outcome, target=target, now=clock.now())


def _begin(clock: Clock, claim: JobClaim, target: Path) -> Run:
    """The job as its asker may do it at this moment."""
    kind = KINDS[claim.kind]
    with clock.desk.sessions() as session:
        actor = actor_of(session, claim.asked_by_id, clock.now())
    if actor is None:
        raise Refusal(NO_ACCOUNT, rule="job_account")
    if not kind.is_open_to(actor):
        raise Refusal(NO_RIGHT, rule="job_kind")
    return kind.run(Errand(clock.desk, actor, claim.arguments, clock.now(), target, claim.done_before))


def _work(clock: Clock, claim: JobClaim, run: Run) -> Outcome:
    """Step by step; raises Cancelled, Stopping, ClaimLost, or what the job itself raises."""
    with closing(run):
        while True:
            try:
                progress = next(run)
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome
            if not clock.desk.act(note_progress, claim=claim, progress=progress, now=clock.now()):
                raise Cancelled
            if clock.is_stopping():
                raise Stopping


def _waiting(clock: Clock) -> bool:
    with clock.desk.sessions() as session:
        return bool(due_jobs(session, clock.now(), 1))
