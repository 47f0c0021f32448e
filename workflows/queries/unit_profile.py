"""五年画像: what five years of checks have brought a unit, year by year.

A number of findings leads to the list of findings with the same filters; every other number to the rows from which it
was counted, on a page of this dossier.  The year of a finding or a case is that in which its round began; that of
anything else the local year in which it happened.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from workflows.models import (
    Finding,
    InspectionCase,
    InspectionRound,
    InstitutionDoc,
    InstitutionVersion,
    Referral,
    SupervisionNotice,
    TrainingAttendance,
    TrainingSession,
    Unit,
    User,
)
from workflows.policy import SUPERVISORS, Actor
from workflows.policy import vocabulary as words
from workflows.policy.transitions import state_name
from workflows.queries.accountability_statistics import STATISTICS_READERS
from workflows.queries.finding_filters import ON_TIME, STAGES, Filters, conditions, joined, recurs, timing
from workflows.queries.scope import sees_region, visible_cases
from workflows.workdays import local_date

YEARS = 5
TRAINING_READERS = (*SUPERVISORS, "training_officer", "policy_officer")


@dataclass(frozen=True)
class Figure:
    """A line of the dossier: its words, the number of each year, and what the address of its list adds."""

    words: str
    asks: Mapping[str, str]
    numbers: Mapping[int, int]
    is_part: bool = False

    @property
    def total(self) -> int:
        """Over the years shown."""
        return sum(self.numbers.values())


@dataclass(frozen=True)
class Fact:
    """A row behind a number: the year and the group it is counted in, what it says, and the page it has."""

    year: int
    group: str
    cells: Sequence[str]
    page: str = ""
    arguments: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Section:
    """A subject of its own rows: headings, the groups in order with their words, and who may read it."""

    title: str
    heads: Sequence[str]
    groups: Mapping[str, str]
    facts: Callable[[Session, Actor, Unit], list[Fact]]
    readers: Sequence[str] = ()

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the person may read it."""
        return not self.readers or actor.has_role(*self.readers)


@dataclass(frozen=True)
class Profile:
    """Five years of one unit; the sections that the person may read, by name."""

    years: Sequence[int]
    findings: Sequence[Figure]
    sections: Mapping[str, Sequence[Figure]]


def profile(session: Session, actor: Actor, unit: Unit, *, now: datetime) -> Profile:
    """The dossier of a unit that the person has found through his scope; one statement a subject."""
    years = years_shown(now)
    return Profile(
        years,
        _finding_figures(session, actor, unit, years, now),
        {
            name: _figures(section, section.facts(session, actor, unit), years)
            for name, section in SECTIONS.items()
            if section.is_open_to(actor)
        },
    )


def behind(
    session: Session, actor: Actor, unit: Unit, name: str, *, now: datetime, year: int | None, group: str
) -> list[Fact]:
    """The rows behind a number of a section, the latest first; nothing of a section closed to the person."""
    section = SECTIONS[name]
    years = [year] if year else years_shown(now)
    found = section.facts(session, actor, unit) if section.is_open_to(actor) else []
    return [fact for fact in found if fact.year in years and group in ("", fact.group)]


def years_shown(now: datetime) -> list[int]:
    """The five years up to the present one."""
    this = local_date(now).year
    return list(range(this - YEARS + 1, this + 1))


def _finding_figures(session: Session, actor: Actor, unit: Unit, years: Sequence[int], now: datetime) -> list[Figure]:
    """Of what was fed back: by severity, category, recurrence, closure and timeliness."""
    flags = {"recurring": recurs(), **{name: timing(name) for name in ON_TIME}}
    query = joined(
        select(
            InspectionRound.starts_on, Finding.severity, func.substr(Finding.category, 1, 1).label("letter"), Finding.status,
            *(case((condition, 1), else_=0).label(name) for name, condition in flags.items()),
        )
    ).where(*conditions(actor, Filters(unit_id=unit.id, status="told"), now))  # fmt: skip
    rows = [row for row in session.execute(query) if row.starts_on.year >= years[0]]

    def figure(
        title: str, asks: Mapping[str, str], column: str, values: Sequence[Any], is_part: bool = True
    ) -> Figure:
        counted = Counter(row.starts_on.year for row in rows if getattr(row, column) in values)
        return Figure(title, {"status": "told", **asks}, counted, is_part)

    return [
        figure("反馈问题", {}, "status", STAGES["told"], False),
        *(figure(f"其中：{name}", {"severity": code}, "severity", [code]) for code, name in words.SEVERITY.items()),
        *(figure(f"{code} {name}", {"category": code}, "letter", [code]) for code, name in words.CATEGORIES.items()),
        figure("屡查屡犯或反弹", {"recurring": "1"}, "recurring", [1], False),
        figure("未销号", {"status": "open"}, "status", STAGES["open"], False),
        figure("已销号", {"status": "settled"}, "status", STAGES["settled"], False),
        *(figure(f"其中：{title}", {"timing": code}, code, [1]) for code, title in ON_TIME.items()),
    ]


