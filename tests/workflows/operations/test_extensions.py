"""An extension: the division decides the first, the deputy minister the second, and timers follow the deadline."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import Story
from workflows.commands.deadlines import request_extension
from workflows.models import Deadline, ExtensionRequest

ONE = "XR-12-04-001-F01"


@pytest.fixture
def one_finding(story: Story) -> Story:
    return story.registered({}).told().owned().planned()


def limit_of(story: Story) -> Deadline:
    with story.desk.sessions() as session:
        return session.scalars(select(Deadline).where(Deadline.subject_no == ONE, Deadline.rule == "D4")).one()


def ask(story: Story, day: date) -> None:
    story.desk.act(
        request_extension, deadline_id=limit_of(story).id, new_due_on=day, reason="需跨部门会签。",
        actor=story.region.liaison, now=story.now,
    )  # fmt: skip


def requests_of(story: Story) -> list[ExtensionRequest]:
    with story.desk.sessions() as session:
        return list(session.scalars(select(ExtensionRequest).order_by(ExtensionRequest.id)))


def test_the_division_agrees_to_the_first(one_finding: Story) -> None:
    before = limit_of(one_finding).due_at
    ask(one_finding, date(2026, 12, 31))
    one_finding.does("chief", "decide_first_extension", decision="approve", decision_reason="同意，抓紧办理。")
    after = limit_of(one_finding)
    assert after.due_at > before == after.original_due_at
    assert after.extension_count == 1
    request = requests_of(one_finding)[0]
    assert (request.status, request.decided_by_id) == ("approved", one_finding.region.chief.user_id)
    assert one_finding.notified("延期审批结果")
    assert one_finding.processes()[f"extension:{ONE}|D4"] == "finished"


def test_the_deputy_decides_the_second(one_finding: Story) -> None:
    ask(one_finding, date(2026, 12, 31))
    one_finding.does("chief", "decide_first_extension", decision="approve", decision_reason="同意。")
    ask(one_finding, date(2027, 1, 29))
    assert one_finding.open() & {"decide_first_extension", "decide_second_extension"} == {"decide_second_extension"}
    one_finding.does("deputy", "decide_second_extension", decision="approve", decision_reason="同意。")
    assert limit_of(one_finding).extension_count == 2


def test_a_refused_extension_changes_nothing(one_finding: Story) -> None:
    before = limit_of(one_finding).due_at
    ask(one_finding, date(2026, 12, 31))
    one_finding.does("chief", "decide_first_extension", decision="refuse", decision_reason="理由不充分。")
    assert limit_of(one_finding).due_at == before
    assert requests_of(one_finding)[0].status == "refused"


def test_a_request_lapses_when_the_work_is_done_first(one_finding: Story) -> None:
    ask(one_finding, date(2026, 12, 31))
    one_finding.implemented(ONE).verified(ONE).closed(ONE)
    assert "decide_first_extension" not in one_finding.open()
    assert requests_of(one_finding)[0].status == "lapsed"
    assert limit_of(one_finding).extension_asked is False
    assert one_finding.notified("延期申请失效")
    assert one_finding.processes()[f"extension:{ONE}|D4"] == "finished"
