"""Teams: nobody sent without authorisation, no rights without training, none left when the case has ended."""

from sqlalchemy import exists, func, or_, select

from workflows.models import Grant, InspectionCase, MobilisationTraining, Team, TeamMember, TrainingPass, User
from workflows.policy.recusal import TEAM_ROLES
from workflows.queries.doctor._rules import Examination, Finds, rule

SENT = ("active", "released")
ENDED = ("archived", "cancelled")


@rule("team_unauthorised", "已启用的检查组须有派出授权文号")
def team_unauthorised(seen: Examination) -> Finds:
    """S45: one round, one authorisation."""
    query = (
        select(InspectionCase.case_no)
        .join(Team, Team.case_id == InspectionCase.id)
        .where(Team.status.in_(SENT), func.coalesce(Team.authorisation_no, "") == "")
    )
    for case_no in seen.session.scalars(query):
        yield case_no, f"案 {case_no} 的检查组已启用，却没有派出授权文号"


@rule("rights_without_training", "未通过动员培训的组员不得有本案权限")
def rights_without_training(seen: Examination) -> Finds:
    """S32: a member's rights over a case with a team begin when he has passed."""
    passed = (
        exists()
        .where(TrainingPass.training_id == MobilisationTraining.id, TrainingPass.user_id == Grant.user_id)
        .where(MobilisationTraining.case_id == Grant.scope_id, TrainingPass.passed)
    )
    seated = exists().where(TeamMember.team_id == Team.id, TeamMember.user_id == Grant.user_id)
    query = (
        select(InspectionCase.case_no, User.name)
        .join(Grant, Grant.scope_id == InspectionCase.id)
        .join(Team, Team.case_id == InspectionCase.id)
        .join(User, User.id == Grant.user_id)
        .where(Grant.scope == "case", Grant.role == "team_member", or_(~passed, ~seated))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > seen.now))
    )
    for case_no, name in seen.session.execute(query):
        yield case_no, f"{name}不在案 {case_no} 的检查组中或未通过动员培训，却有组员权限"


@rule("rights_after_the_end", "案件归档或取消后，检查组权限须已终止")
def rights_after_the_end(seen: Examination) -> Finds:
    """The team's reading ends with the case."""
    query = (
        select(InspectionCase.case_no)
        .join(Grant, Grant.scope_id == InspectionCase.id)
        .where(Grant.scope == "case", Grant.role.in_(sorted(TEAM_ROLES)), InspectionCase.status.in_(ENDED))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > seen.now))
    )
    for case_no in seen.session.scalars(query.distinct()):
        yield case_no, f"案 {case_no} 已结束，检查组权限仍未终止"
