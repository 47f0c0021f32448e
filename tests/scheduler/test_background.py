"""Background jobs: asked once, carried out once whoever else looks, taken up again, cancelled, given up, tidied away."""

import multiprocessing
import os
import signal
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select, update

from scheduler.background import (
    NO_ACCOUNT,
    NO_RIGHT,
    OUR_FAULT,
    run_background_jobs,
    run_claimed,
    tidy_job_files,
)
from scheduler.jobs import Clock
from scheduler.timetable import run_once
from tests.workflows.operations.story import Story
from workflows.assembly import build_desk
from workflows.commands.errands import Progress
from workflows.commands.jobs import (
    INTERRUPTED,
    KEPT,
    LEASE,
    MOST_ATTEMPTS,
    MOST_UNENDED,
    ClaimLost,
    ask_job,
    cancel_job,
    claim_job,
    jobs_dir,
    note_progress,
)
from workflows.database import atomic
from workflows.models import Grant, HistoryEntry, Job, User
from workflows.policy import NotAllowed
from workflows.queries import jobs as job_queries
from workflows.refusal import Refusal

spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def rectifying(desk, region, now) -> Story:
    """Two findings of unit A in the ledger."""
    return (
        Story(desk, region, now).registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()
    )


@pytest.fixture
def clock(desk, settings, now) -> Clock:
    return Clock(desk, settings, lambda: now)


def asked(desk, actor, now, **filters) -> int:
    """A ledger export in the queue."""
    return desk.act(ask_job, kind="ledger_export", arguments=filters, actor=actor, now=now).id


def job_of(desk, job_id: int) -> Job:
    with desk.sessions() as session:
        return session.get_one(Job, job_id)


def files(desk) -> list[str]:
    folder = jobs_dir(desk.files_dir)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_the_clock_writes_the_ledger_and_keeps_the_file(desk, settings, region, rectifying):
    job_id = asked(desk, region.officer, rectifying.now)
    assert run_once(desk, settings, rectifying.now)["run_background_jobs"] == 1
    job = job_of(desk, job_id)
    assert (job.status, job.done_n, job.total_n, job.attempts, job.note) == ("done", 2, 2, 1, "共2行")
    assert job.expires_at == rectifying.now + KEPT
    assert files(desk) == [job.result_path]
    path = jobs_dir(desk.files_dir) / job.result_path
    assert path.stat().st_size == job.result_size
    with path.open("rb") as file:
        sheet = openpyxl.load_workbook(file).active
        assert [sheet.cell(row, 1).value for row in (4, 5)] == [1, 2]
        assert sheet.max_row == 5
    assert run_once(desk, settings, rectifying.now)["run_background_jobs"] == 0


def test_a_job_sees_what_its_asker_sees(desk, settings, region, rectifying):
    own, foreign = (asked(desk, actor, rectifying.now) for actor in (region.liaison, region.liaison_b))
    run_once(desk, settings, rectifying.now)
    assert [job_of(desk, job_id).total_n for job_id in (own, foreign)] == [2, 0]


def test_what_cannot_be_asked(desk, region, now):
    with pytest.raises(Refusal):
        desk.act(ask_job, kind="no_such_job", arguments={}, actor=region.officer, now=now)
    with pytest.raises(NotAllowed):
        asked(desk, region.admin, now)
    for wrong in ({"colour": "red"}, {"round_id": "1"}, {"watch": "yes"}, {"text": None}, {"sort": 3}):
        with pytest.raises(Refusal):
            asked(desk, region.officer, now, **wrong)


def test_the_same_job_asked_twice_is_one_and_nobody_fills_the_queue(desk, region, now):
    first = asked(desk, region.officer, now, text="公示")
    assert asked(desk, region.officer, now, text="公示") == first
    assert asked(desk, region.officer2, now, text="公示") != first
    for number in range(MOST_UNENDED - 1):
        asked(desk, region.officer, now, text=f"第{number}项")
    with pytest.raises(Refusal):
        asked(desk, region.officer, now, text="再来一项")
    desk.act(cancel_job, job_id=first, actor=region.officer, now=now)
    assert asked(desk, region.officer, now, text="再来一项") > first


def test_nobody_sees_or_cancels_anothers_job(desk, session, region, now):
    job_id = asked(desk, region.officer, now)
    with pytest.raises(Refusal):
        desk.act(cancel_job, job_id=job_id, actor=region.officer2, now=now)
    assert [row.id for row in job_queries.jobs(session, region.officer).rows] == [job_id]
    assert job_queries.jobs(session, region.officer2).rows == []


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_between_two_steps(desk, clock, region, now):
    waiting, running = asked(desk, region.officer, now, text="甲"), asked(desk, region.officer, now, text="乙")
    assert desk.act(cancel_job, job_id=waiting, actor=region.officer, now=now).status == "cancelled"
    claim = desk.act(claim_job, now=now)
    assert claim.job_id == running
    assert desk.act(cancel_job, job_id=running, actor=region.officer, now=now).status == "running"
    run_claimed(clock, claim)
    assert job_of(desk, running).status == "cancelled"
    assert files(desk) == []
    with pytest.raises(Refusal):
        desk.act(cancel_job, job_id=running, actor=region.officer, now=now)


def test_a_job_whose_clock_is_gone_is_cancelled_when_its_lease_has_ended(desk, region, now):
    job_id = asked(desk, region.officer, now)
    desk.act(claim_job, now=now)
    desk.act(cancel_job, job_id=job_id, actor=region.officer, now=now + LEASE / 2)
    assert desk.act(claim_job, now=now + LEASE) is None
    assert job_of(desk, job_id).status == "cancelled"


