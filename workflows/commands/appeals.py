"""Registers an appeal against a decision on accountability; the process `appeal` (P10) reviews it."""

from datetime import datetime

from sqlalchemy import select

from workflows.commands.desk import Work
from workflows.models import Appeal, InspectionCase, Referral
from workflows.policy import Actor, NotAllowed, Place
from workflows.records import messages
from workflows.refusal import Refusal
from workflows.workdays import due_text


class AppealRefused(Refusal):
    """There is nothing to appeal against, or it is too late, or an appeal is already under review."""

    rule = "T22.appeal"


def file_appeal(work: Work, *, ref_no: str, text: str, actor: Actor, now: datetime) -> None:
    """受理申诉: the officer registers what the person concerned has handed in, against one track's decision.

    Raises NotAllowed, or AppealRefused before the decision, after T22.appeal, or while another appeal is under review.
    """
    session = work.session
    track = session.scalars(select(Referral).where(Referral.ref_no == ref_no).with_for_update()).one()
    case = session.get_one(InspectionCase, track.case_id)
    place = Place(track.unit_id, case.unit.city_id, case.id, case.round_id)
    if not actor.holds("accountability_officer", place):
        raise NotAllowed("申诉由问责承办人受理登记。", rule="role")
    if not text.strip():
        raise AppealRefused("请填写申诉理由。", rule="text_required")
    ends_at = track.facts.get("appeal_ends_at")
    if not track.track or track.decided_at is None or not ends_at:
        raise AppealRefused(f"{ref_no}尚未作出处理决定，不能申诉。")
    if now > (end := datetime.fromisoformat(ends_at)):
        raise AppealRefused(f"申诉期已于{due_text(end)}届满，不予受理。")
    under_review = select(Appeal.id).where(Appeal.referral_id == track.id, Appeal.decided_at.is_(None))
    if session.scalar(under_review.limit(1)) is not None:
        raise AppealRefused(f"{ref_no}已有申诉正在复核，不能重复受理。")
    messages.send(
        session,
        name="appeal.filed",
        key=ref_no,
        now=now,
        payload={"text": text.strip()[:4000]},
        case_id=track.case_id,
        finding_id=track.finding_id,
        unit_id=track.unit_id,
    )
