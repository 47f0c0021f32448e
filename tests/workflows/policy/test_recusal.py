"""回避 over random organisations: who must keep away from a unit has no team role there, by whatever path (D10, G12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.people import CHEAP_HASH
from workflows.commands.desk import Work
from workflows.commands.tasks import claim_task, reassign_task
from workflows.database import Base, Sessions, make_sessions
from workflows.models import (
    Grant,
    InspectionCase,
    InspectionRound,
    Inspector,
    ModelVersion,
    ProcessInstance,
    Recusal,
    Task,
    Unit,
    User,
)
from workflows.policy import NotAllowed, Place
from workflows.policy.recusal import TEAM_ROLES, conflicted_units, objections
from workflows.queries.people import actor_of
from workflows.queries.receivers import receivers
from workflows.queries.scope import claimable_tasks, visible_cases
from workflows.records import notices

NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
SCOPES = ("region", "unit", "case", "round")


@pytest.mark.parametrize(
    ("left", "is_recent"),
    [(None, True), ("2026-08-31", True), ("2023-09-02", True), ("2023-09-01", False), ("2019-01-01", False)],
)
def test_three_years_after_leaving(left: str | None, is_recent: bool) -> None:
    posts = [{"unit_id": 7, "to": left}]
    assert (7 in conflicted_units(1, posts, TODAY)) is is_recent
    assert bool(objections(7, 1, posts, None, TODAY)) is is_recent


def test_a_leap_day_is_three_years_after_the_end_of_february() -> None:
    assert conflicted_units(1, [{"unit_id": 7, "to": "2021-03-01"}], date(2024, 2, 29)) == {1, 7}
    assert conflicted_units(1, [{"unit_id": 7, "to": "2021-02-28"}], date(2024, 2, 29)) == {1}


@dataclass(frozen=True)
class Person:
    """Somebody of a random organisation.  `left`: years since leaving the inspected unit, None for never there."""

    is_from_unit: bool
    left: int | None
    has_declared: bool
    role: str
    scope: str

    @property
    def must_keep_away(self) -> bool:
        return self.is_from_unit or self.has_declared or (self.left is not None and self.left < 3)


PEOPLE = st.lists(
    st.builds(
        Person,
        is_from_unit=st.booleans(),
        left=st.sampled_from([None, None, 0, 1, 2, 3, 5]),
        has_declared=st.booleans(),
        role=st.sampled_from(sorted(TEAM_ROLES)),
        scope=st.sampled_from(SCOPES),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def sessions() -> Iterator[Sessions]:
    """An empty database; each example is taken back."""
    made = make_sessions("sqlite://")
    engine = made.kw["bind"]
    Base.metadata.create_all(engine)
    yield made
    engine.dispose()


@settings(max_examples=25)
@given(people=PEOPLE)
def test_whoever_must_keep_away_has_no_way_in(sessions: Sessions, people: list[Person]) -> None:
    with sessions() as session:
        chief_id, ids, tasks = settle(session, people)
        for person, user_id in zip(people, ids, strict=True):
            look(session, person, user_id, tasks[person.role], chief_id)
        session.rollback()


def look(session, person: Person, user_id: int, task: Task, chief_id: int) -> None:
    """Every path by which a team's work may reach a person, for one who may and one who may not."""
    actor = actor_of(session, user_id, NOW)
    assert actor is not None
    may = not person.must_keep_away
    place = Place(unit_id=task.unit_id, case_id=task.case_id, round_id=task.case.round_id)
    assert actor.holds(person.role, place) is may
    assert (session.scalar(select(InspectionCase.id).where(visible_cases(actor))) is not None) is may
    listed = session.scalars(select(Task.id).where(claimable_tasks(actor), Task.role == person.role))
    assert bool(list(listed)) is may
    told = notices.holders(session, role=person.role, now=NOW, unit_id=task.unit_id, case_id=task.case_id)
    assert (user_id in told) is may
    chief = actor_of(session, chief_id, NOW)
    assert chief is not None
    assert (user_id in {user.id for user in receivers(session, chief, task, now=NOW)}) is may
    work = Work(session, *[None] * 4)  # type: ignore[arg-type]
    for act in (
        lambda: claim_task(work, task_id=task.id, actor=actor, now=NOW),
        lambda: reassign_task(work, task_id=task.id, to_user_id=user_id, reason="工作需要", actor=chief, now=NOW),
    ):
        task.assignee_id = None
        session.flush()
        if may:
            act()
        else:
            with pytest.raises(NotAllowed) as no:
                act()
            assert no.value.rule == "recusal"
        task.assignee_id = None
        session.flush()


