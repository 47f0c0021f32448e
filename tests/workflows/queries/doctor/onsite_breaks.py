"""What an exit should have kept from happening: an item unanswered, a lead open, a paper bare."""

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, House
from workflows.models import ChecklistItem, Lead, WorkingPaper


@broken("left_without_coverage", "C1")
def _item_unanswered(house: House) -> None:
    facts = {"case_id": 1, "section": "选拔任用", "origin": "template"}
    house.add(ChecklistItem(code="Q01", seq=1, text="事项一", answer="no_issue", **facts))
    house.add(ChecklistItem(code="Q02", seq=2, text="事项二", dropped_reason="本单位没有", **facts))
    house.add(ChecklistItem(code="Q03", seq=3, text="事项三", **facts))


@broken("lead_open_after_exit", "XS002")
def _lead_open(house: House) -> None:
    for number, status in enumerate(("concluded", "assigned", "transferring"), start=1):
        facts = {"channel": "letter", "title": "线索", "body": "", "registered_at": AGO}
        house.add(Lead(lead_no=f"XS00{number}", case_id=1, status=status, **facts))


@broken("paper_without_evidence", "DG002")
def _paper_bare(house: House) -> None:
    facts = {"case_id": 1, "title": "问题", "drafted_at": AGO}
    house.add(WorkingPaper(wp_no="DG001", evidence=["材料"], authors=["甲", "乙"], **facts))
    house.add(WorkingPaper(wp_no="DG002", evidence=[], authors=["甲", "乙"], **facts))


@broken("paper_without_evidence", "DG003")
def _paper_of_one(house: House) -> None:
    house.add(
        WorkingPaper(wp_no="DG003", evidence=["材料"], authors=["甲", "甲"], case_id=1, title="问题", drafted_at=AGO)
    )
