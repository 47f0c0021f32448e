"""What an operation may use beside the arguments the diagram gives it: its case's rows and the shared records.

It is the engine's Surroundings in production.  It knows no web page, no mail server and no clock: `now` is given.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from workflows.engine import DecisionRecord
from workflows.models import Deadline, Finding, InspectionCase, ProcessInstance, Unit
from workflows.operations._registry import all_operations
from workflows.policy import Actor
from workflows.records import calendars, deadlines, history, messages, notices, numbers
from workflows.workdays import Calendar, closing_day, end_of_day, local_date


class UnknownOperation(Exception):
    """A diagram names a function that does not exist; publishing should have refused it."""


@dataclass
class Context:
    """One step of one instance: the open transaction, the moment, and the person whose act caused it."""

    session: Session
    instance: ProcessInstance
    now: datetime
    actor: Actor | None = None
    decisions: list[DecisionRecord] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    # -- the rows an operation works on -------------------------------------------------------------

    @property
    def case(self) -> InspectionCase:
        """The case of this instance; a diagram that has none may not call operations that need one."""
        case = self.instance.case
        if case is None:
            raise UnknownOperation(f"instance {self.instance.id} belongs to no case")
        return case

    @property
    def finding(self) -> Finding | None:
        """The finding of this instance, or None for a process of the whole case."""
        return self.instance.finding

    @property
    def unit(self) -> Unit | None:
        """The unit this instance concerns."""
        return self.instance.unit

    @property
    def actor_id(self) -> int | None:
        """Who acts; None for the clock."""
        return self.actor.user_id if self.actor else None

    @property
    def today(self) -> date:
        """The local day of the step."""
        return local_date(self.now)

    # -- deadlines (Surroundings) --------------------------------------------------------------------

    @cached_property
    def calendar(self) -> Calendar:
        """The working-day calendar in force."""
        return calendars.in_force(self.session)

    @property
    def subject_no(self) -> str:
        """The number deadlines of this instance are kept under: the finding's, else the case's."""
        return self.finding.finding_no if self.finding else self.case.case_no

    def due(self, rule: str) -> datetime:
        """The due moment of the latest deadline under `rule`; opens one (anchor: now) if there is none."""
        latest = deadlines.latest(self.session, self.subject_no, rule)
        return deadlines.asked_due(latest or self._open(rule), self.now)

    def open_deadline(
        self,
        rule: str,
        *,
        anchor_at: datetime | None = None,
        anchor_label: str = "",
        amount: int | None = None,
        unit: str | None = None,
    ) -> datetime:
        """A new deadline under `rule` if the latest is met or absent; its due moment."""
        latest = deadlines.latest(self.session, self.subject_no, rule)
        if latest and latest.met_at is None and latest.voided_at is None:
            return latest.due_at
        return self._open(rule, anchor_at, anchor_label, amount, unit).due_at

    def deadline(self, rule: str) -> Deadline | None:
        """The latest deadline of the subject under `rule`."""
        return deadlines.latest(self.session, self.subject_no, rule)

    def meet_deadline(self, rule: str) -> None:
        """Notes that what the latest deadline under `rule` asked for has been done."""
        latest = deadlines.latest(self.session, self.subject_no, rule)
        if latest and latest.met_at is None:
            deadlines.meet(self.session, latest, self.now)

    def workdays_after(self, moment: datetime | date, days: int) -> datetime:
        """24:00 of the n-th working day after the moment (before it when `days` is negative)."""
        day = _day(moment)
        if days < 0:
            return end_of_day(self.calendar.workdays_before(day, -days))
        return end_of_day(self.calendar.workdays_after(day, days))

    def months_after(self, moment: datetime | date, months: int) -> datetime:
        """24:00 of the same day number `months` later, clamped, rolled to a working day."""
        return end_of_day(self.calendar.months_after(_day(moment), months))

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        return self.calendar.is_workday(day)

    def _open(
        self,
        rule: str,
        anchor_at: datetime | None = None,
        anchor_label: str = "",
        amount: int | None = None,
        unit: str | None = None,
    ) -> Deadline:
        return deadlines.open_deadline(
            self.session,
            rule=rule,
            anchor_at=anchor_at or self.now,
            anchor_label=anchor_label,
            now=self.now,
            calendar=self.calendar,
            case=self.case,
            finding=self.finding,
            amount=amount,
            unit=unit,
        )

    # -- operations and decisions (Surroundings) -----------------------------------------------------

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Runs a service task's function; a Refusal in it refuses the whole act."""
        function = all_operations().get(operation)
        if function is None:
            raise UnknownOperation(operation)
        return function(self, **arguments)

    def decided(self, record: DecisionRecord) -> None:
        """Keeps a decision's evaluation until the step is written down."""
        self.decisions.append(record)

    # -- shared records ------------------------------------------------------------------------------

    def send(
        self,
        name: str,
        *,
        key: str,
        payload: dict[str, Any] | None = None,
        finding: Finding | None = None,
        unit: Unit | None = None,
        case: InspectionCase | None = None,
    ) -> None:
        """Sends a message to the instance waiting under (name, key), or starts one for the given subject."""
        subject = case or self.instance.case
        messages.send(
            self.session,
            name=name,
            key=key,
            payload=payload,
            now=self.now,
            case_id=subject.id if subject else None,
            finding_id=finding.id if finding else None,
            unit_id=unit.id if unit else (subject.unit_id if subject else self.instance.unit_id),
            sender_id=self.instance.id,
        )

    def notify(
        self, role: str | None, title: str, body: str = "", *, user_ids: Iterable[int] = (), kind: str = "process"
    ) -> None:
        """Tells everybody who holds `role` over this case, and the people named."""
        told = set(user_ids)
        if role:
            told |= set(
                notices.holders(
                    self.session,
                    role=role,
                    now=self.now,
                    unit_id=self.instance.unit_id,
                    case_id=self.instance.case_id,
                )
            )
        notices.notify(
            self.session,
            user_ids=told,
            kind=kind,
            title=title,
            body=body,
            now=self.now,
            case_id=self.instance.case_id,
            finding_id=self.instance.finding_id,
        )

    def record(self, action: str, summary: str, **details: Any) -> None:
        """Adds an entry to the case's history."""
        history.record(
            self.session,
            action=action,
            summary=summary,
            now=self.now,
            actor=self.actor,
            case_id=self.instance.case_id,
            finding_id=self.instance.finding_id,
            object_kind="process_instance",
            object_id=self.instance.id,
            details=details,
        )

    def number(self, pattern: str, **facts: Any) -> str:
        """The next gap-free number of a pattern such as "XH-{year}-{n:04d}" ({year} is the local year)."""
        return numbers.numbered(self.session, pattern, year=self.today.year, **facts)


def _day(moment: datetime | date) -> date:
    """The local day a moment closes: 24:00 belongs to the day that ends."""
    return closing_day(moment) if isinstance(moment, datetime) else moment
