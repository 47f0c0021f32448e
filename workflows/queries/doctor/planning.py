"""What a settled round must be true to: its list, its overrides, and the places the votes give."""

from collections import defaultdict

from sqlalchemy import and_, select

from workflows.models import InspectionCase, Override, ReportReview, TargetProposal, Unit
from workflows.policy.report_reviews import standings
from workflows.queries.doctor._rules import Examination, Finds, rule
from workflows.queries.report_reviews import votes_of


@rule("target_without_case", "审定列入的检查对象须已立案")
def target_without_case(seen: Examination) -> Finds:
    """Every unit on an approved list has its case in the round."""
    query = (
        select(TargetProposal, Unit)
        .join(Unit, TargetProposal.unit_id == Unit.id)
        .outerjoin(
            InspectionCase,
            and_(
                InspectionCase.round_id == TargetProposal.round_id, InspectionCase.unit_id == TargetProposal.unit_id
            ),
        )
        .where(TargetProposal.round_id.is_not(None), TargetProposal.included.is_(True), InspectionCase.id.is_(None))
    )
    for proposal, unit in seen.session.execute(query):
        yield proposal.id, f"{unit.name}已审定列入检查，却没有立案"


@rule("must_dropped_silently", "必查对象不列入须有特批")
def must_dropped_silently(seen: Examination) -> Finds:
    """A must left out of an approved round has an override of D2 (S57, S128)."""
    approved = select(Override.object_id).where(Override.rule == "D2", Override.object_kind == "target_proposal")
    query = (
        select(TargetProposal, Unit)
        .join(Unit, TargetProposal.unit_id == Unit.id)
        .where(TargetProposal.round_id.is_not(None), TargetProposal.verdict == "must")
        .where(TargetProposal.included.is_(False), TargetProposal.id.not_in(approved))
    )
    for proposal, unit in seen.session.execute(query):
        yield proposal.id, f"{unit.name}是必查对象，未列入检查且没有特批"


@rule("rank_not_from_votes", "一报告两评议的排名须与票数一致")
def rank_not_from_votes(seen: Examination) -> Finds:
    """Ranking a year afresh gives what is written."""
    years: dict[int, list[ReportReview]] = defaultdict(list)
    for row in seen.session.scalars(select(ReportReview)):
        years[row.year].append(row)
    for year, rows in sorted(years.items()):
        fresh = standings(votes_of(row) for row in rows)
        for row in rows:
            told = (row.rank, row.rank_of, row.bottom_band)
            if told != (fresh[row.unit_id].rank, fresh[row.unit_id].rank_of, fresh[row.unit_id].bottom_band):
                yield f"{row.unit.code}/{year}", f"{row.unit.name}{year}年的排名与票数不符"
