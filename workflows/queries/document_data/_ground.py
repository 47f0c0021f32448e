"""What every document takes from: the register of gatherers, days and numbers in Chinese, and the rows of findings and measures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from workflows.models import Attachment, Finding, InspectionCase, Measure, TimeLimitRule, Unit, User
from workflows.policy import vocabulary as words
from workflows.workdays import closing_day, local_date

Data = dict[str, Any]
Gatherer = Callable[[Session, InspectionCase, str], Data]
_INNER_QUOTES = str.maketrans("“”", "‘’")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Subject:
    """Something a document can be about, by its number and as people call it."""

    no: str
    title: str


GATHERERS: dict[str, Gatherer] = {}
SUBJECTS: dict[str, Callable[[Session, InspectionCase], list[Subject]]] = {}


def gathers(kind: str) -> Callable[[Gatherer], Gatherer]:
    """Declares the function that gathers the data of a kind of document."""

    def declare(function: Gatherer) -> Gatherer:
        GATHERERS[kind] = function
        return function

    return declare


def lists(subject: str) -> Callable[[Any], Any]:
    """Declares the function that lists what documents about this subject can be about, within a case."""

    def declare(function: Any) -> Any:
        SUBJECTS[subject] = function
        return function

    return declare


@lists("case")
def _case_itself(_session: Session, case: InspectionCase) -> list[Subject]:
    return [Subject(case.case_no, case.unit.name)]


def day(value: date | datetime | None) -> str:
    """A day as documents write it, 2026年9月1日; 24:00 belongs to the day that ends."""
    if value is None:
        return ""
    at = local_date(value) if isinstance(value, datetime) else value
    return f"{at.year}年{at.month}月{at.day}日"


def last_day(due_at: datetime | None) -> str:
    """The day a due moment closes."""
    return day(closing_day(due_at)) if due_at else ""


def before(text: str) -> str:
    """A day as a limit: 2026年9月1日前."""
    return f"{text}前" if text else ""


def inner_quotes(text: str) -> str:
    """A title as it stands between quotation marks."""
    return text.translate(_INNER_QUOTES)


def chinese(number: int) -> str:
    """一 … 九十九, as headings are numbered."""
    tens, ones = divmod(number, 10)
    if number > 99:
        return str(number)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def numbered(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their numbers, in digits and in Chinese."""
    return [{"n": n, "cn": chinese(n), **row} for n, row in enumerate(rows, start=1)]


def issuer(session: Session) -> str:
    """Our own department."""
    return session.scalar(select(Unit.name).where(Unit.kind == "org_department").limit(1)) or ""


def name_of(session: Session, user_id: int | None) -> str:
    """A person's name."""
    return (session.scalar(select(User.name).where(User.id == user_id)) or "") if user_id else ""


def limit_words(session: Session, code: str, on: date | None) -> str:
    """A time limit in words, "收到反馈之日起15个工作日": for documents that go out before it runs."""
    query = select(TimeLimitRule).where(TimeLimitRule.code == code)
    if on is not None:
        query = query.where(TimeLimitRule.valid_from <= on)
    rule = session.scalar(query.order_by(TimeLimitRule.valid_from.desc()).limit(1))
    return f"收到之日起{rule.amount}{words.word(words.AMOUNT_UNIT, rule.unit)}内" if rule else ""


def upheld(session: Session, case: InspectionCase, *more: ColumnElement[bool]) -> list[Finding]:
    """The case's findings that were upheld."""
    query = select(Finding).where(Finding.case_id == case.id, Finding.status != "not_upheld", *more)
    return list(session.scalars(query.order_by(Finding.seq)))


def finding_rows(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """问题清单."""
    return numbered(
        {
            "no": finding.finding_no,
            "title": finding.title,
            "text": finding.text,
            "category": words.category_name(finding.category),
            "severity": words.word(words.SEVERITY, finding.severity),
            "rectify_type": words.word(words.RECTIFY_TYPE, finding.rectify_type),
            "opinion": finding.opinion,
        }
        for finding in found
    )


def measures_of(session: Session, found: Iterable[Finding]) -> list[tuple[Finding, Measure]]:
    """The measures of each finding's present round that still hold."""
    ids = [finding.id for finding in found]
    query = (
        select(Finding, Measure)
        .join(Measure, Measure.finding_id == Finding.id)
        .where(Finding.id.in_(ids), Measure.round_no == Finding.round_no, Measure.status != "superseded")
        .order_by(Finding.seq, Measure.seq)
    )
    return [(finding, measure) for finding, measure in session.execute(query)]


def measure_rows(session: Session, found: Iterable[Finding]) -> list[dict[str, Any]]:
    """任务清单、责任清单."""
    return numbered(
        {
            "no": finding.finding_no,
            "finding": finding.title,
            "goal": measure.goal,
            "content": measure.content,
            "leader": measure.leader,
            "department": measure.department,
            "owner": measure.owner,
            "due": day(measure.due_date),
            "completion": words.word(words.COMPLETION, measure.completion),
            "progress": measure.progress,
            "evidence": measure.document_ref or "见佐证材料",
        }
        for finding, measure in measures_of(session, found)
    )


def evidence_names(session: Session, finding: Finding) -> list[str]:
    """The names of the files that stand on a finding."""
    query = select(Attachment.name).where(Attachment.finding_id == finding.id, Attachment.voided_at.is_(None))
    return list(session.scalars(query.order_by(Attachment.id)))


def count(session: Session, *conditions: ColumnElement[bool]) -> int:
    """How many rows fulfil the conditions."""
    return session.scalar(select(func.count()).where(*conditions)) or 0
