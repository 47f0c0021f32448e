"""检查组页: the team of one case, and the teams of a whole round, as they are or as they are suggested.

The unit's survey is for the supervision division alone (S36); the reasons of recusal for those who put teams together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import (
    InspectionCase,
    InspectionRound,
    MobilisationTraining,
    Team,
    TeamMember,
    TrainingPass,
    UnitSurvey,
)
from workflows.policy import SUPERVISORS, Actor
from workflows.policy.recusal import TEAM_ROLES
from workflows.queries import cases, teams
from workflows.queries.scope import visible_cases
from workflows.teams import Balance, Candidate, Requirements, Suggestion, Workload, balance_of, breaches, suggest
from workflows.workdays import local_date

SHEET_READERS = tuple(sorted(SUPERVISORS | TEAM_ROLES))
SURVEY_READERS = ("supervision_chief", "supervision_officer")
NEEDS_TEAM = ("proposed", "approved", "intel_collecting", "analysed", "plan_approved")


@dataclass(frozen=True)
class Seat:
    """A member with what the training has come to."""

    member: TeamMember
    passed: TrainingPass | None


@dataclass(frozen=True)
class Sheet:
    """One case's team; `suggestion` while it has none, `breaches` what is against the one it has."""

    case: InspectionCase
    team: Team | None
    workload: Workload
    seats: list[Seat] = field(default_factory=list)
    balance: Balance | None = None
    breaches: Sequence[str] = ()
    suggestion: Suggestion | None = None
    survey: UnitSurvey | None = None


@dataclass(frozen=True)
class RoundRow:
    """A case of a round with its team, or with the team suggested for it."""

    case: InspectionCase
    team: Team | None
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class RoundSheet:
    """The teams of a round."""

    round: InspectionRound
    rows: list[RoundRow]
    lacking: int


def sheet(session: Session, actor: Actor, case_no: str, *, now: datetime) -> Sheet:
    """The team of a case the person may see; NoResultFound otherwise."""
    case = cases.find(session, actor, case_no)
    team = teams.team_of(session, case.id)
    if team is None or team.status == "forming":
        suggestion = _suggest(session, [case], now)[0] if actor.has_role(*SUPERVISORS) else None
        return Sheet(case, team, teams.workload(session, case, teams.USUAL_SIZE + 1), suggestion=suggestion)
    people = _people(session, case, team, now)
    leader = next((each for each in people if each.key == team.leader_id), None)
    members = [each for each in people if each.key != team.leader_id]
    return Sheet(
        case,
        team,
        teams.workload(session, case, len(team.members)),
        _seats(session, team),
        balance_of(people),
        breaches(teams.mission(session, case, now), leader, members, Requirements()),
        survey=_survey(session, case) if actor.has_role(*SURVEY_READERS) else None,
    )


def round_sheet(
    session: Session, actor: Actor, code: str, *, now: datetime, with_suggestions: bool = False
) -> RoundSheet:
    """The teams of the cases of a round that the person may see; NoResultFound when there is none.

    `with_suggestions`: a team each for all cases that lack one, chosen together.
    """
    visible = select(InspectionCase.round_id).where(visible_cases(actor))
    round_ = session.scalars(
        select(InspectionRound).where(InspectionRound.code == code, InspectionRound.id.in_(visible))
    ).one()
    query = (
        select(InspectionCase)
        .where(InspectionCase.round_id == round_.id, visible_cases(actor))
        .options(joinedload(InspectionCase.unit), joinedload(InspectionCase.round))
        .order_by(InspectionCase.case_no)
    )
    found = list(session.scalars(query))
    known = {case.id: teams.team_of(session, case.id) for case in found}
    lacking = [case for case in found if _lacks_team(case, known[case.id])]
    suggested = {each.mission.key: each for each in _suggest(session, lacking, now)} if with_suggestions else {}
    rows = [RoundRow(case, known[case.id], suggested.get(case.id)) for case in found]
    return RoundSheet(round_, rows, len(lacking))


def _lacks_team(case: InspectionCase, team: Team | None) -> bool:
    return case.status in NEEDS_TEAM and (team is None or team.status == "forming")


def _suggest(session: Session, wanted: Sequence[InspectionCase], now: datetime) -> list[Suggestion]:
    if not wanted:
        return []
    ids = [case.id for case in wanted]
    pool = teams.pool(session, round_id=wanted[0].round_id, today=local_date(now), but=ids)
    return suggest([teams.mission(session, case, now) for case in wanted], pool, Requirements())


def _people(session: Session, case: InspectionCase, team: Team, now: datetime) -> list[Candidate]:
    """The team as a choice sees it, without those who have left the pool."""
    seated = {member.user_id for member in team.members}
    today = local_date(now)
    return [teams.candidate_of(row, today) for row in teams.inspectors(session) if row.user_id in seated]


def _seats(session: Session, team: Team) -> list[Seat]:
    query = select(TrainingPass).join(TrainingPass.training)
    passes = {row.user_id: row for row in session.scalars(query.where(MobilisationTraining.case_id == team.case_id))}
    return [Seat(member, passes.get(member.user_id)) for member in team.members]


def _survey(session: Session, case: InspectionCase) -> UnitSurvey | None:
    return session.scalar(select(UnitSurvey).where(UnitSurvey.case_id == case.id))
