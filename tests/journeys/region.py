"""A small region in which a case is lived through: people act over HTTP, time passes only when the clock is moved.

Knows how one acts and looks; what a scenario is about stands in the scenario.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from huitou.demo.answers import Occasion, answer_for
from scheduler.timetable import run_once
from tests.journeys.persons import Browser, Caller, Person
from tests.people import Region
from webapp import create_app
from workflows.commands.desk import Desk
from workflows.database import atomic
from workflows.forms import Form
from workflows.models import Finding, Grant, Incident, Referral, Task
from workflows.queries import audit, doctor
from workflows.settings import Settings
from workflows.workdays import local_date, start_of_day

MORNING = timedelta(hours=9)


class Clock:
    """The moment everybody lives in.  Each morning the scheduler makes its round, then people come to work."""

    def __init__(self, desk: Desk, settings: Settings, day: date):
        self.desk, self.settings = desk, settings
        self.moment = start_of_day(day) + MORNING

    def now(self) -> datetime:
        return self.moment

    @property
    def today(self) -> date:
        return local_date(self.moment)

    def goes_to(self, day: str) -> None:
        """Lives through every day up to and including `day`."""
        last = date.fromisoformat(day)
        assert last > self.today, "time does not go back"
        while self.today < last:
            self.passes(days=1)

    def passes(self, days: int) -> None:
        """Lives through so many days."""
        for _ in range(days):
            self.moment = start_of_day(self.today + timedelta(days=1)) + MORNING
            run_once(self.desk, self.settings, self.moment)

    def stands_still_until(self, day: str) -> None:
        """The scheduler was down: nothing happens until `day`, then one round catches up."""
        self.moment = start_of_day(date.fromisoformat(day)) + MORNING
        run_once(self.desk, self.settings, self.moment)


class Journey:
    """One case of unit A under way.  `on_pages` lets people work in the browser instead of through the API."""

    def __init__(self, desk: Desk, settings: Settings, region: Region, day: date, *, on_pages: bool = False):
        self.desk, self.settings, self.region = desk, settings, region
        self.clock = Clock(desk, settings, day)
        self.app = create_app(desk, settings, clock=self.clock.now)
        self.on_pages = on_pages
        self.people: dict[tuple[str, bool], Person] = {}
        self.case_no = ""

    # -- people

    def as_(self, name: str) -> Person:
        """Somebody, at work the way this journey is told."""
        return self.person(name, on_pages=self.on_pages)

    def person(self, name: str, *, on_pages: bool = False) -> Person:
        kind = Browser if on_pages else Caller
        return self.people.setdefault((name, on_pages), kind(self, name))

    def browser(self, name: str) -> Browser:
        """Somebody at the pages, whichever way the journey is told."""
        seen = self.person(name, on_pages=True)
        assert isinstance(seen, Browser)
        return seen

    def caller(self, name: str) -> Caller:
        """Somebody at the API, whichever way the journey is told."""
        seen = self.person(name)
        assert isinstance(seen, Caller)
        return seen

    def grants(self, name: str, role: str, *, unit_id: int | None = None) -> None:
        """Somebody gets one more role: over a unit, or over the region."""
        scope = ("unit", unit_id) if unit_id else ("region", 0)
        with atomic(self.desk.sessions) as session:
            user_id = self.region.actors[name].user_id
            session.add(Grant(user_id=user_id, role=role, scope=scope[0], scope_id=scope[1]))

    # -- tasks

    def task(self, element: str, finding: str = "") -> Task:
        """The open task of this element, on one finding ("F01") if so asked."""
        query = select(Task).where(Task.status == "open", Task.element == element).options(undefer(Task.context))
        if finding:
            query = query.join(Finding).where(Finding.finding_no == self.no(finding))
        with self.desk.sessions() as session:
            found = session.scalars(query.order_by(Task.id)).first()
        assert found is not None, f"{element} {finding} does not wait; waiting: {sorted(self.waiting)}"
        return found

    @property
    def waiting(self) -> set[str]:
        """The elements that wait for people; self-checks of circulars and what begins every year left out."""
        with self.desk.sessions() as session:
            rows = session.scalars(select(Task.element).where(Task.status == "open"))
            return set(rows) - {"self_check", "check_references", "consider_year"}

    def answer(self, task: Task, facts: dict[str, Any]) -> dict[str, Any]:
        """What people usually write into the form of a task, changed by the facts of the scenario."""
        with self.desk.sessions() as session:
            digest = session.get_one(Task, task.id).instance.model_digest
        form = Form.load(self.desk.engine.files(digest).files[task.form])
        place = (task.process_id, task.element, form, dict(task.context), self.clock.today)
        return answer_for(Occasion(*place, facts, Path(task.form).stem))

    def no(self, finding: str) -> str:
        """The full number of "F01"."""
        return f"{self.case_no}-{finding}"

    # -- what the chief sees

    @cached_property
    def chief(self) -> Caller:
        return self.caller("chief")

    def case(self) -> dict[str, Any]:
        return self.chief.sees(f"/cases/{self.case_no}")

    @property
    def status(self) -> str:
        return str(self.case()["status"])

    def finding(self, finding: str = "F01") -> dict[str, Any]:
        return self.chief.sees(f"/findings/{self.no(finding)}")

    def deadline(self, rule: str, finding: str = "") -> dict[str, Any]:
        """The newest deadline of the case, or of one finding, under a rule."""
        subject = f"finding_no={self.no(finding)}" if finding else f"case_no={self.case_no}"
        rows = self.chief.sees(f"/deadlines?state=&rule={rule}&{subject}&limit=200")["deadlines"]
        return dict(max(rows, key=lambda row: row["id"]))

    def letters(self, rule_title: str) -> list[tuple[str, str]]:
        """(kind, day of sending) of the letters sent about a deadline, oldest first; those passed over left out."""
        rows = self.chief.sees("/notices?kind=letters&limit=200")["notices"]
        about = [row for row in rows if row["title"] == rule_title and row["case_no"] == self.case_no]
        sent = [row for row in about if not row["superseded"]]
        days = [(row["kind"], local_date(datetime.fromisoformat(row["sent_at"])).isoformat()) for row in sent]
        return sorted(days, key=lambda row: row[1])

    def notices(self) -> list[tuple[int, str, str]]:
        """(level, form, status) of the supervision notices, lowest level first."""
        rows = self.chief.sees("/notices?kind=supervision&limit=200")["notices"]
        mine = [row for row in rows if row["case_no"] == self.case_no]
        return sorted((row["level"], row["form"], row["status"]) for row in mine)

    def history(self, finding: str = "") -> list[str]:
        """What was done, oldest first, as the pages tell it."""
        subject = f"finding_no={self.no(finding)}" if finding else f"case_no={self.case_no}"
        return [row["summary"] for row in reversed(self.chief.sees(f"/history?{subject}")["history"])]

    def ledger_row(self, finding: str = "F01") -> dict[str, Any]:
        """The first line of a finding in the ledger."""
        rows = self.chief.sees("/ledger?limit=500")["rows"]
        return next(dict(row) for row in rows if row["finding_no"] == self.no(finding))

    def referrals(self) -> dict[str, str]:
        """Referral number (with its track) → state."""
        with self.desk.sessions() as session:
            return {row.ref_no: row.status for row in session.scalars(select(Referral).order_by(Referral.ref_no))}

    def is_sound(self) -> None:
        """Nothing stands still, the doctor finds nothing, and the chains are whole."""
        with self.desk.sessions() as session:
            assert list(session.scalars(select(Incident.message))) == []
            problems = doctor.examine(session, now=self.clock.now(), files_dir=self.settings.files_dir)
            assert [(problem.code, problem.message) for problem in problems] == []
            assert audit.verify(session) == []
