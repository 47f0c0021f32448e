"""Whether every determined finding rests on a council, a paper and an honest link to what came before."""

from sqlalchemy import Exists, and_, exists, or_, select
from sqlalchemy.orm import aliased

from workflows.models import (
    ConsultationMeeting,
    Finding,
    InspectionCase,
    PriorLink,
    ProcessInstance,
    WorkingPaper,
)
from workflows.queries.doctor._rules import Examination, Finds, rule


@rule("recurrence_unwatched", "反复出现的问题必须列入重点关注")
def recurrence_unwatched(seen: Examination) -> Finds:
    """Second occurrence: counted, and watched (S71)."""
    uncounted = and_(Finding.recurrence_of_id.is_not(None), Finding.recurrence_count == 0)
    unwatched = and_(Finding.recurrence_count > 0, Finding.watch.is_(False))
    for number in seen.session.scalars(select(Finding.finding_no).where(or_(uncounted, unwatched))):
        yield number, f"问题 {number} 属反复出现，却没有计次或没有列入重点关注"


@rule("refused_link_used", "被否定的关联不得计入反复")
def refused_link_used(seen: Examination) -> Finds:
    """What somebody has refused stays refused (S71)."""
    prior = aliased(Finding)
    query = (
        select(Finding.finding_no, prior.finding_no)
        .join(PriorLink, and_(PriorLink.case_id == Finding.case_id, PriorLink.accepted.is_(False)))
        .join(prior, prior.id == PriorLink.prior_finding_id)
        .where(Finding.recurrence_of_id == PriorLink.prior_finding_id)
    )
    for number, before in seen.session.execute(query):
        yield number, f"问题 {number} 与 {before} 的关联已被否定，却仍计入反复"


@rule("council_unrecorded", "认定办结的案件必须有部务会审定记录")
def council_unrecorded(seen: Examination) -> Finds:
    """No feedback without the council (S50)."""
    approved = exists().where(
        ConsultationMeeting.case_id == InspectionCase.id,
        ConsultationMeeting.kind == "council",
        ConsultationMeeting.decision == "approve",
        ConsultationMeeting.quorum_ok,
    )
    for case_no in seen.session.scalars(select(InspectionCase.case_no).where(_determined(), ~approved)):
        yield case_no, f"案 {case_no} 的问题认定已办结，却没有部务会审定记录"


@rule("paper_without_finding", "认定的底稿在审定后必须立账")
def paper_without_finding(seen: Examination) -> Finds:
    """What the team upheld and the council approved is a finding."""
    query = (
        select(WorkingPaper.wp_no)
        .join(InspectionCase, InspectionCase.id == WorkingPaper.case_id)
        .where(WorkingPaper.status == "upheld", _determined())
        .where(~exists().where(Finding.wp_id == WorkingPaper.id))
    )
    for number in seen.session.scalars(query):
        yield number, f"底稿 {number} 已认定并审定，却没有对应的问题"


def _determined() -> Exists:
    """The case has been through P03b to its end."""
    return exists().where(
        ProcessInstance.case_id == InspectionCase.id,
        ProcessInstance.process_id == "determination",
        ProcessInstance.status == "finished",
    )
