"""持久战 (S100): what takes long is checked again after its closure, until it lasts or has to be rectified anew."""

from datetime import datetime

import pytest

from tests.people import Region
from tests.workflows.operations.following import Following
from workflows.commands.desk import Desk
from workflows.models import Finding
from workflows.queries import doctor
from workflows.refusal import Refusal

LONG_TERM = {"rectify_type": "continuous", "root_cause_kind": "system"}
NOTE = "现场查阅制度执行台账，情况属实。"
REQUIREMENT = "逐项对照制度整治，一个月内报告结果。"
KEY = "consolidation_check:XH-2026-0001"


@pytest.fixture
def closed(desk: Desk, region: Region, now: datetime) -> Following:
    """A finding that takes long is closed on 1 September; it is to be looked at again on 1 March."""
    story = Following(desk, region, now)
    story.registered(LONG_TERM).told().owned().planned()
    story.implemented(next_check_date="2027-03-01").verified().closed()
    return story


@pytest.fixture
def due(closed: Following) -> Following:
    """The day has come."""
    return closed.later(days=181).wake()


def checks(story: Following, result: str, **more: str) -> None:
    story.does("officer", "check_consolidation", result=result, note=NOTE, **more)


def test_a_closed_finding_that_takes_long_is_checked_on_its_day(closed: Following) -> None:
    assert closed.finding().next_check_date.isoformat() == "2027-03-01"
    closed.later(days=180).wake()
    assert not closed.tasks("check_consolidation")
    closed.later(days=1).wake()
    task = closed.tasks("check_consolidation")[0]
    assert (task.role, task.context["finding_no"]) == ("supervision_officer", "XR-12-04-001-F01")


def test_other_findings_are_not_checked_again(desk: Desk, region: Region, now: datetime) -> None:
    story = Following(desk, region, now)
    story.registered({}).told().owned().planned()
    story.all_closed()
    assert story.sent("finding.consolidate") == []


def test_what_holds_is_checked_again_until_it_lasts(due: Following) -> None:
    checks(due, "held", next_check_on="2027-09-01")
    assert due.finding().next_check_date.isoformat() == "2027-09-01"
    assert not due.tasks("check_consolidation")
    due.later(days=184).wake()
    checks(due, "lasting")
    assert due.processes()[KEY] == "finished"
    assert not due.finding().watch


def test_what_slips_is_watched_and_told_to_the_unit(due: Following) -> None:
    checks(due, "slipped", requirement=REQUIREMENT, next_check_on="2027-04-01")
    assert due.finding().watch
    assert due.notified("巩固检查发现反复：XR-12-04-001-F01")
    assert due.finding().next_check_date.isoformat() == "2027-04-01"


@pytest.mark.parametrize(
    ("result", "day"), [("held", "2027-03-01"), ("held", "2028-03-02"), ("slipped", "2027-07-01")]
)
def test_the_next_day_is_bounded(due: Following, result: str, day: str) -> None:
    with pytest.raises(Refusal, match="下次检查日期应在今天之后"):
        checks(due, result, next_check_on=day, **({"requirement": REQUIREMENT} if result == "slipped" else {}))
    assert due.tasks("check_consolidation")


def test_what_is_rectified_anew_ends_the_checks_of_its_first_closure(closed: Following) -> None:
    with closed.desk.sessions.begin() as session:
        session.get_one(Finding, closed.finding().id).status = "rectifying"
    closed.later(days=181).wake()
    assert not closed.tasks("check_consolidation")
    assert closed.processes()[KEY] == "finished"


def test_the_checks_outlive_the_case(closed: Following) -> None:
    closed.reported()
    closed.does("chief", "decide_sampling", sample="no", sample_reason="按两成比例抽签决定")
    assert closed.case().status == "archived"
    closed.later(days=181).wake()
    checks(closed, "lasting")
    assert closed.processes()[KEY] == "finished"
    with closed.desk.sessions() as session:
        problems = doctor.examine(session, now=closed.now, files_dir=closed.desk.files_dir)
    assert {problem.code for problem in problems} <= {"nobody_for_task"}, "the city has no liaison in this region"
