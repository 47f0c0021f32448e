"""Who may open sealed text.  Facts in, a Refusal or nothing out."""

from workflows.policy.actor import Actor, NotAllowed, Place
from workflows.policy.roles import UNIT_ROLES

CLEARED = ("team_leader", "team_member", "supervision_chief", "supervision_officer", "deputy_minister")


def may_open_sealed(actor: Actor, place: Place) -> bool:
    """The team of the case, those who supervise it and the deputy minister; nobody of an inspected unit, ever."""
    return not actor.has_role(*UNIT_ROLES) and actor.holds_any(CLEARED, place)


def require_cleared(actor: Actor, place: Place) -> None:
    """Raises NotAllowed, to be written into the case's history, unless the person may open its sealed text."""
    if not may_open_sealed(actor, place):
        denial = NotAllowed("您没有查阅该密文的权限，本次查阅申请已记录。", rule="S13")
        denial.case_id = place.case_id
        raise denial
