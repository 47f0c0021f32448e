"""What a new calendar version does to open deadlines: a preview to confirm, then the change to record.  Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflows.deadlines.derivation import Derivation, derive
from workflows.deadlines.history import Change, Opened, Recalculated, Resumed, current, moving, shifted
from workflows.deadlines.time_limit import TimeLimit, Unit
from workflows.deadlines.wording import day_words, weekday_words
from workflows.workdays import Calendar, closing_day, due_text, end_of_day, local_date


@dataclass(frozen=True)
class OpenDeadline:
    """A deadline as the preview needs it: the caller's key, its limit, the words for its anchor, its changes."""

    key: int | str
    limit: TimeLimit
    anchor_label: str
    changes: Sequence[Change]

    @property
    def anchor(self) -> date | datetime:
        """What it was counted from: the moment for a limit in hours, else the local day."""
        first = self.changes[0]
        assert isinstance(first, Opened)  # `current` refuses any other history
        return first.anchor_at if self.limit.unit is Unit.HOUR else local_date(first.anchor_at)


@dataclass(frozen=True)
class Moved:
    """A deadline that the new calendar moves; `days` > 0 is later.  `words` say from, to and why.

    `derivation` is the count from the anchor under the new calendar, before extensions and pauses.
    """

    key: int | str
    old_due: datetime
    new_due: datetime
    days: int
    words: str
    derivation: Derivation


def rederived(deadline: OpenDeadline, calendar: Calendar) -> datetime:
    """The due moment under another calendar: derived afresh, then every extension and pause repeated.

    An extension named a day, so it keeps that day, rolled forward if people no longer work on it.
    """
    due_at = derive(deadline.limit, deadline.anchor, calendar).due_at
    for change in moving(deadline.changes):
        if isinstance(change, Resumed):
            due_at = shifted(due_at, change.paused_days, calendar)
        else:
            due_at = end_of_day(calendar.next_workday(closing_day(change.due_at)))
    return due_at


def preview(deadlines: Iterable[OpenDeadline], old: Calendar, new: Calendar) -> list[Moved]:
    """The open deadlines that `new` moves, in the order given; met and voided ones stay as they were."""
    moves = (_moved(deadline, old, new) for deadline in deadlines)
    return [move for move in moves if move is not None]


def recalculated(move: Moved, calendar: Calendar, *, at: datetime) -> Recalculated:
    """The change to record for a confirmed move."""
    return Recalculated(at, move.new_due, calendar.version)


def _moved(deadline: OpenDeadline, old: Calendar, new: Calendar) -> Moved | None:
    standing = current(deadline.changes)
    new_due = rederived(deadline, new)
    if not standing.is_open or new_due == standing.due_at:
        return None
    first, last = local_date(standing.anchor_at), max(closing_day(standing.due_at), closing_day(new_due))
    days = (closing_day(new_due) - closing_day(standing.due_at)).days
    way = f"推后{days}天" if days > 0 else f"提前{-days}天"
    why = "、".join(_change_words(day, first, new) for day in old.changed_days(new, first, last))
    words = f"{deadline.limit.title}由 {due_text(standing.due_at)} 改为 {due_text(new_due)}（{way}）"
    words = f"{words}：{why or '按新日历重新计算'}"
    derivation = derive(deadline.limit, deadline.anchor, new, anchor_label=deadline.anchor_label)
    return Moved(deadline.key, standing.due_at, new_due, days, words, derivation)


def _change_words(day: date, since: date, new: Calendar) -> str:
    return f"{day_words(day, since)}({weekday_words(day)})改为{'上班' if new.is_workday(day) else '放假'}"
