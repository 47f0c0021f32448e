"""一案双查 as a whole: screening, the two tracks, publication, and the end of a referral (P10, S128).

The parent referral closes only when track A and track B are both closed.  What happens to one track's persons is in
`disposition`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select

from workflows.models import Appeal, Finding, Referral
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.circulars import send_to_region
from workflows.operations.context import Context
from workflows.operations.referrals import FINAL, TRIGGERS, referrals_decided
from workflows.records import time_limits
from workflows.refusal import Refusal
from workflows.workdays import end_of_day

_GRAVITY = {"minor": 0, "moderate": 1, "serious": 2, "critical": 3}
REVIEW_WORKDAYS = 5  # how long to wait before looking again while an appeal is being reviewed


class ReferralRefused(Refusal):
    """The referral is not in a state, or lacks a fact, for what was asked."""

    rule = "S128"


@operation
def open_screening(context: Context) -> dict[str, Any]:
    """登记线索研判：移送事项转为“线索研判”。返回 ref_no、trigger、trigger_name、evidence。"""
    parent = move(parent_of(context), "screening")
    return {
        "ref_no": parent.ref_no,
        "trigger": parent.trigger,
        "trigger_name": TRIGGERS.get(parent.trigger, parent.trigger),
        "evidence": parent.evidence,
    }


@operation
def reject_referral(context: Context, *, reason: str) -> dict[str, Any]:
    """不予受理：写明理由，经分管副部长审批。"""
    parent = move(parent_of(context), "rejected")
    parent.conclusion, parent.closed_at = reason, context.now
    context.record("reject_referral", f"{parent.ref_no}不予受理", reason=reason)
    tell_when_decided(context)
    return {}


@operation
def create_tracks(context: Context, *, reason: str) -> dict[str, Any]:
    """一案双查：立A轨（当事人）和B轨（组织部门有关领导和工作人员）。返回两轨编号 tracks。"""
    parent = move(parent_of(context), "inquiry_approved")
    parent.facts = {**parent.facts, "screening": reason}
    tracks = [_track(context, parent, "A", "screening"), _track(context, parent, "B", "inquiry")]
    context.session.add_all(tracks)
    context.session.flush()
    context.record("create_tracks", f"{parent.ref_no}受理，分A、B两轨办理", reason=reason)
    return {"tracks": [track.ref_no for track in tracks]}


@operation
def publish_outcome(context: Context, *, publish: bool, anonymise: bool, title: str, body: str) -> dict[str, Any]:
    """登记通报情况：通报曝光的印发全区；隐去姓名的，正文不得出现被处理人姓名；不通报的记明理由。"""
    parent, *tracks = _with_tracks(context)
    if publish and anonymise:
        names = [str(person["name"]) for track in tracks for person in track.persons]
        if shown := [name for name in names if name in body or name in title]:
            raise ReferralRefused(f"已选择隐去姓名，但通报中仍有：{'、'.join(shown)}。", rule="S62")
    parent.facts = {**parent.facts, "published": publish, "publication": body[:500]}
    if publish:
        send_to_region(context, title=title, body=body, kind="accountability")
    context.record("publish_outcome", f"{parent.ref_no}{'通报曝光' if publish else '不予通报'}", text=body[:200])
    return {}


@operation
def settle_tracks(context: Context) -> dict[str, Any]:
    """核对影响期与申诉期：期满的解除影响并办结该轨。返回 next_look_at（下一次核对的时刻，全部办结时为空）。"""
    _, *tracks = _with_tracks(context)
    waits = [_settle(context, track) for track in tracks]
    moments = [moment for moment in waits if moment is not None]
    return {"next_look_at": min(moments).isoformat() if moments else ""}


@operation
def close_referral(context: Context) -> dict[str, Any]:
    """双轨办结：A、B两轨均已办结，且查实的必有处理，方可办结移送事项。"""
    parent, *found = _with_tracks(context)
    tracks = {track.track: track for track in found}
    for name in ("A", "B"):
        if name not in tracks:
            raise ReferralRefused(f"{parent.ref_no}没有{name}轨，“一案双查”须两轨均有结论。")
        if tracks[name].status not in FINAL:
            raise ReferralRefused(f"{tracks[name].ref_no}（{name}轨）尚未办结，不能办结移送事项。")
        require_disposition(tracks[name])
    move(parent, "closed")
    parent.closed_at = context.now
    parent.conclusion = "；".join(f"{name}轨：{tracks[name].conclusion}" for name in ("A", "B"))
    context.record("close_referral", f"{parent.ref_no}双轨办结", tracks={k: v.status for k, v in tracks.items()})
    tell_when_decided(context)
    return {}


def parent_of(context: Context) -> Referral:
    """The parent referral of this instance, whose number is the instance's key."""
    return _with_tracks(context)[0]


