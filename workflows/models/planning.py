"""Planning of a round: what speaks for each unit, the yearly vote on its appointments, and where the tour goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionRound
from workflows.models.organisation import Unit


class TargetProposal(Base):
    """对象遴选: one unit weighed for one proposed round, with every point, its rule, its fact and its source.

    `verdict` is what D2 says: must, must_propose, candidate or skip.  `included` is what people decided; None
    until they have.
    """

    __tablename__ = "target_proposals"
    __table_args__ = (UniqueConstraint("instance_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instances.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_rounds.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    score: Mapped[int]
    points: Mapped[list[Any]] = mapped_column(default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verdict: Mapped[str]
    verdict_reason: Mapped[str] = mapped_column(default="")
    included: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(default="")
    weighed_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    round: Mapped[InspectionRound | None] = relationship()


class ReportReview(Base):
    """一报告两评议: a unit's votes of one year, its place among its peers and whether it is in the bottom band.

    Votes are numbers of ballots.  `rank` 1 is the best of `rank_of`; both are derived from the votes of the year.
    """

    __tablename__ = "report_reviews"
    __table_args__ = (UniqueConstraint("unit_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    year: Mapped[int] = mapped_column(index=True)
    overall_good: Mapped[int]
    overall_fair: Mapped[int]
    overall_average: Mapped[int]
    overall_bad: Mapped[int]
    supervision_good: Mapped[int]
    supervision_fair: Mapped[int]
    supervision_average: Mapped[int]
    supervision_bad: Mapped[int]
    last_year_fix_good: Mapped[int]
    last_year_fix_fair: Mapped[int]
    last_year_fix_average: Mapped[int]
    last_year_fix_bad: Mapped[int]
    newly_promoted_n: Mapped[int]
    newly_promoted_approve: Mapped[int]
    problem_votes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rank: Mapped[int] = mapped_column(default=0)
    rank_of: Mapped[int] = mapped_column(default=0)
    bottom_band: Mapped[bool] = mapped_column(default=False)
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    unit: Mapped[Unit] = relationship()


class TourUnit(Base):
    """巡视对象: a unit on the list of a round of the tour, kept by the tour office (S44)."""

    __tablename__ = "tour_units"
    __table_args__ = (UniqueConstraint("tour_round", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_round: Mapped[str] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    unit: Mapped[Unit] = relationship()
