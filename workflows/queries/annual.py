"""What a year begins with; 年度考核参考 (P13, S107): which units it touched, what stands behind each sheet, the sheets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import (
    AssessmentReference,
    Deadline,
    Finding,
    InspectionCase,
    Message,
    Referral,
    SupervisionNotice,
    Unit,
    Verification,
)
from workflows.policy import Actor
from workflows.policy.transitions import SETTLED_FINDINGS, state_name
from workflows.policy.vocabulary import ASSESSMENT_GRADE, EFFECT_GRADE, SUPERVISION_LEVEL, word
from workflows.queries import lights
from workflows.queries.scope import visible_cases
from workflows.workdays import local_date, start_of_day

PLANNING_FROM, PLANNING_UNTIL = (1, 15), (6, 30)  # month and day between which the year's planning begins by itself
EFFECTS = tuple(EFFECT_GRADE)
NUMBERS: tuple[tuple[str, str], ...] = (
    ("findings", "问题数"),
    ("closed", "已销号"),
    ("closed_percent", "销号率（%）"),
    ("on_time_percent", "按期销号率（%）"),
    ("recurrence", "反复次数"),
    ("false_rectify", "虚假整改"),
    ("level", "最高督办等级"),
    ("referrals", "问责移送"),
    ("effect", "整改成效"),
)
COLUMNS: tuple[tuple[str, str], ...] = (
    ("number", "序号"),
    ("unit", "单位"),
    ("case_nos", "涉及案件"),
    *NUMBERS,
    ("by_rule", "按规则等次"),
    ("grade", "核定等次"),
    ("reason", "调整理由"),
    ("state", "状态"),
    ("adopted", "采纳情况"),
    ("adopted_note", "采纳说明"),
)


@dataclass(frozen=True)
class Sheet:
    """A unit's reference sheet with its cells as people read them."""

    reference: AssessmentReference
    cells: dict[str, Any]


def touched_in(year: int) -> ColumnElement[bool]:
    """A condition over InspectionCase: its life, from opening to archive, overlaps the year (S107)."""
    begins, ends = span(year)
    alive = or_(InspectionCase.archived_at.is_(None), InspectionCase.archived_at >= begins)
    return and_(InspectionCase.opened_at < ends, alive, InspectionCase.status != "cancelled")


def units_touched(session: Session, year: int) -> list[Unit]:
    """The units with a case that the year touched, by code."""
    touched = select(InspectionCase.unit_id).where(touched_in(year))
    return list(session.scalars(select(Unit).where(Unit.id.in_(touched)).order_by(Unit.code)))


def numbers_of(session: Session, unit: Unit, year: int, now: datetime) -> dict[str, Any]:
    """What D11 asks of a unit, as things stood at the end of the year (or now, if that comes first)."""
    begins, ends = span(year)
    until = min(ends, now)
    cases = list(session.scalars(select(InspectionCase).where(InspectionCase.unit_id == unit.id, touched_in(year))))
    ids = [case.id for case in cases]
    found = _findings(session, cases, until)
    closed = [f for f in found if f.status in SETTLED_FINDINGS and f.closed_at and f.closed_at < until]
    proven_false = (Verification.finding_id.in_([f.id for f in found]), Verification.false_rectify)
    opened = (Referral.case_id.in_(ids), Referral.parent_id.is_(None), *_within(Referral.opened_at, begins, until))
    pressed = select(func.max(SupervisionNotice.level)).where(
        SupervisionNotice.case_id.in_(ids), *_within(SupervisionNotice.issued_at, begins, until)
    )
    return {
        "case_nos": [case.case_no for case in cases],
        "findings": len(found),
        "closed": len(closed),
        "closed_percent": _percent(len(closed), len(found)),
        "on_time_percent": _percent(_on_time(session, closed), len(closed)),
        "recurrence": max((f.recurrence_count for f in found), default=0),
        "false_rectify": _count(session, Verification.id, *proven_false, *_within(Verification.at, begins, until)),
        "level": session.scalar(pressed) or 0,
        "referrals": _count(session, Referral.id, *opened),
        "effect": max(
            (f.effect_grade for f in closed if f.effect_grade in EFFECTS), key=EFFECTS.index, default="good"
        ),
    }


