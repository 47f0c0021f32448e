"""What the determination should have kept from happening: uncounted recurrence, refused links, no council, lost papers."""

from datetime import date

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, House
from workflows.models import ConsultationMeeting, Finding, PriorLink, WorkingPaper


def _determined(house: House) -> None:
    """Case C2 went through the determination to its end."""
    house.instance("determination", "C2", "finished", case_id=2)


def _council(house: House, decision: str) -> None:
    house.add(
        ConsultationMeeting(
            case_id=2, kind="council", held_on=date(2026, 7, 20), expected=7, attended=6, quorum_ok=True,
            decision=decision, minutes="纪要", recorded_at=AGO,
        )
    )  # fmt: skip


@broken("recurrence_unwatched", "F1")
def _unwatched(house: House) -> None:
    house.one(Finding, id=1).recurrence_count = 1


@broken("recurrence_unwatched", "F1")
def _uncounted(house: House) -> None:
    house.one(Finding, id=1).recurrence_of_id = 2


@broken("refused_link_used", "F1")
def _refused_and_used(house: House) -> None:
    finding = house.one(Finding, id=1)
    finding.recurrence_of_id, finding.recurrence_count, finding.watch = 2, 1, True
    house.add(PriorLink(case_id=1, prior_finding_id=2, kind="rebound", score=80, accepted=False, reason="另", at=AGO))


@broken("council_unrecorded", "C2")
def _no_council(house: House) -> None:
    _determined(house)
    _council(house, "return")


@broken("paper_without_finding", "DG9")
def _paper_lost(house: House) -> None:
    _determined(house)
    _council(house, "approve")
    facts = {"case_id": 2, "title": "问题", "evidence": ["材料"], "authors": ["甲", "乙"], "drafted_at": AGO}
    house.add(WorkingPaper(wp_no="DG9", status="upheld", **facts))
    house.add(WorkingPaper(wp_no="DG8", status="not_upheld", **facts))
