"""Timers fire once, whoever looks and however often; what fails is pushed back and, in the end, an incident."""

import threading
from datetime import timedelta

from sqlalchemy import event, func, select, text

from tests.scheduler.stories import PATIENT, begin, lose_calendar, publish
from workflows.assembly import build_desk
from workflows.commands.timers import (
    MOST_ATTEMPTS,
    claim_due_timers,
    fire_timer,
    note_timer_failure,
    release_timers,
)
from workflows.database import atomic
from workflows.models import HistoryEntry, Incident, ProcessInstance, Task, Timer

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def fired(session) -> list[int]:
    """Which timers the history says have fired, once for each time."""
    return list(session.scalars(select(HistoryEntry.object_id).where(HistoryEntry.action == "fire_timer")))


def test_a_due_timer_is_claimed_and_fired(desk, patient, due):
    assert desk.act(claim_due_timers, now=due - SECOND) == []
    claims = desk.act(claim_due_timers, now=due)
    assert len(claims) == 3
    assert [desk.act(fire_timer, timer_id=i, token=t, now=due) for i, t in claims] == [True] * 3
    with desk.sessions() as session:
        assert [task.element for task in session.scalars(select(Task))] == ["look"] * 3
        assert {timer.state for timer in session.scalars(select(Timer))} == {1}
        assert {timer.fired_at for timer in session.scalars(select(Timer))} == {due}


def test_a_claimed_timer_is_nobody_elses_until_the_lease_ends(desk, patient, due):
    first = desk.act(claim_due_timers, now=due)
    assert desk.act(claim_due_timers, now=due + 29 * SECOND) == []
    second = desk.act(claim_due_timers, now=due + 30 * SECOND)
    assert {c.timer_id for c in second} == {c.timer_id for c in first}
    later = due + 31 * SECOND
    assert [desk.act(fire_timer, timer_id=i, token=t, now=later) for i, t in first] == [False] * 3
    assert [desk.act(fire_timer, timer_id=i, token=t, now=later) for i, t in second] == [True] * 3
    with desk.sessions() as session:
        assert len(fired(session)) == 3


def test_a_late_claimant_finds_the_fence_closed(desk, patient, due):
    (timer_id, token), *_ = desk.act(claim_due_timers, now=due)
    assert not desk.act(fire_timer, timer_id=timer_id, token=token, now=due + 30 * SECOND)
    assert not desk.act(fire_timer, timer_id=timer_id, token="stolen", now=due)
    assert desk.act(fire_timer, timer_id=timer_id, token=token, now=due + 29 * SECOND)
    assert not desk.act(fire_timer, timer_id=timer_id, token=token, now=due + 29 * SECOND)
    with desk.sessions() as session:
        assert fired(session) == [timer_id]


def test_four_clocks_fire_each_timer_once(desk, settings, now, due):
    publish(desk, "patient", PATIENT, now)
    desk.act(begin, process="patient", count=40, now=now)
    failures: list[BaseException] = []
    together = threading.Barrier(4)

    def run_clock() -> None:
        own = build_desk(settings)
        together.wait()
        try:
            while claims := own.act(claim_due_timers, now=due, limit=3):
                for timer_id, token in claims:
                    own.act(fire_timer, timer_id=timer_id, token=token, now=due)
        except BaseException as error:
            failures.append(error)
        finally:
            own.sessions.kw["bind"].dispose()

    clocks = [threading.Thread(target=run_clock) for _ in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert failures == []
    with desk.sessions() as session:
        assert len(fired(session)) == len(set(fired(session))) == 40
        assert session.scalar(select(func.count()).select_from(Task)) == 40


def test_a_failing_timer_is_pushed_back_ever_longer_and_becomes_an_incident(desk, patient, fragile, due):
    lose_calendar(desk.sessions)
    moment, waits = due, []
    for _ in range(MOST_ATTEMPTS):
        (claim,) = [c for c in desk.act(claim_due_timers, now=moment) if _instance(desk, c) == fragile]
        _fail(desk, claim, moment)
        with desk.sessions() as session:
            timer = session.get_one(Timer, claim.timer_id)
            waits.append(timer.lease_until - moment if timer.lease_until else None)
            assert "reckon" in timer.last_error
        moment = timer.lease_until or moment
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, None]
    with desk.sessions() as session:
        assert session.get_one(Timer, claim.timer_id).state == 2
        assert session.get_one(ProcessInstance, fragile).status == "incident"
        assert session.scalars(select(Incident)).one().element == "ten_days"
        others = session.scalars(select(ProcessInstance.status).where(ProcessInstance.id.in_(patient)))
        assert set(others) == {"running"}


