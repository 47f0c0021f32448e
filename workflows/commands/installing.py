"""What a fresh installation starts with: the register of time limits, the working-day table, the published models."""

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from workflows.commands import rule_base
from workflows.commands.desk import Work
from workflows.commands.dossier_register import seed_dossier_register
from workflows.deadlines.register import REGISTER
from workflows.models import CalendarDay, CalendarVersion, Grant, TimeLimitRule, Unit, User
from workflows.records import history
from workflows.workdays import LAST_CERTAIN_YEAR, seed_days

# Who must act under a rule, and which rules push what is late up the ladder (P09).
RESPONSIBLE = {
    "T01": "intel_provider",
    "T06": "unit_liaison",
    "T06.review": "supervision_officer",
    "T07": "team_leader",
    "T09": "unit_principal",
    "T11": "supervision_officer",
    "T16": "verifier",
    "T22.inquiry": "accountability_officer",
    "T22.decision": "accountability_officer",
    "T22.organ_inquiry": "organ_review",
    "T22.organ_decision": "organ_review",
    "T23": "supervision_officer",
}
ESCALATING = frozenset({"T09", "T10", "T13.tour", "T13.targeted", "T13.legacy", "T17", "T20"})


def install_register(work: Work, *, now: datetime) -> bool:
    """Seeds time limits and working days; does nothing, and says False, when they are there already."""
    session = work.session
    if session.scalar(select(func.count()).select_from(CalendarVersion)):
        return False
    session.add_all(
        TimeLimitRule(
            code=limit.code,
            name=limit.name,
            amount=limit.amount,
            unit=limit.unit.value,
            roll=limit.roll.value,
            basis=limit.basis,
            source=limit.source,
            responsible_role=RESPONSIBLE.get(limit.code, "unit_liaison"),
            escalates=limit.code in ESCALATING,
            valid_from=limit.valid_from,
            valid_to=limit.valid_to,
            note=limit.note,
        )
        for limit in REGISTER
    )
    session.add(
        CalendarVersion(
            number=1,
            published_at=now,
            last_certain_year=LAST_CERTAIN_YEAR,
            note="系统初始数据：国务院办公厅历年放假安排通知；其后年份为暂定",
        )
    )
    session.flush()
    session.add_all(
        CalendarDay(day=row.day, version=1, is_workday=row.is_workday, name=row.name, source=row.source)
        for row in seed_days()
    )
    seed_dossier_register(session)
    rule_base.seed(session)
    history.record(session, action="install", summary="初始化时限表、工作日历、情况来源与规则库", now=now)
    return True


def create_administrator(work: Work, *, password_hash: str, now: datetime) -> str:
    """The first account, a system administrator of the organisation department; returns its login."""
    session = work.session
    home = session.scalar(select(Unit).where(Unit.code == "ORG"))
    if home is None:
        home = Unit(code="ORG", name="自治区党委组织部", kind="org_department")
        session.add(home)
        session.flush()
    user = User(login="admin", staff_no="A0001", name="系统管理员", unit_id=home.id, password_hash=password_hash)
    user.grants = [Grant(role="sys_admin", scope="region", scope_id=0)]
    session.add(user)
    session.flush()
    history.record(
        session, action="create_user", summary="创建系统管理员账号", now=now, object_kind="user", object_id=user.id
    )
    return user.login


def one_time_password() -> str:
    """A random initial secret."""
    return secrets.token_urlsafe(12)


def process_folders(bpmn_dir: Path) -> list[Path]:
    """The process folders of a checkout: those that hold a diagram of their own name."""
    return [folder for folder in sorted(bpmn_dir.iterdir()) if (folder / f"{folder.name}.bpmn").is_file()]
