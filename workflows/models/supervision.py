"""What pushes a late item: three-colour letters, supervision notices and admonition talks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.deadline import Deadline


class Letter(Base):
    """三色预警函: each (deadline, due moment, kind) exactly once; skipped ones keep their number as superseded.

    `received_*` is the unit's receipt, `reminded_at` when its absence was told.
    """

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("deadline_id", "due_at", "kind"), Index("ix_letters_sent_at", "sent_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_no: Mapped[str] = mapped_column(unique=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"))
    due_at: Mapped[datetime]
    kind: Mapped[str]
    rule_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    superseded: Mapped[bool] = mapped_column(default=False)
    recipients: Mapped[list[int]] = mapped_column(default=list)
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reminded_at: Mapped[datetime | None]

    deadline: Mapped[Deadline] = relationship(back_populates="letters")


class SupervisionNotice(Base):
    """督办单: issued → received → answered → satisfied | expired (domain/3 §3.4)."""

    __tablename__ = "supervision_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    level: Mapped[int]
    colour: Mapped[str]
    form: Mapped[str]
    text: Mapped[str]
    status: Mapped[str]
    rule_at: Mapped[datetime]
    issued_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]


class AdmonitionTalk(Base):
    """约谈: date, talker, person, record and the commitment that follows."""

    __tablename__ = "admonition_talks"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_no: Mapped[str] = mapped_column(unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("supervision_notices.id"), index=True)
    person: Mapped[str]
    talker: Mapped[str]
    held_on: Mapped[date]
    record: Mapped[str]
    commitment: Mapped[str] = mapped_column(default="")
    follow_up_due: Mapped[date | None]
    recorded_at: Mapped[datetime]


class Override(Base):
    """越权特批: a rule set aside, by whom, why and with whose approval (S128); never silent."""

    __tablename__ = "overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[int]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    reason: Mapped[str]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    status: Mapped[str]
    used_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
