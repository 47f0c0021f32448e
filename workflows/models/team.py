"""检查组: the talent pool, the team of a case, its training before entry, and what is said of it afterwards."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionCase
from workflows.models.organisation import User


class Inspector(Base):
    """人才库: a person who may be sent.  `channel` dept, city_county_org, bureau_hr, soe_inst_hr (S24).

    `posts` are former posts, newest first: [{unit_id, unit, post, from, to}], days as ISO text.
    """

    __tablename__ = "inspectors"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    channel: Mapped[str] = mapped_column(index=True)
    born_on: Mapped[date]
    experience_years: Mapped[int]
    speciality: Mapped[str]
    post_kind: Mapped[str]
    posts: Mapped[list[Any]] = mapped_column(default=list)
    is_division_head: Mapped[bool] = mapped_column(default=False)
    rounds_served: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    user: Mapped[User] = relationship()


class Team(Base):
    """The team of a case.  `status`: forming → active → released, or cancelled with the case."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), unique=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    status: Mapped[str] = mapped_column(default="forming")
    authorisation_no: Mapped[str | None] = mapped_column(unique=True)
    authorised_on: Mapped[date | None]
    activated_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    balance: Mapped[dict[str, Any]] = mapped_column(default=dict)

    case: Mapped[InspectionCase] = relationship()
    leader: Mapped[User] = relationship()
    members: Mapped[list["TeamMember"]] = relationship(
        back_populates="team", order_by="TeamMember.id", cascade="all, delete-orphan"
    )


class TeamMember(Base):
    """One of a team, its leader included.  `duty`: leader, deputy, liaison, member; `channel` as on that day."""

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    channel: Mapped[str]
    duty: Mapped[str]
    recusal_checked: Mapped[bool] = mapped_column(default=False)
    appraisal: Mapped[str] = mapped_column(default="")
    appraisal_note: Mapped[str] = mapped_column(default="")
    learning_note: Mapped[str] = mapped_column(default="")
    appraised_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship(back_populates="members")
    user: Mapped[User] = relationship()


class MobilisationTraining(Base):
    """动员培训会: one a case, before entry (S30).  `agenda`: {tasks, methods, requirements} (S31)."""

    __tablename__ = "mobilisation_trainings"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), unique=True)
    held_on: Mapped[date]
    agenda: Mapped[dict[str, Any]]

    passes: Mapped[list["TrainingPass"]] = relationship(
        back_populates="training", order_by="TrainingPass.id", cascade="all, delete-orphan"
    )


class TrainingPass(Base):
    """What a member's training has come to, the last make-up counting (S32)."""

    __tablename__ = "training_passes"
    __table_args__ = (UniqueConstraint("training_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("mobilisation_trainings.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    attended: Mapped[bool]
    score: Mapped[int] = mapped_column(default=0)
    passed: Mapped[bool] = mapped_column(default=False)
    make_ups: Mapped[int] = mapped_column(default=0)

    training: Mapped[MobilisationTraining] = relationship(back_populates="passes")
    user: Mapped[User] = relationship()


class UnitSurvey(Base):
    """What the unit says of the team after it has left (S36); for the supervision division's eyes only."""

    __tablename__ = "unit_surveys"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), unique=True)
    discipline: Mapped[str]
    competence: Mapped[str]
    coaching: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime]
