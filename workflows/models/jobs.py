"""Long work done in the background: what was asked, how far it is, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base

_UNENDED = text("status IN ('queued', 'running')")


class Job(Base):
    """后台任务: queued → running → done | failed | cancelled.

    A clock holds it by `lease_token` until `lease_until`; with each progress the lease grows.  `result_path` is the
    file in the jobs folder, gone after `expires_at`; `outcome` is what the job has to say, a result per row for instance.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_unended", "asked_at", sqlite_where=_UNENDED, postgresql_where=_UNENDED),
        Index("ix_jobs_asked_by", "asked_by_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(default="queued")
    done_n: Mapped[int] = mapped_column(default=0)
    total_n: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancel_asked_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result_path: Mapped[str] = mapped_column(default="")
    result_name: Mapped[str] = mapped_column(default="")
    result_size: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
