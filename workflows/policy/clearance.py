"""Who may open sealed text.  Facts in, a Refusal or nothing out."""

from collections.abc import Mapping

from workflows.policy.actor import Actor, NotAllowed, Place
from workflows.policy.roles import UNIT_ROLES

CLEARED = ("team_leader", "team_member", "supervision_chief", "supervision_officer", "deputy_minister")

LEADING = frozenset({"team_leader", "supervision_chief", "deputy_minister"})
"""Who reads every lead of a case and every answer of its team; the others only what they were let into (S49)."""
INSIGHT: Mapping[str, frozenset[str]] = {
    "team_member": LEADING,
    "team_leader": LEADING,
    "tour_leader": frozenset(),  # what the tour shares is read in the lead, after receipt
}
"""Role that answered a task → who else opens the answer; a role not named here leaves it to everybody cleared."""


def may_open_sealed(actor: Actor, place: Place) -> bool:
    """The team of the case, those who supervise it and the deputy minister; nobody of an inspected unit, ever."""
    return not actor.has_role(*UNIT_ROLES) and actor.holds_any(CLEARED, place)


def require_cleared(actor: Actor, place: Place) -> None:
    """Raises NotAllowed, to be written into the case's history, unless the person may open its sealed text."""
    if not may_open_sealed(actor, place):
        denial = NotAllowed("您没有查阅该密文的权限，本次查阅申请已记录。", rule="S13")
        denial.case_id = place.case_id
        raise denial


def require_insight(actor: Actor, place: Place, *, role: str, done_by_id: int | None) -> None:
    """Raises NotAllowed unless the person answered the task of this role himself, or has insight into its answers."""
    others = INSIGHT.get(role)
    if others is None or done_by_id == actor.user_id or actor.holds_any(others, place):
        return
    denial = NotAllowed("您不在该密文的知悉范围内，本次查阅申请已记录。", rule="S49")
    denial.case_id = place.case_id
    raise denial


DOSSIER_READERS = (*CLEARED, "council_member")


def may_read_dossier(actor: Actor, place: Place) -> bool:
    """Those who prepare and decide on the inspection; the unit, its superiors and the sources never (domain/3 §3.1)."""
    return not actor.has_role(*UNIT_ROLES) and actor.holds_any(DOSSIER_READERS, place)
