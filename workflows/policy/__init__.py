"""Who may do what, and which change of state is lawful.  Pure functions: facts in, a Refusal or an answer out."""

from workflows.policy.actor import Actor, Holding, NotAllowed, Place
from workflows.policy.parts import PART_NAMES, conflicting_parts, require_four_eyes
from workflows.policy.roles import BEFORE_FEEDBACK, CASE_READERS, ROLE_NAMES, SUPERVISORS, TASK_READERS, UNIT_ROLES
from workflows.policy.tasks import (
    NotYet,
    TaskFacts,
    may_reassign,
    require_candidate,
    require_completable,
    require_free,
    require_worker,
    supervises,
)

__all__ = [
    "BEFORE_FEEDBACK",
    "CASE_READERS",
    "PART_NAMES",
    "ROLE_NAMES",
    "SUPERVISORS",
    "TASK_READERS",
    "UNIT_ROLES",
    "Actor",
    "Holding",
    "NotAllowed",
    "NotYet",
    "Place",
    "TaskFacts",
    "conflicting_parts",
    "may_reassign",
    "require_candidate",
    "require_completable",
    "require_four_eyes",
    "require_free",
    "require_worker",
    "supervises",
]
