"""The work of a team on site: what is recorded, and what still keeps it from leaving.

The rules of the exit stand here once: the page lists them live, the operation behind 离点 refuses by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import (
    ChecklistItem,
    InspectionCase,
    Lead,
    MobilisationTraining,
    Team,
    WorkingPaper,
    WorkPlan,
    ZeroDeclaration,
)
from workflows.policy.transitions import OPEN_LEADS


@dataclass(frozen=True)
class Obstacle:
    """Something that is missing before the team may enter or leave: the rule and a sentence that names it."""

    rule: str
    sentence: str


@dataclass(frozen=True)
class Coverage:
    """清单覆盖: how many items of the checklist are answered."""

    answered: int
    total: int

    @property
    def percent(self) -> int:
        return self.answered * 100 // self.total if self.total else 0

    @property
    def is_full(self) -> bool:
        return 0 < self.total == self.answered


def stay_days(case: InspectionCase, until: date) -> int:
    """Days on site up to and including `until`; the day of entry is the first; 0 before entry."""
    last = case.exit_date or until
    return max((last - case.entry_date).days + 1, 0) if case.entry_date else 0


def checklist(session: Session, case_id: int) -> Sequence[ChecklistItem]:
    """The items that must be answered, in their order; what the plan leaves out is left out."""
    query = select(ChecklistItem).where(ChecklistItem.case_id == case_id, ChecklistItem.dropped_reason == "")
    return session.scalars(query.order_by(ChecklistItem.seq, ChecklistItem.id)).all()


def coverage(session: Session, case_id: int) -> Coverage:
    """How much of the checklist is answered (S38)."""
    items = checklist(session, case_id)
    return Coverage(sum(item.answer != "" for item in items), len(items))


def papers(session: Session, case_id: int) -> Sequence[WorkingPaper]:
    """The working papers of a case, oldest first."""
    query = select(WorkingPaper).where(WorkingPaper.case_id == case_id)
    return session.scalars(query.order_by(WorkingPaper.id)).all()


def open_leads(session: Session, case_id: int) -> Sequence[Lead]:
    """The leads that nobody has disposed of yet."""
    query = select(Lead).where(Lead.case_id == case_id, Lead.status.in_(OPEN_LEADS)).order_by(Lead.id)
    return session.scalars(query).all()


def zero_declaration(session: Session, case_id: int) -> ZeroDeclaration | None:
    """The declaration that nothing was found, if it still stands."""
    query = select(ZeroDeclaration).where(ZeroDeclaration.case_id == case_id)
    return session.scalar(query.where(ZeroDeclaration.withdrawn_at.is_(None)))


def entry_obstacles(session: Session, case: InspectionCase) -> list[Obstacle]:
    """What is missing before the team may enter: plan, team, authorisation, training, checklist (S30–S32)."""
    team = session.scalar(select(Team).where(Team.case_id == case.id))
    found = []
    if not session.scalar(select(WorkPlan.id).where(WorkPlan.case_id == case.id, WorkPlan.status == "approved")):
        found.append(Obstacle("S21", "检查工作方案尚未批准"))
    if team is None or team.status != "active" or team.activated_at is None:
        found.append(Obstacle("D10", "检查组尚未编成并启用"))
    if team is None or not team.authorisation_no:
        found.append(Obstacle("S45", "尚未取得派出授权"))
    if team is not None:
        found += _untrained(session, team)
    if not checklist(session, case.id):
        found.append(Obstacle("S38", "检查清单没有事项"))
    return found


def exit_obstacles(session: Session, case: InspectionCase, *, leaving_on: date, least_days: int) -> list[Obstacle]:
    """What still keeps the team on site if it wanted to leave on this day; empty when it may (P03)."""
    found = []
    if (days := stay_days(case, leaving_on)) < least_days:
        found.append(Obstacle("S26", f"进驻{days}天，不足{least_days}天"))
    found += _unanswered(session, case.id)
    if waiting := open_leads(session, case.id):
        found.append(Obstacle("S68", f"线索尚未办结：{_listed([lead.lead_no for lead in waiting])}"))
    written = papers(session, case.id)
    if bare := [paper.wp_no for paper in written if not paper.evidence or len(set(paper.authors)) < 2]:
        found.append(Obstacle("S69", f"底稿没有佐证或检查人不足两人：{_listed(bare)}"))
    if not written and zero_declaration(session, case.id) is None:
        found.append(Obstacle("S68", "没有问题底稿，也没有零问题声明"))
    return found


def _untrained(session: Session, team: Team) -> list[Obstacle]:
    training = session.scalar(select(MobilisationTraining).where(MobilisationTraining.case_id == team.case_id))
    if training is None:
        return [Obstacle("S30", "尚未召开动员培训会")]
    passed = {each.user_id for each in training.passes if each.passed}
    missing = [member.user.name for member in team.members if member.user_id not in passed]
    return [Obstacle("S32", f"尚未通过培训测试：{_listed(missing)}")] if missing else []


def _unanswered(session: Session, case_id: int) -> list[Obstacle]:
    if not (items := checklist(session, case_id)):
        return [Obstacle("S38", "检查清单没有事项")]
    open_ = [item.code for item in items if item.answer == ""]
    covered = coverage(session, case_id).percent
    return [Obstacle("S38", f"清单覆盖率{covered}%，尚未作答：{_listed(open_)}")] if open_ else []


def _listed(names: Sequence[str], most: int = 8) -> str:
    more = f"等{len(names)}项" if len(names) > most else ""
    return "、".join(names[:most]) + more
