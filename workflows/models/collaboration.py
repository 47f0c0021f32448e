"""What people arrange among themselves around a task: absences, countersigning rules, reminders, and their postponing."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.organisation import User


class Absence(Base):
    """外出委托: from the first to the last local day another person stands in.  `roles` empty: in all that are lent."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_substitute", "substitute_id", "last_day"),
        Index("ix_absences_user", "user_id", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    roles: Mapped[list[str]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    substitute: Mapped[User] = relationship(foreign_keys=[substitute_id])


class Countersigning(Base):
    """会签 on a task: `needed` of those asked must agree (0: nobody is asked now); with `veto` one 反对 is enough to
    stop it.  A new round has the next `round_no`, with which the keys of its tasks begin.
    """

    __tablename__ = "countersignings"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), unique=True)
    round_no: Mapped[int] = mapped_column(default=1)
    needed: Mapped[int]
    veto: Mapped[bool] = mapped_column(default=False)
    question: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]

    asked_by: Mapped[User] = relationship()


class Nudge(Base):
    """催办: at most one a task and local day."""

    __tablename__ = "nudges"
    __table_args__ = (UniqueConstraint("task_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    day: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship()


class Snooze(Base):
    """暂缓提醒: the person's default list leaves the task out until then."""

    __tablename__ = "snoozes"
    __table_args__ = (UniqueConstraint("task_id", "user_id"), Index("ix_snoozes_user_until", "user_id", "until"))

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    until: Mapped[datetime]
