"""Who may take and complete a task.  Facts in, a Refusal or nothing out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from workflows.policy.actor import Actor, NotAllowed, Place
from workflows.policy.parts import require_four_eyes


@dataclass(frozen=True)
class TaskFacts:
    """What decides over a task: its role, where it stands, whose it is, and who has played which part before."""

    title: str
    role: str
    part: str
    place: Place
    assignee_id: int | None
    played: Mapping[str, Collection[int]] = field(default_factory=dict)


def require_candidate(actor: Actor, task: TaskFacts) -> None:
    """Raises NotAllowed unless the person could take this task: role, scope, recusal, four eyes."""
    if task.place.unit_id in actor.recused_units:
        raise NotAllowed("您已对该单位申报回避，不得办理其任何事项。", rule="recusal")
    if actor.is_conflicted(task.role, task.place):
        raise NotAllowed("您现任职于该单位或离任不满三年，应当回避，不得以检查组身份办理其事项。", rule="recusal")
    if not actor.holds(task.role, task.place):
        raise NotAllowed(f"“{task.title}”不在您的职责范围内。", rule="role")
    if task.part:
        require_four_eyes(task.part, user_id=actor.user_id, played=task.played)


def require_worker(actor: Actor, task: TaskFacts) -> None:
    """Raises NotAllowed unless the person may complete this task now: a candidate, and nobody else has claimed it."""
    require_candidate(actor, task)
    if task.assignee_id is not None and task.assignee_id != actor.user_id:
        raise NotAllowed(f"“{task.title}”已由他人签收。", rule="claim")


def may_reassign(actor: Actor, task: TaskFacts) -> bool:
    """Supervisors reassign anything in their scope; a person passes on what they have claimed."""
    supervises = actor.holds_any(("supervision_chief", "supervision_officer", "deputy_minister"), task.place)
    leads_unit = actor.holds("unit_principal", task.place) and task.role.startswith(("unit_", "measure_"))
    return supervises or leads_unit or task.assignee_id == actor.user_id
