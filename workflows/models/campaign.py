"""共性问题自查自纠 (P07): a campaign over units with cadre authority, what each found, and the on-site guidance."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.finding import Finding
from workflows.models.organisation import Unit


class CommonCampaign(Base):
    """专项.  `scope`: city or region; `lead_unit_id` is the city, or our own department for the whole
    region; `categories` are the problems it is about, codes of the taxonomy.

    Status: proposed → self_checking → rectifying → spot_check → closed, or declined with a reason.
    """

    __tablename__ = "common_campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_no: Mapped[str] = mapped_column(unique=True)
    categories: Mapped[list[str]] = mapped_column(default=list)
    scope: Mapped[str]
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    status: Mapped[str] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(default="")
    checklist: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    prompt_no: Mapped[str] = mapped_column(default="")
    score_before: Mapped[int | None]
    score_after: Mapped[int | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    lead_unit: Mapped[Unit] = relationship()
    units: Mapped[list["CampaignUnit"]] = relationship(back_populates="campaign", order_by="CampaignUnit.id")
    findings: Mapped[list["CampaignFinding"]] = relationship(order_by="CampaignFinding.id")


class CampaignFinding(Base):
    """A finding of its categories that a campaign answers (S99): it cannot be closed before the campaign."""

    __tablename__ = "campaign_findings"
    __table_args__ = (UniqueConstraint("campaign_id", "finding_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("common_campaigns.id"))
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)

    finding: Mapped[Finding] = relationship()


class CampaignUnit(Base):
    """A unit's part: `items` are rows {title, basis, rectified}; `found_n` is their number at the self-check.

    `prominent`: found three or more, reported falsely, or failed the spot check (S81).
    """

    __tablename__ = "campaign_units"
    __table_args__ = (UniqueConstraint("campaign_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("common_campaigns.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    found_n: Mapped[int | None]
    items: Mapped[list[Any]] = mapped_column(default=list)
    self_check: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]
    rank: Mapped[int | None]
    prominent: Mapped[bool] = mapped_column(default=False)
    false_report: Mapped[bool] = mapped_column(default=False)
    visited: Mapped[bool] = mapped_column(default=False)
    rectified_at: Mapped[datetime | None]
    struck_off_at: Mapped[datetime | None]
    spot_check: Mapped[str] = mapped_column(default="")
    failed_checks: Mapped[int] = mapped_column(default=0)
    score_before: Mapped[int | None]
    score_after: Mapped[int | None]

    campaign: Mapped[CommonCampaign] = relationship(back_populates="units")
    unit: Mapped[Unit] = relationship()
    visits: Mapped[list["GuidanceVisit"]] = relationship(order_by="GuidanceVisit.id")


class GuidanceVisit(Base):
    """驻点现场办公: at least two working days; `items` are rows {item, before, after} (S82)."""

    __tablename__ = "guidance_visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_unit_id: Mapped[int] = mapped_column(ForeignKey("campaign_units.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    items: Mapped[list[Any]] = mapped_column(default=list)
    result: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
