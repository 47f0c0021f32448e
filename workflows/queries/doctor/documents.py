"""Official documents: numbers without gaps, drafter and issuer two people, a file behind each that was issued."""

from sqlalchemy import and_, exists, or_, select

from workflows.documents.kinds import KINDS
from workflows.models import IssuedDocument, NumberSeries, StoredFile
from workflows.queries.doctor._rules import Examination, Finds, rule
from workflows.queries.doctor.numbers import missing_in, series_of

OUT = ("issued", "void")


@rule("document_number_gap", "文书的文号必须连续，作废的保留文号")
def document_number_gap(seen: Examination) -> Finds:
    """Each series of documents runs from 1 to the last number given, void ones among them."""
    numbered = [code for code, kind in KINDS.items() if kind.pattern]
    query = select(IssuedDocument.number).where(
        IssuedDocument.kind.in_(numbered), IssuedDocument.number.is_not(None), IssuedDocument.edition == 1
    )
    given = dict(seen.session.execute(select(NumberSeries.series, NumberSeries.last)).all())
    for series, numbers in series_of(number for number in seen.session.scalars(query) if number).items():
        if missing := missing_in(numbers, given.get(series, 0)):
            yield series, f"文号 {series} 缺第 {missing} 号"


@rule("document_without_file", "印发的文书必须有文号和存档文件")
def document_without_file(seen: Examination) -> Finds:
    """What went out is stored; a draft has neither number nor file."""
    stored = exists().where(StoredFile.sha256 == IssuedDocument.sha256)
    bare = or_(IssuedDocument.number.is_(None), IssuedDocument.issued_by_id.is_(None), ~stored)
    early = or_(IssuedDocument.number.is_not(None), IssuedDocument.sha256 != "")
    wrong = or_(and_(IssuedDocument.status.in_(OUT), bare), and_(IssuedDocument.status.not_in(OUT), early))
    for number in seen.session.scalars(select(IssuedDocument.id).where(wrong).order_by(IssuedDocument.id)):
        yield number, f"文书 {number} 的状态与文号、存档文件不符"


@rule("document_issued_by_drafter", "文书的起草人和印发人不得为同一人")
def document_issued_by_drafter(seen: Examination) -> Finds:
    """Four eyes on every document."""
    query = select(IssuedDocument.id).where(IssuedDocument.issued_by_id == IssuedDocument.drafted_by_id)
    for number in seen.session.scalars(query.order_by(IssuedDocument.id)):
        yield number, f"文书 {number} 由起草人自己印发"


@rule("document_twice", "同一事项同时只能有一份印发的文书")
def document_twice(seen: Examination) -> Finds:
    """A second one goes out only after the first was voided."""
    standing = select(IssuedDocument.case_id, IssuedDocument.kind, IssuedDocument.subject_no).where(
        IssuedDocument.status == "issued"
    )
    known: set[tuple[int | None, str, str]] = set()
    for case_id, kind, subject in seen.session.execute(standing):
        if (case_id, kind, subject) in known:
            yield subject, f"事项 {subject} 有两份同时有效的“{KINDS[kind].name}”"
        known.add((case_id, kind, subject))
