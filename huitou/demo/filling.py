"""Drives the demo region day by day: the clock ticks, then people do what their stories say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import select

from huitou.demo.answers import Occasion, answer_for
from huitou.demo.region import PASSWORD, Settled, settle
from huitou.demo.stories import FIRST, SECOND, STORIES, Story
from huitou.setting_up import prepare
from scheduler.timetable import run_once
from workflows.commands.deadlines import request_extension
from workflows.commands.desk import Desk, Work
from workflows.commands.opening import start_process
from workflows.commands.tasks import complete_task
from workflows.forms import Form
from workflows.models import Deadline, ProcessInstance, Task, Unit
from workflows.policy import Actor, NotAllowed
from workflows.queries.people import actor_of
from workflows.records import calendars, notices
from workflows.refusal import Refusal
from workflows.settings import Settings
from workflows.workdays import Calendar, closing_day, local_date, start_of_day

MORNING = timedelta(hours=9)
EXTENSION_ASKED_DAYS = 22  # before the due day
MOST_WORKING_DAYS = 40  # spent on a finding
IN_TIME_DAYS = 6  # before the due day
ROUNDS_A_DAY = 6  # a task opened today may be done today, and the next one too


class AlreadyFilled(Refusal):
    """The database holds units already."""

    rule = "demo"


def fill(desk: Desk, settings: Settings, until: datetime) -> None:
    """Makes the demo region in an empty database and drives it until `until`; prints progress."""
    prepare(desk, settings, until - timedelta(days=400))
    if is_filled(desk):
        raise AlreadyFilled("数据库中已有业务数据，演示数据只能写入空库。")
    today = local_date(until)
    starts = {FIRST: today - timedelta(days=340), SECOND: today - timedelta(days=160)}
    settled = desk.act(_settle, starts=starts, now=until)
    play = Play(desk, settings, settled, until)
    with click.progressbar(play.days(), label="生成演示数据", show_pos=True) as days:
        for day in days:
            play.live(day)


def is_filled(desk: Desk) -> bool:
    """Whether anybody has settled in this database: units exist."""
    with desk.sessions() as session:
        return session.scalar(select(Unit.id).limit(1)) is not None


def _settle(work: Work, *, starts: dict[str, date], now: datetime) -> Settled:
    return settle(work.session, starts, now)


@dataclass
class Play:
    """The region while it is being driven.  `times` counts how often each task of a story has been done."""

    desk: Desk
    settings: Settings
    settled: Settled
    until: datetime
    begun: dict[int, Story] = field(default_factory=dict)
    times: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    asked: set[int] = field(default_factory=set)
    actors: dict[int, Actor] = field(default_factory=dict)

    def days(self) -> list[date]:
        """Every local day from the first story's start to the end."""
        last = local_date(self.until)
        count = max(story.days_ago for story in STORIES)
        return [last - timedelta(days=days) for days in range(count, -1, -1)]

    def live(self, day: date) -> None:
        """One day: the clock in the morning, then people at work if it is a working day."""
        now = min(start_of_day(day) + MORNING, self.until)
        run_once(self.desk, self.settings, now)
        if not self._calendar().is_workday(day):
            return
        for story in STORIES:
            if (local_date(self.until) - day).days <= story.days_ago and story not in self.begun.values():
                self._begin(story, now)
        self._ask_for_extensions(day, now)
        for _ in range(ROUNDS_A_DAY):
            if not self._work(day, now):
                break

    def _begin(self, story: Story, now: datetime) -> None:
        officer = self._actor(self.settled.users["officer"], now)
        instance = self.desk.act(start_process, process_id="approved_case_intake", actor=officer, now=now)
        self.begun[instance.id] = story

    def _work(self, day: date, now: datetime) -> int:
        done = 0
        with self.desk.sessions() as session:
            tasks = session.scalars(select(Task).where(Task.status == "open").order_by(Task.id)).all()
            limits = dict(
                session.execute(
                    select(Deadline.finding_id, Deadline.due_at).where(
                        Deadline.rule == "D4", Deadline.met_at.is_(None)
                    )
                )
                .tuples()
                .all()
            )
            ids = [task.id for task in tasks if self._is_ripe(task, day, limits)]
        for task_id in ids:
            done += self._do(task_id, day, now)
        return done

    def _is_ripe(self, task: Task, day: date, limits: Mapping[int | None, datetime]) -> bool:
        story, finding = self._story(task), self._finding(task)
        waited = (day - local_date(task.opened_at)).days
        if story is None:
            return waited >= 1 + task.id % 12
        times = self.times[(self._place(task), finding, task.element)] + 1
        days = story.days_for(task.element, finding, times)
        if days is None:  # as people do: some weeks of work, and in time if it can be
            left = (closing_day(limits[task.finding_id]) - day).days if task.finding_id in limits else 0
            return waited >= MOST_WORKING_DAYS or left <= IN_TIME_DAYS
        return waited >= days

    def _do(self, task_id: int, day: date, now: datetime) -> int:
        with self.desk.sessions() as session:
            task = session.get_one(Task, task_id)
            if task.status != "open":
                return 0
            occasion = self._occasion(task, day)
            place = (self._place(task), self._finding(task), task.element)
            candidates = notices.holders(session, role=task.role, now=now, unit_id=task.unit_id, case_id=task.case_id)
        answer = answer_for(occasion)
        for user_id in candidates:
            try:
                self.desk.act(complete_task, task_id=task_id, answer=answer, actor=self._actor(user_id, now), now=now)
            except NotAllowed:
                continue  # four eyes: somebody else of the role does it
            self.times[place] += 1
            return 1
        raise RuntimeError(f"nobody can do {occasion.process_id}/{occasion.element} (task {task_id})")

    def _occasion(self, task: Task, day: date) -> Occasion:
        story, finding = self._story(task), self._finding(task)
        facts = {}
        if story is not None:
            times = self.times[(self._place(task), finding, task.element)] + 1
            facts = dict(story.facts_for(task.element, finding, times))
            facts |= self._addresses(story, task, facts)
        form = Form.load(self.desk.engine.files(task.instance.model_digest).files[task.form])
        return Occasion(task.process_id, task.element, form, dict(task.context), day, facts, Path(task.form).stem)

    def _addresses(self, story: Story, task: Task, facts: dict[str, object]) -> dict[str, object]:
        """What only the running case knows: numbers of findings, codes of unit and round."""
        if task.element == "register_case":
            return {"round_code": story.round, "unit_code": story.unit}
        if task.element == "register_findings":
            return {"findings": story.findings}
        case_no = task.case.case_no if task.case else ""
        if isinstance(results := facts.get("results"), dict):
            return {"results": {f"{case_no}-{key}": value for key, value in results.items()}}
        if task.element == "acknowledge_findings" and "review_objections" in story.facts:
            return {"refused": {f"{case_no}-F01": "情况与事实有出入，有原始记录可以证明，请予复核。"}}
        if task.element == "decide_extension" and task.finding:
            return {"decision": story.extensions.get(f"F{task.finding.seq:02d}", "approve")}
        return {}

    def _ask_for_extensions(self, day: date, now: datetime) -> None:
        with self.desk.sessions() as session:
            rows = session.scalars(
                select(Deadline).where(
                    Deadline.rule == "D4", Deadline.met_at.is_(None), Deadline.extension_count == 0
                )
            ).all()
            wanted = [(row.id, row.due_at, row.unit_id) for row in rows if self._wants_extension(row, day)]
        for deadline_id, due_at, unit_id in wanted:
            code = next(code for code, known in self.settled.units.items() if known == unit_id)
            self.asked.add(deadline_id)
            self.desk.act(
                request_extension,
                deadline_id=deadline_id,
                new_due_on=closing_day(due_at) + timedelta(days=30),
                reason="整改涉及历史档案调阅，需较长时间核实，申请适当延长。",
                actor=self._actor(self.settled.users[f"{code.lower()}-liaison"], now),
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
        if task.process_id == "circular_self_check":
            return None
        if task.instance_id in self.begun:
            return self.begun[task.instance_id]
        return self._story_of_case(task.case_id)

    def _story_of_case(self, case_id: int | None) -> Story | None:
        if case_id is None:
            return None
        if case_id not in self._cases:
            with self.desk.sessions() as session:
                rows = select(ProcessInstance.id).where(
                    ProcessInstance.case_id == case_id, ProcessInstance.process_id == "approved_case_intake"
                )
                self._cases[case_id] = next(
                    (self.begun[key] for key in session.scalars(rows) if key in self.begun), None
                )
        return self._cases[case_id]

    _cases: dict[int, Story | None] = field(default_factory=dict)

    @staticmethod
    def _finding(task: Task) -> str:
        return f"F{task.finding.seq:02d}" if task.finding else ""

    @staticmethod
    def _place(task: Task) -> str:
        return f"case {task.case_id}" if task.case_id else f"instance {task.instance_id}"

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


def accounts() -> list[tuple[str, str]]:
    """(login, what the person is) of the demo accounts shown at start-up; all share one password."""
    return [
        ("officer", "干部监督处经办人"),
        ("chief", "干部监督处处长"),
        ("deputy", "分管副部长"),
        ("council", "部务会成员"),
        ("team-leader", "检查组组长"),
        ("team-member", "检查组组员"),
        ("tour-leader", "巡视组组长"),
        ("verifier", "验收员"),
        ("accountability", "问责承办人"),
        ("organ", "一案双查B轨审查人"),
        ("discipline", "纪检监察机关联络员"),
        ("tour-office", "巡视办联络员"),
        ("czt-principal", "财政厅主要负责人"),
        ("czt-leader", "财政厅责任领导"),
        ("czt-liaison", "财政厅联络员"),
        ("czt-owner", "财政厅整改责任人"),
        ("designer", "流程设计员"),
        ("admin", "系统管理员"),
        ("security", "安全保密员"),
        ("auditor", "安全审计员"),
    ]


__all__ = ["PASSWORD", "accounts", "fill", "is_filled"]
