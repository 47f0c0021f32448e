"""培训通知、签到测评、月度调度通报: the data of the documents that belong to no case (P12, S95)."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from workflows.models import (
    ClosureRecord,
    Deadline,
    Finding,
    InspectionCase,
    SupervisionNotice,
    TrainingAttendance,
    TrainingSession,
)
from workflows.policy import vocabulary as words
from workflows.queries.document_data._ground import Data, Subject, day, numbered
from workflows.workdays import local_date, start_of_day

ABILITIES = tuple(words.ABILITY)
MOST_MONTHS = 24
FINDING_LIMITS = ("D4",)


def sessions_planned(session: Session) -> list[Subject]:
    """Every session of an approved plan, the latest first."""
    return [Subject(row.session_no, row.title) for row in session.scalars(_sessions())]


def sessions_held(session: Session) -> list[Subject]:
    """Those that have been held at least once."""
    held = _sessions().where(TrainingSession.held_on.is_not(None))
    return [Subject(row.session_no, row.title) for row in session.scalars(held)]


def months(session: Session) -> list[Subject]:
    """The months in which something was struck off or pressed, the latest first."""
    moments = [*session.scalars(select(ClosureRecord.at)), *session.scalars(select(SupervisionNotice.issued_at))]
    found = sorted({local_date(at).strftime("%Y-%m") for at in moments}, reverse=True)
    return [Subject(month, _month_words(month)) for month in found[:MOST_MONTHS]]


def training_notice(session: Session, subject: str) -> Data:
    """Before the session: whom it is for, and who must come."""
    row = _session(session, subject)
    return {
        **_about(row),
        "addressee": "各有关单位",
        "day": day(row.held_on or row.planned_on),
        "people": len(row.attendances),
        "clauses": "；".join(row.clauses),
        "trainees": numbered(_person(each) for each in row.attendances),
    }


def training_sheet(session: Session, subject: str) -> Data:
    """S116: who came, and the scores before and after over the three abilities."""
    row = _session(session, subject)
    came = [each for each in row.attendances if each.attended]
    return {
        **_about(row),
        "day": day(row.held_on),
        "trainees": numbered(
            {
                **_person(each), "attended": "已参训" if each.attended else "缺席", "before": _score(each.scores_before),
                "after": _score(each.scores_after), "sign": "",
            }
            for each in row.attendances
        ),
        "outcome": f"应训{len(row.attendances)}人，已训{len(came)}人"
        + ("，全员覆盖。" if len(came) == len(row.attendances) else "，缺席人员参加补训。"),
    }  # fmt: skip


def monthly_bulletin(session: Session, subject: str) -> Data:
    """As the ledger stood at the end of the month: a finding struck off later counts as open then."""
    begins, ends = _bounds(subject)
    cases = _fed_back(session, ends)
    found = _findings(session, cases)
    closed_at = _closed_at(session, ends)
    late = _late(session, [row.id for row in found], ends)
    closed = [row for row in found if row.id in closed_at]
    late_open = Counter(row.case_id for row in found if row.id in late)
    return {
        "addressee": "各有关单位",
        "month": _month_words(subject),
        "cases": len(cases),
        "found": len(found),
        "closed": len(closed),
        "percent": round(100 * len(closed) / len(found)) if found else 0,
        "closed_now": sum(closed_at[row.id] >= begins for row in closed),
        "overdue": len(late),
        "notices": _pressed(session, begins, ends),
        "units": numbered(
            {
                "name": case.unit.name, "case_no": case.case_no, "found": sum(row.case_id == case.id for row in found),
                "closed": sum(row.case_id == case.id for row in closed), "overdue": late_open[case.id],
            }
            for case in cases
        ),
    }  # fmt: skip


SUBJECTS: dict[str, Callable[[Session], list[Subject]]] = {
    "session": sessions_planned,
    "session_held": sessions_held,
    "month": months,
}
GATHERERS: dict[str, Callable[[Session, str], Data]] = {
    "training_notice": training_notice,
    "training_sheet": training_sheet,
    "monthly_bulletin": monthly_bulletin,
}


def _sessions() -> Select[TrainingSession]:
    return select(TrainingSession).where(TrainingSession.attendances.any()).order_by(TrainingSession.id.desc())


def _session(session: Session, session_no: str) -> TrainingSession:
    return session.scalars(select(TrainingSession).where(TrainingSession.session_no == session_no)).one()


def _about(row: TrainingSession) -> Data:
    return {
        "title": row.title,
        "plan": row.plan.title,
        "form": words.word(words.TRAINING_KIND, row.kind),
        "audience": f"{words.ORG_TIER[row.org_tier]}·{words.TRAINING_LEVEL[row.level]}",
    }


def _person(each: TrainingAttendance) -> dict[str, str]:
    return {"name": each.user.name, "post": f"{each.user.unit.name}{each.user.post}"}


def _score(scores: dict[str, int]) -> str:
    """The mean over the abilities measured; "—" where nobody was tested."""
    known = [scores[ability] for ability in ABILITIES if scores.get(ability) is not None]
    return f"{sum(known) / len(known):.0f}" if known else "—"


def _bounds(month: str) -> tuple[datetime, datetime]:
    first = date.fromisoformat(f"{month}-01")
    return start_of_day(first), start_of_day((first + timedelta(days=32)).replace(day=1))


def _month_words(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"


def _fed_back(session: Session, ends: datetime) -> list[InspectionCase]:
    """Cases the unit had been told of by then."""
    query = select(InspectionCase).where(InspectionCase.feedback_date.is_not(None)).order_by(InspectionCase.case_no)
    return [case for case in session.scalars(query) if case.feedback_date and case.feedback_date < local_date(ends)]


def _findings(session: Session, cases: Iterable[InspectionCase]) -> list[Finding]:
    ids = [case.id for case in cases]
    return list(session.scalars(select(Finding).where(Finding.case_id.in_(ids), Finding.status != "not_upheld")))


def _closed_at(session: Session, ends: datetime) -> dict[int, datetime]:
    """Finding id → when it was last struck off, up to then."""
    query = (
        select(ClosureRecord.finding_id, ClosureRecord.at).where(ClosureRecord.at < ends).order_by(ClosureRecord.id)
    )
    return dict(session.execute(query).all())


def _late(session: Session, finding_ids: list[int], ends: datetime) -> set[int]:
    """Findings whose limit had passed by then without having been met."""
    query = select(Deadline.finding_id, Deadline.met_at).where(
        Deadline.finding_id.in_(finding_ids), Deadline.rule.in_(FINDING_LIMITS), Deadline.voided_at.is_(None),
        Deadline.due_at < ends,
    )  # fmt: skip
    return {number for number, met_at in session.execute(query) if number and (met_at is None or met_at >= ends)}


def _pressed(session: Session, begins: datetime, ends: datetime) -> str:
    query = select(SupervisionNotice.level).where(
        SupervisionNotice.issued_at >= begins, SupervisionNotice.issued_at < ends
    )
    counted = Counter(session.scalars(query))
    if not counted:
        return "本月没有发出督办。"
    levels = "，".join(f"{words.SUPERVISION_LEVEL[level]}{counted[level]}件" for level in sorted(counted))
    return f"本月发出督办{sum(counted.values())}件，其中{levels}。"
