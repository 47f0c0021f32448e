"""Who may take and complete a task, and in whose name.  Facts in, a Refusal or an answer out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from workflows.policy.actor import Actor, NotAllowed, Place
from workflows.policy.parts import require_four_eyes
from workflows.refusal import Refusal


class NotYet(Refusal):
    """The task must wait for somebody else before it can be completed."""


RECUSED = "您已对该单位申报回避，不得办理其任何事项。"


@dataclass(frozen=True)
class TaskFacts:
    """What decides over a task: its role, where it stands, whose it is, and who has played which part before.

    `owner_id` is whose it stays while a delegate holds it; `approvals_due` how many countersignatures it waits for.
    """

    title: str
    role: str
    part: str
    place: Place
    assignee_id: int | None
    played: Mapping[str, Collection[int]] = field(default_factory=dict)
    kind: str = "step"
    owner_id: int | None = None
    approvals_due: int = 0


def require_candidate(actor: Actor, task: TaskFacts) -> Actor:
    """Raises NotAllowed unless the person could take this task: role, scope, recusal, four eyes.

    Returns him as he would act: in person, or for an absent one who lent him the role.
    """
    if task.place.unit_id in actor.recused_units:
        raise NotAllowed(RECUSED, rule="recusal")
    if actor.is_conflicted(task.role, task.place):
        raise NotAllowed("您现任职于该单位或离任不满三年，应当回避，不得以检查组身份办理其事项。", rule="recusal")
    if not actor.holds(task.role, task.place):
        raise NotAllowed(f"“{task.title}”不在您的职责范围内。", rule="role")
    require_free(actor, task)
    if actor.in_person().holds(task.role, task.place):
        return actor
    return _for_one_of(actor, actor.lenders(task.role, task.place), task)


def require_free(actor: Actor, task: TaskFacts) -> None:
    """Raises NotAllowed when the person is recused from the unit or has played a conflicting part."""
    if task.place.unit_id in actor.recused_units:
        raise NotAllowed(RECUSED, rule="recusal")
    if task.part:
        require_four_eyes(task.part, user_id=actor.user_id, played=task.played)


def require_worker(actor: Actor, task: TaskFacts) -> Actor:
    """Raises NotAllowed unless the person may work on this task now: a candidate, and nobody else has claimed it.

    A delegate (委托) need not hold the role; a substitute may take what the absent one has claimed.
    """
    if task.owner_id is not None and task.assignee_id == actor.user_id:
        require_free(actor, task)
        return actor
    if task.kind != "step":
        return _require_asked(actor, task)
    acting = require_candidate(actor, task)
    if task.assignee_id in (None, actor.user_id):
        return acting
    if task.assignee_id in actor.lenders(task.role, task.place):
        return _for_one_of(actor, (task.assignee_id,), task)
    raise NotAllowed(f"“{task.title}”已由他人签收。", rule="claim")


def require_completable(task: TaskFacts) -> None:
    """Raises NotYet while the task waits for countersignatures, or for its delegate; NotAllowed when it is no step."""
    if task.kind != "step":
        raise NotAllowed(f"“{task.title}”不是流程环节，请在其页面上办理。", rule="kind")
    if task.owner_id is not None:
        raise NotYet(f"“{task.title}”正在委托办理，受托人提交后由委托人核定办结。", rule="delegated")
    if task.approvals_due > 0:
        raise NotYet(f"“{task.title}”的会签尚未通过，还须{task.approvals_due}人同意。", rule="countersign")


def may_reassign(actor: Actor, task: TaskFacts) -> bool:
    """Supervisors reassign anything in their scope; a person passes on what they have claimed."""
    if task.kind != "step" or task.owner_id is not None:
        return False
    return supervises(actor, task) or task.assignee_id == actor.user_id


def supervises(actor: Actor, task: TaskFacts) -> bool:
    """Whether the person oversees the work: the department over all in its scope, a principal over his unit's."""
    of_department = actor.holds_any(("supervision_chief", "supervision_officer", "deputy_minister"), task.place)
    leads_unit = actor.holds("unit_principal", task.place) and task.role.startswith(("unit_", "measure_"))
    return of_department or leads_unit


def _for_one_of(actor: Actor, absent: Collection[int], task: TaskFacts) -> Actor:
    """The first of the absent people in whose name four eyes allow to act; both persons are looked at."""
    refused: NotAllowed | None = None
    for user_id in absent:
        try:
            if task.part:
                require_four_eyes(task.part, user_id=user_id, played=task.played)
        except NotAllowed as no:
            refused = NotAllowed(str(no).replace("您", "您所代行职责的同志"), rule=no.rule)
        else:
            return replace(actor, acts_for=user_id)
    raise refused or NotAllowed(f"“{task.title}”不在您的职责范围内。", rule="role")


def _require_asked(actor: Actor, task: TaskFacts) -> Actor:
    """What people were asked for by name is theirs alone."""
    require_free(actor, task)
    if task.assignee_id != actor.user_id:
        raise NotAllowed(f"“{task.title}”指定他人办理。", rule="assignee")
    return actor
