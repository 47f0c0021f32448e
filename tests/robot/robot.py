"""A crowd that knows nothing but the API: it takes whatever waits, answers anything that fits, and lets the days go by.

After each act the doctor looks at everything: an invariant of the domain that an act has broken fails at that act.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from scheduler.timetable import run_once
from tests.people import PASSWORD
from tests.robot.guessing import Guess
from webapp import create_app
from workflows.commands.desk import Desk
from workflows.models import Task, User
from workflows.queries import doctor
from workflows.records import notices
from workflows.settings import Settings
from workflows.workdays import start_of_day

TRIES = 160
LONGEST_QUIET_DAYS = 500
MORNING = timedelta(hours=9)
UNDONE = (409, 422)  # a guard, or the schema: try something else


@dataclass
class Crowd:
    """Everybody with an account, and one clock."""

    desk: Desk
    settings: Settings
    day: date
    dice: Random
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    _tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = create_app(self.desk, self.settings, clock=self.now)
        self.client = self.app.test_client()

    def now(self) -> datetime:
        return start_of_day(self.day) + MORNING

    def starts(self, login: str, process: str, case_no: str | None = None) -> None:
        """Somebody begins a process by hand."""
        reply = self._call(login, "post", f"/processes/{process}/instances", json={"case_no": case_no})
        assert reply.status_code == 200, (process, reply.json)

    def offers(self, login: str, case_no: str = "") -> list[str]:
        """What somebody may begin, on a case or without one."""
        path = f"/cases/{case_no}/processes" if case_no else "/processes"
        reply = self._call(login, "get", path)
        return [row["process"] for row in reply.json["processes"]] if reply.status_code == 200 else []

    def cases(self) -> dict[str, str]:
        """Case number → state, as the chief sees them."""
        rows = self._call("chief", "get", "/cases?limit=200").json["cases"]
        return {row["case_no"]: row["status"] for row in rows}

    def works(self) -> int:
        """Everybody does what waits for him; how many tasks were done."""
        before = self.acts.total()
        for login in self._called():
            for task in self._waiting(login):
                self._does(login, task)
        return self.acts.total() - before

    def sleeps_until_something_happens(self) -> None:
        """Morning after morning until the clock has had something to do."""
        for _ in range(LONGEST_QUIET_DAYS):
            self.day += timedelta(days=1)
            self._tokens.clear()
            if any(run_once(self.desk, self.settings, self.now()).values()):
                return
        raise AssertionError(f"nothing happens any more: {self.cases()} {self.log[-5:]}")

    def open_tasks(self) -> int:
        """How many tasks wait for anybody."""
        with self.desk.sessions() as session:
            return session.scalar(select(func.count()).select_from(Task).where(Task.status == "open")) or 0

    def is_sound(self, act: str, *, wholly: bool = False) -> None:
        """No rule over cases, findings, measures, notices and referrals is broken; `wholly`: no rule at all."""
        with self.desk.sessions() as session:
            patient = doctor.Examination(session, self.now(), self.settings.files_dir)
            rules = [rule for rule in doctor.RULES.values() if wholly or rule.code not in SLOW]
            problems = [(rule.code, *found) for rule in rules for found in rule.look(patient)]
        assert problems == [], (problems, act, self.log[-8:])

    def _called(self) -> list[str]:
        """Who holds a role that something waits for: only those look into their lists, in any order."""
        with self.desk.sessions() as session:
            places = session.execute(
                select(Task.role, Task.unit_id, Task.case_id).where(Task.status == "open").distinct()
            ).all()
            ids = {
                user_id
                for role, unit_id, case_id in places
                for user_id in notices.holders(session, role=role, now=self.now(), unit_id=unit_id, case_id=case_id)
            }
            found = session.scalars(select(User.login).where(User.id.in_(ids)).order_by(User.login)).all()
        return self.dice.sample(found, len(found))

    def _waiting(self, login: str) -> list[dict[str, Any]]:
        found = []
        for scope in ("claimable", "todo"):
            reply = self._call(login, "get", f"/tasks?scope={scope}&limit=200")
            assert reply.status_code == 200, reply.json
            found += reply.json["tasks"]
        return found

    def _does(self, login: str, listed: dict[str, Any]) -> None:
        """Tries answers until one is taken; what nobody may do here is left to others."""
        reply = self._call(login, "get", f"/tasks/{listed['id']}")
        if reply.status_code == 404 or reply.json["status"] != "open" or reply.json["obstacle"]:
            return
        task, no = reply.json, None
        act = f"{self.day} {login} {task['process']}/{task['element']} {task['id']}"
        for number in range(TRIES):
            guess = Guess(self.dice, self.day, boldness=max(0.0, 1 - number / 60))
            answer = guess.answer(task)
            done = self._call(login, "post", f"/tasks/{task['id']}/completion", json={"answer": answer})
            assert done.status_code < 500, (act, answer, done.json)
            if done.status_code == 200:
                self.acts[f"{task['process']}/{task['element']}"] += 1
                self.log.append(act)
                self.is_sound(act)
                return
            if done.status_code not in UNDONE:
                return  # four eyes or recusal: somebody else's to do
            no = done.json["error"]
            self.refused[no["rule"]] += 1
            if no["rule"] in POSTPONED:
                return
        raise AssertionError(f"no answer is taken: {act}: {no} {answer}")

    def _call(self, login: str, method: str, path: str, **more: Any) -> Any:
        if login not in self._tokens:
            given = self.client.post("/api/v1/tokens", json={"login": login, "password": PASSWORD})
            assert given.status_code == 201, given.json
            self._tokens[login] = {"Authorization": f"Bearer {given.json['token']}"}
        return self.client.open(f"/api/v1{path}", method=method.upper(), headers=self._tokens[login], **more)


POSTPONED = frozenset({"already_done", "S26", "S68", "T03"})
"""What waits for colleagues or for days, not for another answer."""
SLOW = frozenset({"history_broken", "closure_chain_broken", "file_damaged", "silent_stall", "confidential_in_clear"})
"""Rules that read every chain, state or file: looked at once a day."""