def _figures(section: Section, facts: Sequence[Fact], years: Sequence[int]) -> list[Figure]:
    shown = [fact for fact in facts if fact.year in years]
    total = Figure(section.title, {}, Counter(fact.year for fact in shown))
    parts = [
        Figure(f"其中：{name}", {"group": code}, Counter(fact.year for fact in shown if fact.group == code), True)
        for code, name in section.groups.items()
    ]
    return [total, *(part for part in parts if part.total)]


def _checks(session: Session, actor: Actor, unit: Unit) -> list[Fact]:
    query = (
        select(InspectionCase, InspectionRound)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .where(InspectionCase.unit_id == unit.id, InspectionCase.status != "cancelled", visible_cases(actor))
        .order_by(InspectionRound.starts_on.desc(), InspectionCase.id.desc())
    )
    return [
        Fact(
            round_.starts_on.year, round_.kind,
            (of_case.case_no, round_.name, words.word(words.ROUND_KIND, round_.kind), state_name("case", of_case.status)),
            "cases.page", {"case_no": of_case.case_no},
        )
        for of_case, round_ in session.execute(query)
    ]  # fmt: skip


def _notices(session: Session, actor: Actor, unit: Unit) -> list[Fact]:
    query = (
        select(SupervisionNotice)
        .join(InspectionCase, SupervisionNotice.case_id == InspectionCase.id)
        .where(SupervisionNotice.unit_id == unit.id, SupervisionNotice.status != "superseded", visible_cases(actor))
        .order_by(SupervisionNotice.issued_at.desc(), SupervisionNotice.id.desc())
    )
    return [
        Fact(
            local_date(row.issued_at).year, str(row.level),
            (row.notice_no, row.form, local_date(row.issued_at).isoformat(), state_name("notice", row.status)),
            "notices.supervision_notice", {"notice_no": row.notice_no},
        )
        for row in session.scalars(query)
    ]  # fmt: skip


def _referrals(session: Session, actor: Actor, unit: Unit) -> list[Fact]:
    """Each referral once, not by track."""
    query = (
        select(Referral, InspectionCase.case_no)
        .join(InspectionCase, Referral.case_id == InspectionCase.id)
        .where(Referral.unit_id == unit.id, Referral.parent_id.is_(None), visible_cases(actor))
        .order_by(Referral.opened_at.desc(), Referral.id.desc())
    )
    return [
        Fact(
            local_date(row.opened_at).year, row.trigger,
            (
                row.ref_no, words.word(words.REFERRAL_REASON, row.trigger), local_date(row.opened_at).isoformat(),
                state_name("referral", row.status),
            ),
            "cases.page", {"case_no": case_no},
        )
        for row, case_no in session.execute(query)
    ]  # fmt: skip


def _institutions(session: Session, _actor: Actor, unit: Unit) -> list[Fact]:
    query = (
        select(InstitutionVersion, InstitutionDoc)
        .join(InstitutionDoc, InstitutionVersion.doc_id == InstitutionDoc.id)
        .where(InstitutionDoc.unit_id == unit.id)
        .order_by(InstitutionVersion.issued_on.desc(), InstitutionVersion.id.desc())
    )
    return [
        Fact(
            row.issued_on.year, row.action,
            (doc.title, row.issue_no, words.word(words.INSTITUTION_ACTION, row.action), row.issued_on.isoformat()),
            "institutions.page", {"doc_no": doc.doc_no},
        )
        for row, doc in session.execute(query)
    ]  # fmt: skip


def _trainings(session: Session, actor: Actor, unit: Unit) -> list[Fact]:
    """Persons who came to sessions, or had to and did not; for those who read the region."""
    if not sees_region(actor) and not actor.has_role("training_officer", "policy_officer"):
        return []
    query = (
        select(TrainingAttendance, TrainingSession, User.name)
        .join(TrainingSession, TrainingAttendance.session_id == TrainingSession.id)
        .join(User, TrainingAttendance.user_id == User.id)
        .where(TrainingAttendance.unit_id == unit.id, TrainingSession.held_on.is_not(None))
        .order_by(TrainingSession.held_on.desc(), TrainingAttendance.id)
    )
    return [
        Fact(
            _year(row.attended_on or training.held_on), "came" if row.attended else "absent",
            (
                name, training.title, (row.attended_on or training.held_on or date.min).isoformat(),
                "已参训" if row.attended else "缺席",
            ),
        )
        for row, training, name in session.execute(query)
    ]  # fmt: skip


def _year(day: date | None) -> int:
    return day.year if day else 0


SECTIONS: Mapping[str, Section] = {
    "checks": Section("专项检查", ("案件编号", "轮次", "类型", "状态"), words.ROUND_KIND, _checks),
    "notices": Section(
        "督办文书", ("文号", "文书", "下发日期", "状态"),
        {str(level): words.SUPERVISION_LEVEL[level] for level in range(1, 5)}, _notices,
    ),
    "referrals": Section(
        "移送问责", ("编号", "事由", "提出日期", "状态"), words.REFERRAL_REASON, _referrals, STATISTICS_READERS
    ),
    "institutions": Section("建章立制", ("名称", "文号", "办理方式", "印发日期"), words.INSTITUTION_ACTION, _institutions),
    "trainings": Section(
        "宣讲培训（人次）", ("姓名", "班次", "日期", "参训"), {"came": "已参训", "absent": "缺席"}, _trainings, TRAINING_READERS
    ),
}  # fmt: skip
