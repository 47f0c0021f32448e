"""How a person wants to be told: kept among his preferences.  Like these it leaves no history."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from workflows.commands.desk import Work
from workflows.commands.preferences import choose
from workflows.policy import Actor
from workflows.policy.notification import PREFERENCE, Choice, chosen


def choose_notification(
    work: Work,
    *,
    ways: Mapping[str, Iterable[str]],
    begins: str,
    ends: str,
    days_off: bool,
    actor: Actor,
    now: datetime,
) -> Choice:
    """Kind → ways, and the quiet hours ("20:00").  Raises ChoiceRefused for what is no choice there is."""
    choice = chosen(ways, begins=begins, ends=ends, days_off=days_off)
    choose(work, name=PREFERENCE, value=choice.as_json(), actor=actor, now=now)
    return choice
