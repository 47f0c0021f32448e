"""检查准备 (S7): which steps of a case's preparation are done, and which still stand in the way of entry."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import (
    Analysis,
    BaselineMetric,
    InspectionCase,
    IntelRequest,
    MobilisationTraining,
    Team,
    TeamMember,
    TrainingPass,
    WorkPlan,
)
from workflows.policy.baseline import REQUIRED_CODES

BEFORE_NOTICE = frozenset(
    {"proposed", "approved", "intel_collecting", "analysed", "plan_approved", "team_ready", "trained"}
)


@dataclass(frozen=True)
class Step:
    """One step of the preparation; `rule` is the requirement it answers."""

    code: str
    title: str
    rule: str
    is_done: bool


def steps(session: Session, case: InspectionCase) -> list[Step]:
    """Every step in the order people think of them."""
    team = session.scalar(select(Team).where(Team.case_id == case.id))
    return [
        Step("intel", "各渠道情况收集", "S8", _intel_settled(session, case)),
        Step("baseline", "底数表填报完整", "S17", not missing_metrics(session, case)),
        Step("analysis", "分析研判经监督处签批", "S18", signed_analysis(session, case) is not None),
        Step("plan", "工作方案经分管副部长批准", "S6", approved_plan(session, case) is not None),
        Step("team", "检查组组建符合要求", "S22", team is not None and team.status == "active"),
        Step("authorisation", "派出授权", "S45", bool(team and team.authorisation_no)),
        Step("training", "全员参训并测试合格", "S32", team is not None and is_trained(session, team)),
        Step("notice", "印发进驻通知", "S7", case.status not in BEFORE_NOTICE),
    ]


def undone(session: Session, case: InspectionCase, *, up_to: str = "training") -> list[Step]:
    """The steps not done yet, in order, as far as the one named."""
    found = steps(session, case)
    last = next(number for number, step in enumerate(found) if step.code == up_to)
    return [step for step in found[: last + 1] if not step.is_done]


def completeness(found: list[Step]) -> int:
    """Percent of the steps that are done, rounded down."""
    return 100 * sum(step.is_done for step in found) // len(found)


def missing_metrics(session: Session, case: InspectionCase) -> list[str]:
    """Codes of mandatory figures of the baseline without a value."""
    query = select(BaselineMetric.code).where(BaselineMetric.case_id == case.id, BaselineMetric.value.is_not(None))
    known = set(session.scalars(query))
    return [code for code in REQUIRED_CODES if code not in known]


def signed_analysis(session: Session, case: InspectionCase) -> Analysis | None:
    """The latest analysis of the case that has been signed, or None."""
    query = select(Analysis).where(Analysis.case_id == case.id, Analysis.signed_at.is_not(None))
    return session.scalar(query.order_by(Analysis.version_no.desc()).limit(1))


def approved_plan(session: Session, case: InspectionCase) -> WorkPlan | None:
    """The work plan in force, or None."""
    query = select(WorkPlan).where(WorkPlan.case_id == case.id, WorkPlan.status == "approved")
    return session.scalar(query.order_by(WorkPlan.version_no.desc()).limit(1))


def is_trained(session: Session, team: Team) -> bool:
    """Whether every member of the team has attended the mobilisation training and passed."""
    passed = (
        select(TrainingPass.user_id)
        .join(MobilisationTraining, MobilisationTraining.id == TrainingPass.training_id)
        .where(MobilisationTraining.case_id == team.case_id, TrainingPass.passed, TrainingPass.attended)
    )
    of_team = select(func.count()).select_from(TeamMember).where(TeamMember.team_id == team.id)
    left = session.scalar(of_team.where(TeamMember.user_id.not_in(passed))) or 0
    return bool(session.scalar(of_team)) and not left


def _intel_settled(session: Session, case: InspectionCase) -> bool:
    """Everybody asked has answered, or his silence has been recorded; before anybody is asked nothing is settled."""
    if case.status in ("proposed", "approved"):
        return False
    waiting = select(func.count()).where(IntelRequest.case_id == case.id, IntelRequest.status == "asked")
    return not session.scalar(waiting)
