"""上级反馈问题整改 (P14, S2): findings of superiors live the same life as our own."""

from datetime import datetime
from typing import Any

import pytest

from tests.people import Region
from tests.workflows.operations.following import Following
from tests.workflows.operations.story import LONG
from workflows.commands.desk import Desk
from workflows.commands.opening import start_process
from workflows.models import Circular, Deadline, InboundDocument, InspectionCase, InspectionRound
from workflows.operations.inbound import InboundRefused

TEXT = "中央巡视反馈：有的地方执行凡提四必不严格，提任前未听取纪检机关意见。"


class Inbound(Following):
    """The central tour's feedback, received today."""

    def received(self, **facts: Any) -> "Inbound":
        self.desk.act(start_process, process_id="inbound_rectification", actor=self.region.officer, now=self.now)
        findings = [{"title": f"凡提四必不严格（{n}）", "text": TEXT, "category": "C05"} for n in (1, 2, 3)]
        given = {
            "source_level": "central_tour", "doc_no": "中巡反馈〔2026〕3号", "doc_title": "选人用人专项检查反馈意见",
            "received_on": self.day(), "inbound_findings": findings,
        }  # fmt: skip
        self.does("officer", "register_inbound", **(given | facts))
        return self

    def divided(self, *units: str) -> "Inbound":
        rows = self.tasks("assign_units")[0].context["inbound"]["rows"]
        more = {"chain": "用", "severity": "moderate", "rectify_type": "staged", "opinion": "逐人补齐，完善制度。"}
        self.does("officer", "assign_units", assignments=[
            row | more | {"unit_code": unit} for row, unit in zip(rows, units, strict=True)
        ])  # fmt: skip
        return self

    def accepted_by(self, who: str, unit_code: str) -> "Inbound":
        task = next(task for task in self.tasks("accept_inbound") if task.context["unit_code"] == unit_code)
        columns = ("finding_no", "title", "opinion")
        rows = [{column: row[column] for column in columns} for row in task.context["fed_back"]["rows"]]
        self.does_task(who, task, accepted_rows=rows, acceptance="全部认领，坚决整改。")
        return self

    def reported_upwards(self) -> "Inbound":
        rows = self.tasks("report_upwards")[0].context["standing"]["rows"]
        self.does("officer", "report_upwards", report_rows=rows, report_sent_on=self.day(), report_summary=LONG)
        return self


@pytest.fixture
def inbound(desk: Desk, region: Region, now: datetime) -> Inbound:
    return Inbound(desk, region, now).received()


def test_each_unit_responsible_gets_a_case_of_the_superiors(inbound: Inbound) -> None:
    inbound.divided("QL-LC", "CZT", "QL-LC")
    cases = inbound.rows(InspectionCase)
    assert [(case.source_level, case.status, case.open_count) for case in cases] == [
        ("central_tour", "fed_back", 2), ("central_tour", "fed_back", 1),
    ]  # fmt: skip
    assert [row.kind for row in inbound.rows(InspectionRound)][-1] == "inbound"
    rules = sorted(row.rule for row in inbound.rows(Deadline) if row.case_id == cases[0].id)
    assert rules == ["T09", "T10", "T12", "T13"]
    assert inbound.rows(Circular) == [], "the superior's feedback is no circular of ours"


def test_its_findings_are_rectified_verified_and_struck_off_like_our_own(inbound: Inbound) -> None:
    inbound.divided("QL-LC", "QL-LC", "QL-LC").accepted_by("principal", "QL-LC")
    inbound.planned()
    assert inbound.statuses() == ["rectifying"] * 3
    assert [row.rule for row in inbound.rows(Deadline) if row.finding_id].count("D4") == 3
    inbound.all_closed()
    assert inbound.statuses() == ["closed"] * 3
    assert inbound.rows(InspectionCase)[0].open_count == 0


def test_the_superior_is_told_every_quarter_and_at_the_end_of_the_concentrated_period(inbound: Inbound) -> None:
    inbound.divided("QL-LC", "CZT", "QL-LC")
    occasions = []
    for _ in range(3):
        inbound.pass_to("report_upwards")
        occasions.append((inbound.day(), inbound.tasks("report_upwards")[0].context["next_report"]["occasion"]))
        inbound.reported_upwards()
    assert occasions == [
        ("2026-10-01", "季度报告"), ("2027-01-01", "季度报告"), ("2027-03-02", "集中整改期满报告"),
    ]  # fmt: skip
    assert [report["open"] for report in inbound.rows(InboundDocument)[0].reports] == [3, 3, 3]


def test_the_last_report_comes_when_everything_is_closed(inbound: Inbound) -> None:
    inbound.divided("QL-LC", "QL-LC", "QL-LC").accepted_by("principal", "QL-LC").planned()
    inbound.all_closed().pass_to("report_upwards").reported_upwards()
    document = inbound.rows(InboundDocument)[0]
    assert (document.closed_at, document.reports[-1]["open"]) == (inbound.now, 0)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"doc_no": "中巡反馈〔2026〕3号"}, "已经登记"), ({"received_on": "2027-01-01"}, "不能晚于今天")],
)
def test_a_document_is_registered_once_and_not_before_it_came(
    inbound: Inbound, facts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InboundRefused, match=sentence):
        inbound.received(**({"doc_no": "中巡反馈〔2026〕4号"} | facts))


def test_a_unit_nobody_knows_is_refused(inbound: Inbound) -> None:
    with pytest.raises(InboundRefused, match="请从名单中选择责任单位"):
        inbound.divided("QL-LC", "CZT", "没有这个单位")
    assert inbound.rows(InspectionCase) == []
