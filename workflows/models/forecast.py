"""临期风险: the fitted sets of weights, and what the newest one says of each open deadline."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base


class ForecastVersion(Base):
    """One fitted set: never changed; the one with the highest number is in use.

    `weights` say how much each factor counts, `backtest` how it would have done before (null: too short a past).
    """

    __tablename__ = "forecast_versions"

    number: Mapped[int] = mapped_column(primary_key=True)
    fitted_at: Mapped[datetime]
    fitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    snapshots: Mapped[int]
    deadlines: Mapped[int]
    base_rate: Mapped[float]
    weights: Mapped[dict[str, Any]]
    backtest: Mapped[dict[str, Any] | None]


class DeadlineForecast(Base):
    """What a version says of one open deadline: a hint, replaced at the next reckoning, never a verdict.

    `reasons`: [factor, weight in log odds, sentence], weightiest first.
    """

    __tablename__ = "deadline_forecasts"
    __table_args__ = (Index("ix_deadline_forecasts_probability", "probability"),)

    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), primary_key=True)
    version: Mapped[int] = mapped_column(ForeignKey("forecast_versions.number"))
    at: Mapped[datetime]
    probability: Mapped[float]
    reasons: Mapped[list[Any]]
