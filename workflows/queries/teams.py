"""检查组: the pool as candidates, what speaks against each for a case, and the teams of a case and a round.

Builds what `workflows.teams` chooses from; chooses nothing itself.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflows.models import (
    ChecklistItem,
    InspectionCase,
    InspectionRound,
    Inspector,
    Recusal,
    Team,
    TeamMember,
    User,
)
from workflows.policy.recusal import objections
from workflows.teams import Candidate, Mission, Workload, workload_of
from workflows.workdays import local_date

DUTIES = {"leader": "组长", "deputy": "副组长", "liaison": "联络员", "member": "组员"}
SERVING = ("forming", "active")
USUAL_SIZE = 6  # members beside the leader, when nothing else is asked
USUAL_STAY = 7  # days on site (T03), while entry and exit are not fixed


def team_of(session: Session, case_id: int) -> Team | None:
    """The team of a case with its members, or None."""
    query = select(Team).where(Team.case_id == case_id)
    members = selectinload(Team.members).joinedload(TeamMember.user).joinedload(User.unit)
    return session.scalar(query.options(joinedload(Team.leader), members))


def inspectors(session: Session) -> list[Inspector]:
    """The active people of the pool with their accounts and units, by staff number."""
    query = (
        select(Inspector)
        .join(Inspector.user)
        .where(Inspector.is_active, User.is_active)
        .options(joinedload(Inspector.user).joinedload(User.unit))
        .order_by(User.staff_no)
    )
    return list(session.scalars(query))


def inspector_named(session: Session, staff_no: str) -> Inspector | None:
    """The active person of the pool with this staff number, or None."""
    return next((row for row in inspectors(session) if row.user.staff_no == staff_no.strip()), None)


def choices(session: Session) -> list[tuple[str, str]]:
    """Staff number and words of each person of the pool, for a form."""
    return [
        (row.user.staff_no, f"{row.user.name}（{row.user.unit.name}{row.user.post}）") for row in inspectors(session)
    ]


def candidate_of(inspector: Inspector, today: date, *, load: int = 0) -> Candidate:
    """A person of the pool as a choice sees him."""
    born = inspector.born_on
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Candidate(
        inspector.user_id,
        inspector.user.name,
        inspector.channel,
        age,
        inspector.experience_years,
        inspector.post_kind,
        inspector.speciality,
        leads(inspector),
        load,
    )


def leads(inspector: Inspector) -> bool:
    """S23: head of a cadre division of the regional organisation department."""
    return inspector.is_division_head and inspector.user.unit.kind == "org_department"


def pool(session: Session, *, round_id: int, today: date, but: Sequence[int] = ()) -> tuple[Candidate, ...]:
    """Everybody of the pool with the teams of the round he serves in; teams of the cases `but` are not counted."""
    serving = Counter(
        session.scalars(
            select(TeamMember.user_id)
            .join(TeamMember.team)
            .join(Team.case)
            .where(InspectionCase.round_id == round_id, Team.status.in_(SERVING), Team.case_id.not_in(list(but)))
        )
    )
    return tuple(candidate_of(row, today, load=serving[row.user_id]) for row in inspectors(session))


def barred(session: Session, unit_id: int, now: datetime) -> dict[int, tuple[str, ...]]:
    """Who of the pool must keep away from a unit: user id → reasons (D10)."""
    return barred_of(session, inspectors(session), unit_id, now)


def barred_of(
    session: Session, people: Sequence[Inspector], unit_id: int, now: datetime
) -> dict[int, tuple[str, ...]]:
    """Who of these people must keep away from a unit: user id → reasons (D10)."""
    declared = dict(session.execute(select(Recusal.user_id, Recusal.reason).where(Recusal.unit_id == unit_id)).all())
    today = local_date(now)
    found = {
        row.user_id: objections(unit_id, row.user.unit_id, row.posts, declared.get(row.user_id), today)
        for row in people
    }
    return {user_id: reasons for user_id, reasons in found.items() if reasons}


def led_before(session: Session, case: InspectionCase) -> frozenset[int]:
    """Who led the team that inspected this unit the time before (D10: a warning)."""
    query = (
        select(Team.leader_id)
        .join(Team.case)
        .join(InspectionCase.round)
        .where(InspectionCase.unit_id == case.unit_id, InspectionCase.id != case.id, Team.status != "cancelled")
        .where(InspectionRound.starts_on <= case.round.starts_on)
        .order_by(InspectionRound.starts_on.desc(), InspectionCase.id.desc())
        .limit(1)
    )
    return frozenset(session.scalars(query))


def mission(session: Session, case: InspectionCase, now: datetime, *, size: int = USUAL_SIZE) -> Mission:
    """The team a case wants, with who must keep away from it and why."""
    return Mission(case.id, case.unit.name, size, barred(session, case.unit_id, now), led_before(session, case))


def duties(members: Sequence[Candidate]) -> Mapping[int, str]:
    """A first division of duties: the most experienced is deputy, the youngest liaison."""
    if not members:
        return {}
    deputy = max(members, key=lambda each: (each.experience, -each.key))
    others = [each for each in members if each.key != deputy.key]
    liaison = min(others, key=lambda each: (each.age, each.key), default=deputy)
    return {each.key: "member" for each in members} | {liaison.key: "liaison", deputy.key: "deputy"}


def workload(session: Session, case: InspectionCase, people: int) -> Workload:
    """S27: the items of the case's checklist over the people of its team and its days on site."""
    query = select(func.count()).select_from(ChecklistItem)
    items = session.scalar(query.where(ChecklistItem.case_id == case.id, ChecklistItem.dropped_reason == ""))
    days = (case.exit_date - case.entry_date).days + 1 if case.entry_date and case.exit_date else USUAL_STAY
    return workload_of(items=items or 0, unit_kind=case.unit.kind, people=people, days=days)
