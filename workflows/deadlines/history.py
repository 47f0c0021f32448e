"""A deadline's life as a sequence of changes, and where it stands after them.  Knows no table and no clock.

Each change that moves the due moment carries the moment it moved it to, as decided that day, so a later calendar
never rewrites the past: a new calendar is one more change.  The days always add up:

    original + extended + paused + rolled + recalculated = total;   net = total - paused
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NoReturn

from workflows.deadlines.derivation import Derivation
from workflows.refusal import Refusal
from workflows.workdays import Calendar, closing_day, due_text, end_of_day, local_date


class PauseKind(StrEnum):
    """Why a clock may stop (domain 3.3)."""

    OBJECTION = "objection"  # 复核期间
    EXTERNAL_DEPENDENCY = "external_dependency"  # 客观原因，经分管副部长批准，最长60日


LONGEST_PAUSE_DAYS = {PauseKind.EXTERNAL_DEPENDENCY: 60}


class DeadlineRefused(Refusal):
    """The deadline is not in a state in which this can be done."""

    rule = "deadline_state"


@dataclass(frozen=True)
class Opened:
    """The first row: counted from the anchor at `anchor_at`, due at `due_at`, under a calendar version."""

    at: datetime
    anchor_at: datetime
    due_at: datetime
    calendar_version: int


@dataclass(frozen=True)
class Extended:
    """Approved: now due at `due_at`.  `approver_role` is the role that decided."""

    at: datetime
    due_at: datetime
    reason: str
    approver_role: str


@dataclass(frozen=True)
class Paused:
    """The clock stopped at `at`."""

    at: datetime
    kind: PauseKind
    reason: str


@dataclass(frozen=True)
class Resumed:
    """The clock runs again: `paused_days` calendar days were added, then rolled to a working day: `due_at`."""

    at: datetime
    paused_days: int
    due_at: datetime


@dataclass(frozen=True)
class Recalculated:
    """A new calendar version moved it to `due_at`."""

    at: datetime
    due_at: datetime
    calendar_version: int


@dataclass(frozen=True)
class Met:
    """What was due was done."""

    at: datetime


@dataclass(frozen=True)
class Voided:
    """It no longer counts; never deleted."""

    at: datetime
    reason: str


Change = Opened | Extended | Paused | Resumed | Recalculated | Met | Voided


@dataclass(frozen=True)
class Standing:
    """Where a deadline stands.  Days are local calendar days; `pause` is the open pause, if the clock is stopped."""

    opened_at: datetime
    anchor_at: datetime
    original_due: datetime
    due_at: datetime
    since: datetime  # from when this due moment has applied: letters look back no further
    calendar_version: int
    extension_count: int = 0
    extended_days: int = 0
    paused_days: int = 0
    rolled_days: int = 0
    recalculated_days: int = 0
    pause: Paused | None = None
    met_at: datetime | None = None
    voided_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Neither met nor voided."""
        return self.met_at is None and self.voided_at is None

    @property
    def is_paused(self) -> bool:
        """The clock is stopped now."""
        return self.pause is not None

    @property
    def original_days(self) -> int:
        """From the anchor's day to the original due day."""
        return (closing_day(self.original_due) - local_date(self.anchor_at)).days

    @property
    def total_days(self) -> int:
        """From the anchor's day to the present due day."""
        return (closing_day(self.due_at) - local_date(self.anchor_at)).days

    @property
    def net_days(self) -> int:
        """The days that were really given: total less the days the clock stood still."""
        return self.total_days - self.paused_days

    @property
    def reconciles(self) -> bool:
        """Original and every change add up to the present due day."""
        changes = self.extended_days + self.paused_days + self.rolled_days + self.recalculated_days
        return self.original_days + changes == self.total_days


def opened(derivation: Derivation, *, anchor_at: datetime, at: datetime) -> Opened:
    """The first change, from a derivation."""
    return Opened(at, anchor_at, derivation.due_at, derivation.calendar_version)


def current(changes: Iterable[Change]) -> Standing:
    """Where the deadline stands after `changes`, in order.  A sequence that cannot have happened is refused."""
    first, *rest = changes
    if not isinstance(first, Opened):
        raise DeadlineRefused("时限的第一条记录须为开始计时。")
    standing = Standing(first.at, first.anchor_at, first.due_at, first.due_at, first.at, first.calendar_version)
    last_at = first.at
    for change in rest:
        if change.at < last_at:
            raise DeadlineRefused("时限的变更记录前后颠倒。")
        standing, last_at = _after(standing, change), change.at
    return standing


