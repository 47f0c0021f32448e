"""What planning should have kept from happening: a target without a case, a must left out in silence, a false place."""

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, House
from workflows.models import InspectionRound, ReportReview, TargetProposal, Unit


def _weighed(house: House, *, included: bool, verdict: str) -> None:
    """A unit weighed for the round there is, whose list has been approved."""
    unit = house.add(Unit(code="GOAL", name="被评估的单位", kind="department"))
    round_ = house.session.query(InspectionRound).first()
    house.add(
        TargetProposal(
            instance_id=1, round_id=round_.id, unit_id=unit.id, score=40, verdict=verdict, included=included,
            weighed_at=AGO,
        )
    )  # fmt: skip


@broken("target_without_case", "1")
def _listed_and_forgotten(house: House) -> None:
    _weighed(house, included=True, verdict="candidate")


@broken("must_dropped_silently", "1")
def _left_out(house: House) -> None:
    _weighed(house, included=False, verdict="must")


@broken("rank_not_from_votes", "VOTE/2025")
def _moved_up(house: House) -> None:
    unit = house.add(Unit(code="VOTE", name="参评单位", kind="department"))
    ballots = {
        f"{question}_{grade}": 10
        for question in ("overall", "supervision", "last_year_fix")
        for grade in ("good", "fair", "average", "bad")
    }
    house.add(
        ReportReview(
            unit_id=unit.id, year=2025, newly_promoted_n=10, newly_promoted_approve=9, rank=2, rank_of=1,
            imported_at=AGO, **ballots,
        )
    )  # fmt: skip
