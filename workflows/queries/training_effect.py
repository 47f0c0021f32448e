"""What training has brought: coverage and learning a cell, recurrence a tier, and the articles never taught (S35, S117).

Reads the training tables and counts findings; names no case.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from workflows.models import (
    Clause,
    CoachingLog,
    Finding,
    InspectionCase,
    Regulation,
    TrainingAttendance,
    TrainingPlan,
    TrainingSession,
    Unit,
    User,
)
from workflows.policy.vocabulary import ABILITY, ORG_TIER
from workflows.queries.audiences import CELLS, tier_of


@dataclass(frozen=True)
class Cell:
    """One cell of tier × level: due and attended places of its sessions, and how far the average score rose."""

    org_tier: str
    level: str
    sessions: int
    due: int
    attended: int
    delta: float | None
    abilities: dict[str, float | None]

    @property
    def percent(self) -> int:
        """Coverage; nobody due is covered."""
        return round(100 * self.attended / self.due) if self.due else 100


@dataclass(frozen=True)
class TierRecurrence:
    """The findings of a tier's units, how many of them had occurred before, and the tier's training coverage."""

    org_tier: str
    findings: int
    repeated: int
    due: int
    attended: int

    @property
    def recurrence_percent(self) -> int:
        return round(100 * self.repeated / self.findings) if self.findings else 0

    @property
    def coverage_percent(self) -> int:
        return round(100 * self.attended / self.due) if self.due else 0


@dataclass(frozen=True)
class Absent:
    """Somebody who must attend a session and has not come."""

    session_no: str
    session: str
    name: str
    unit: str
    org_tier: str
    level: str


@dataclass(frozen=True)
class Taught:
    """An article in force and how often it was taught: in sessions, and in coaching on site (S35)."""

    regulation: str
    article: str
    sessions: int
    coaching: int

    @property
    def never(self) -> bool:
        return self.sessions + self.coaching == 0


def plans(session: Session) -> list[TrainingPlan]:
    """Every plan, the newest first."""
    query = select(TrainingPlan).options(selectinload(TrainingPlan.sessions))
    return list(session.scalars(query.order_by(TrainingPlan.plan_no.desc())))


def find(session: Session, plan_no: str) -> TrainingPlan:
    """The plan of this number; else NoResultFound."""
    return session.scalars(select(TrainingPlan).where(TrainingPlan.plan_no == plan_no)).one()


def coverage(session: Session, plan: TrainingPlan) -> list[Cell]:
    """Every cell of the plan's 3 × 2 matrix."""
    rows = list(session.scalars(select(TrainingAttendance).join(TrainingSession).where(
        TrainingSession.plan_id == plan.id).options(selectinload(TrainingAttendance.session))))  # fmt: skip
    held = Counter((each.org_tier, each.level) for each in plan.sessions)
    return [
        _cell(
            tier,
            level,
            held[tier, level],
            [r for r in rows if (r.session.org_tier, r.session.level) == (tier, level)],
        )
        for tier, level in CELLS
    ]


def gaps(session: Session, plan: TrainingPlan) -> list[Absent]:
    """The gap list: who still has to come, by session."""
    query = (
        select(TrainingSession, User.name, Unit.name)
        .join(TrainingAttendance, TrainingAttendance.session_id == TrainingSession.id)
        .join(User, User.id == TrainingAttendance.user_id)
        .join(Unit, Unit.id == TrainingAttendance.unit_id)
        .where(TrainingSession.plan_id == plan.id, ~TrainingAttendance.attended, User.is_active)
        .order_by(TrainingSession.seq, TrainingAttendance.id)
    )
    return [
        Absent(one.session_no, one.title, name, unit, one.org_tier, one.level)
        for one, name, unit in session.execute(query)
    ]


def recurrence(session: Session) -> list[TierRecurrence]:
    """Training coverage against recurrence rate, a line a tier (S117)."""
    findings: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    query = select(Unit, Finding.recurrence_count).join(InspectionCase, InspectionCase.unit_id == Unit.id)
    for unit, count in session.execute(
        query.join(Finding, Finding.case_id == InspectionCase.id).where(Finding.status != "not_upheld")
    ):
        if tier := tier_of(unit):
            findings[tier] += 1
            repeated[tier] += count > 0
    due, attended = _places(session)
    return [TierRecurrence(tier, findings[tier], repeated[tier], due[tier], attended[tier]) for tier in ORG_TIER]


def articles(session: Session, today: date) -> list[Taught]:
    """The coverage map: every article in force, taught or not (S35)."""
    in_force = (
        select(Regulation.title, Clause.article)
        .join(Clause, Clause.regulation_id == Regulation.id)
        .where(Clause.valid_from <= today, or_(Clause.valid_to.is_(None), Clause.valid_to >= today))
        .order_by(Regulation.id, Clause.id)
    )
    held = select(TrainingSession.clauses).where(TrainingSession.held_on.is_not(None))
    lessons = [_names(each) for each in session.scalars(held)]
    coached = [_names(each.replace("；", ";").split(";")) for each in session.scalars(select(CoachingLog.clauses))]
    return [
        Taught(title, article, _mentions(lessons, title, article), _mentions(coached, title, article))
        for title, article in session.execute(in_force)
    ]


def _cell(tier: str, level: str, held: int, rows: list[TrainingAttendance]) -> Cell:
    came = [row for row in rows if row.attended]
    rises = {ability: _mean(_rises(came, [ability])) for ability in ABILITY}
    return Cell(tier, level, held, len(rows), len(came), _mean(_rises(came, list(ABILITY))), rises)


def _rises(rows: Iterable[TrainingAttendance], abilities: list[str]) -> list[float]:
    return [
        row.scores_after[ability] - row.scores_before[ability]
        for row in rows
        for ability in abilities
        if ability in row.scores_after and ability in row.scores_before
    ]


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def _places(session: Session) -> tuple[Counter[str], Counter[str]]:
    due: Counter[str] = Counter()
    attended: Counter[str] = Counter()
    query = select(TrainingSession.org_tier, TrainingAttendance.attended).join(TrainingAttendance)
    for tier, came in session.execute(query):
        due[tier] += 1
        attended[tier] += came
    return due, attended


def _names(clauses: Iterable[str]) -> list[str]:
    return [clause.replace(" ", "") for clause in clauses]


def _mentions(lists: list[list[str]], regulation: str, article: str) -> int:
    """How many lists name the article.  "条例第十五条" names an article of any regulation whose title ends so."""
    return sum(any(_names_article(one, regulation, article) for one in names) for names in lists)


def _names_article(given: str, regulation: str, article: str) -> bool:
    if not given.endswith(article):
        return False
    stem = given.removesuffix(article).strip("《》")
    return not stem or stem in regulation
