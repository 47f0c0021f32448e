"""Cases and findings as they stand at some point of their life, written straight into the tables."""

from datetime import datetime

from tests.people import Region
from workflows.database import Sessions, atomic
from workflows.models import Finding, InspectionCase


def case_of(
    sessions: Sessions,
    region: Region,
    now: datetime,
    *,
    unit_id: int | None = None,
    no: str = "XR-12-04-001",
    status: str = "rectifying",
) -> int:
    """A case of unit A (or of the unit named) that has been fed back."""
    with atomic(sessions) as session:
        case = InspectionCase(
            case_no=no, round_id=region.round_id, unit_id=unit_id or region.unit_a_id, status=status,
            feedback_date=now.date(), opened_at=now, open_count=1,
        )  # fmt: skip
        session.add(case)
        session.flush()
        return case.id


def finding_of(sessions: Sessions, case_id: int, *, seq: int = 1, status: str = "rectifying") -> int:
    """A finding of the case."""
    with atomic(sessions) as session:
        case = session.get_one(InspectionCase, case_id)
        finding = Finding(
            finding_no=f"{case.case_no}-F{seq:02d}", case_id=case_id, seq=seq, title="超职数配备干部",
            text="超职数配备科级干部2名。", category="selection", chain="用", severity="serious",
            rectify_type="staged", opinion="限期消化。", status=status,
        )  # fmt: skip
        session.add(finding)
        session.flush()
        return finding.id
