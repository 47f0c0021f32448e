"""Fires due timers, each once: claim by lease, fire behind a fence, push back what fails (trust.md §5).

`now` is the caller's, not the database's: a test clock must be able to drive every timer, and the hosts of an
installation keep their clocks by NTP.  No timer fires twice even if two clocks disagree, because what decides is the
token: a later claim replaces it, and an earlier claimant's UPDATE then finds no row.  Clocks only decide how soon a
lost claim is taken over.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, literal_column, or_, select, update
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.commands.stepping import advance, locked_instance, open_incident
from workflows.models import ProcessInstance, Timer
from workflows.operations.context import Context
from workflows.records import history

WAITING, GONE, GIVEN_UP = 0, 1, 2
MOST_ATTEMPTS = 5
# A literal, so that the planner can see that the partial index on waiting timers answers.
IS_WAITING = Timer.state == literal_column("0")


class Claim(NamedTuple):
    """A timer that is ours until the lease ends, and the token that proves it."""

    timer_id: int
    token: str


class TimerStuck(Exception):
    """The engine was woken for a due timer and still waits for it."""


def claim_due_timers(work: Work, *, now: datetime, limit: int = 50, lease_seconds: int = 30) -> list[Claim]:
    """Takes up to `limit` due timers of running instances, oldest first; commits before any of them is fired.

    Each claim counts as an attempt, so a timer whose step kills its process is given up in the end.
    """
    due = (
        select(Timer.id)
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(IS_WAITING, Timer.due_at <= now, or_(Timer.lease_until.is_(None), Timer.lease_until <= now))
        .where(ProcessInstance.status == "running")
        .order_by(Timer.due_at, Timer.id)
        .limit(limit)
        .with_for_update(of=Timer, skip_locked=True)
    )
    claims = [Claim(timer_id, secrets.token_hex(16)) for timer_id in work.session.scalars(due)]
    for claim in claims:
        work.session.execute(
            update(Timer)
            .where(Timer.id == claim.timer_id)
            .values(
                lease_token=claim.token,
                lease_until=now + timedelta(seconds=lease_seconds),
                attempts=Timer.attempts + 1,
            )
        )
    return claims


def fire_timer(work: Work, *, timer_id: int, token: str, now: datetime) -> bool:
    """Wakes the timer's instance and writes the step down; False when the claim no longer holds.

    The instance is locked before the timer, as everywhere else, so that a person at work never meets a deadlock.
    """
    session = work.session
    timer = session.execute(
        select(Timer.instance_id, Timer.key, Timer.element, Timer.due_at, Timer.attempts).where(Timer.id == timer_id)
    ).one()
    instance = locked_instance(session, timer.instance_id)
    if instance.status != "running" or not _pass_fence(session, timer_id, token, now):
        return False
    if timer.attempts > MOST_ATTEMPTS:  # every earlier claimant died before it could say why
        _give_up(session, instance, timer_id, timer.element, "定时器多次触发均未完成，运行它的进程中断", now)
        return True
    context = Context(session, instance, now)
    step = advance(
        work,
        instance,
        context,
        lambda: work.engine.wake(instance.model_digest, instance.state, surroundings=context),
    )
    if any(waiting.key == timer.key and waiting.due_at <= now for waiting in step.timers):
        raise TimerStuck(f"定时器“{timer.element}”已到期，但流程没有触发它")
    history.record(
        session, action="fire_timer", summary=f"到期触发“{timer.element}”", now=now,
        case_id=instance.case_id, finding_id=instance.finding_id,
        object_kind="timer", object_id=timer_id,
        details={"element": timer.element, "due_at": timer.due_at.isoformat(), "passed": list(step.passed)},
    )  # fmt: skip
    return True


def note_timer_failure(work: Work, *, timer_id: int, token: str, error: str, now: datetime) -> None:
    """Pushes a timer back by 1, 2, 4, 8 minutes; after the fifth failure its instance is an incident."""
    session = work.session
    instance_id = session.scalars(select(Timer.instance_id).where(Timer.id == timer_id)).one()
    instance = locked_instance(session, instance_id)
    timer = session.get_one(Timer, timer_id, populate_existing=True)
    if timer.state != WAITING or timer.lease_token != token:
        return
    timer.last_error, timer.lease_token = error[:2000], None
    if timer.attempts >= MOST_ATTEMPTS:
        _give_up(session, instance, timer_id, timer.element, error, now)
    else:
        timer.lease_until = now + timedelta(minutes=2 ** (timer.attempts - 1))


def release_timers(work: Work, *, claims: Sequence[Claim]) -> None:
    """Gives back claims that were not tried, so that they do not count as attempts."""
    for claim in claims:
        work.session.execute(
            update(Timer)
            .where(Timer.id == claim.timer_id, Timer.lease_token == claim.token, IS_WAITING)
            .values(lease_token=None, lease_until=None, attempts=Timer.attempts - 1)
        )


def _pass_fence(session: Session, timer_id: int, token: str, now: datetime) -> bool:
    """Whether the claim still holds; if so the timer is marked fired, for nobody else to take."""
    fence = (
        update(Timer)
        .where(Timer.id == timer_id, Timer.lease_token == token, IS_WAITING, Timer.lease_until > now)
        .values(state=GONE, fired_at=now, lease_token=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], session.execute(fence)).rowcount == 1


def _give_up(
    session: Session, instance: ProcessInstance, timer_id: int, element: str, error: str, now: datetime
) -> None:
    session.execute(
        update(Timer)
        .where(Timer.id == timer_id)
        .values(state=GIVEN_UP, lease_token=None, lease_until=None, last_error=error[:2000])
    )
    open_incident(session, instance, kind="timer", element=element, message=error, now=now)
