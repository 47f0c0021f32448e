"""巡视与检查节点: the milestones of the tour and of the inspections side by side, so that both move together (S52)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Feedback, InspectionCase, InspectionRound
from workflows.policy import Actor
from workflows.policy.vocabulary import FEEDBACK_CHANNEL
from workflows.queries.scope import visible_cases


@dataclass(frozen=True)
class Milestone:
    """One day that matters to the tour or to an inspection.  `case_no` is empty for a whole round."""

    day: date
    side: str
    title: str
    case_no: str = ""


def milestones(session: Session, actor: Actor, year: int) -> list[Milestone]:
    """The milestones of a year over the cases the person sees, by day."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = [*_of_cases(session, actor), *_of_feedbacks(session, actor)]
    return sorted((each for each in found if first <= each.day <= last), key=lambda each: (each.day, each.case_no))


def _of_cases(session: Session, actor: Actor) -> Iterator[Milestone]:
    query = select(InspectionCase).where(visible_cases(actor)).order_by(InspectionCase.case_no)
    seen: dict[int, InspectionRound] = {}
    for case in session.scalars(query.options(joinedload(InspectionCase.unit), joinedload(InspectionCase.round))):
        seen[case.round_id] = case.round
        days = {"进驻": case.entry_date, "离点": case.exit_date, "部务会审定": case.council_date}
        yield from (
            Milestone(day, "检查", f"{case.unit.name}{what}", case.case_no) for what, day in days.items() if day
        )
    for round_ in seen.values():
        yield from _of_round(round_)


def _of_round(round_: InspectionRound) -> Iterator[Milestone]:
    side, name = ("巡视", round_.linked_tour_round) if round_.linked_tour_round else ("检查", round_.name)
    yield Milestone(round_.starts_on, side, f"{name}启动")
    if round_.ends_on:
        yield Milestone(round_.ends_on, side, f"{name}结束")


def _of_feedbacks(session: Session, actor: Actor) -> Iterator[Milestone]:
    """The tour feeds back to the unit; the circular is ours."""
    query = (
        select(Feedback, InspectionCase)
        .join(InspectionCase, InspectionCase.id == Feedback.case_id)
        .where(visible_cases(actor))
        .options(joinedload(InspectionCase.unit))
    )
    for feedback, case in session.execute(query):
        side = "检查" if feedback.channel == "circular" else "巡视"
        yield Milestone(feedback.held_on, side, f"{case.unit.name}{FEEDBACK_CHANNEL[feedback.channel]}", case.case_no)
