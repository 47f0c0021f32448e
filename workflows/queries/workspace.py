"""现场检查 of one case on one page: how far the team is, and what still keeps it on site.  For those who inspect and supervise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import (
    ChecklistItem,
    CoachingLog,
    ImmediateItem,
    InspectionCase,
    Interview,
    Lead,
    RequestReport,
    Team,
    TeamMember,
    WorkingPaper,
    ZeroDeclaration,
)
from workflows.policy import ROLE_NAMES, Actor
from workflows.policy.reporting import reporting_line
from workflows.queries import leads, lights, onsite
from workflows.queries.scope import held_cases
from workflows.workdays import local_date

SITE_READERS = frozenset(
    {
        "council_member", "deputy_minister", "supervision_chief", "supervision_officer", "team_leader", "team_member",
        "tour_leader", "tour_office",
    }
)  # fmt: skip
BEFORE_EXIT = ("notified", "onsite")

Row = TypeVar("Row")


@dataclass(frozen=True)
class Workspace:
    """What the page shows.  `obstacles` is what an exit today would be refused with; empty after the exit."""

    case: InspectionCase
    team: Team | None
    reports_to: str
    stay_days: int
    coverage: onsite.Coverage
    checklist: Sequence[ChecklistItem]
    interviews: Sequence[Interview]
    leads: Sequence[Lead]
    papers: Sequence[WorkingPaper]
    immediate: Sequence[tuple[ImmediateItem, str]]
    coaching: Sequence[CoachingLog]
    requests: Sequence[tuple[RequestReport, str]]
    zero: ZeroDeclaration | None
    obstacles: Sequence[onsite.Obstacle]


def workspace(session: Session, actor: Actor, case_no: str, *, now: datetime, least_days: int) -> Workspace:
    """The page of one case; raises NoResultFound for whoever neither inspects nor supervises it."""
    case = session.scalars(
        select(InspectionCase)
        .where(InspectionCase.case_no == case_no, held_cases(actor, SITE_READERS))
        .options(joinedload(InspectionCase.unit), joinedload(InspectionCase.round))
    ).one()
    today = local_date(now)
    immediate = _all(session, ImmediateItem, ImmediateItem.case_id == case.id)
    requests = _all(session, RequestReport, RequestReport.case_id == case.id)
    return Workspace(
        case=case,
        team=_team(session, case),
        reports_to=ROLE_NAMES[reporting_line(case.status, case.round.linked_tour_round)],
        stay_days=onsite.stay_days(case, today),
        coverage=onsite.coverage(session, case.id),
        checklist=onsite.checklist(session, case.id),
        interviews=_all(session, Interview, Interview.case_id == case.id),
        leads=leads.leads_of(session, actor, case.id),
        papers=onsite.papers(session, case.id),
        immediate=[(item, _light(item.done_on, item.due_at, now)) for item in immediate],
        coaching=_all(session, CoachingLog, CoachingLog.case_id == case.id),
        requests=[(report, _light(report.replied_at, report.due_at, now)) for report in requests],
        zero=onsite.zero_declaration(session, case.id),
        obstacles=_obstacles(session, case, today, least_days),
    )


def _obstacles(session: Session, case: InspectionCase, today: date, least_days: int) -> list[onsite.Obstacle]:
    """Before entry what keeps the team out, on site what keeps it in."""
    if case.status == "onsite":
        return onsite.exit_obstacles(session, case, leaving_on=today, least_days=least_days)
    return onsite.entry_obstacles(session, case) if case.status == "notified" else []


def _light(done: date | datetime | None, due_at: datetime, now: datetime) -> str:
    return "closed" if done else lights.light_of_due(due_at, now)


def _team(session: Session, case: InspectionCase) -> Team | None:
    query = select(Team).where(Team.case_id == case.id)
    return session.scalar(
        query.options(joinedload(Team.leader), joinedload(Team.members).joinedload(TeamMember.user))
    )


def _all(session: Session, kind: type[Row], condition: Any) -> Sequence[Row]:
    return session.scalars(select(kind).where(condition).order_by(kind.id)).all()  # type: ignore[attr-defined]
