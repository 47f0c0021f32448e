"""What the rules of teams should have kept from happening: no authorisation, no training, no end."""

from datetime import date

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, House
from workflows.models import Grant, InspectionCase, MobilisationTraining, Team, TeamMember, TrainingPass


def _team(house: House, *, authorisation_no: str | None = "组监授〔2026〕1号", passed: bool = True) -> Team:
    """The team of case C1, its only member with rights and, if so asked, trained."""
    team = house.add(
        Team(case_id=1, leader_id=1, status="active", authorisation_no=authorisation_no, activated_at=AGO)
    )
    house.add(TeamMember(team_id=team.id, user_id=1, channel="dept", duty="member"))
    house.add(Grant(user_id=1, role="team_member", scope="case", scope_id=1))
    training = house.add(MobilisationTraining(case_id=1, held_on=date(2026, 8, 1), agenda={}))
    house.add(TrainingPass(training_id=training.id, user_id=1, attended=True, score=80, passed=passed))
    return team


@broken("team_unauthorised", "C1")
def _sent_without_number(house: House) -> None:
    _team(house, authorisation_no="")


@broken("rights_without_training", "C1")
def _failed_member(house: House) -> None:
    _team(house, passed=False)


@broken("rights_without_training", "C1")
def _member_who_left(house: House) -> None:
    team = _team(house)
    house.session.delete(house.one(TeamMember, team_id=team.id))


@broken("rights_after_the_end", "C1")
def _cancelled_case(house: House) -> None:
    _team(house)
    house.one(InspectionCase, case_no="C1").status = "cancelled"
