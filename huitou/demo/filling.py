"""Drives the demo region day by day: the clock ticks, then people do what the plan says.

The day reached is kept beside the database, so a run that was broken off goes on where it stopped.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from huitou.demo import inspecting as _inspecting  # noqa: F401  (names its answers)
from huitou.demo import surroundings
from huitou.demo.agenda import Agenda
from huitou.demo.answers import Answer, Occasion, answer_for
from huitou.demo.diary import diary_of
from huitou.demo.places import Place
from huitou.demo.plan import SEED, USUAL_DAYS, Start, Story, plan_of
from huitou.demo.proofs import FIELD, proofs_for
from huitou.demo.region import HOME, PASSWORD, SCALES, Settled, accounts, settle
from huitou.demo.regulating import stock_library
from huitou.setting_up import prepare
from scheduler.timetable import run_once
from workflows.commands.deadlines import request_extension
from workflows.commands.desk import Desk, Work
from workflows.commands.evidence import attach_file
from workflows.commands.opening import start_process
from workflows.commands.tasks import complete_task
from workflows.deadlines.extension import ExtensionRefused
from workflows.forms import Form
from workflows.models import Deadline, ExtensionRequest, ProcessInstance, Task, Unit, User
from workflows.policy import Actor, NotAllowed
from workflows.queries import registers
from workflows.queries.people import actor_of
from workflows.records import calendars, notices
from workflows.refusal import Refusal
from workflows.settings import Settings
from workflows.workdays import Calendar, closing_day, local_date, start_of_day

MORNING = timedelta(hours=9)
EXTENSION_ASKED_DAYS = 22  # before the due day
MOST_WORKING_DAYS = 40  # spent on a finding
IN_TIME_DAYS = 6  # before the due day
LEAST_WORKING_DAYS = 4
ROUNDS_A_DAY = 6  # a task opened today may be done today, and the next one too
BEFORE_FIRST_DAYS = 30  # the installation stands before anything begins
OFFICERS_UNIT_ROLES = {"unit_liaison": "czt-liaison"}  # who starts what a unit's people start


class AlreadyFilled(Refusal):
    """The database holds units already."""

    rule = "demo"


def fill(desk: Desk, settings: Settings, until: datetime, scale: str = "small") -> None:
    """Makes the demo region in an empty database and drives it until `until`; prints progress.

    A run that was broken off is taken up again, with the scale and the end it began with.
    """
    kept = diary_of(settings)
    if kept.is_under_way:
        scale, until = kept.scale, kept.until
        prepare(desk, settings, until)
        with desk.sessions() as session:
            settled = Settled(
                dict(session.execute(select(Unit.code, Unit.id)).all()),
                dict(session.execute(select(User.login, User.id)).all()),
            )
    else:
        settled = _found(desk, settings, until, scale)
        kept.begin(scale, until)
    play = Play(desk, settings, settled, until, plan_of(scale), SCALES[scale].places)
    days = [day for day in play.days() if kept.day is None or day > kept.day]
    with click.progressbar(days, label="生成演示数据", show_pos=True) as bar:
        for day in bar:
            play.live(day)
            kept.note(day)
    kept.end()


def is_filled(desk: Desk) -> bool:
    """Whether anybody has settled in this database: units exist."""
    with desk.sessions() as session:
        return session.scalar(select(Unit.id).limit(1)) is not None


def is_under_way(settings: Settings) -> bool:
    """Whether a run was broken off and can be taken up."""
    return diary_of(settings).is_under_way


def _found(desk: Desk, settings: Settings, until: datetime, scale: str) -> Settled:
    """The region before its first day."""
    longest = max(start.days_ago for start in plan_of(scale))
    begun = until - timedelta(days=longest + BEFORE_FIRST_DAYS)
    prepare(desk, settings, begun)
    if is_filled(desk):
        raise AlreadyFilled("数据库中已有业务数据，演示数据只能写入空库。")

    return desk.act(_settle, scale=scale, now=begun)


def _settle(work: Work, *, scale: str, now: datetime) -> Settled:
    settled = settle(work.session, SCALES[scale], now)
    stock_library(work.session, now)
    return settled


@dataclass
class Play:
    """The region while it is being driven.  `times` counts how often each task of a story has been done."""

    desk: Desk
    settings: Settings
    settled: Settled
    until: datetime
    plan: tuple[Start, ...]
    places: tuple[Place, ...]
    begun: dict[int, Start] = field(default_factory=dict)
    times: Counter[tuple[int | None, int | None, int | None, str]] = field(default_factory=Counter)
    asked: set[int] = field(default_factory=set)
    actors: dict[int, Actor] = field(default_factory=dict)
    votes_until: int = 0
    _stories: dict[int, Story | None] = field(default_factory=dict)
    _rounds: dict[int, Start | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Takes up what an earlier run has done; nothing in an empty database."""
        self.agenda = Agenda(self._patience, self._lateness, MOST_WORKING_DAYS, IN_TIME_DAYS, LEAST_WORKING_DAYS)
        with self.desk.sessions() as session:
            by_hand = ProcessInstance.key.like("LC-%")
            planned = ProcessInstance.process_id.in_({start.process_id for start in self.plan})
            ids = session.scalars(select(ProcessInstance.id).where(by_hand, planned).order_by(ProcessInstance.id))
            self.begun = dict(zip(ids, self.plan, strict=False))
            done = select(Task.case_id, Task.finding_id, Task.instance_id, Task.element, func.count())
            done = done.where(Task.status == "done")
            for case_id, finding_id, instance_id, element, count in session.execute(
                done.group_by(Task.case_id, Task.finding_id, Task.instance_id, Task.element)
            ):
                self.times[_place(case_id, finding_id, instance_id, element)] += count
            self.asked = set(session.scalars(select(ExtensionRequest.deadline_id)))

    def days(self) -> list[date]:
        """Every local day from the first start to the end."""
        last = local_date(self.until)
        count = max(start.days_ago for start in self.plan)
        return [last - timedelta(days=days) for days in range(count, -1, -1)]

    def live(self, day: date) -> None:
        """One day: the clock in the morning, then people at work if it is a working day."""
        now = min(start_of_day(day) + MORNING, self.until)
        run_once(self.desk, self.settings, now)
        if not self._calendar().is_workday(day):
            return
        self._take_in_votes(day, now)
        ago = (local_date(self.until) - day).days
        for start in self.plan[len(self.begun) :]:
            if ago > start.days_ago:
                break
            self._begin(start, now)
        self._ask_for_extensions(day, now)
        for _ in range(ROUNDS_A_DAY):
            if not self._work(day, now):
                break

    def _take_in_votes(self, day: date, now: datetime) -> None:
        """The votes of last year are known in February; those of the years before at the very beginning."""
        last = day.year - 1 if (day.month, day.day) >= surroundings.VOTES_MONTH_DAY else day.year - 2
        if last <= self.votes_until:
            return
        officer = self._actor(self.settled.users["officer"], now)
        years = range(last - surroundings.YEARS_BEFORE + 1, last + 1)
        self.desk.act(surroundings.import_votes, places=self.places, years=years, actor=officer, now=now)
        self.votes_until = last

    def _begin(self, start: Start, now: datetime) -> None:
        login = OFFICERS_UNIT_ROLES.get(start.role)
        starter = self.settled.users[login] if login else self._holders(start.role, None, None, now)[0]
        instance = self.desk.act(start_process, process_id=start.process_id, actor=self._actor(starter, now), now=now)
        self.begun[instance.id] = start

    def _work(self, day: date, now: datetime) -> int:
        with self.desk.sessions() as session:
            ids = self.agenda.due(session, day)
        return sum(self._do(task_id, day, now) for task_id in ids)

    def _patience(self, task: Task) -> int | None:
        """How many days the task waits; None: it depends on the finding's own limit."""
        story, times = self._story(task), self.times[_of_task(task)] + 1
        if (together := self._days_to_feedback(task)) is not None:
            return together
        if story is not None:
            return story.days_for(task.element, self._finding(task), times)
        start = self.begun.get(task.instance_id)
        return start.days_for(task.element) if start else USUAL_DAYS.get(task.element, 1)

    def _lateness(self, task: Task) -> int | None:
        """How many days after the finding's limit the work is done, negative before it; None: the story does not say."""
        story = self._story(task)
        return story.lateness.get(self._finding(task)) if story else None

    def _do(self, task_id: int, day: date, now: datetime) -> int:
        with self.desk.sessions() as session:
            task = session.get_one(Task, task_id, options=[undefer(Task.context)])
            if task.status != "open":
                return 0
            occasion = self._occasion(task, day)
            form_options = registers.choices_of(session, occasion.form, case_id=task.case_id, today=day)
            place = _of_task(task)
            candidates = notices.holders(session, role=task.role, now=now, unit_id=task.unit_id, case_id=task.case_id)
            if task.assignee_id is not None:
                candidates = [task.assignee_id]
        occasion.options.update(form_options)
        answer = answer_for(occasion)
        proofs = proofs_for(occasion)
        no: Refusal | None = None
        for user_id in _turned(candidates, task_id):
            actor = self._actor(user_id, now)
            try:
                answer |= self._hand_in(proofs, task_id, actor, now)
                self.desk.act(complete_task, task_id=task_id, answer=answer, actor=actor, now=now)
            except NotAllowed as refusal:
                no = refusal
                continue  # four eyes, or recusal: somebody else of the role does it
            except Refusal as refusal:
                if occasion.element in WAITS_FOR_OTHERS:
                    self.agenda.put_off(task_id, day)
                    return 0
                raise RuntimeError(
                    f"{occasion.process_id}/{occasion.element} (task {task_id}): {refusal}"
                ) from refusal
            self.times[place] += 1
            if occasion.element in GRANTING:
                self.actors.clear()
            return 1
        raise RuntimeError(f"nobody can do {occasion.process_id}/{occasion.element} (task {task_id}): {no}")

    def _hand_in(self, proofs: Iterable[tuple[str, bytes]], task_id: int, actor: Actor, now: datetime) -> Answer:
        files = [
            self.desk.act(attach_file, name=name, content=content, task_id=task_id, actor=actor, now=now).id
            for name, content in proofs
        ]
        return {FIELD: files} if files else {}

    def _occasion(self, task: Task, day: date) -> Occasion:
        story, finding = self._story(task), self._finding(task)
        times = self.times[_of_task(task)] + 1
        start = self.begun.get(task.instance_id)
        facts: dict[str, Any] = {}
        if story is not None:
            facts = story.facts_for(task.element, finding, times)
            facts |= self._addresses(story, task, facts)
        elif start is not None:
            facts = start.facts_for(task.element)
        form = Form.load(self.desk.engine.files(task.instance.model_digest).files[task.form])
        dice = Random(f"{SEED}/{task.process_id}/{task.element}/{task.id}")
        return Occasion(
            task.process_id, task.element, form, dict(task.context), day, facts, Path(task.form).stem, {}, dice
        )

    def _addresses(self, story: Story, task: Task, facts: dict[str, object]) -> dict[str, object]:
        """What only the running case knows: the numbers of its findings."""
        case_no = task.case.case_no if task.case else ""
        if isinstance(results := facts.get("results"), dict):
            return {"results": {f"{case_no}-{key}": value for key, value in results.items()}}
        if facts.get("disputes"):
            return {"refused": {f"{case_no}-F01": "情况与事实有出入，有原始记录可以证明，请予复核。"}}
        if task.element == "decide_extension" and task.finding:
            return {"decision": story.extensions.get(f"F{task.finding.seq:02d}", "approve")}
        return {}

    def _ask_for_extensions(self, day: date, now: datetime) -> None:
        with self.desk.sessions() as session:
            rows = session.scalars(
                select(Deadline).where(
                    Deadline.rule == "D4", Deadline.met_at.is_(None), Deadline.voided_at.is_(None),
                    Deadline.extension_count == 0,
                )
            ).all()  # fmt: skip
            wanted = [(row.id, row.due_at, row.unit_id) for row in rows if self._wants_extension(row, day)]
        codes = {unit_id: code for code, unit_id in self.settled.units.items()}
        for deadline_id, due_at, unit_id in wanted:
            self.asked.add(deadline_id)
            liaison = self._actor(self.settled.users[f"{codes[unit_id].lower()}-liaison"], now)
            with suppress(ExtensionRefused):  # too late to ask, or beyond the ceiling: the work goes on as it is
                self.desk.act(
                    request_extension,
                    deadline_id=deadline_id,
                    new_due_on=closing_day(due_at) + timedelta(days=30),
                    reason="整改涉及历史档案调阅，需较长时间核实，申请适当延长。",
                    actor=liaison,
                    now=now,
                )

    def _wants_extension(self, deadline: Deadline, day: date) -> bool:
        story = self._story_of_case(deadline.case_id)
        key = deadline.subject_no.rsplit("-", 1)[-1]
        left = (closing_day(deadline.due_at) - day).days
        return (
            story is not None
            and key in story.extensions
            and deadline.id not in self.asked
            and left <= EXTENSION_ASKED_DAYS
        )

    # -- who and where --------------------------------------------------------------------------------

    def _story(self, task: Task) -> Story | None:
        return self._story_of_case(task.case_id)

    def _story_of_case(self, case_id: int | None) -> Story | None:
        """The story of a case by its round and unit; a case nobody has planned has a plain one."""
        if case_id is None:
            return None
        if case_id not in self._stories:
            with self.desk.sessions() as session:
                row = session.execute(surroundings.address_of_case(case_id)).one()
            round_ = next((start for start in self.plan if start.code == row.code), None)
            planned = (story for story in (round_.stories if round_ else ()) if story.unit == row.unit)
            self._stories[case_id] = next(planned, Story(row.unit))
            self._rounds[case_id] = round_
        return self._stories[case_id]

    def _days_to_feedback(self, task: Task) -> int | None:
        """A round's feedback is given to all its cases together, on the day the round has set."""
        round_ = self._rounds.get(task.case_id or 0)
        if round_ is None or round_.feedback_after is None or task.element not in TOGETHER:
            return None
        day = local_date(self.until) - timedelta(days=round_.days_ago - round_.feedback_after)
        return max(1, (day - local_date(task.opened_at)).days)

    @staticmethod
    def _finding(task: Task) -> str:
        return f"F{task.finding.seq:02d}" if task.finding else ""

    def _holders(self, role: str, unit_id: int | None, case_id: int | None, now: datetime) -> list[int]:
        with self.desk.sessions() as session:
            home = unit_id or self.settled.units[HOME]
            return notices.holders(session, role=role, now=now, unit_id=home, case_id=case_id)

    def _actor(self, user_id: int, now: datetime) -> Actor:
        if user_id not in self.actors:
            with self.desk.sessions() as session:
                actor = actor_of(session, user_id, now)
            if actor is None:
                raise RuntimeError(f"user {user_id} is not active")
            self.actors[user_id] = actor
        return self.actors[user_id]

    def _calendar(self) -> Calendar:
        with self.desk.sessions() as session:
            return calendars.in_force(session)


WAITS_FOR_OTHERS = frozenset({"draft_papers", "declare_zero", "leave", "sign_circular"})
"""What is refused while colleagues have not finished: open leads, days on site."""
TOGETHER = frozenset({"feed_back_one_to_one", "draft_circular"})
GRANTING = frozenset({"authorise_dispatch", "leave", "hold_mobilisation", "make_up_training"})
"""After these tasks people hold other roles than before."""


def _place(
    case_id: int | None, finding_id: int | None, instance_id: int | None, element: str
) -> tuple[int | None, int | None, int | None, str]:
    """Where a task is counted: in its case and finding, else in its instance."""
    return (case_id, finding_id, None if case_id else instance_id, element)


def _of_task(task: Task) -> tuple[int | None, int | None, int | None, str]:
    return _place(task.case_id, task.finding_id, task.instance_id, task.element)


def _turned(people: Iterable[int], by: int) -> list[int]:
    """The people in order, beginning at another one each time, so that work is spread."""
    known = list(people)
    first = by % len(known) if known else 0
    return known[first:] + known[:first]


__all__ = ["PASSWORD", "accounts", "fill", "is_filled", "is_under_way"]
