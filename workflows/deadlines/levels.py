"""The escalation ladder by time (T18) and the alarm for what nobody looks after (T27).  Pure; starts no process.

D5 may raise a level for other reasons (returns, false rectification); this is the part that time alone decides.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflows.deadlines.moments import is_overdue
from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import FIRST_DAY, TimeLimit, limit_on
from workflows.workdays import Calendar, closing_day, local_date, start_of_day


@dataclass(frozen=True)
class LevelPolicy:
    """Days overdue at which level 1, 2, 3, 4 begins (T18); working days without an act that are too many (T27)."""

    overdue_days: tuple[int, ...]
    unattended_workdays: int

    @classmethod
    def of(cls, limits: Collection[TimeLimit], day: date) -> "LevelPolicy":
        """The policy that the register holds on `day`."""
        ladder = tuple(limit_on(f"T18.{level}", day, limits).amount for level in range(1, HIGHEST_LEVEL + 1))
        return cls(ladder, limit_on("T27", day, limits).amount)


HIGHEST_LEVEL = 4
DEFAULT_POLICY = LevelPolicy.of(REGISTER, FIRST_DAY)


@dataclass(frozen=True)
class Level:
    """A level and the moment its rule says: 00:00 of the day on which the item is overdue by so many days."""

    level: int
    rule_at: datetime


@dataclass(frozen=True)
class LevelDue:
    """What to do now: raise to `level`; record `superseded` as passed over.  Both empty: nothing."""

    level: Level | None
    superseded: tuple[Level, ...] = ()


def levels(due_at: datetime, *, critical: bool = False, policy: LevelPolicy = DEFAULT_POLICY) -> tuple[Level, ...]:
    """Every level of a deadline with its moment.  Critical severity stands one level higher throughout (D5 row 8)."""
    due_on, highest = closing_day(due_at), len(policy.overdue_days)
    steps = [
        Level(number + critical, max(due_at, start_of_day(due_on + timedelta(days=days))))
        for number, days in enumerate(policy.overdue_days, start=1)
    ]
    return tuple(step for step in steps if step.level <= highest)


def level_now(
    due_at: datetime, *, now: datetime, critical: bool = False, policy: LevelPolicy = DEFAULT_POLICY
) -> int:
    """The level that time alone gives now; 0 when not overdue."""
    return max(
        (step.level for step in levels(due_at, critical=critical, policy=policy) if step.rule_at <= now), default=0
    )


def level_due(
    due_at: datetime,
    *,
    reached: int,
    met_at: datetime | None,
    paused: bool,
    now: datetime,
    critical: bool = False,
    policy: LevelPolicy = DEFAULT_POLICY,
) -> LevelDue:
    """The highest level now due above `reached`; never down.  After downtime lower missed ones are superseded."""
    if met_at is not None or paused:
        return LevelDue(None)
    missed = [s for s in levels(due_at, critical=critical, policy=policy) if s.level > reached and s.rule_at <= now]
    return LevelDue(missed[-1], tuple(missed[:-1])) if missed else LevelDue(None)


def next_level_at(
    due_at: datetime, *, reached: int, critical: bool = False, policy: LevelPolicy = DEFAULT_POLICY
) -> datetime | None:
    """The moment of the first level above `reached`; None at the top of the ladder."""
    steps = levels(due_at, critical=critical, policy=policy)
    return min((step.rule_at for step in steps if step.level > reached), default=None)


def unattended_at(
    due_at: datetime, last_act_at: datetime | None, calendar: Calendar, policy: LevelPolicy = DEFAULT_POLICY
) -> datetime:
    """When an overdue item counts as unattended (T27): three working days after it fell due or was last acted on."""
    start = closing_day(due_at)
    if last_act_at is not None:
        start = max(start, local_date(last_act_at))
    last = calendar.workdays_after(start, policy.unattended_workdays)
    return start_of_day(last + timedelta(days=1))


def is_unattended(
    due_at: datetime,
    last_act_at: datetime | None,
    calendar: Calendar,
    *,
    met_at: datetime | None,
    paused: bool,
    now: datetime,
    policy: LevelPolicy = DEFAULT_POLICY,
) -> bool:
    """Overdue, the clock running, and no act for the working days of T27."""
    if met_at is not None or paused:
        return False
    return is_overdue(due_at, now) and now >= unattended_at(due_at, last_act_at, calendar, policy)
