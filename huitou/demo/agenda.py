"""On which day each open task of the demo is done: looked at once when it opens, so a day reads only what is due."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush

from sqlalchemy import select
from sqlalchemy.orm import Session

from huitou.demo.plan import NEVER
from workflows.models import Deadline, Task
from workflows.workdays import closing_day, local_date

Patience = Callable[[Task], int | None]
Lateness = Callable[[Task], int | None]


@dataclass
class Agenda:
    """What waits for people.  Tasks whose day depends on a finding's own limit are looked at again every day."""

    patience: Patience
    lateness: Lateness
    most_working_days: int
    in_time_days: int
    least_working_days: int
    _seen: int = 0
    _by_day: list[tuple[date, int]] = field(default_factory=list)
    _by_limit: dict[int, tuple[date, int | None, int | None]] = field(default_factory=dict)

    def due(self, session: Session, day: date) -> list[int]:
        """The tasks to be done on `day` at the latest, and not handed out before."""
        fresh = select(Task).where(Task.status == "open", Task.id > self._seen).order_by(Task.id)
        for task in session.scalars(fresh):
            self._seen = task.id
            opened, days = local_date(task.opened_at), self.patience(task)
            if days is None:
                self._by_limit[task.id] = (opened, task.finding_id, self.lateness(task))
            else:
                heappush(self._by_day, (opened + timedelta(days=days), task.id))
        found = self._pressing(session, day)
        while self._by_day and self._by_day[0][0] <= day:
            found.append(heappop(self._by_day)[1])
        return sorted(found)

    def put_off(self, task_id: int, day: date) -> None:
        """Comes again tomorrow."""
        heappush(self._by_day, (day + timedelta(days=1), task_id))

    def _pressing(self, session: Session, day: date) -> list[int]:
        """As people do: some weeks of work, and in time if it can be; or as many days before or after as the story says."""
        if not self._by_limit:
            return []
        rows = select(Deadline.finding_id, Deadline.due_at).where(
            Deadline.rule == "D4", Deadline.met_at.is_(None), Deadline.voided_at.is_(None)
        )
        limits = dict(session.execute(rows).all())
        found = []
        for task_id, (opened, finding_id, late) in list(self._by_limit.items()):
            spent = (day - opened).days
            left = (closing_day(limits[finding_id]) - day).days if finding_id in limits else -NEVER
            if late is None:
                is_done = spent >= self.most_working_days or left <= self.in_time_days
            else:
                is_done = spent >= self.least_working_days and left <= -late
            if is_done:
                found.append(task_id)
                del self._by_limit[task_id]
        return found
