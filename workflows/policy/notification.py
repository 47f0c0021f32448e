"""What people are told of, and by which ways: in the system, by mail, by the gateway, or once a day together.

A person chooses the ways for each kind; what is overdue, escalated or a matter of accountability always reaches him at
once.  Pure: it knows no table and sends nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from typing import Any

from workflows.policy.quiet_hours import Quiet
from workflows.refusal import Refusal

PREFERENCE = "notification"
"""Under what name the choice is kept among a person's preferences."""

IN_APP, MAIL, WEBHOOK, DIGEST = "in_app", "mail", "webhook", "digest"
WAYS: Mapping[str, str] = MappingProxyType(
    {IN_APP: "站内提醒", MAIL: "邮件", WEBHOOK: "即时消息", DIGEST: "每日汇总"}
)
OUTWARD = (MAIL, WEBHOOK)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "task": "事项办理",
        "reminder": "到期提示与催办",
        "overdue": "逾期与督办",
        "accountability": "问责",
        "circular": "通报与工作提示单",
        "alert": "特批、回避与异常",
        "digest": "每日汇总",
    }
)
ALWAYS = frozenset({"overdue", "accountability"})
"""Red, escalated, accountability: never off, never put off."""

_KIND_OF: Mapping[str, str] = MappingProxyType(
    {
        "reminder": "reminder",
        "nudge": "reminder",
        "letter_green": "reminder",
        "letter_yellow": "reminder",
        "letter_final": "reminder",
        "letter_red": "overdue",
        "unattended": "overdue",
        "press": "overdue",
        "supervision": "overdue",
        "unreceipted": "overdue",
        "accountability": "accountability",
        "circular": "circular",
        "alert": "alert",
        "override": "alert",
        "incident": "alert",
        "digest": "digest",
    }
)
_USUAL = frozenset({IN_APP, MAIL})


class ChoiceRefused(Refusal):
    """What was chosen is no choice there is, or would switch off what may not be."""

    rule = "notification_choice"


@dataclass(frozen=True)
class Choice:
    """One person's ways for each kind, and his quiet hours."""

    ways: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    quiet: Quiet = field(default_factory=Quiet)

    def ways_of(self, kind: str) -> frozenset[str]:
        """By which ways a notification of this kind (as it is written) reaches him."""
        return ways_shown(self, kind_of(kind))

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"ways": {kind: sorted(ways) for kind, ways in self.ways.items()}, "quiet": self.quiet.as_json()}


def kind_of(kind: str) -> str:
    """The kind people choose by; whatever a process says on its way is 事项办理."""
    return _KIND_OF.get(kind, "task")


def is_always(kind: str) -> bool:
    """Whether it may be neither switched off nor put off."""
    return kind_of(kind) in ALWAYS


def may_choose(kind: str, way: str) -> bool:
    """Whether the way is the person's to choose for this kind: a digest holds no digests, nor what may not wait."""
    if kind in ALWAYS:
        return way == WEBHOOK
    return way != DIGEST or kind != "digest"


def ways_shown(choice: Choice, kind: str) -> frozenset[str]:
    """The ways of one of KINDS as they are in force."""
    chosen_ways = choice.ways.get(kind, _USUAL)
    return (chosen_ways | _USUAL) - {DIGEST} if kind in ALWAYS else chosen_ways


def choice_of(value: Any) -> Choice:
    """The choice as it was kept; whatever cannot be read counts as not chosen."""
    if not isinstance(value, Mapping):
        return Choice()
    kept = value.get("ways")
    ways = {
        kind: frozenset(way for way in chosen if way in WAYS)
        for kind, chosen in (kept.items() if isinstance(kept, Mapping) else ())
        if kind in KINDS and isinstance(chosen, list)
    }
    return Choice(ways, Quiet.of(value.get("quiet")))


def chosen(ways: Mapping[str, Iterable[str]], *, begins: str, ends: str, days_off: bool) -> Choice:
    """A choice as somebody has entered it.  Raises ChoiceRefused; the ways of ALWAYS are completed, not refused."""
    for kind, each in ways.items():
        if kind not in KINDS or not set(each) <= set(WAYS):
            raise ChoiceRefused("请选择列表中的通知种类和送达方式。")
    known = {
        kind: frozenset(way for way in ways.get(kind, ()) if may_choose(kind, way))
        | (_USUAL if kind in ALWAYS else frozenset())
        for kind in KINDS
    }
    try:
        quiet = Quiet(time.fromisoformat(begins), time.fromisoformat(ends), days_off)
    except ValueError as error:
        raise ChoiceRefused("免打扰时段请按“时:分”填写，如20:00。") from error
    return Choice(known, quiet)
