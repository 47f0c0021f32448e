"""Random small organisations: whatever people lend, delegate, pass on and countersign, nobody plays two parts.

Neither a person alone, nor a person and the one for whom he acts; and nobody acts where he, or that one, is recused.
"""

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from itertools import count

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import select

from tests.conftest import NOW
from tests.people import Region
from tests.workflows.engine.drawing import diagram, end, files, flows, node, start, user
from workflows.commands.absences import declare_absence, end_absence
from workflows.commands.countersigning import ask_countersignatures, countersign
from workflows.commands.delegation import delegate_task, hand_back_task
from workflows.commands.desk import Desk, Work
from workflows.commands.recusals import declare_recusal
from workflows.commands.stepping import start_instance
from workflows.commands.tasks import claim_task, complete_task, reassign_task
from workflows.database import atomic
from workflows.models import (
    Absence,
    Finding,
    Grant,
    HistoryEntry,
    InspectionCase,
    ModelFile,
    ModelVersion,
    Recusal,
    Task,
    Unit,
    User,
)
from workflows.policy import conflicting_parts
from workflows.queries.people import actor_of
from workflows.refusal import Refusal
from workflows.workdays import local_date

PEOPLE = 5
ROLES = ("measure_owner", "unit_leader", "verifier", "supervision_chief")
PARTS = {
    "measure_owner": "implementer",
    "unit_leader": "leader_check",
    "verifier": "verifier",
    "supervision_chief": "closer",
}
numbers = count(1)

person = st.integers(0, PEOPLE - 1)
part = st.sampled_from(ROLES)
organisations = st.lists(st.sets(part, min_size=1, max_size=3), min_size=PEOPLE, max_size=PEOPLE)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("away"), person, person),
        st.tuples(st.just("back"), person, person),
        st.tuples(st.just("claim"), person, part),
        st.tuples(st.just("complete"), person, part),
        st.tuples(st.just("pass_on"), person, person, part),
        st.tuples(st.just("delegate"), person, person, part),
        st.tuples(st.just("ask"), person, person, part),
        st.tuples(st.just("sign"), person),
        st.tuples(st.just("recuse"), person),
    ),
    max_size=16,
)


def _model():
    lanes = "".join(
        f'<bpmn:lane id="lane_{role}" name="{role}"><bpmn:flowNodeRef>{role}</bpmn:flowNodeRef></bpmn:lane>'
        for role in ROLES
    )
    tasks = [user(role, part=PARTS[role]) for role in ROLES]
    ways = [f"split>{role}>join" for role in ROLES]
    names = ", ".join(f'"{role}": "{role}"' for role in ROLES)
    return files(
        diagram(
            f'<bpmn:laneSet id="lanes">{lanes}</bpmn:laneSet>', start(), node("parallelGateway", "split"), *tasks,
            node("parallelGateway", "join"), end(), flows("start>split", *ways, "join>end"), process="parts",
        ),
        process="parts",
        words_json=f'{{"lanes": {{{names}}}}}',
    )  # fmt: skip


@pytest.fixture
def version(desk: Desk) -> ModelVersion:
    """A process that asks for each part once, all at the same time."""
    model = _model()
    with atomic(desk.sessions) as session:
        session.add_all(ModelFile(digest=model.digest, path=path, content=body) for path, body in model.files.items())
        version = ModelVersion(
            process_id="parts", number=1, digest=model.digest, title="各环节", status="active", published_at=NOW
        )
        session.add(version)
    return version


