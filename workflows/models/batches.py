"""One act on many tasks: who asked for it, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.organisation import User


class Batch(Base):
    """批次.  `verb`: claim, reassign, urge, agree.  `results`: for each task {task_id, title, subject, is_done, sentence}."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    results: Mapped[list[Any]] = mapped_column(default=list)

    asked_by: Mapped[User] = relationship()