def settle(session, people: list[Person]) -> tuple[int, list[int], dict[str, Task]]:
    """The organisation: our department, an inspected unit with a case, its people; a task a team role."""
    home, unit = Unit(code="ORG", name="组织部", kind="org_department"), Unit(code="A", name="澜城区", kind="county")
    session.add_all([home, unit])
    session.flush()
    round_ = InspectionRound(code="12-04", name="第四轮", kind="regular", starts_on=TODAY)
    session.add(round_)
    session.flush()
    case = InspectionCase(
        case_no="XR-1", round_id=round_.id, unit_id=unit.id, status="onsite", opened_at=NOW, facts={}
    )
    session.add(case)
    session.flush()
    chief = user("chief", home.id)
    chief.grants = [Grant(role="supervision_chief", scope="region", scope_id=0)]
    session.add(chief)
    session.flush()
    ids = []
    for number, person in enumerate(people):
        ids.append(member(session, person, number, home, unit, case))
    return chief.id, ids, tasks_of(session, case)


def member(session, person: Person, number: int, home: Unit, unit: Unit, case: InspectionCase) -> int:
    row = user(f"u{number}", unit.id if person.is_from_unit else home.id)
    scope_id = {"region": 0, "unit": unit.id, "case": case.id, "round": case.round_id}[person.scope]
    row.grants = [Grant(role=person.role, scope=person.scope, scope_id=scope_id)]
    session.add(row)
    session.flush()
    left = None if person.left is None else (TODAY - timedelta(days=person.left * 366)).isoformat()
    posts = [] if left is None else [{"unit_id": unit.id, "unit": unit.name, "post": "科长", "to": left}]
    session.add(
        Inspector(
            user_id=row.id, channel="dept", born_on=date(1980, 1, 1), experience_years=5, speciality="cadre",
            post_kind="staff", posts=posts,
        )
    )  # fmt: skip
    if person.has_declared:
        session.add(Recusal(user_id=row.id, unit_id=unit.id, reason="relative", declared_at=NOW))
    return int(row.id)


def tasks_of(session, case: InspectionCase) -> dict[str, Task]:
    """An open task for each team role."""
    model = ModelVersion(
        process_id="p", number=1, digest="d", title="流程", status="active", start_messages=[], starter_roles=[],
        published_at=NOW,
    )  # fmt: skip
    session.add(model)
    instance = ProcessInstance(
        process_id="p", key="k", model_digest="d", status="running", state=b"{}", case_id=case.id, unit_id=case.unit_id,
        started_at=NOW,
    )  # fmt: skip
    session.add(instance)
    session.flush()
    found = {}
    for role in sorted(TEAM_ROLES):
        found[role] = Task(
            instance_id=instance.id, process_id="p", key=role, element=role, title="任务", role=role, status="open",
            case_id=case.id, unit_id=case.unit_id, opened_at=NOW, lane="检查组", form="", context={},
        )  # fmt: skip
        session.add(found[role])
    session.flush()
    return found


def user(login: str, unit_id: int) -> User:
    return User(login=login, staff_no=login, name=login, unit_id=unit_id, password_hash=CHEAP_HASH)