def test_a_clock_that_comes_back_finds_its_job_taken_over(desk, clock, region, now):
    job_id = asked(desk, region.officer, now)
    slow = desk.act(claim_job, now=now)
    assert desk.act(claim_job, now=now + LEASE - timedelta(seconds=1)) is None
    quick = desk.act(claim_job, now=now + LEASE)
    assert (quick.job_id, slow.job_id) == (job_id, job_id)
    with pytest.raises(ClaimLost):
        desk.act(note_progress, claim=slow, progress=Progress(1, 2), now=now)
    run_claimed(clock, slow)
    assert files(desk) == []
    assert job_of(desk, job_id).status == "running"
    run_claimed(clock, quick)
    job = job_of(desk, job_id)
    assert (job.status, job.attempts, job.result_path) == ("done", 2, quick.file_name)
    run_claimed(clock, slow)
    assert files(desk) == [quick.file_name]


def test_progress_keeps_the_lease(desk, region, now):
    asked(desk, region.officer, now)
    claim = desk.act(claim_job, now=now)
    assert desk.act(note_progress, claim=claim, progress=Progress(5, 10, "一半"), now=now + LEASE / 2)
    assert desk.act(claim_job, now=now + LEASE) is None
    with desk.sessions() as session:
        seen = job_queries.view(session, region.officer, claim.job_id, now=now + LEASE)
    assert (seen.percent, seen.left, seen.may_cancel, seen.may_fetch) == (50, LEASE, True, False)


def test_a_clock_that_is_told_to_stop_gives_the_job_back(desk, clock, region, now):
    job_id = asked(desk, region.officer, now)
    run_claimed(replace(clock, is_stopping=lambda: True), desk.act(claim_job, now=now))
    job = job_of(desk, job_id)
    assert (job.status, job.attempts, job.lease_token) == ("queued", 0, None)
    assert run_background_jobs(replace(clock, is_stopping=lambda: True)) == 0
    assert run_background_jobs(clock) == 1
    assert job_of(desk, job_id).status == "done"


def test_a_job_that_always_kills_its_clock_is_given_up(desk, region, now):
    job_id = asked(desk, region.officer, now)
    for number in range(MOST_ATTEMPTS):
        assert desk.act(claim_job, now=now + number * LEASE).job_id == job_id
    assert desk.act(claim_job, now=now + MOST_ATTEMPTS * LEASE) is None
    job = job_of(desk, job_id)
    assert (job.status, job.error) == ("failed", INTERRUPTED)


def test_what_fails_says_why_and_stops_nobody_else(desk, clock, region, now):
    broken, locked_out, unranked, sound = (
        asked(desk, actor, now) for actor in (region.officer, region.chief, region.officer2, region.liaison)
    )
    with atomic(desk.sessions) as session:
        session.execute(update(Job).where(Job.id == broken).values(arguments={"no_such_filter": 1}))
        session.execute(update(User).where(User.id == region.chief.user_id).values(is_active=False))
        session.execute(update(Grant).where(Grant.user_id == region.officer2.user_id).values(valid_to=now))
    assert run_background_jobs(clock) == 4
    assert [(job_of(desk, job_id).status, job_of(desk, job_id).error) for job_id in (broken, locked_out, unranked)] == [
        ("failed", OUR_FAULT), ("failed", NO_ACCOUNT), ("failed", NO_RIGHT),
    ]  # fmt: skip
    assert job_of(desk, sound).status == "done"
    assert files(desk) == [job_of(desk, sound).result_path]


def test_an_expired_file_and_what_killed_runs_left_are_removed(desk, clock, region, now):
    job_id = asked(desk, region.officer, now)
    run_background_jobs(clock)
    (jobs_dir(desk.files_dir) / f"{job_id}-leftover").write_bytes(b"half a file")
    assert tidy_job_files(clock) == 1
    assert files(desk) == [job_of(desk, job_id).result_path]
    with desk.sessions() as session:
        assert job_queries.view(session, region.officer, job_id, now=now + KEPT).may_fetch is False
    assert tidy_job_files(replace(clock, now=lambda: now + KEPT)) == 1
    assert files(desk) == []
    assert job_of(desk, job_id).result_path == ""


def run_clock(settings, now) -> None:
    """One pass of a clock in a process of its own."""
    desk = build_desk(settings)
    run_background_jobs(Clock(desk, settings, lambda: now))


def die_in_the_middle(settings, now) -> None:
    """A clock that is killed after the first step of a job."""
    desk = build_desk(settings)
    claim = desk.act(claim_job, now=now)
    desk.act(note_progress, claim=claim, progress=Progress(1, 2), now=now)
    os.kill(os.getpid(), signal.SIGKILL)


def test_two_clock_processes_and_a_killed_one_carry_each_job_out_once(desk, settings, region, rectifying):
    now = rectifying.now
    for actor in (region.officer, region.officer2, region.chief, region.deputy):
        for text in ("公示", "超职数"):
            asked(desk, actor, now, text=text)
    killed = spawn.Process(target=die_in_the_middle, args=(settings, now))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    clocks = [spawn.Process(target=run_clock, args=(settings, now)) for _ in range(2)]
    for process in clocks:
        process.start()
    for process in clocks:
        process.join()
    assert [process.exitcode for process in clocks] == [0, 0]
    with desk.sessions() as session:
        assert dict(session.execute(select(Job.status, func.count()).group_by(Job.status)).all()) == {
            "done": 7, "running": 1,
        }  # fmt: skip
    run_once(desk, settings, now + LEASE)
    with desk.sessions() as session:
        finished = session.scalars(select(HistoryEntry.object_id).where(HistoryEntry.action == "finish_job")).all()
        assert len(finished) == len(set(finished)) == 8
        assert sorted(session.scalars(select(Job.attempts))) == [1] * 7 + [2]
        assert sorted(session.scalars(select(Job.result_path))) == files(desk)
