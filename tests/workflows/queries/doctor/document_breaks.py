"""Ways to break what the doctor says of official documents."""

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, House
from workflows.models import IssuedDocument, StoredFile


def _document(house: House, **change: object) -> None:
    """A letter that was issued as it should be, but for `change`."""
    house.session.merge(StoredFile(sha256="d" * 64, size=1, media_type="x", stored_at=AGO))
    path = house.files_dir / "dd" / "dd" / ("d" * 64)
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = {
        "kind": "feedback_letter", "case_id": 1, "subject_no": "C1", "title": "反馈", "status": "issued",
        "number": "组监反〔2026〕1号", "sha256": "d" * 64, "drafted_by_id": 1, "drafted_at": AGO, "issued_by_id": 2,
        "issued_at": AGO,
    }  # fmt: skip
    house.add(IssuedDocument(**(facts | change)))


@broken("document_number_gap", "组监反〔2026〕#号")
def _gap(house: House) -> None:
    _document(house, number="组监反〔2026〕2号")


@broken("document_without_file", "1")
def _no_file(house: House) -> None:
    _document(house, sha256="e" * 64)


@broken("document_without_file", "1")
def _numbered_draft(house: House) -> None:
    _document(house, status="drafted", issued_by_id=None)


@broken("document_issued_by_drafter", "1")
def _same_hand(house: House) -> None:
    _document(house, issued_by_id=1)


@broken("document_twice", "C1")
def _twice(house: House) -> None:
    _document(house)
    _document(house, number="组监反〔2026〕2号")