def _with_tracks(context: Context) -> list[Referral]:
    """This instance's referral, then its tracks, A before B."""
    own = Referral.ref_no == context.instance.key
    of_own = Referral.parent_id.in_(select(Referral.id).where(own))
    rows = list(context.session.scalars(select(Referral).where(or_(own, of_own)).order_by(Referral.ref_no)))
    if not rows:
        raise ReferralRefused(f"没有编号为{context.instance.key}的问责移送。")
    return rows


def track_of(context: Context, name: str) -> Referral:
    """Track A or B of this instance's referral."""
    parent, *tracks = _with_tracks(context)
    found = next((track for track in tracks if track.track == name), None)
    if found is None:
        raise ReferralRefused(f"{parent.ref_no}没有{name}轨。")
    return found


def gravest_severity(context: Context) -> str:
    """The severity that D7 looks at: the finding's, else the gravest of the case."""
    if context.finding is not None:
        return context.finding.severity
    rows = context.session.scalars(select(Finding.severity).where(Finding.case_id == context.case.id))
    return max(rows, key=lambda severity: _GRAVITY.get(severity, 0), default="moderate")


def require_disposition(track: Referral) -> None:
    """Raises ReferralRefused when something was substantiated and nobody has dealt with it (S128)."""
    if track.facts.get("substantiated") and not (track.form and track.decided_at):
        raise ReferralRefused(f"{track.ref_no}已查实，必须作出处理，不能以未处理办结。")


def tell_when_decided(context: Context) -> None:
    """Lets a case that waits for its archive know once the last of its referrals has been decided."""
    context.session.flush()
    if context.case.status in ("cleared", "zeroed") and referrals_decided(context):
        context.send("case.referrals_decided", key=context.case.case_no)


def _track(context: Context, parent: Referral, name: str, status: str) -> Referral:
    return Referral(
        ref_no=f"{parent.ref_no}{name}",
        parent_id=parent.id,
        track=name,
        trigger=parent.trigger,
        case_id=parent.case_id,
        finding_id=parent.finding_id,
        unit_id=parent.unit_id,
        status=status,
        evidence=parent.evidence,
        opened_at=context.now,
        persons=[],
        facts={},
    )


def _settle(context: Context, track: Referral) -> datetime | None:
    """Closes the track when its periods are over; else the moment of the next look."""
    if track.status in FINAL:
        return None
    ends = [_appeal_ends(track), end_of_day(track.influence_to) if track.influence_to else None]
    waits = [moment for moment in ends if moment is not None and moment > context.now]
    if waits:
        return min(waits)
    if _appeal_pending(context, track):
        return context.workdays_after(context.now, REVIEW_WORKDAYS)
    _finish(context, track)
    return None


def _appeal_ends(track: Referral) -> datetime | None:
    text = track.facts.get("appeal_ends_at")
    return datetime.fromisoformat(text) if text else None


def _appeal_pending(context: Context, track: Referral) -> bool:
    pending = select(func.count(Appeal.id)).where(Appeal.referral_id == track.id, Appeal.decided_at.is_(None))
    return bool(context.session.scalar(pending))


def _finish(context: Context, track: Referral) -> None:
    if track.status == "influence_period":
        move(track, "lifted")
        track.facts = {**track.facts, "promotion_locked": False}
        context.record("lift_influence", f"{track.ref_no}影响期满，解除影响")
    move(track, "closed")
    track.closed_at = context.now


def today_or_earlier(context: Context, text: str, what: str) -> date:
    """The day in `text`, refused when it lies in the future; `what` names it in the sentence."""
    day = date.fromisoformat(text)
    if day > context.today:
        raise ReferralRefused(f"{what}不能晚于今天。", rule="date")
    return day


def open_appeal_period(context: Context, track: Referral) -> None:
    """Counts T22.appeal from the moment of the decision."""
    limit, _ = time_limits.limit_in_force(context.session, "T22.appeal", context.today)
    ends = context.calendar.next_workday(date.fromordinal(context.today.toordinal() + limit.amount))
    track.facts = {**track.facts, "appeal_ends_at": end_of_day(ends).isoformat()}
