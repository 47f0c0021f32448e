"""批量督办: what is late is pressed once a day; the ladder starts or somebody is told; a result for each."""

from datetime import timedelta

import pytest

from tests.people import Region
from tests.workflows.operations.following import Following
from workflows.commands.desk import Desk
from workflows.commands.errands import Errand
from workflows.commands.pressing import accept_presses, keep_presses, press_deadline, press_each, press_many
from workflows.models import Batch, Deadline, HistoryEntry, SupervisionNotice
from workflows.policy import NotAllowed
from workflows.queries import overdue
from workflows.records import calendars
from workflows.refusal import Refusal
from workflows.workdays import closing_day, start_of_day


@pytest.fixture
def late(desk: Desk, region: Region, now) -> Following:
    """The first morning on which the unit's limits are late; no clock has looked yet."""
    story = Following(desk, region, now)
    story.registered({}).told().owned().planned()
    last = max(row.due_at for row in story.rows(Deadline) if row.met_at is None and row.rule in ("D4", "T12"))
    story.now = start_of_day(closing_day(last)) + timedelta(days=1, hours=9)
    return story


def limit(story: Following, rule: str) -> Deadline:
    return next(row for row in story.rows(Deadline) if row.rule == rule)


def press(story: Following, rule: str, who: str = "chief", text: str = "请尽快落实。") -> str:
    who_ = getattr(story.region, who)
    return story.desk.act(press_deadline, deadline_id=limit(story, rule).id, text=text, actor=who_, now=story.now)


def test_pressing_starts_the_ladder_at_once(late: Following) -> None:
    assert "下发督办文书" in press(late, "D4")
    notice = next(row for row in late.rows(SupervisionNotice) if row.deadline_id == limit(late, "D4").id)
    assert notice.status == "issued"
    assert limit(late, "D4").last_act_at == late.now


def test_once_the_ladder_runs_the_people_are_reminded_once_a_day(late: Following) -> None:
    press(late, "D4")
    with pytest.raises(Refusal, match="今天已经督办过"):
        press(late, "D4", who="officer")
    late.later(days=1)
    assert "督办提醒" in press(late, "D4", text="请于本周五前书面报告。")
    assert late.notified("【督办】")


def test_what_is_not_late_and_who_may_not(late: Following) -> None:
    with pytest.raises(NotAllowed):
        press(late, "D4", who="liaison")
    late.implemented(late.finding().finding_no)
    with pytest.raises(Refusal, match="已经办结"):
        press(late, "D4")
    late.now = limit(late, "T12").due_at - timedelta(days=1)
    with pytest.raises(Refusal, match="尚未逾期"):
        press(late, "T12")


def rows_of(story: Following) -> list[overdue.OverdueRow]:
    with story.desk.sessions() as session:
        asked = {"now": story.now, "calendar": calendars.in_force(session)}
        ids = overdue.late_ids(session, story.region.chief, overdue.Filters(), most=500, **asked)
        return overdue.late_of_ids(session, story.region.chief, ids, **asked)


def test_a_result_for_each_under_one_number(late: Following) -> None:
    press(late, "D4")
    rows = rows_of(late)
    assert len(rows) > 1
    results = list(press_each(late.desk, rows, text="", actor=late.region.chief, now=late.now))
    assert {result.deadline_id: result.is_done for result in results}[limit(late, "D4").id] is False
    assert any(result.is_done for result in results)
    late.desk.act(keep_presses, results=results, text="", actor=late.region.chief, now=late.now)
    batch = late.rows(Batch)[0]
    assert [row["deadline_id"] for row in batch.results] == [row.deadline.id for row in rows]
    noted = [row for row in late.rows(HistoryEntry) if row.action == "act_on_many"]
    assert noted[0].object_id == batch.id


def test_in_the_background_the_same(late: Following, tmp_path) -> None:
    ids = [row.deadline.id for row in rows_of(late)]
    errand = Errand(late.desk, late.region.chief, accept_presses({"ids": ids}), late.now, tmp_path / "nothing")
    steps, run = [], press_many(errand)
    while True:
        try:
            steps.append(next(run))
        except StopIteration as end:
            outcome = end.value
            break
    assert steps[-1].done == steps[-1].total == len(ids)
    assert outcome.details["press_batch"] == late.rows(Batch)[0].id


@pytest.mark.parametrize(
    "wrong", [{}, {"ids": []}, {"ids": ["1"]}, {"ids": [1], "text": "字" * 501}, {"ids": [True]}]
)
def test_arguments_that_are_none_of_ours(wrong) -> None:
    with pytest.raises(Refusal):
        accept_presses(wrong)
