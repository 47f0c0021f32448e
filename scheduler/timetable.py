"""Every job and how often it runs, on one screen.  The order is the order of one pass."""

import logging
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import NamedTuple

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from scheduler import background, deliveries, jobs, notifying
from scheduler.forecasts import reckon_forecasts
from scheduler.jobs import Clock
from workflows.clock import utc_now
from workflows.commands.beats import note_beats
from workflows.commands.desk import Desk
from workflows.queries.due import last_beat
from workflows.settings import Settings

logger = logging.getLogger(__name__)

MOST_PASSES = 100
BEAT_EVERY = timedelta(minutes=1)


class Job(NamedTuple):
    """A job, and the seconds between two of its runs."""

    run: Callable[[Clock], int]
    seconds: int


TIMETABLE = (
    Job(jobs.fire_due_timers, 1),
    Job(jobs.deliver_messages, 5),
    Job(jobs.sweep_deadlines, 10),
    Job(notifying.remind_of_receipts, 300),
    Job(notifying.send_digests, 30),
    Job(deliveries.deliver_outbox, 15),
    Job(background.run_background_jobs, 2),
    Job(jobs.retry_incidents, 60),
    Job(jobs.seal_days, 300),
    Job(background.tidy_job_files, 3600),
    Job(jobs.begin_annual_reference, 3600),
    Job(jobs.begin_annual_planning, 3600),
)
RECKONINGS = (Job(reckon_forecasts, 3600),)
"""What changes no case and is only looked at: no part of a pass of due work."""


def add_jobs(
    scheduler: BaseScheduler, *, desk: Desk, settings: Settings, is_stopping: Callable[[], bool] = lambda: False
) -> None:
    """Puts the timetable on a scheduler; its jobs live in memory only, the truth is in our tables."""
    clock = Clock(desk, settings, utc_now, is_stopping)
    for job in (*TIMETABLE, *RECKONINGS):
        scheduler.add_job(
            run_job, "interval", args=(job, clock), id=job.run.__name__, seconds=job.seconds,
            coalesce=True, max_instances=1, misfire_grace_time=None,
        )  # fmt: skip


def run_forever(desk: Desk, settings: Settings) -> None:
    """Ticks until SIGTERM, which lets the running jobs end; what a harder end cuts off is rolled back and found again.

    Any number of clocks may run on one database.
    """
    scheduler, stopping = BlockingScheduler(timezone="UTC"), Event()
    add_jobs(scheduler, desk=desk, settings=settings, is_stopping=stopping.is_set)

    def stop(*_: object) -> None:
        stopping.set()
        scheduler.shutdown()

    signal.signal(signal.SIGTERM, stop)
    scheduler.start()


def run_job(job: Job, clock: Clock) -> int:
    """One run of one job, and its beat.  A job that fails as a whole (a lost database) is logged and comes again."""
    try:
        count = job.run(clock)
        _beat(job, clock, count)
    except Exception:
        logger.exception("job %s failed", job.run.__name__)
        return 0
    return count


def run_once(desk: Desk, settings: Settings, now: datetime) -> dict[str, int]:
    """One pass of all due work as of `now`, again until nothing more is due; how much each job did."""
    clock = Clock(desk, settings, lambda: now)
    counts = {job.run.__name__: 0 for job in TIMETABLE}
    for _ in range(MOST_PASSES):
        done = {job.run.__name__: job.run(clock) for job in TIMETABLE}
        for name, count in done.items():
            counts[name] += count
        if not any(done.values()):
            break
    desk.act(note_beats, counts=counts, now=now)
    return counts


def _beat(job: Job, clock: Clock, count: int) -> None:
    """A beat a minute is enough while there is nothing to do."""
    with clock.desk.sessions() as session:
        last = last_beat(session, job.run.__name__)
    if count or last is None or clock.now() - last >= BEAT_EVERY:
        clock.desk.act(note_beats, counts={job.run.__name__: count}, now=clock.now())
