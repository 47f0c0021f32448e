"""Referrals: both tracks come to an end, and what has been proved has its consequence (S63, S128)."""

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from workflows.models import Referral
from workflows.queries.doctor._rules import Examination, Finds, rule

ENDED = ("closed", "closed_no_action", "lifted", "result_recorded")


@rule("closed_over_open_track", "双轨未全部办结的移送不得办结")
def closed_over_open_track(seen: Examination) -> Finds:
    """The parent closes only when track A and track B are closed."""
    track = aliased(Referral)
    open_track = exists().where(track.parent_id == Referral.id, track.status.not_in(ENDED))
    query = select(Referral.ref_no).where(Referral.track == "", Referral.status == "closed", open_track)
    for ref_no in seen.session.scalars(query):
        yield ref_no, f"移送 {ref_no} 已办结，却有一轨尚未办结"


@rule("proved_without_disposition", "查实的移送必须作出处理")
def proved_without_disposition(seen: Examination) -> Finds:
    """Proved and ended means: a form and a decision."""
    query = select(Referral).where(Referral.status.in_(ENDED)).order_by(Referral.id)
    for referral in seen.session.scalars(query):
        if referral.facts.get("substantiated") and not (referral.form and referral.decided_at):
            yield referral.ref_no, f"移送 {referral.ref_no} 已查实，却未作处理即办结"
