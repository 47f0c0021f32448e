"""What goes on around the inspections of the demo region: the yearly votes, and how a case is addressed by the plan."""

from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Select, select

from huitou.demo.places import Place
from huitou.demo.plan import LOWEST, SEED
from workflows.commands.desk import Work
from workflows.commands.report_reviews import import_report_reviews
from workflows.models import InspectionCase, InspectionRound, ReportReview, Unit
from workflows.policy import Actor

VOTES_MONTH_DAY = (2, 20)  # the results of a year are known in February of the next
YEARS_BEFORE = 5
MATTERS = ("overall", "supervision", "last_year_fix")


def import_votes(work: Work, *, places: tuple[Place, ...], years: range, actor: Actor, now: datetime) -> int:
    """一报告两评议: the votes of the years that are not there yet; how many years."""
    known = set(work.session.scalars(select(ReportReview.year).distinct()))
    missing = [year for year in years if year not in known]
    for year in missing:
        import_report_reviews(work, year=year, rows=[_votes(place, year) for place in places], actor=actor, now=now)
    return len(missing)


def _votes(place: Place, year: int) -> dict[str, Any]:
    dice = Random(f"{SEED}/{place.code}/{year}")
    merit = 0.6 if place.code in LOWEST else Random(f"{SEED}/{place.code}").uniform(0.76, 0.95)
    ballots = dice.randint(60, 140)
    row: dict[str, Any] = {"unit_code": place.code}
    for matter in MATTERS:
        good = round(ballots * min(0.99, max(0.3, merit + dice.uniform(-0.03, 0.03))))
        fair = (ballots - good) * 2 // 3
        average = (ballots - good - fair) * 2 // 3
        row |= {
            f"{matter}_good": good, f"{matter}_fair": fair, f"{matter}_average": average,
            f"{matter}_bad": ballots - good - fair - average,
        }  # fmt: skip
    promoted = dice.randint(2, 12)
    return row | {"newly_promoted_n": promoted, "newly_promoted_approve": max(0, promoted - dice.randint(0, 1))}


def address_of_case(case_id: int) -> Select[str, str]:
    """Round code and unit code of a case."""
    return (
        select(InspectionRound.code, Unit.code.label("unit"))
        .select_from(InspectionCase)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .join(Unit, InspectionCase.unit_id == Unit.id)
        .where(InspectionCase.id == case_id)
    )
