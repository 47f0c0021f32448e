"""问责移送 on two tracks (一案双查): the people concerned, and the organisation department's own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base


class Referral(Base):
    """A referral.  The parent has track "" and closes only when its tracks A and B are both closed (S128)."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref_no: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    track: Mapped[str] = mapped_column(default="")
    trigger: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    status: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    recommended_form: Mapped[str] = mapped_column(default="")
    form: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
    persons: Mapped[list[Any]] = mapped_column(default=list)
    hearing_record: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    executed_on: Mapped[date | None]
    influence_from: Mapped[date | None]
    influence_to: Mapped[date | None]
    transfer_ref: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Appeal(Base):
    """申诉 against a decision, within T22."""

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    filed_at: Mapped[datetime]
    text: Mapped[str]
    result: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
