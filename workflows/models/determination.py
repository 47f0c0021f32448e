"""What stands between a working paper and a finding: links to earlier findings, meetings, the unit's word on the facts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base


class ConsultationMeeting(Base):
    """会商会议.  `kind`: team (组务会) or council (部务会).  `expected` and `attended` are persons (S73, S50)."""

    __tablename__ = "consultation_meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    kind: Mapped[str]
    held_on: Mapped[date]
    expected: Mapped[int]
    attended: Mapped[int]
    quorum_ok: Mapped[bool]
    opinions: Mapped[list[Any]] = mapped_column(default=list)
    decision: Mapped[str]
    decisions: Mapped[list[Any]] = mapped_column(default=list)
    minutes: Mapped[str]
    last_speaker_is_chair: Mapped[bool] = mapped_column(default=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class PriorLink(Base):
    """与以往问题的关联: one answer a prior finding and case, proposed by rule, accepted or refused by a person (S66).

    `kind`: old_uncorrected, rebound, new.  A refused link (accepted False) of this `category` is never
    proposed again (S71).  `wp_no` is the paper linked, "" when the prior finding has no counterpart in this case.
    """

    __tablename__ = "prior_links"
    __table_args__ = (UniqueConstraint("case_id", "prior_finding_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    wp_no: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    prior_finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    kind: Mapped[str]
    score: Mapped[int]
    explanation: Mapped[list[str]] = mapped_column(default=list)
    accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class FactCheck(Base):
    """事实核对: what the unit said to one draft finding; no answer within T06 counts as no objection (`silent`)."""

    __tablename__ = "fact_checks"
    __table_args__ = (UniqueConstraint("case_id", "wp_no", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    wp_no: Mapped[str]
    seq: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    text: Mapped[str]
    sent_at: Mapped[datetime]
    replied_at: Mapped[datetime | None]
    silent: Mapped[bool] = mapped_column(default=False)
    agree: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(default="")
    review_result: Mapped[str] = mapped_column(default="")
    reply: Mapped[str] = mapped_column(default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]


class CommonPattern(Base):
    """面上问题: one category found in several units of a city, or of the region, in one round (S79)."""

    __tablename__ = "common_patterns"
    __table_args__ = (UniqueConstraint("round_id", "category", "area"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("inspection_rounds.id"))
    category: Mapped[str]
    area: Mapped[str]
    city_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    unit_ids: Mapped[list[int]] = mapped_column(default=list)
    words: Mapped[str]
    raised_at: Mapped[datetime]
