"""培训通知、签到测评、月度调度通报: the data of the documents that belong to no case (P12, S95)."""

from collections.abc import Callable

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from workflows.models import ClosureRecord, SupervisionNotice, TrainingAttendance, TrainingSession
from workflows.policy import vocabulary as words
from workflows.queries import monthly
from workflows.queries.document_data._ground import Data, Subject, day, numbered
from workflows.queries.months import Standing, month_of
from workflows.workdays import local_date

ABILITIES = tuple(words.ABILITY)
MOST_MONTHS = 24


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
    """As it stood at the end of the month: a finding struck off later counts as open then."""
    return bulletin_of(monthly.standing(session, month_of(subject), true()))


def bulletin_of(found: Standing) -> Data:
    """The bulletin's data out of a month's standing."""
    return {
        "addressee": "各有关单位",
        "month": found.month.words,
        "cases": len(found.cases),
        "found": len(found.items),
        "closed": found.closed,
        "percent": found.percent,
        "closed_now": found.closed_now,
        "overdue": found.overdue,
        "notices": monthly.levels_in_words(found.notices, words.SUPERVISION_LEVEL),
        "units": numbered(
            {
                "name": row.unit, "case_no": row.case_no, "found": row.found, "closed": row.closed,
                "overdue": row.overdue,
            }
            for row in found.cases
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


def _month_words(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"
