"""A sweep survives one failure, says what it did, and finds nothing the second time."""

from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select

from scheduler.timetable import RECKONINGS, TIMETABLE, add_jobs, run_once
from tests.scheduler.stories import lose_calendar, restore_calendar
from workflows.database import atomic
from workflows.models import ClockBeat, DailyRoot, Incident, Message, ProcessInstance, Task, Timer
from workflows.records import messages

MINUTE = timedelta(minutes=1)


def test_one_pass_does_all_that_is_due(desk, settings, patient, due):
    before = run_once(desk, settings, due - MINUTE)
    assert before["fire_due_timers"] == 0
    counts = run_once(desk, settings, due)
    assert counts["fire_due_timers"] == 3
    assert set(counts) == {job.run.__name__ for job in TIMETABLE}
    assert not any(run_once(desk, settings, due).values())
    with desk.sessions() as session:
        beats = {beat.job: beat.ran_at for beat in session.scalars(select(ClockBeat))}
    assert beats == dict.fromkeys(counts, due)


def test_a_broken_instance_stops_nobody_else(desk, settings, patient, fragile, due):
    lose_calendar(desk.sessions)
    assert run_once(desk, settings, due)["fire_due_timers"] == 3
    with desk.sessions() as session:
        assert session.scalars(select(Task.instance_id).order_by(Task.instance_id)).all() == patient
        (broken,) = session.scalars(select(Timer).where(Timer.instance_id == fragile))
        assert (broken.state, broken.attempts, broken.lease_until) == (0, 1, due + MINUTE)


def test_a_mended_cause_lets_the_timer_go_on_by_itself(desk, settings, fragile, due):
    lose_calendar(desk.sessions)
    run_once(desk, settings, due)
    restore_calendar(desk.sessions, due)
    assert run_once(desk, settings, due + MINUTE)["fire_due_timers"] == 1
    with desk.sessions() as session:
        assert session.scalars(select(Task.element)).one() == "look"


def test_the_clock_retries_an_incident_with_growing_delay(desk, settings, fragile, due):
    lose_calendar(desk.sessions)
    opened = _until_incident(desk, settings, due)
    tries = [minutes for minutes in range(0, 320, 10) if _retried(desk, settings, opened + minutes * MINUTE)]
    assert tries == [10, 30, 70, 150, 310]
    assert not _retried(desk, settings, opened + timedelta(days=9))
    with desk.sessions() as session:
        assert session.get_one(ProcessInstance, fragile).status == "incident"
        assert session.scalars(select(Incident)).one().resolved_at is None


def test_an_incident_whose_cause_has_passed_settles_itself(desk, settings, fragile, due):
    lose_calendar(desk.sessions)
    opened = _until_incident(desk, settings, due)
    restore_calendar(desk.sessions, due)
    assert run_once(desk, settings, opened + 10 * MINUTE)["retry_incidents"] == 1
    with desk.sessions() as session:
        assert session.get_one(ProcessInstance, fragile).status == "running"
        assert session.scalars(select(Task.element)).one() == "look"
        assert session.scalars(select(Incident)).one().resolved_at == opened + 10 * MINUTE


def test_a_message_left_behind_is_delivered_by_the_clock(desk, settings, region, now):
    with atomic(desk.sessions) as session:
        messages.send(session, name="nobody.waits", key="XR-1", now=now)
    assert run_once(desk, settings, now)["deliver_messages"] == 1
    with desk.sessions() as session:
        assert session.scalars(select(Message.status)).one() == "unclaimed"


def test_each_day_is_sealed_once_and_exported(desk, settings, region, now):
    assert run_once(desk, settings, now)["seal_days"] == 1  # installing has been recorded
    assert run_once(desk, settings, now + timedelta(hours=1))["seal_days"] == 0
    assert run_once(desk, settings, now + timedelta(days=3))["seal_days"] == 1
    with desk.sessions() as session:
        days = list(session.scalars(select(DailyRoot.day).order_by(DailyRoot.day)))
    assert [(now.date() - day).days for day in days] == [1, -2]
    lines = (settings.files_dir.parent / "roots" / "daily_roots.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 2


def test_the_timetable_keeps_its_jobs_in_memory(desk, settings):
    scheduler = BackgroundScheduler(timezone="UTC")
    add_jobs(scheduler, desk=desk, settings=settings)
    scheduler.start(paused=True)
    jobs = scheduler.get_jobs()
    scheduler.shutdown()
    assert {job.id for job in jobs} == {job.run.__name__ for job in (*TIMETABLE, *RECKONINGS)}
    assert {(job.coalesce, job.max_instances, job.misfire_grace_time) for job in jobs} == {(True, 1, None)}


def _until_incident(desk, settings, due):
    moment = due
    for wait in (1, 2, 4, 8, 0):
        run_once(desk, settings, moment)
        moment += wait * MINUTE
    with desk.sessions() as session:
        return session.scalars(select(Incident.opened_at)).one()


def _retried(desk, settings, moment) -> bool:
    with desk.sessions() as session:
        before = session.scalars(select(Incident.retries)).one()
    run_once(desk, settings, moment)
    with desk.sessions() as session:
        return session.scalars(select(Incident.retries)).one() > before