def test_claimants_that_die_every_time_leave_an_incident(desk, patient, due):
    moment = due
    for _ in range(MOST_ATTEMPTS):
        assert len(desk.act(claim_due_timers, now=moment)) == 3
        moment += 30 * SECOND
    for timer_id, token in desk.act(claim_due_timers, now=moment):
        assert desk.act(fire_timer, timer_id=timer_id, token=token, now=moment)
    with desk.sessions() as session:
        assert {timer.state for timer in session.scalars(select(Timer))} == {2}
        assert session.scalar(select(func.count()).select_from(Incident)) == 3
        assert fired(session) == []


def test_a_claim_given_back_does_not_count_as_an_attempt(desk, patient, due):
    claims = desk.act(claim_due_timers, now=due)
    desk.act(release_timers, claims=claims)
    with desk.sessions() as session:
        assert {timer.attempts for timer in session.scalars(select(Timer))} == {0}
    assert len(desk.act(claim_due_timers, now=due)) == 3


def test_a_failure_noted_too_late_changes_nothing(desk, patient, due):
    (timer_id, token), *_ = desk.act(claim_due_timers, now=due)
    desk.act(fire_timer, timer_id=timer_id, token=token, now=due)
    desk.act(note_timer_failure, timer_id=timer_id, token=token, error="late", now=due)
    with desk.sessions() as session:
        assert session.get_one(Timer, timer_id).state == 1


def test_a_stopped_instance_keeps_its_timers_unclaimed(desk, patient, due):
    with atomic(desk.sessions) as session:
        session.get_one(ProcessInstance, patient[0]).status = "incident"
    assert {_instance(desk, claim) for claim in desk.act(claim_due_timers, now=due)} == set(patient[1:])


def test_a_sweep_over_many_waiting_timers_is_one_look_at_the_index(desk, patient, due):
    """100,000 open timers, none due: one statement, answered by the partial index."""
    with atomic(desk.sessions) as session:
        session.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
                "INSERT INTO timers (instance_id, key, element, due_at, state, attempts, last_error) "
                "SELECT :instance, 'k' || i, 'far', :due, 0, 0, '' FROM n"
            ),
            {"instance": patient[0], "due": (due + timedelta(days=300)).replace(tzinfo=None)},
        )
    with desk.sessions.kw["bind"].connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE timers")
    statements: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    engine = desk.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    assert desk.act(claim_due_timers, now=due - SECOND) == []
    event.remove(engine, "before_cursor_execute", note)
    asked = [(s, p) for s, p in statements if not s.startswith(("BEGIN", "COMMIT"))]
    assert len(asked) == 1
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + asked[0][0], asked[0][1]))
    assert "ix_timers_due" in plan


def _instance(desk, claim) -> int:
    with desk.sessions() as session:
        return session.get_one(Timer, claim.timer_id).instance_id


def _fail(desk, claim, moment) -> None:
    """One try of a clock whose step fails."""
    try:
        desk.act(fire_timer, timer_id=claim.timer_id, token=claim.token, now=moment)
    except Exception as error:
        desk.act(note_timer_failure, timer_id=claim.timer_id, token=claim.token, error=str(error), now=moment)
    else:
        raise AssertionError("the step was expected to fail")
