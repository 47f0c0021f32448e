"""The append-only history: one hash chain a case, one root a day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base


class Chain(Base):
    """The head of a chain.  One chain a case, so that cases never wait for each other; "system" for the rest."""

    __tablename__ = "history_chains"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"), unique=True)
    length: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(default="")


class HistoryEntry(Base):
    """One act or denied act: who, on whose behalf, when, on what, before → after."""

    __tablename__ = "history"
    __table_args__ = (
        UniqueConstraint("chain_id", "seq"),
        Index("ix_history_case_at", "case_id", "at"),
        Index("ix_history_object", "object_kind", "object_id"),
        Index("ix_history_actor_action", "actor_id", "action"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("history_chains.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str]
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    object_kind: Mapped[str]
    object_id: Mapped[int | None]
    denied: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    prev_hash: Mapped[str]
    hash: Mapped[str]


class DailyRoot(Base):
    """Merkle root over the heads of all chains at the end of a day; exported off the host."""

    __tablename__ = "daily_roots"

    day: Mapped[date] = mapped_column(primary_key=True)
    root: Mapped[str]
    leaves: Mapped[list[Any]]
    computed_at: Mapped[datetime]
