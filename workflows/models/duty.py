"""检查工作责任制倒查 (P15): a problem that came to light after an inspection that should perhaps have seen it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionCase


class DutyReview(Base):
    """倒查.  `status`: exposed, compared, concluded.

    `conclusion`: not_discoverable, missed (应发现未发现，失职) or unreported (发现未报告，渎职).
    `source_key` names what exposed it, so that one exposure is reviewed once.
    """

    __tablename__ = "duty_reviews"
    __table_args__ = (UniqueConstraint("case_id", "source_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    source_key: Mapped[str]
    source: Mapped[str]
    exposure: Mapped[str]
    occurred_on: Mapped[date]
    exposed_on: Mapped[date]
    status: Mapped[str]
    lead_present: Mapped[bool | None]
    lead_reported: Mapped[bool | None]
    lead_nos: Mapped[str] = mapped_column(default="")
    comparison: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    ref_no: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    concluded_at: Mapped[datetime | None]

    case: Mapped[InspectionCase] = relationship()