class Office:
    """One unit with a few people, one finding, and an open task for each part of its rectification."""

    def __init__(self, desk: Desk, region: Region, version: ModelVersion, organisation: list[set[str]]):
        self.desk, self.now, self.number = desk, NOW, next(numbers)
        with atomic(desk.sessions) as session:
            unit = Unit(code=f"U{self.number}", name=f"第{self.number}单位", kind="department")
            session.add(unit)
            session.flush()
            self.people = [self._person(session, unit.id, n, roles) for n, roles in enumerate(organisation)]
            case, finding = self._finding(session, region, unit.id)
            self.case_id, self.finding_id = case.id, finding.id
        desk.act(
            _begin, version=version, key=f"C{self.number}-F01", case_id=self.case_id, finding_id=self.finding_id,
            unit_id=unit.id, now=NOW,
        )  # fmt: skip
        with desk.sessions() as session:
            rows = session.execute(select(Task.element, Task.id).where(Task.finding_id == self.finding_id))
            self.tasks = dict(rows.all())

    def _person(self, session, unit_id: int, n: int, roles: set[str]) -> int:
        number = f"P{self.number}-{n}"
        person = User(login=number, staff_no=number, name=f"人员{n}", unit_id=unit_id, password_hash="")
        person.grants = [Grant(role=role, scope="unit", scope_id=unit_id) for role in sorted(roles)]
        session.add(person)
        session.flush()
        return person.id

    def _finding(self, session, region: Region, unit_id: int) -> tuple[InspectionCase, Finding]:
        case = InspectionCase(
            case_no=f"C{self.number}", round_id=region.round_id, unit_id=unit_id, status="rectifying", opened_at=NOW,
            feedback_date=local_date(NOW),
        )  # fmt: skip
        session.add(case)
        session.flush()
        finding = Finding(
            finding_no=f"C{self.number}-F01", case_id=case.id, seq=1, title="问题", text="问题。", category="C06", chain="用",
            severity="minor", rectify_type="staged", opinion="整改。", status="rectifying",
        )  # fmt: skip
        session.add(finding)
        session.flush()
        return case, finding

    def tries(self, deed) -> None:
        """Somebody tries; what is refused changes nothing."""
        with suppress(Refusal):
            getattr(self, f"_{deed[0]}")(*deed[1:])
        self.now += timedelta(minutes=1)

    def _act(self, who: int, command, **given):
        with self.desk.sessions() as session:
            actor = actor_of(session, self.people[who], self.now)
        return self.desk.act(command, actor=actor, now=self.now, **given)

    def _away(self, who: int, substitute: int) -> None:
        today = local_date(self.now)
        self._act(who, declare_absence, substitute_id=self.people[substitute], first_day=today, last_day=today)

    def _back(self, who: int, _other: int) -> None:
        with self.desk.sessions() as session:
            rows = session.scalars(
                select(Absence.id).where(Absence.user_id == self.people[who], Absence.ended_at.is_(None))
            ).all()
        for absence_id in rows:
            self._act(who, end_absence, absence_id=absence_id)

    def _claim(self, who: int, role: str) -> None:
        self._act(who, claim_task, task_id=self.tasks[role])

    def _complete(self, who: int, role: str) -> None:
        with self.desk.sessions() as session:
            task = session.scalars(select(Task).where(Task.id == self.tasks[role])).one()
        if task.owner_id is not None and task.assignee_id == self.people[who]:
            self._act(who, hand_back_task, task_id=task.id, answer={})
        else:
            self._act(who, complete_task, task_id=task.id, answer={})

    def _pass_on(self, who: int, receiver: int, role: str) -> None:
        self._act(who, reassign_task, task_id=self.tasks[role], to_user_id=self.people[receiver], reason="请办。")

    def _delegate(self, who: int, receiver: int, role: str) -> None:
        self._act(who, delegate_task, task_id=self.tasks[role], to_user_id=self.people[receiver], reason="请办。")

    def _ask(self, who: int, other: int, role: str) -> None:
        self._act(who, ask_countersignatures, task_id=self.tasks[role], user_ids=[self.people[other]], needed=1)

    def _sign(self, who: int) -> None:
        waiting = select(Task.id).where(
            Task.kind == "countersign", Task.status == "open", Task.assignee_id == self.people[who]
        )
        with self.desk.sessions() as session:
            rows = session.scalars(waiting.where(Task.case_id == self.case_id)).all()
        for row in rows:
            self._act(who, countersign, task_id=row, opinion="agree")

    def _recuse(self, who: int) -> None:
        self._act(who, declare_recusal, unit_code=f"U{self.number}", reason="relative")


