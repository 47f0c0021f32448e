"""日历事项: shared occasions (S102), joint milestones with the tour (S52), and the secret address of one's own feed."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from workflows.commands.desk import Work
from workflows.models import CalendarFeed, InspectionRound, Occasion, Unit
from workflows.policy import SUPERVISORS, Actor
from workflows.policy.vocabulary import OCCASION_KIND
from workflows.queries.people import token_hash
from workflows.records import history
from workflows.refusal import Refusal

KEEPERS = SUPERVISORS
LONGEST_DAYS, LONGEST_TITLE = 366, 60


class OccasionRefused(Refusal):
    """What was typed makes no entry."""

    rule = "S102"


@dataclass(frozen=True)
class Entry:
    """What is typed of an occasion.  A joint milestone names its round."""

    kind: str
    title: str
    starts_on: date
    ends_on: date
    place: str = ""
    note: str = ""
    round_id: int | None = None
    unit_id: int | None = None


def add_occasion(work: Work, *, entry: Entry, actor: Actor, now: datetime) -> Occasion:
    """登记日历事项: supervision's to do; everybody who inspects or supervises reads it."""
    actor.require_role(*KEEPERS, act="登记日历事项")
    occasion = Occasion(created_by_id=actor.user_id, created_at=now, kind="", title="")
    _fill(work, occasion, entry)
    work.session.add(occasion)
    work.session.flush()
    _record(work, occasion, "add_occasion", f"登记{_words(occasion)}", actor, now)
    return occasion


def change_occasion(work: Work, *, occasion_id: int, entry: Entry, actor: Actor, now: datetime) -> None:
    """Changes an entry; subscribed calendars see the change."""
    actor.require_role(*KEEPERS, act="修改日历事项")
    occasion = _standing(work, occasion_id)
    before = _words(occasion)
    _fill(work, occasion, entry)
    occasion.sequence += 1
    _record(work, occasion, "change_occasion", f"{before}改为{_words(occasion)}", actor, now)


def cancel_occasion(work: Work, *, occasion_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """取消 with a reason; the entry stays, struck out."""
    actor.require_role(*KEEPERS, act="取消日历事项")
    if not reason.strip():
        raise OccasionRefused("请写明取消的理由。")
    occasion = _standing(work, occasion_id)
    occasion.cancelled_at, occasion.cancel_reason = now, reason.strip()
    occasion.sequence += 1
    _record(work, occasion, "cancel_occasion", f"取消{_words(occasion)}：{reason.strip()}", actor, now)


def renew_feed(work: Work, *, actor: Actor, now: datetime) -> str:
    """A new secret for the person's feed; the old address is worthless from now on.  Shown once, kept as a hash."""
    token = secrets.token_urlsafe(32)
    feed = work.session.get(CalendarFeed, actor.user_id) or CalendarFeed(user_id=actor.user_id)
    feed.token_hash, feed.created_at = token_hash(token), now
    work.session.add(feed)
    history.record(
        work.session, action="renew_feed", summary="更换个人日历订阅地址", now=now, actor=actor, object_kind="user",
        object_id=actor.user_id,
    )  # fmt: skip
    return token


def end_feed(work: Work, *, actor: Actor, now: datetime) -> None:
    """停止订阅: the address answers no more."""
    if (feed := work.session.get(CalendarFeed, actor.user_id)) is not None:
        work.session.delete(feed)
        history.record(
            work.session, action="end_feed", summary="停止个人日历订阅", now=now, actor=actor, object_kind="user",
            object_id=actor.user_id,
        )  # fmt: skip


def _fill(work: Work, occasion: Occasion, entry: Entry) -> None:
    if entry.kind not in OCCASION_KIND:
        raise OccasionRefused("请选择事项的类别。")
    if not 2 <= len(entry.title.strip()) <= LONGEST_TITLE:
        raise OccasionRefused(f"请填写2至{LONGEST_TITLE}字的名称。")
    if not 0 <= (entry.ends_on - entry.starts_on).days < LONGEST_DAYS:
        raise OccasionRefused("止日不得早于起日，且不超过一年。")
    if entry.kind == "milestone" and entry.round_id is None:
        raise OccasionRefused("联合里程碑须选择所属轮次。")
    for model, key in ((InspectionRound, entry.round_id), (Unit, entry.unit_id)):
        if key is not None and work.session.get(model, key) is None:
            raise OccasionRefused("所选的轮次或单位不存在。")
    occasion.kind, occasion.title = entry.kind, entry.title.strip()
    occasion.starts_on, occasion.ends_on = entry.starts_on, entry.ends_on
    occasion.place, occasion.note = entry.place.strip()[:100], entry.note.strip()[:500]
    occasion.round_id, occasion.unit_id = entry.round_id, entry.unit_id


def _standing(work: Work, occasion_id: int) -> Occasion:
    occasion = work.session.get(Occasion, occasion_id, with_for_update=True)
    if occasion is None or occasion.cancelled_at is not None:
        raise OccasionRefused("这一事项不存在或已取消。")
    return occasion


def _words(occasion: Occasion) -> str:
    days = occasion.starts_on.isoformat()
    if occasion.ends_on > occasion.starts_on:
        days += f"至{occasion.ends_on.isoformat()}"
    return f"{OCCASION_KIND[occasion.kind]}“{occasion.title}”（{days}）"


def _record(work: Work, occasion: Occasion, action: str, summary: str, actor: Actor, now: datetime) -> None:
    history.record(
        work.session, action=action, summary=summary, now=now, actor=actor, object_kind="occasion",
        object_id=occasion.id,
    )  # fmt: skip