def _after(now: Standing, change: Change) -> Standing:
    """One change applied."""
    _check_open(now)
    match change:
        case Extended():
            days = _moved_days(now, change.due_at)
            count = now.extension_count + 1
            now = replace(now, extension_count=count, extended_days=now.extended_days + days)
            return replace(now, due_at=change.due_at, since=change.at)
        case Recalculated():
            days = now.recalculated_days + _moved_days(now, change.due_at)
            now = replace(now, recalculated_days=days, calendar_version=change.calendar_version)
            return replace(now, due_at=change.due_at, since=change.at)
        case Paused():
            return replace(now, pause=change) if now.pause is None else _refuse_paused()
        case Resumed():
            return _after_pause(now, change)
        case Met():
            return replace(now, met_at=change.at, pause=None)
        case Voided():
            return replace(now, voided_at=change.at, pause=None)
        case Opened():
            raise DeadlineRefused("时限不能重复开始计时。")


def _after_pause(now: Standing, change: Resumed) -> Standing:
    if now.pause is None:
        raise DeadlineRefused("计时没有中止，不能恢复。")
    if change.paused_days != counted_pause_days(now.pause, change.at):
        raise DeadlineRefused("恢复计时记录的中止天数与起止日期不符。")
    rolled = _moved_days(now, change.due_at) - change.paused_days
    now = replace(now, paused_days=now.paused_days + change.paused_days, rolled_days=now.rolled_days + rolled)
    return replace(now, pause=None, due_at=change.due_at, since=change.at)


def counted_pause_days(pause: Paused, until: datetime) -> int:
    """Calendar days a pause adds when it ends at `until`: local days between, at most 60 for external dependency."""
    days = (local_date(until) - local_date(pause.at)).days
    return min(days, LONGEST_PAUSE_DAYS.get(pause.kind, days))


def pause_ends_at(pause: Paused) -> datetime | None:
    """When a pause must end by itself (aware UTC, 24:00 of its last day); None if it has no longest length."""
    days = LONGEST_PAUSE_DAYS.get(pause.kind)
    return None if days is None else end_of_day(local_date(pause.at) + timedelta(days=days))


def paused(standing: Standing, kind: PauseKind, *, reason: str, at: datetime) -> Paused:
    """Stop the clock; the policy has already said who may (external dependency: deputy_minister)."""
    _check_open(standing)
    if standing.is_paused:
        _refuse_paused()
    if not reason.strip():
        raise DeadlineRefused("中止计时须写明理由。")
    return Paused(at, kind, reason)


def resumed(standing: Standing, calendar: Calendar, *, at: datetime) -> Resumed:
    """Start the clock again: due day plus the paused calendar days, rolled forward to a working day.

    A limit in hours keeps its minute and is not rolled.
    """
    _check_open(standing)
    if standing.pause is None:
        raise DeadlineRefused("计时没有中止，不能恢复。")
    days = counted_pause_days(standing.pause, at)
    return Resumed(at, days, shifted(standing.due_at, days, calendar))


def shifted(due_at: datetime, days: int, calendar: Calendar) -> datetime:
    """A due moment moved by calendar days and, if it is a 24:00, rolled forward to a working day."""
    moved = due_at + timedelta(days=days)
    if days == 0 or due_at != end_of_day(closing_day(due_at)):
        return moved
    return end_of_day(calendar.next_workday(closing_day(moved)))


def met(standing: Standing, *, at: datetime) -> Met:
    """What was due is done at `at`; also while the clock is stopped."""
    _check_open(standing)
    return Met(at)


def voided(standing: Standing, *, reason: str, at: datetime) -> Voided:
    """Strike it out with a reason."""
    _check_open(standing)
    if not reason.strip():
        raise DeadlineRefused("作废时限须写明理由。")
    return Voided(at, reason)


def summary(standing: Standing) -> str:
    """Original, present, paused and net days in one line for people."""
    parts = [f"原定{due_text(standing.original_due)}", f"现为{due_text(standing.due_at)}"]
    parts += [f"延期{standing.extension_count}次"] if standing.extension_count else []
    parts += [f"中止{standing.paused_days}天"] if standing.paused_days else []
    return "，".join([*parts, f"净用时限{standing.net_days}天"])


def moving(changes: Sequence[Change]) -> list[Extended | Resumed]:
    """The changes that a re-derivation under another calendar must repeat, in order."""
    return [change for change in changes if isinstance(change, Extended | Resumed)]


def _moved_days(standing: Standing, due_at: datetime) -> int:
    return (closing_day(due_at) - closing_day(standing.due_at)).days


def _check_open(standing: Standing) -> None:
    if not standing.is_open:
        state = "已办结" if standing.met_at else "已作废"
        raise DeadlineRefused(f"该时限{state}，不能再变更。")


def _refuse_paused() -> NoReturn:
    raise DeadlineRefused("该时限已中止计时，不能重复中止。")
