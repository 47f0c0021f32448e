"""问题底稿: the papers of a case to choose from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import WorkingPaper


def choices(session: Session, case_id: int | None) -> list[tuple[str, str]]:
    """(number, number and title) of the case's papers that may still become findings."""
    query = select(WorkingPaper.wp_no, WorkingPaper.title).where(
        WorkingPaper.case_id == case_id, WorkingPaper.status != "not_upheld"
    )
    return [(wp_no, f"{wp_no} {title}") for wp_no, title in session.execute(query.order_by(WorkingPaper.wp_no))]
