"""The surroundings of a rehearsal: deadlines in memory, the seed calendar, a clock that is set by hand.

An operation is not run: its result is what the answers say.  Nothing leaves this object.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflows.deadlines.derivation import derive
from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import TimeLimit, Unit, limit_of, limit_on
from workflows.engine import DecisionRecord
from workflows.studio.rehearsal.answers import Answers
from workflows.workdays import closing_day, end_of_day, local_date, seed_calendar

STAND_INS: dict[str, TimeLimit] = {"D4": limit_of(3, Unit.MONTH, name="单项整改时限（预演按3个月）")}
"""Rules whose amount a decision table gives in production."""
VARIANTS = {"T13": "T13.tour"}
"""Rules whose variant the case's round chooses in production."""


@dataclass
class Deadline:
    """A deadline of the rehearsal."""

    rule: str
    title: str
    opened_at: datetime
    due_at: datetime
    words: str
    met_at: datetime | None = None


@dataclass
class World:
    """What one rehearsal asks; remembers what was asked."""

    now: datetime
    answers: Answers
    deadlines: list[Deadline] = field(default_factory=list)
    decisions: list[DecisionRecord] = field(default_factory=list)
    operations: list[dict[str, Any]] = field(default_factory=list)

    def latest(self, rule: str) -> Deadline | None:
        """The newest deadline under this rule."""
        return next((each for each in reversed(self.deadlines) if each.rule == rule), None)

    def due(self, rule: str) -> datetime:
        """The due moment of the latest deadline; opens one if there is none."""
        return (self.latest(rule) or self._open(rule)).due_at

    def open_deadline(self, rule: str) -> datetime:
        """A new deadline, if the latest is met or absent."""
        latest = self.latest(rule)
        return (latest if latest and latest.met_at is None else self._open(rule)).due_at

    def meet(self, rule: str) -> None:
        """The task that carried the rule is done."""
        latest = self.latest(rule)
        if latest is not None and latest.met_at is None:
            latest.met_at = self.now

    def workdays_after(self, moment: datetime | date, days: int) -> datetime:
        """24:00 of the n-th working day after the moment (before it when `days` is negative)."""
        calendar, day = seed_calendar(), _day(moment)
        return end_of_day(calendar.workdays_after(day, days) if days >= 0 else calendar.workdays_before(day, -days))

    def months_after(self, moment: datetime | date, months: int) -> datetime:
        """24:00 of the same day number so many months later, rolled to a working day."""
        return end_of_day(seed_calendar().months_after(_day(moment), months))

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        return seed_calendar().is_workday(day)

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What the answers give in the place of the operation."""
        result = self.answers.of_operation(operation)
        self.operations.append(
            {"at": self.now, "operation": operation, "arguments": dict(arguments), "result": result}
        )
        return result

    def decided(self, record: DecisionRecord) -> None:
        """Remembers an evaluation."""
        self.decisions.append(record)

    def _open(self, rule: str) -> Deadline:
        limit = STAND_INS.get(rule) or limit_on(VARIANTS.get(rule, rule), local_date(self.now), REGISTER)
        derived = derive(limit, self.now, seed_calendar())
        opened = Deadline(rule, limit.name, self.now, derived.due_at, derived.words)
        self.deadlines.append(opened)
        return opened


def _day(moment: datetime | date) -> date:
    return closing_day(moment) if isinstance(moment, datetime) else moment
