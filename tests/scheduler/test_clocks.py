"""Clocks as processes of their own: several at once, one of them killed in the middle, one told to stop."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from scheduler.timetable import run_once
from tests.scheduler.stories import PATIENT, begin, publish
from workflows.assembly import build_desk
from workflows.commands.beats import note_beats
from workflows.commands.daily_root import day_to_seal, seal_day
from workflows.commands.timers import claim_due_timers
from workflows.models import ClockBeat, HistoryEntry, Task, Timer
from workflows.settings import ROOT, Settings

TIMERS = 24
spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def many(desk, now) -> None:
    publish(desk, "patient", PATIENT, now)
    desk.act(begin, process="patient", count=TIMERS, now=now)


def run_clock(settings: Settings, now: datetime) -> None:
    """One pass of a clock in a process of its own."""
    run_once(build_desk(settings), settings, now)


def die_with_claims(settings: Settings, now: datetime) -> None:
    """A clock that is killed right after it has claimed some timers."""
    build_desk(settings).act(claim_due_timers, now=now, limit=5)
    os.kill(os.getpid(), signal.SIGKILL)


def test_three_clock_processes_and_a_killed_one_fire_each_timer_once(desk, settings, many, due):
    killed = spawn.Process(target=die_with_claims, args=(settings, due))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    clocks = [spawn.Process(target=run_clock, args=(settings, due)) for _ in range(3)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert [clock.exitcode for clock in clocks] == [0, 0, 0]
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Timer).where(Timer.state == 0)) == 5
        lease_ends = session.scalars(select(Timer.lease_until).where(Timer.state == 0)).first()
    run_once(desk, settings, lease_ends)
    with desk.sessions() as session:
        fired = session.scalars(select(HistoryEntry.object_id).where(HistoryEntry.action == "fire_timer")).all()
        assert len(fired) == len(set(fired)) == TIMERS
        assert session.scalar(select(func.count()).select_from(Task)) == TIMERS


def test_the_clock_runs_as_its_own_process_until_it_is_told_to_stop(desk, settings):
    environment = os.environ | {
        "HUITOU_DATABASE_URL": settings.database_url,
        "HUITOU_FILES_DIR": str(settings.files_dir),
        "HUITOU_SECRET_KEY": "test",
    }
    clock = subprocess.Popen([sys.executable, "-m", "scheduler"], cwd=ROOT, env=environment)
    try:
        _until(lambda: "fire_due_timers" in _beats(desk), clock)
        clock.send_signal(signal.SIGTERM)
        assert clock.wait(timeout=30) == 0
    finally:
        clock.kill()


def _beats(desk) -> list[str]:
    with desk.sessions() as session:
        return list(session.scalars(select(ClockBeat.job)))


def _until(happened: Callable[[], bool], clock: subprocess.Popen[bytes], looks: int = 300) -> None:
    """Looks ten times a second until the clock has done it; a clock that ends meanwhile has failed."""
    for _ in range(looks):
        if happened():
            return
        with pytest.raises(subprocess.TimeoutExpired):
            clock.wait(timeout=0.1)
    raise AssertionError("it did not happen in time")


def test_clocks_that_begin_at_once_note_one_beat_and_seal_one_day(desk, many, now):
    """Whoever comes second finds what the first has written, and goes on."""
    tomorrow, barrier = now + timedelta(days=1), Barrier(4)
    day = day_to_seal_of(desk, tomorrow)

    def begins(_number: int) -> str:
        barrier.wait()
        desk.act(note_beats, counts={"seal_days": 1, "deliver_outbox": 0}, now=tomorrow)
        return desk.act(seal_day, day=day, now=tomorrow).root

    with ThreadPoolExecutor(4) as clocks:
        roots = set(clocks.map(begins, range(4)))
    assert len(roots) == 1
    assert sorted(_beats(desk)) == ["deliver_outbox", "seal_days"]


def day_to_seal_of(desk, now):
    with desk.sessions() as session:
        return day_to_seal(session, now)
