"""A case whose team stands ready to enter, for tests that begin on site; what preparation would have left is written here."""

from datetime import datetime, timedelta

from tests.people import Region
from workflows.commands.desk import Work
from workflows.models import (
    ChecklistItem,
    InspectionCase,
    InspectionRound,
    MobilisationTraining,
    Team,
    TeamMember,
    TrainingPass,
    Unit,
    WorkPlan,
)
from workflows.records import messages

CHECKLIST = ("是否存在考察走过场", "是否按规定听取纪检意见", "是否存在超职数配备干部")
CASE_NO = "XR-12-04-001"


def make_ready(work: Work, region: Region, now: datetime, *, items: tuple[str, ...] = CHECKLIST) -> int:
    """Unit A's case with an approved plan, a trained and authorised team, a checklist; the team is told. Returns its id."""
    session = work.session
    unit, round_ = session.get_one(Unit, region.unit_a_id), session.get_one(InspectionRound, region.round_id)
    case = InspectionCase(
        case_no=CASE_NO, round=round_, unit=unit, status="notified", officer_id=region.officer.user_id,
        opened_at=now, facts={},
    )  # fmt: skip
    session.add(case)
    session.flush()
    session.add(
        WorkPlan(
            case_id=case.id, version_no=1, tasks="选人用人", methods="谈话、查阅", requirements="守纪律", status="approved",
            entry_date=now.date(), drafted_at=now, approved_at=now,
        )
    )  # fmt: skip
    _gather(work, region, case, now)
    session.add_all(
        ChecklistItem(
            case_id=case.id, code=f"Q{n:02d}", seq=n, text=text, section="选拔任用", chain="用", category="C06", origin="template"
        )
        for n, text in enumerate(items, start=1)
    )  # fmt: skip
    messages.send(session, name="case.ready", key=case.case_no, payload={}, now=now, case_id=case.id, unit_id=unit.id)
    return case.id


def _gather(work: Work, region: Region, case: InspectionCase, now: datetime) -> None:
    duties = {"leader": region.leader, "deputy": region.member, "member": region.member2}
    team = Team(
        case_id=case.id, leader_id=region.leader.user_id, status="active", authorisation_no="组监派〔2026〕1号",
        activated_at=now,
    )  # fmt: skip
    team.members = [
        TeamMember(user_id=actor.user_id, channel="dept", duty=duty, recusal_checked=True)
        for duty, actor in duties.items()
    ]
    training = MobilisationTraining(
        case_id=case.id, held_on=(now - timedelta(days=1)).date(),
        agenda={"tasks": "任务", "methods": "方式", "requirements": "要求"},
    )  # fmt: skip
    training.passes = [
        TrainingPass(user_id=actor.user_id, attended=True, score=90, passed=True) for actor in duties.values()
    ]
    work.session.add_all([team, training])
