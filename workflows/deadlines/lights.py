"""Lights and three-colour letters (T15): which colour a deadline shows, which letter is due.  Pure; sends nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from workflows.deadlines.moments import days_left, is_overdue
from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import FIRST_DAY, TimeLimit, limit_on
from workflows.workdays import closing_day, start_of_day


class Light(StrEnum):
    """The colour of a deadline; always derived, never stored by hand."""

    NONE = "none"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    CLOSED = "closed"


class LetterKind(IntEnum):
    """Letters in rising order: 绿色提示, 黄色预警, 最后提醒, 红色督办."""

    GREEN = 1
    YELLOW = 2
    FINAL = 3
    RED = 4


_OWNERS = ("handler", "measure_owner")
_RECIPIENTS = MappingProxyType(
    {
        LetterKind.GREEN: _OWNERS,
        LetterKind.YELLOW: (*_OWNERS, "unit_leader"),
        LetterKind.FINAL: (*_OWNERS, "unit_leader", "unit_liaison"),
        LetterKind.RED: (*_OWNERS, "unit_leader", "unit_liaison", "unit_principal"),
    }
)


@dataclass(frozen=True)
class LightPolicy:
    """Days left at which each colour begins (T15), and who receives each letter, as role codes.

    "handler" (经办) is whoever holds the task; the red letter goes to the unit (by its liaison) and its principal.
    """

    green_days: int
    yellow_days: int
    final_days: int
    recipients: Mapping[LetterKind, tuple[str, ...]] = field(default_factory=lambda: _RECIPIENTS, hash=False)

    @classmethod
    def of(cls, limits: Collection[TimeLimit], day: date) -> "LightPolicy":
        """The policy that the register holds on `day`."""
        green, yellow, final = (limit_on(f"T15.{name}", day, limits).amount for name in ("green", "yellow", "final"))
        return cls(green, yellow, final)


DEFAULT_POLICY = LightPolicy.of(REGISTER, FIRST_DAY)


@dataclass(frozen=True)
class Letter:
    """A letter: `rule_at` is the moment its rule says (00:00 of the day; for red the due moment), not the sending."""

    kind: LetterKind
    rule_at: datetime
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class LettersDue:
    """What to do now: send `letter`; record `superseded` as passed over.  Both empty: nothing."""

    letter: Letter | None
    superseded: tuple[Letter, ...] = ()


def light(
    due_at: datetime, *, met_at: datetime | None, paused: bool, now: datetime, policy: LightPolicy = DEFAULT_POLICY
) -> Light:
    """The colour now.  A stopped clock shows none; what is met is closed, late or not."""
    if met_at is not None:
        return Light.CLOSED
    if paused:
        return Light.NONE
    if is_overdue(due_at, now):
        return Light.RED
    left = days_left(due_at, now)
    if left <= policy.yellow_days:
        return Light.YELLOW
    return Light.GREEN if left <= policy.green_days else Light.NONE


def is_final(due_at: datetime, now: datetime, policy: LightPolicy = DEFAULT_POLICY) -> bool:
    """Whether the last prompt before the due moment applies (T15: at most 3 days left, not yet overdue)."""
    return not is_overdue(due_at, now) and days_left(due_at, now) <= policy.final_days


def letters(due_at: datetime, policy: LightPolicy = DEFAULT_POLICY) -> tuple[Letter, ...]:
    """Every letter of a deadline with the moment its rule says, in rising order."""
    before = ((LetterKind.GREEN, policy.green_days), (LetterKind.YELLOW, policy.yellow_days))
    moments = {kind: _days_before(due_at, days) for kind, days in (*before, (LetterKind.FINAL, policy.final_days))}
    moments[LetterKind.RED] = due_at
    return tuple(Letter(kind, at, policy.recipients[kind]) for kind, at in moments.items())


def letters_due(
    due_at: datetime,
    *,
    since: datetime,
    sent: Collection[LetterKind],
    met_at: datetime | None,
    paused: bool,
    now: datetime,
    policy: LightPolicy = DEFAULT_POLICY,
) -> LettersDue:
    """The one letter to send now: the highest whose moment has come, above every one already handled.

    `since` is when this due moment began to apply (`Standing.since`) and `sent` what was handled since then: a short
    deadline gets no letter for moments before it existed, an extended one starts anew.  Lower letters that were
    missed, as after downtime, come back as superseded with the date their rule says, and are never sent.
    """
    if met_at is not None or paused:
        return LettersDue(None)
    handled = max(sent, default=0)
    missed = [
        letter
        for letter in letters(due_at, policy)
        if letter.kind > handled
        and letter.rule_at <= now
        and (letter.rule_at >= since or letter.kind is LetterKind.RED)
    ]
    return LettersDue(missed[-1], tuple(missed[:-1])) if missed else LettersDue(None)


def next_letter_at(
    due_at: datetime, *, sent: Collection[LetterKind], now: datetime, policy: LightPolicy = DEFAULT_POLICY
) -> datetime | None:
    """When the clock should look again for a letter; None after the red one."""
    handled = max(sent, default=0)
    coming = (one.rule_at for one in letters(due_at, policy) if one.kind > handled and one.rule_at > now)
    return min(coming, default=None)


def _days_before(due_at: datetime, days: int) -> datetime:
    return start_of_day(closing_day(due_at) - timedelta(days=days))
