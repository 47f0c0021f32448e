"""Gives and ends the rights that come with a seat in a team, and says who has yet to be trained.

The leader has his on activation: he plans with them.  A member has his once the mobilisation training is passed
(S32).  They last beyond the exit until the case is archived or cancelled, because the leader and members verify
rectification and go back for the revisit (P06, P08); what ends at the exit is the team's service, not its reading.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflows.models import Grant, MobilisationTraining, Team, TeamMember, TrainingPass
from workflows.policy.recusal import TEAM_ROLES


def role_of(member: TeamMember) -> str:
    """The role that goes with a seat."""
    return "team_leader" if member.duty == "leader" else "team_member"


def give_rights(session: Session, roles: Mapping[int, str], case_id: int, now: datetime) -> None:
    """Person → role over this case from now on; whoever has it already keeps it."""
    query = select(Grant).where(Grant.scope == "case", Grant.scope_id == case_id, Grant.user_id.in_(roles))
    had = {(grant.user_id, grant.role): grant for grant in session.scalars(query)}
    for user_id, role in roles.items():
        grant = had.get((user_id, role))
        if grant is None:
            session.add(Grant(user_id=user_id, role=role, scope="case", scope_id=case_id, valid_from=now))
        else:
            grant.valid_to = None


def end_rights(session: Session, case_id: int, now: datetime, *, user_id: int | None = None) -> int:
    """Ends the team's rights over a case, or one person's; how many ended."""
    running = update(Grant).where(
        Grant.scope == "case", Grant.scope_id == case_id, Grant.role.in_(sorted(TEAM_ROLES)), Grant.valid_to.is_(None)
    )
    mine = running.where(Grant.user_id == user_id) if user_id else running
    return len(session.scalars(mine.values(valid_to=now).returning(Grant.id)).all())


def training_of(session: Session, case_id: int) -> MobilisationTraining | None:
    """The mobilisation training of a case, or None."""
    return session.scalar(select(MobilisationTraining).where(MobilisationTraining.case_id == case_id))


def untrained(session: Session, team: Team) -> list[TeamMember]:
    """The members, leader included, who have not passed the training (S32)."""
    passed = set(
        session.scalars(
            select(TrainingPass.user_id)
            .join(TrainingPass.training)
            .where(MobilisationTraining.case_id == team.case_id, TrainingPass.passed)
        )
    )
    return [member for member in team.members if member.user_id not in passed]
