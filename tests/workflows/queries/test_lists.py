"""Lists: pages join without gap, counts equal rows, lights agree with the rule, and nothing opens a state."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from workflows.deadlines.lights import light
from workflows.models import Deadline
from workflows.queries import inbox, ledger, lights, overdue
from workflows.records import calendars


@pytest.mark.parametrize("sort", sorted(inbox.ORDERS))
@pytest.mark.parametrize("descending", [False, True])
def test_pages_of_one_join_to_the_whole(session, rectifying, region, now, sort, descending):
    seen, after = [], ""
    while True:
        asked = inbox.Filters(tab="claimable", sort=sort, descending=descending, after=after, size=1)
        page = inbox.inbox(session, region.owner, asked, now=now)
        seen += [item.task.id for item in page.items]
        if not (after := page.next):
            break
    whole = inbox.inbox(
        session, region.owner, inbox.Filters(tab="claimable", sort=sort, descending=descending), now=now
    )
    assert seen == [item.task.id for item in whole.items]
    assert len(seen) == len(set(seen)) == whole.counts["claimable"] == 2


@pytest.mark.parametrize("cursor", ["nonsense", "eyJhIjoxfQ==", "W10=", "WyJ0IiwgInRvZGF5IiwgMV0="])
def test_a_cursor_that_is_none_of_ours_is_the_start(session, rectifying, region, now, cursor):
    page = inbox.inbox(session, region.owner, inbox.Filters(tab="claimable", after=cursor), now=now)
    assert len(page.items) == 2


@pytest.mark.parametrize("days", [-40, -1, 0, 1, 3, 4, 10, 11, 20, 21, 60])
def test_the_light_as_a_condition_is_the_light_of_the_rule(session, rectifying, days):
    deadline = session.scalars(select(Deadline).where(Deadline.rule == "D4", Deadline.met_at.is_(None))).first()
    now = deadline.due_at - timedelta(days=days)
    wanted = light(deadline.due_at, met_at=None, paused=False, now=now).value
    for name in ledger.LIGHT_WORDS:
        shown = session.scalar(select(Deadline.id).where(Deadline.id == deadline.id, lights.is_light(name, now)))
        assert (shown is not None) is (name == wanted), name


def test_a_stopped_clock_shows_no_light(session, rectifying, now):
    deadline = session.scalars(select(Deadline).where(Deadline.rule == "D4")).first()
    deadline.paused_since = now
    session.flush()
    assert lights.light_of(deadline, deadline.due_at) == "none"
    late = deadline.due_at + timedelta(days=3)
    assert session.scalar(select(Deadline.id).where(Deadline.id == deadline.id, lights.is_light("none", late)))


@pytest.mark.parametrize("days", [1, 6, 7, 14, 15, 29, 30, 400])
def test_buckets_count_days_as_the_rule_does(session, rectifying, region, days):
    first = session.scalars(select(Deadline).where(Deadline.rule == "D4").order_by(Deadline.due_at)).first()
    for other in session.scalars(select(Deadline).where(Deadline.id != first.id)):
        other.voided_at = other.opened_at
    session.flush()
    now = first.due_at + timedelta(days=days - 1, hours=12)
    calendar = calendars.in_force(session)
    found = overdue.overdue(session, region.chief, overdue.Filters(), now=now, calendar=calendar)
    least, most = next(edges for edges in overdue.BUCKETS.values() if edges[1] is None or days <= edges[1])
    name = next(name for name, edges in overdue.BUCKETS.items() if edges == (least, most))
    assert found.rows[0].days == days
    assert {bucket for bucket, number in found.buckets.items() if number} == {name}
    listed = overdue.overdue(session, region.chief, overdue.Filters(unattended=True), now=now, calendar=calendar)
    assert len(listed.rows) == found.unattended == sum(row.is_unattended for row in found.rows)


def test_the_ledger_has_one_row_a_measure_and_every_column(session, rectifying, region, now):
    found = ledger.ledger(session, region.officer, ledger.Filters(), now=now)
    assert found.total == len(found.rows) == 2
    for row in found.rows:
        assert set(row.cells) == {name for name, _ in ledger.COLUMNS}
    assert len(ledger.COLUMNS) == 31
    exported = list(ledger.all_rows(session, region.officer, ledger.Filters(), now=now, at_once=1))
    assert [row.cells for row in exported] == [row.cells for row in found.rows]


def test_a_finding_without_measures_has_its_row(session, story, region, now):
    story.registered({}).told().owned()
    found = ledger.ledger(session, region.officer, ledger.Filters(), now=now)
    assert found.total == 1
    assert found.rows[0].cells["content"] == ""


def test_no_list_opens_a_state(desk, session, rectifying, region, now):
    statements: list[str] = []
    event.listen(desk.sessions.kw["bind"], "before_cursor_execute", lambda *given: statements.append(given[2]))
    inbox.inbox(session, region.chief, inbox.Filters(tab="claimable"), now=now)
    ledger.ledger(session, region.chief, ledger.Filters(), now=now)
    overdue.overdue(
        session, region.chief, overdue.Filters(), now=now + timedelta(days=400), calendar=calendars.in_force(session)
    )
    assert statements
    assert not [text for text in statements if "process_instances.state" in text or "tasks.context" in text]
