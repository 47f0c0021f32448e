"""发现问题成效 (S64): what each team of a round has brought, and which inspection has found nothing.  Judges nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Finding, InspectionCase, Team, WorkingPaper
from workflows.policy import Actor
from workflows.queries.scope import visible_cases

UNDECIDED = ("exited", "determining")
NOT_FOUND = ("draft", "not_upheld")
GRAVE = ("serious", "critical")


@dataclass(frozen=True)
class Yield:
    """A case whose team has left: its leader, people and days on site, its papers and what stands of them."""

    case: InspectionCase
    leader: str
    people: int
    days: int
    papers: int
    findings: int
    grave: int

    @property
    def is_zero(self) -> bool:
        """The determination is over and nothing was found: S64 wants it seen."""
        return not self.findings and self.case.status not in UNDECIDED

    @property
    def upheld_percent(self) -> int | None:
        """Findings that stand, of the papers written; None without papers."""
        return round(100 * self.findings / self.papers) if self.papers else None

    @property
    def per_person_week(self) -> float | None:
        """Findings a person and seven days on site; None while nobody has been counted."""
        return round(7 * self.findings / (self.people * self.days), 2) if self.people and self.days else None


def of_round(session: Session, actor: Actor, round_id: int) -> list[Yield]:
    """Every inspection of the round that has ended on site and that the person sees, most findings first."""
    left = (
        visible_cases(actor),
        InspectionCase.round_id == round_id,
        InspectionCase.exit_date.is_not(None),
        InspectionCase.status != "cancelled",
    )
    query = select(InspectionCase).where(*left).options(joinedload(InspectionCase.unit))
    cases = list(session.scalars(query.order_by(InspectionCase.case_no)))
    ids = [case.id for case in cases]
    teams = {team.case_id: team for team in session.scalars(select(Team).where(Team.case_id.in_(ids)))}
    members = select(Team.case_id, func.count()).join(Team.members).where(Team.case_id.in_(ids))
    people = _counted(session, members.group_by(Team.case_id))
    written = select(WorkingPaper.case_id, func.count()).where(WorkingPaper.case_id.in_(ids))
    papers = _counted(session, written.group_by(WorkingPaper.case_id))
    standing = select(Finding.case_id, func.count()).where(Finding.case_id.in_(ids), Finding.status.not_in(NOT_FOUND))
    found = _counted(session, standing.group_by(Finding.case_id))
    grave = _counted(session, standing.where(Finding.severity.in_(GRAVE)).group_by(Finding.case_id))
    rows = [
        Yield(
            case=case,
            leader=teams[case.id].leader.name if case.id in teams else "",
            people=people.get(case.id, 0),
            days=(case.exit_date - case.entry_date).days + 1 if case.exit_date and case.entry_date else 0,
            papers=papers.get(case.id, 0),
            findings=found.get(case.id, 0),
            grave=grave.get(case.id, 0),
        )
        for case in cases
    ]
    return sorted(rows, key=lambda row: -row.findings)


def _counted(session: Session, query: Select[int, int]) -> Mapping[int, int]:
    """Case id → how many."""
    return dict(session.execute(query).all())
