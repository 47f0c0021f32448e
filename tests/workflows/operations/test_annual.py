"""年度考核参考 (P13, S107): the year is over, and every unit it touched gets a sheet."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.people import Region
from tests.workflows.operations.following import Following
from workflows.commands.annual import begin_annual_reference
from workflows.commands.desk import Desk
from workflows.commands.opening import start_process
from workflows.database import atomic
from workflows.models import AssessmentReference, InspectionCase, Message, Verification
from workflows.operations.annual import AnnualRefused
from workflows.queries.annual import COLUMNS, sheets, year_to_assess

COLUMNS_OF_FORM = ("unit_code", "unit_name", "words", "by_rule", "reason")


class Year(Following):
    """2026, in which unit A was inspected; `over` moves on to 2027."""

    def over(self) -> "Year":
        self.now = datetime.fromisoformat("2027-01-04T01:00:00+00:00")
        with self.desk.sessions() as session:
            year = year_to_assess(session, self.now)
        if year is not None:
            self.desk.act(begin_annual_reference, year=year, now=self.now)
        return self

    def graded(self, **change: Any) -> "Year":
        known = self.tasks("check_references")[0].context["drafted"]["rows"]
        rows = [{column: row[column] for column in COLUMNS_OF_FORM} | change for row in known]
        self.does("chief", "check_references", reference_rows=rows)
        return self

    def approved(self, approval: str = "approve") -> "Year":
        self.does("deputy", "approve_references", approval=approval, approval_reason="同意送考核办。")
        return self

    def answered(self, not_adopted: str = "") -> "Year":
        known = self.tasks("record_adoption")[0].context["sent"]["rows"]
        rows = [{key: row[key] for key in ("unit_code", "unit_name", "grade_name")} for row in known]
        more = {"not_adopted": not_adopted} if not_adopted else {}
        self.does("assessment", "record_adoption", adoption_rows=[row | more for row in rows])
        return self

    def sheet(self) -> AssessmentReference:
        return self.rows(AssessmentReference)[0]


@pytest.fixture
def year(desk: Desk, region: Region, now: datetime) -> Year:
    """One finding of unit A, closed in time."""
    told = Year(desk, region, now)
    told.registered({}).told().owned().planned().implemented().verified().closed()
    return told


def test_the_year_begins_its_references_once_and_late_if_need_be(year: Year) -> None:
    with year.desk.sessions() as session:
        assert year_to_assess(session, year.now) is None, "2025 touched nobody"
        assert year_to_assess(session, datetime.fromisoformat("2026-12-31T15:59:59+00:00")) is None
        assert year_to_assess(session, datetime.fromisoformat("2026-12-31T16:00:00+00:00")) == 2026
    year.over()
    assert not year.desk.act(begin_annual_reference, year=2026, now=year.now)
    assert [row.key for row in year.sent("annual.due")] == ["2026"]
    task = year.tasks("check_references")[0]
    assert task.due_at is not None
    assert task.due_at.isoformat() == "2027-01-15T16:00:00+00:00"


def test_a_closed_and_timely_unit_is_good(year: Year) -> None:
    sheet = year.over().sheet()
    numbers = {name: sheet.numbers[name] for name in ("findings", "closed", "closed_percent", "on_time_percent")}
    assert numbers == {"findings": 1, "closed": 1, "closed_percent": 100, "on_time_percent": 100}
    assert (sheet.grade_by_rule, sheet.year, sheet.status) == ("good", 2026, "drafted")


def test_open_findings_make_a_unit_ordinary_and_false_rectification_poor(
    desk: Desk, region: Region, now: datetime
) -> None:
    told = Year(desk, region, now)
    told.registered({}).told().owned().planned()
    assert told.over().sheet().grade_by_rule == "average"
    with atomic(desk.sessions) as session:
        session.delete(session.get_one(AssessmentReference, 1))
        session.add(Verification(finding_id=1, round_no=1, method="on_site", result="return", false_rectify=True,
                                 at=now + timedelta(days=30)))  # fmt: skip
    desk.act(start_process, process_id="annual_reference", actor=region.officer, now=told.now)
    told.does("officer", "choose_year", year=2026)
    assert told.sheet().grade_by_rule == "poor"


def test_another_grade_needs_a_reason(year: Year) -> None:
    year.over()
    with pytest.raises(AnnualRefused, match="调整须写明理由"):
        year.graded(adjusted="fair")
    year.graded(adjusted="fair", reason="群众评价一般")
    assert (year.sheet().grade, year.sheet().reason) == ("fair", "群众评价一般")


def test_the_deputy_sends_back_or_on_and_the_office_answers(year: Year) -> None:
    year.over().graded().approved("return")
    assert year.sheet().status == "drafted"
    year.graded().approved()
    assert (year.sheet().status, year.sheet().sent_at) == ("sent", year.now)
    year.later(days=40).wake()
    assert year.notified("请反馈年度考核参考的采纳情况")
    year.answered()
    assert (year.sheet().status, year.sheet().adopted) == ("answered", True)


def test_what_is_not_adopted_says_why(year: Year) -> None:
    year.over().graded().approved().answered("班子已调整，不作参考")
    assert (year.sheet().adopted, year.sheet().adopted_note) == (False, "班子已调整，不作参考")


def test_a_year_that_is_not_over_is_not_assessed(year: Year, region: Region) -> None:
    year.desk.act(start_process, process_id="annual_reference", actor=region.officer, now=year.now)
    with pytest.raises(AnnualRefused, match="尚未终了"):
        year.does("officer", "choose_year", year=2026)


def test_the_export_holds_every_case_the_year_touched(year: Year, region: Region) -> None:
    year.registered({}, unit_code="CZT").over()
    with year.desk.sessions() as session:
        found = sheets(session, region.chief, 2026)
        cases = {case.case_no for case in year.rows(InspectionCase)}
    assert {number for sheet in found for number in sheet.cells["case_nos"].split("、")} == cases
    assert {name for name, _ in COLUMNS} == set(found[0].cells)
    assert len(year.rows(Message)) > 0
