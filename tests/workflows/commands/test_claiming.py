"""领取下一件: the most urgent one first, never one that may not be taken, and never the same for two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.workflows.operations.story import Story
from workflows.commands.claiming import claim_next
from workflows.commands.desk import Desk
from workflows.database import atomic
from workflows.models import Grant, Snooze, Task, User
from workflows.policy import Actor
from workflows.queries.people import actor_of

CLIENTS = 10


@pytest.fixture
def ten(desk, region, now) -> tuple[Story, list[Actor]]:
    """Ten findings of one case to be worked on, and ten people who may."""
    findings = [{"title": f"第{n}个问题没有整改到位"} for n in range(CLIENTS)]
    story = Story(desk, region, now).registered(*findings).told().owned().planned()
    with atomic(desk.sessions) as session:
        people = [
            User(login=f"w{n}", staff_no=f"W{n}", name=f"责任人{n}", unit_id=region.unit_a_id, password_hash="")
            for n in range(CLIENTS)
        ]
        for person in people:
            person.grants = [Grant(role="measure_owner", scope="unit", scope_id=region.unit_a_id)]
        session.add_all(people)
        session.flush()
        return story, [actor for person in people if (actor := actor_of(session, person.id, now))]


def test_ten_at_once_never_get_the_same(desk: Desk, ten) -> None:
    story, people = ten
    assert len(story.tasks("implement_measures")) == CLIENTS
    with ThreadPoolExecutor(CLIENTS) as crowd:
        taken = list(crowd.map(lambda actor: desk.act(claim_next, actor=actor, now=story.now), people))
    ids = [task.id for task in taken if task is not None]
    assert len(ids) == len(set(ids)) == CLIENTS
    with desk.sessions() as session:
        assignees = session.scalars(select(Task.assignee_id).where(Task.id.in_(ids))).all()
    assert sorted(assignees) == sorted(actor.user_id for actor in people)
    assert desk.act(claim_next, actor=people[0], now=story.now) is None


def test_two_in_one_process_both_get_something(desk: Desk, ten) -> None:
    """More people than free tasks: each task goes to one, the others get nothing."""
    story, people = ten
    with atomic(desk.sessions) as session:
        kept = session.scalars(
            select(Task.id).where(Task.element == "implement_measures").order_by(Task.id).limit(3)
        ).all()
        session.execute(
            update(Task).where(Task.element == "implement_measures", Task.id.not_in(kept)).values(status="withdrawn")
        )
    with ThreadPoolExecutor(CLIENTS) as crowd:
        taken = list(crowd.map(lambda actor: desk.act(claim_next, actor=actor, now=story.now), people))
    assert sorted(task.id for task in taken if task is not None) == sorted(kept)


def test_the_overdue_first_then_by_priority_then_by_due_moment(desk: Desk, ten) -> None:
    story, (actor, *_) = ten
    tasks = story.tasks("implement_measures")
    with atomic(desk.sessions) as session:
        session.execute(update(Task).values(deadline_id=None, due_at=story.now + timedelta(days=9)))
        for task, values in zip(
            tasks, ({}, {"priority": 5}, {"due_at": story.now - timedelta(days=1)}, {"due_at": story.now + timedelta(days=2)}),
            strict=False,
        ):  # fmt: skip
            if values:
                session.execute(update(Task).where(Task.id == task.id).values(**values))
    taken = [desk.act(claim_next, actor=actor, now=story.now).id for _ in range(4)]
    assert taken == [tasks[2].id, tasks[1].id, tasks[3].id, tasks[0].id]


def test_what_was_put_off_is_passed_over(desk: Desk, ten) -> None:
    story, (actor, *_) = ten
    first = desk.act(claim_next, actor=actor, now=story.now)
    with atomic(desk.sessions) as session:
        session.execute(update(Task).where(Task.id == first.id).values(assignee_id=None))
        session.add(Snooze(task_id=first.id, user_id=actor.user_id, until=story.now + timedelta(days=1)))
    assert desk.act(claim_next, actor=actor, now=story.now).id != first.id
    assert desk.act(claim_next, actor=actor, now=story.now, process_id="no_such") is None


def test_what_four_eyes_forbid_is_passed_over(desk: Desk, ten, region) -> None:
    story, _ = ten
    finding_no = story.finding().finding_no
    task = story.tasks("implement_measures", finding_no)[0]
    rows = [
        row | {"progress": "办理完成。", "completion": "done", "document_ref": "文"}
        for row in task.context["task"]["measures"]
    ]
    with atomic(desk.sessions) as session:
        session.add(Grant(user_id=region.owner.user_id, role="unit_leader", scope="unit", scope_id=region.unit_a_id))
    story.does("owner", "implement_measures", finding_no=finding_no, measures=rows)
    with desk.sessions() as session:
        actor = actor_of(session, region.owner.user_id, story.now)
    check = story.tasks("check_by_leader")[0]
    taken = []
    while (found := desk.act(claim_next, actor=actor, now=story.now)) is not None:
        taken.append(found.id)
    assert len(taken) == CLIENTS - 1
    assert check.id not in taken
