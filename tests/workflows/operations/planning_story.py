"""A region that plans a round: seven departments with three years of votes, and people who settle the list."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from tests.people import Region
from tests.workflows.operations.story import Story
from workflows.commands.desk import Desk
from workflows.commands.opening import start_process
from workflows.commands.report_reviews import import_report_reviews
from workflows.database import atomic
from workflows.models import InspectionCase, InspectionRound, TargetProposal, Unit

DEPARTMENTS = {"JYT": "教育厅", "MZT": "民政厅", "JTT": "交通厅", "WJW": "卫健委", "SWT": "商务厅", "LCJ": "林草局"}
ROUND = {
    "kind": "targeted", "round_name": "第十二届靶向检查", "term_no": 12, "starts_on": "2026-10-12",
    "basis": "根据近三年一报告两评议结果，对排名靠后的单位开展靶向检查。",
}  # fmt: skip
APPROVED = {
    "council_decision": "approve",
    "council_date": "2026-09-01",
    "minutes": "全体同意。",
    "council_opinion": "同意。",
}


def votes_row(unit_code: str, good: int) -> dict[str, Any]:
    """A line of the yearly sheet: `good` of 100 ballots are 好 everywhere, the rest 较好."""
    row: dict[str, Any] = {"unit_code": unit_code, "newly_promoted_n": 100, "newly_promoted_approve": good}
    for question in ("overall", "supervision", "last_year_fix"):
        row |= {
            f"{question}_good": good,
            f"{question}_fair": 100 - good,
            f"{question}_average": 0,
            f"{question}_bad": 0,
        }
    return row


class Planning(Story):
    """Round planning in the region of the tests; `now` moves only when the story says so."""

    def __init__(self, desk: Desk, region: Region, now: datetime):
        super().__init__(desk, region, now)
        with atomic(desk.sessions) as session:
            session.add_all(Unit(code=code, name=name, kind="department") for code, name in DEPARTMENTS.items())

    def voted(self, year: int, **good: int) -> "Planning":
        """The votes of a year: every department 90 to 96, but those named."""
        rows = [votes_row(code, good.get(code, 90 + at)) for at, code in enumerate((*DEPARTMENTS, "CZT"))]
        self.desk.act(import_report_reviews, year=year, rows=rows, actor=self.region.officer, now=self.now)
        return self

    def proposed(self, **change: Any) -> "Planning":
        self.desk.act(start_process, process_id="round_planning", actor=self.region.officer, now=self.now)
        self.does("officer", "propose_round", **(ROUND | change))
        return self

    def listed(self) -> dict[str, dict[str, Any]]:
        """The rows the officer settles, by unit code, with the verdict each begins with."""
        rows = self.tasks("settle_targets")[0].context["targets"]["rows"]
        return {row["unit_code"]: row | {"verdict": row["grounds"].partition("（")[0]} for row in rows}

    def settled(self, added: list[dict[str, str]] | None = None, **choices: Any) -> "Planning":
        """The list as it is proposed, changed by unit code: a choice, or (choice, reason)."""
        rows = []
        for code, row in self.listed().items():
            given = choices.get(code.replace("-", "_"))
            choice, reason = given if isinstance(given, tuple) else (given, row["reason"])
            row.pop("verdict")
            rows.append(row | ({"choice": choice, "reason": reason} if choice else {}))
        more = {"added_units": added} if added else {}
        self.does("officer", "settle_targets", target_choices=rows, **more)
        return self

    def reviewed(self, decision: str = "approve") -> "Planning":
        self.does("deputy", "review_targets", review_decision=decision, review_opinion="已审核。")
        return self

    def approved(self, **change: Any) -> "Planning":
        self.does("council", "approve_round", **(APPROVED | change))
        return self

    def proposal(self, unit_code: str) -> TargetProposal:
        with self.desk.sessions() as session:
            query = select(TargetProposal).join(Unit).where(Unit.code == unit_code)
            return session.scalars(query.order_by(TargetProposal.id.desc())).first()

    def cases(self) -> dict[str, InspectionCase]:
        """Every case by number."""
        with self.desk.sessions() as session:
            rows = session.scalars(select(InspectionCase).order_by(InspectionCase.case_no))
            return {case.case_no: case for case in rows}

    def round(self, code: str) -> InspectionRound:
        with self.desk.sessions() as session:
            return session.scalars(select(InspectionRound).where(InspectionRound.code == code)).one()

    def unit_id(self, code: str) -> int:
        with self.desk.sessions() as session:
            return session.scalars(select(Unit.id).where(Unit.code == code)).one()
