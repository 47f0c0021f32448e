"""How a job runs: find what is due, then one act (one transaction) for each.

One broken item is noted, pushed back and never stops the sweep.  What is due, and what is done about it, the core knows.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from workflows.commands import annual as beginning
from workflows.commands.daily_root import day_to_seal, export_roots, seal_day
from workflows.commands.desk import Desk
from workflows.commands.incidents import (
    MOST_RETRIES,
    RETRIED_BY_CLOCK,
    next_retry_at,
    note_sweep_failure,
    retry_incident,
)
from workflows.commands.letters import sweep_deadline
from workflows.commands.messages import deliver_message, postpone_message
from workflows.commands.timers import Claim, claim_due_timers, fire_timer, note_timer_failure, release_timers
from workflows.queries import annual, due
from workflows.settings import Settings

logger = logging.getLogger(__name__)

AT_ONCE = 50
LEASE = timedelta(seconds=30)

Key = TypeVar("Key")


@dataclass(frozen=True)
class Clock:
    """What every job works with.  `now` is asked afresh for each item; long work asks whether the clock is to stop."""

    desk: Desk
    settings: Settings
    now: Callable[[], datetime]
    is_stopping: Callable[[], bool] = lambda: False


def fire_due_timers(clock: Clock) -> int:
    """Claims due timers and fires each; gives back what it cannot fire within half the lease."""

    def fire(claim: Claim) -> bool:
        return clock.desk.act(fire_timer, timer_id=claim.timer_id, token=claim.token, now=clock.now())

    def push_back(claim: Claim, error: str) -> None:
        clock.desk.act(note_timer_failure, timer_id=claim.timer_id, token=claim.token, error=error, now=clock.now())

    fired = 0
    while _found(clock, due.due_timers, 1):
        started = clock.now()
        claims = clock.desk.act(claim_due_timers, now=started, limit=AT_ONCE, lease_seconds=LEASE.seconds)
        while claims and clock.now() - started < LEASE / 2:
            fired += _attempt(fire, push_back, claims.pop(0))
        if claims:
            clock.desk.act(release_timers, claims=claims)
    return fired


def sweep_deadlines(clock: Clock) -> int:
    """Letters, levels and alarms of deadlines."""

    def sweep(deadline_id: int) -> bool:
        return any(clock.desk.act(sweep_deadline, deadline_id=deadline_id, now=clock.now()).values())

    def push_back(deadline_id: int, error: str) -> None:
        clock.desk.act(note_sweep_failure, deadline_id=deadline_id, error=error, now=clock.now())

    return _for_each_due(clock, due.due_deadlines, sweep, push_back)


def deliver_messages(clock: Clock) -> int:
    """Messages whose delivery right after the commit did not come about."""

    def deliver(message_id: int) -> str:
        return clock.desk.act(deliver_message, message_id=message_id, now=clock.now())

    def postpone(message_id: int, error: str) -> None:
        clock.desk.act(postpone_message, message_id=message_id, error=error, now=clock.now())

    return _for_each_due(clock, due.due_messages, deliver, postpone)


def retry_incidents(clock: Clock) -> int:
    """Tries stopped instances again, after 10, 30, 70 … minutes, five times."""

    def retry(incident_id: int) -> bool:
        return clock.desk.act(retry_incident, incident_id=incident_id, actor=None, now=clock.now())

    with clock.desk.sessions() as session:
        waiting = [
            incident_id
            for incident_id, opened_at, retries in due.open_incidents(session, RETRIED_BY_CLOCK)
            if retries < MOST_RETRIES and next_retry_at(opened_at, retries) <= clock.now()
        ]
    return sum(_attempt(retry, None, incident_id) for incident_id in waiting)


def seal_days(clock: Clock) -> int:
    """The root over all chains for the day that has ended, and its copy for the export."""
    with clock.desk.sessions() as session:
        day = day_to_seal(session, clock.now())
    if day is None:
        return 0
    clock.desk.act(seal_day, day=day, now=clock.now())
    clock.desk.act(export_roots)
    return 1


def begin_annual_reference(clock: Clock) -> int:
    """The assessment reference of the year that has ended, from 1 January on."""
    with clock.desk.sessions() as session:
        year = annual.year_to_assess(session, clock.now())
    return int(year is not None and clock.desk.act(beginning.begin_annual_reference, year=year, now=clock.now()))


def begin_annual_planning(clock: Clock) -> int:
    """The planning of the year's rounds, from 15 January on (P01)."""
    with clock.desk.sessions() as session:
        year = annual.year_to_plan(session, clock.now())
    return int(year is not None and clock.desk.act(beginning.begin_annual_planning, year=year, now=clock.now()))


def _for_each_due(
    clock: Clock,
    find: Callable[[Session, datetime, int], list[int]],
    handle: Callable[[int], object],
    note_failure: Callable[[int, str], None],
) -> int:
    """Until nothing new is due.  What has been tried once in this sweep is not tried again in it."""
    tried: set[int] = set()
    done = 0
    while found := [key for key in _found(clock, find, AT_ONCE + len(tried)) if key not in tried]:
        tried.update(found)
        done += sum(_attempt(handle, note_failure, key) for key in found)
    return done


def _found(clock: Clock, find: Callable[[Session, datetime, int], list[int]], limit: int) -> list[int]:
    with clock.desk.sessions() as session:
        return find(session, clock.now(), limit)


def _attempt(handle: Callable[[Key], object], note_failure: Callable[[Key, str], None] | None, key: Key) -> bool:
    """Whether the act did something.  Its failure is logged and noted, and goes no further."""
    try:
        return bool(handle(key))
    except Exception as error:  # one broken item must not stop the sweep
        logger.exception("%s %s failed", handle.__name__, key)
        if note_failure is not None:
            _note(note_failure, key, str(error) or type(error).__name__)
        return False


def _note(note_failure: Callable[[Key, str], None], key: Key, error: str) -> None:
    try:
        note_failure(key, error)
    except Exception:  # the lease or the next sweep brings the item back
        logger.exception("the failure of %s could not be noted", key)