def _begin(work: Work, *, version: ModelVersion, now, **subject) -> None:
    start_instance(work, model=version, data={}, now=now, actor=None, **subject)


ACTS = {"complete_task", "hand_back_task", "countersign"}


def _acts(office: Office) -> list[tuple[HistoryEntry, str]]:
    """What was done on the finding, with the part of the task on which it was done; denied attempts left out."""
    with office.desk.sessions() as session:
        parts = dict(session.execute(select(Task.id, Task.part).where(Task.finding_id == office.finding_id)).all())
        query = select(HistoryEntry).where(
            HistoryEntry.case_id == office.case_id, HistoryEntry.action.in_(ACTS), HistoryEntry.denied.is_(False)
        )
        return [(entry, parts[entry.object_id]) for entry in session.scalars(query.order_by(HistoryEntry.id))]


def _nobody_plays_two_parts(office: Office) -> None:
    played: dict[int, set[str]] = defaultdict(set)
    for entry, part_ in _acts(office):
        for user_id in filter(None, (entry.actor_id, entry.on_behalf_of_id)):
            played[user_id].add(part_)
    for user_id, parts in played.items():
        for part_ in parts:
            assert not parts & conflicting_parts(part_), (user_id, parts)


def _no_recused_person_acts(office: Office) -> None:
    with office.desk.sessions() as session:
        recused = dict(session.execute(select(Recusal.user_id, Recusal.declared_at)).all())
    for entry, _ in _acts(office):
        for user_id in filter(None, (entry.actor_id, entry.on_behalf_of_id)):
            assert user_id not in recused or entry.at < recused[user_id], user_id


def _who_acts_for_another_stands_in_for_him(office: Office) -> None:
    with office.desk.sessions() as session:
        pairs = {(row[0], row[1]) for row in session.execute(select(Absence.substitute_id, Absence.user_id)).all()}
    for entry, _ in _acts(office):
        assert entry.on_behalf_of_id is None or (entry.actor_id, entry.on_behalf_of_id) in pairs


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@example(  # the substitute does one part for the absent one, who comes back and tries the other himself
    organisation=[{"measure_owner", "unit_leader"}, {"verifier"}, {"verifier"}, {"verifier"}, {"verifier"}],
    story=[("away", 0, 1), ("complete", 1, "measure_owner"), ("back", 0, 0), ("complete", 0, "unit_leader")],
)
@example(  # the absent one has done one part himself, his substitute tries the other in his name
    organisation=[{"measure_owner", "unit_leader"}, {"verifier"}, {"verifier"}, {"verifier"}, {"verifier"}],
    story=[
        ("complete", 0, "measure_owner"),
        ("away", 0, 1),
        ("complete", 1, "unit_leader"),
        ("complete", 1, "verifier"),
    ],
)
@example(  # who has countersigned, or worked it out as a delegate, tries the check of it
    organisation=[{"measure_owner"}, {"unit_leader"}, {"verifier"}, {"verifier"}, {"supervision_chief"}],
    story=[
        ("ask", 0, 1, "measure_owner"), ("sign", 1), ("complete", 0, "measure_owner"), ("complete", 1, "unit_leader"),
        ("delegate", 2, 1, "verifier"), ("complete", 1, "verifier"),
    ],
)  # fmt: skip
@given(organisation=organisations, story=deeds)
def test_no_way_leads_to_two_parts(desk, region, version, organisation, story) -> None:
    office = Office(desk, region, version, organisation)
    for deed in story:
        office.tries(deed)
    _nobody_plays_two_parts(office)
    _no_recused_person_acts(office)
    _who_acts_for_another_stands_in_for_him(office)
