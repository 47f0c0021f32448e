"""Four-eyes rules: which two parts one person may not play on the same subject (domain/3 §3.1 segregation rules).

A part is the capacity in which a task is completed (property `part` in the diagram).  The rules bind on every path:
claim, assign, reassign, bulk and API alike.
"""

from collections.abc import Collection, Mapping

from workflows.policy.actor import NotAllowed

PART_NAMES: dict[str, str] = {
    "drafter": "起草",
    "determiner": "认定",
    "approver": "审批",
    "requester": "申请",
    "decider": "决定",
    "implementer": "整改实施",
    "leader_check": "责任领导审核",
    "submitter": "提交验收",
    "verifier": "验收",
    "closer": "销号",
    "inquirer": "调查核实",
}

_FORBIDDEN: tuple[frozenset[str], ...] = tuple(
    frozenset(pair)
    for pair in (
        ("drafter", "determiner"),
        ("drafter", "approver"),
        ("requester", "decider"),
        ("implementer", "leader_check"),
        ("implementer", "verifier"),
        ("implementer", "closer"),
        ("leader_check", "verifier"),
        ("submitter", "verifier"),
        ("submitter", "closer"),
        ("leader_check", "closer"),
        ("verifier", "closer"),
        ("inquirer", "decider"),
    )
)


def conflicting_parts(part: str) -> frozenset[str]:
    """The parts that nobody who has played them may follow with `part` on the same subject."""
    return frozenset(other for pair in _FORBIDDEN if part in pair for other in pair - {part})


def require_four_eyes(part: str, *, user_id: int, played: Mapping[str, Collection[int]]) -> None:
    """Raises NotAllowed when the person has played a conflicting part; `played` maps part → user ids."""
    for other in sorted(conflicting_parts(part)):
        if user_id in played.get(other, ()):
            raise NotAllowed(
                f"您已在该事项中承担“{PART_NAMES[other]}”，按回避与制衡要求不得再承担“{PART_NAMES[part]}”。",
                rule=f"four_eyes:{other}×{part}",
            )