def in_words(numbers: dict[str, Any]) -> str:
    """The numbers as a sentence for a form."""
    level = SUPERVISION_LEVEL[numbers["level"]] if numbers["level"] else "无督办"
    return (
        f"涉及{len(numbers['case_nos'])}案；问题{numbers['findings']}个，销号{numbers['closed']}个"
        f"（{numbers['closed_percent']}%），按期{numbers['on_time_percent']}%；反复{numbers['recurrence']}次；"
        f"{level}；虚假整改{numbers['false_rectify']}次；问责移送{numbers['referrals']}件"
    )


def value_of(numbers: dict[str, Any], name: str) -> Any:
    """One of the numbers as people read it: a rate of nothing is none."""
    if name == "level":
        return SUPERVISION_LEVEL[numbers[name]]
    if name == "effect":
        return word(EFFECT_GRADE, numbers[name])
    counted = {"closed_percent": "findings", "on_time_percent": "closed"}.get(name)
    return "—" if counted and not numbers[counted] else numbers[name]


def year_to_assess(session: Session, now: datetime) -> int | None:
    """Last year, from 1 January on, unless it has been sent for assessment already or touched nobody."""
    year = local_date(now).year - 1
    return None if _has_begun(session, "annual.due", year) or not units_touched(session, year) else year


def year_to_plan(session: Session, now: datetime) -> int | None:
    """This year, from 15 January to the end of June, unless its planning has begun already."""
    today = local_date(now)
    is_time = PLANNING_FROM <= (today.month, today.day) <= PLANNING_UNTIL
    return today.year if is_time and not _has_begun(session, "planning.due", today.year) else None


def _has_begun(session: Session, message: str, year: int) -> bool:
    return (
        session.scalar(select(Message.id).where(Message.name == message, Message.key == str(year)).limit(1))
        is not None
    )


def years(session: Session) -> list[int]:
    """The years that have reference sheets, newest first."""
    return list(
        session.scalars(select(AssessmentReference.year).distinct().order_by(AssessmentReference.year.desc()))
    )


def sheets(session: Session, actor: Actor, year: int) -> list[Sheet]:
    """The sheets of the year for units the person has a case of before him, or all for whoever assesses."""
    query = select(AssessmentReference).join(Unit).where(AssessmentReference.year == year)
    if not actor.has_role("assessment_office"):
        query = query.where(Unit.id.in_(select(InspectionCase.unit_id).where(visible_cases(actor))))
    found = session.scalars(query.order_by(Unit.code))
    return [Sheet(row, _cells(number, row)) for number, row in enumerate(found, start=1)]


def span(year: int) -> tuple[datetime, datetime]:
    """The first moment of the local year and the first after it."""
    return start_of_day(date(year, 1, 1)), start_of_day(date(year, 12, 31) + timedelta(days=1))


def _findings(session: Session, cases: Iterable[InspectionCase], until: datetime) -> list[Finding]:
    """What had been fed back by then."""
    told = [case.id for case in cases if case.feedback_date and start_of_day(case.feedback_date) < until]
    query = select(Finding).where(Finding.case_id.in_(told), Finding.status != "not_upheld")
    return list(session.scalars(query.order_by(Finding.finding_no)))


def _on_time(session: Session, closed: list[Finding]) -> int:
    """How many were closed before the end of their newest deadline."""
    query = select(Deadline.finding_id, Deadline.due_at).where(
        Deadline.finding_id.in_([finding.id for finding in closed]), lights.latest_of_findings()
    )
    due = dict(session.execute(query).all())
    return sum(f.closed_at is not None and f.closed_at <= due.get(f.id, f.closed_at) for f in closed)


def _within(at: Any, begins: datetime, until: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return at >= begins, at < until


def _count(session: Session, what: Any, *conditions: Any) -> int:
    return session.scalar(select(func.count(what)).where(*conditions)) or 0


def _percent(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 100


def _cells(number: int, row: AssessmentReference) -> dict[str, Any]:
    numbers = row.numbers
    return {
        **{name: value_of(numbers, name) for name, _ in NUMBERS if name in numbers},
        "number": number,
        "unit": row.unit.name,
        "case_nos": "、".join(numbers.get("case_nos", ())),
        "by_rule": word(ASSESSMENT_GRADE, row.grade_by_rule),
        "grade": word(ASSESSMENT_GRADE, row.grade),
        "reason": row.reason,
        "state": state_name("reference", row.status),
        "adopted": "" if row.adopted is None else "采纳" if row.adopted else "未采纳",
        "adopted_note": row.adopted_note,
    }
