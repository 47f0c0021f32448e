"""Taking in a year of 一报告两评议: all or nothing, every wrong cell named, the year ranked."""

import csv
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.workflows.operations.planning_story import DEPARTMENTS, Planning, votes_row
from workflows.commands.report_reviews import import_report_sheet
from workflows.documents.file_types import FileRefused
from workflows.documents.report_review_sheet import HEADERS, SheetRefused, blank_sheet
from workflows.models import ReportReview, Unit
from workflows.policy import NotAllowed
from workflows.queries import report_reviews

FIELDS = [field for field in HEADERS if field not in ("unit_name",)]


@pytest.fixture
def planning(desk, region, now) -> Planning:
    return Planning(desk, region, now)


def lines(*rows: dict[str, Any]) -> list[list[Any]]:
    return [[HEADERS[field] for field in FIELDS], *([row.get(field, "") for field in FIELDS] for row in rows)]


def xlsx(*rows: dict[str, Any]) -> bytes:
    book, target = openpyxl.Workbook(), BytesIO()
    for line in lines(*rows):
        book.active.append(line)
    book.save(target)
    return target.getvalue()


def text(*rows: dict[str, Any]) -> bytes:
    target = StringIO()
    csv.writer(target).writerows(lines(*rows))
    return target.getvalue().encode("gb18030")


def take_in(planning: Planning, content: bytes, *, name: str = "2025.xlsx", year: int = 2025, who: str = "officer"):
    return planning.desk.act(
        import_report_sheet,
        year=year,
        name=name,
        content=content,
        actor=planning.region.actors[who],
        now=planning.now,
    )


def kept(planning: Planning) -> dict[str, ReportReview]:
    with planning.desk.sessions() as session:
        rows = session.execute(select(Unit.code, ReportReview).join(ReportReview, ReportReview.unit_id == Unit.id))
        return dict(rows.all())


@pytest.mark.parametrize(("make", "name"), [(xlsx, "2025.xlsx"), (text, "2025.csv")])
def test_a_sheet_is_kept_and_ranked(planning: Planning, make, name: str) -> None:
    rows = [votes_row(code, 70 + at) for at, code in enumerate(DEPARTMENTS)]
    take_in(planning, make(*rows, votes_row("QL-LC", 10) | {"nepotism": 4}), name=name)
    found = kept(planning)
    assert {code: found[code].rank for code in DEPARTMENTS} == {code: 6 - at for at, code in enumerate(DEPARTMENTS)}
    assert [code for code in DEPARTMENTS if found[code].bottom_band] == list(DEPARTMENTS)[:3]
    assert (found["QL-LC"].rank, found["QL-LC"].rank_of, found["QL-LC"].problem_votes) == (1, 1, {"nepotism": 4})


def test_every_bad_cell_is_named_and_nothing_is_kept(planning: Planning) -> None:
    bad = votes_row("JYT", 80) | {"overall_good": "八十", "supervision_bad": -1}
    empty = votes_row("MZT", 80) | {"last_year_fix_fair": ""}
    with pytest.raises(SheetRefused) as refusal:
        take_in(planning, xlsx(votes_row("CZT", 90), bad, empty, votes_row("NONE", 80), votes_row("ORG", 80)))
    assert refusal.value.problems == [
        "第3行“总体评价·好”是“八十”，应为0至100000的整数票数。",
        "第3行“干部管理监督·差”是“-1”，应为0至100000的整数票数。",
        "第4行“上年问题整改·较好”是空白，应为0至100000的整数票数。",
        "第5行“单位代码”：没有单位“NONE”。",
        "第6行“单位代码”：组织部门不参加排名。",
    ]
    assert kept(planning) == {}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"overall_good": 0, "overall_fair": 0}, "第2行“总体评价”没有一张票。"),
        ({"newly_promoted_approve": 101}, "第2行“新提拔干部认同票”多于评议票。"),
        ({"unit_code": ""}, "第2行“单位代码”不能为空。"),
    ],
)
def test_what_contradicts_itself_is_refused(planning: Planning, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SheetRefused) as refusal:
        take_in(planning, xlsx(votes_row("JYT", 80) | change))
    assert refusal.value.problems == [sentence]


def test_a_unit_named_twice_is_refused(planning: Planning) -> None:
    with pytest.raises(SheetRefused) as refusal:
        take_in(planning, xlsx(votes_row("JYT", 80), votes_row("JYT", 70)))
    assert refusal.value.problems == ["单位“JYT”出现2次。"]


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"PK\x03\x04nonsense", "2025.xlsx", FileRefused),
        (b"a,b\n1,2\n", "2025.csv", SheetRefused),
        (b"x" * (2 * 1024 * 1024 + 1), "2025.csv", SheetRefused),
        (b"%PDF-1.7", "2025.pdf", (FileRefused, SheetRefused)),
    ],
)
def test_what_is_no_sheet_is_refused(planning: Planning, content: bytes, name: str, error) -> None:
    with pytest.raises(error):
        take_in(planning, content, name=name)
    assert kept(planning) == {}


@pytest.mark.parametrize("year", [2003, 2027])
def test_a_year_that_cannot_be_is_refused(planning: Planning, year: int) -> None:
    with pytest.raises(SheetRefused):
        take_in(planning, xlsx(votes_row("JYT", 80)), year=year)


def test_a_second_import_replaces_and_ranks_again(planning: Planning) -> None:
    take_in(planning, xlsx(votes_row("JYT", 80), votes_row("MZT", 70)))
    take_in(planning, xlsx(votes_row("MZT", 90)))
    assert {code: row.rank for code, row in kept(planning).items()} == {"MZT": 1, "JYT": 2}
    with planning.desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(ReportReview)) == 2


def test_only_supervision_takes_sheets_in(planning: Planning) -> None:
    with pytest.raises(NotAllowed):
        take_in(planning, xlsx(votes_row("JYT", 80)), who="liaison")


def test_the_blank_sheet_can_be_filled_in_and_taken_in(planning: Planning) -> None:
    book = openpyxl.load_workbook(BytesIO(blank_sheet([("JYT", "教育厅")])))
    filled = votes_row("JYT", 88)
    for column, field in enumerate(HEADERS, 1):
        if field in filled:
            book.active.cell(2, column, filled[field])
    target = BytesIO()
    book.save(target)
    take_in(planning, target.getvalue())
    assert kept(planning)["JYT"].overall_good == 88


def test_three_years_make_a_trend_of_unit_and_region(planning: Planning) -> None:
    planning.voted(2023, JYT=60).voted(2024, JYT=70).voted(2025, JYT=80)
    with planning.desk.sessions() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "JYT")).one()
        years = report_reviews.of_unit(session, planning.region.chief, unit)
        region = report_reviews.region_trend(session, planning.region.chief)
        assert report_reviews.of_unit(session, planning.region.liaison, unit) == []
    assert [(each.review.year, each.overall_rate, each.change) for each in years] == [
        (2023, 0.6, None), (2024, 0.7, 2.5), (2025, 0.8, 2.5),
    ]  # fmt: skip
    assert [each.indicator for each in years] == [90.0, 92.5, 95.0]
    assert [(year, n) for year, _, n in region] == [(2023, 7), (2024, 7), (2025, 7)]
