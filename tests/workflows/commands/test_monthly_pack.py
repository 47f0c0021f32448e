"""月度调度通报: told from what was known when the month ended, so a year of further acts changes not one byte."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests.people import Region
from tests.workflows.operations.following import Following
from workflows.commands.desk import Desk
from workflows.commands.errands import Errand
from workflows.commands.monthly_pack import MONTHLY_PACK, pack, require_over, standing_of
from workflows.documents.fixed_packages import packed, repacked
from workflows.models import ClosureRecord, DeadlineChange, HistoryEntry, SupervisionNotice
from workflows.policy import Actor, NotAllowed
from workflows.queries import months
from workflows.refusal import Refusal


@pytest.fixture
def story(desk: Desk, region: Region, now) -> Following:
    """Three findings, one of them closed in the first month."""
    made = Following(desk, region, now)
    made.registered({}, {"title": "公示不规范", "category": "C08"}, {"title": "档案审核不严", "category": "C05a"})
    made.told().owned().planned()
    number = made.finding().finding_no
    made.implemented(number).verified(number).closed(number)
    return made


def as_of(story: Following, month: months.Month, who: Actor | None = None) -> months.Standing:
    with story.desk.sessions() as session:
        return standing_of(session, who or story.region.chief, month)


def month_at(story: Following) -> months.Month:
    return months.month_of((story.now + timedelta(hours=8)).strftime("%Y-%m"))


def first_month(story: Following) -> months.Month:
    """The month of the closure, which has just ended."""
    month = month_at(story)
    story.now = month.ends + timedelta(hours=10)
    return month


def test_a_year_of_further_acts_changes_not_one_byte(story: Following) -> None:
    month = first_month(story)
    before = as_of(story, month)
    digest = hashlib.sha256(pack(before)).hexdigest()
    assert (len(before.items), before.closed, before.closed_now) == (3, 1, 1)
    noted = {kind: len(story.rows(kind)) for kind in (ClosureRecord, DeadlineChange, SupervisionNotice, HistoryEntry)}
    story.swept(120)  # everything else falls due, and the ladder climbs
    story.all_closed()
    story.swept(245)
    for kind, number in noted.items():
        assert len(story.rows(kind)) > number, kind
    after = as_of(story, month)
    assert after == before
    assert hashlib.sha256(pack(after)).hexdigest() == digest
    today = as_of(story, month_at(story))
    assert today.closed == 3
    assert as_of(story, months.month_of("2026-12")).overdue or any(row.level for row in story.rows(SupervisionNotice))


def test_a_finding_reopened_later_was_closed_then(desk: Desk, region: Region, now) -> None:
    story, grave = Following(desk, region, now), {"recurrence_count": 1}
    story.registered(grave, grave | {"title": "公示不规范", "category": "C08"}).told().owned().planned()
    story.all_closed().reported()
    month = first_month(story)
    before = as_of(story, month)
    assert before.closed == 2
    story.pass_to("choose_occasion").prepared()
    story.looked_at("not_in_place", "consolidated").demanded()
    assert as_of(story, month) == before
    assert as_of(story, month_at(story)).closed == 1


def test_the_papers_and_their_numbers(story: Following) -> None:
    found = as_of(story, first_month(story))
    content = pack(found)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        bulletin, tables, listed = package.namelist()
        assert {entry.date_time for entry in package.infolist()} == {(*found.month.last_day.timetuple()[:3], 0, 0, 0)}
        sums = package.read(listed).decode()
        for name in (bulletin, tables):
            assert hashlib.sha256(package.read(name)).hexdigest() in sums
        book = load_workbook(io.BytesIO(package.read(tables)))
    totals = {row[0]: row[1] for row in book["总览"].iter_rows(min_row=4, values_only=True)}
    assert (totals["问题总数"], totals["已销号"], totals["本月销号"]) == (3, 1, 1)
    rows = list(book["问题明细"].iter_rows(min_row=4, values_only=True))
    assert sum(row[5] == "已销号" for row in rows) == 1
    assert len(rows) == 3


def test_as_a_job_for_those_who_read_the_region(story: Following, tmp_path) -> None:
    month = month_at(story)
    arguments = MONTHLY_PACK.accepts({"month": month.name})
    with pytest.raises(Refusal, match="尚未结束"):
        require_over(month, story.now)
    first_month(story)
    errand = Errand(story.desk, story.region.chief, arguments, story.now, tmp_path / "pack")
    run, steps = MONTHLY_PACK.run(errand), 0
    while True:
        try:
            next(run)
            steps += 1
        except StopIteration as end:
            outcome = end.value
            break
    assert steps == 3
    assert outcome.details["sha256"] == hashlib.sha256(pack(as_of(story, month))).hexdigest()
    assert not MONTHLY_PACK.is_open_to(story.region.liaison)
    with pytest.raises(NotAllowed):
        as_of(story, month, story.region.liaison)


@pytest.mark.parametrize("wrong", [{}, {"month": "2026-13"}, {"month": "8月"}, {"month": None}])
def test_a_month_that_is_none(wrong) -> None:
    with pytest.raises(Refusal, match="请选择月份"):
        MONTHLY_PACK.accepts(wrong)


def test_a_package_depends_on_its_parts_alone() -> None:
    day = months.month_of("2026-08").last_day
    first = packed([("甲.txt", b"1"), ("乙.txt", b"2")], day)
    assert repacked(first, day) == first
    assert repacked(packed([("甲.txt", b"1"), ("乙.txt", b"2")], day + timedelta(days=1)), day) == first
    assert packed([("甲.txt", b"1"), ("乙.txt", b"3")], day) != first
