"""The cases of the demo region: who is inspected, when, with what, and what is special about each (domain G02–G11)."""

from dataclasses import dataclass, field
from typing import Any

from huitou.demo.findings import findings

NEVER = 10_000  # days: longer than any demo

# How many days after it opened a task is usually done.
USUAL_DAYS = {
    "confirm_determination": 4,
    "feed_back_unified": 1,
    "self_check": 9,
    "acknowledge_findings": 3,
    "draft_plan": 10,
    "review_plan": 3,
    "hold_democratic_meeting": 12,
    "verify": 5,
    "approve_closure": 3,
    "choose_occasion": 6,
    "review_on_site": 4,
    "investigate": 30,
}


@dataclass(frozen=True, eq=False)
class Story:
    """One case.  Days count back from the moment the demo ends.

    `facts` and `days` are keyed by element, or "F02:element" for one finding, or "element#2" for the second time.
    """

    unit: str
    round: str
    days_ago: int
    numbers: tuple[int, ...]
    special: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The rows for the registration form."""
        return findings(self.numbers, **self.special)

    def facts_for(self, element: str, finding: str, times: int) -> dict[str, Any]:
        """What the story wants to be different in this task, the most particular last."""
        found: dict[str, Any] = {}
        for key in _keys(element, finding, times):
            found |= self.facts.get(key, {})
        return found

    def days_for(self, element: str, finding: str, times: int) -> int | None:
        """How long this task waits until somebody does it; None: it depends on the finding's own limit."""
        waits = [self.days[key] for key in _keys(element, finding, times) if key in self.days]
        if waits:
            return waits[-1]
        return None if element == "implement_measures" else USUAL_DAYS.get(element, 1)


def _keys(element: str, finding: str, times: int) -> list[str]:
    named = [element, f"{element}#{times}"]
    return [*named, f"{finding}:{element}", f"{finding}:{element}#{times}"] if finding else named


FIRST, SECOND = "12-05", "12-06"

STORIES = (
    # G02 the whole way to zero
    Story("QL-LC", FIRST, 330, (0, 1, 2, 3, 8)),
    # G03 plan late: level 1, level 2, then met
    Story("QL-WH", FIRST, 322, (5, 6, 7), days={"draft_plan": 32}),
    # G04 false rectification: level 4 and both tracks
    Story(
        "LY-PL", FIRST, 315, (1, 2, 9),
        facts={
            "F01:verify#1": {"outcome": "return", "false_rectify": True, "verify_reason": "佐证材料经核实为事后补造"},
            "investigate": {"inquiry_conduct": "false_rectify"},
        },
    ),
    # G09 three cycles of revisits until zero
    Story(
        "CZT", FIRST, 308, (5, 7, 8),
        facts={
            "review_on_site#1": {"results": {"F02": "not_in_place"}},
            "review_on_site#2": {"results": {"F02": "not_in_place"}},
        },
    ),
    # returned once, extended once, closed
    Story(
        "NYTZ", FIRST, 300, (2, 3, 4, 6),
        facts={"F02:verify#1": {"outcome": "return"}, "F03:verify#1": {"outcome": "continue"}},
        days={"F01:implement_measures": 80},
        extensions={"F01": "approve"},
    ),
    # G10 extension refused; now overdue and climbing
    Story(
        "SLT", SECOND, 150, (1, 4, 6, 8),
        days={"F01:implement_measures": NEVER},
        extensions={"F01": "refuse"},
    ),
    # G05 objection upheld, the rest under way
    Story("YSDX", SECOND, 120, (2, 3, 9, 5), facts={"review_objections": {"ruling": "withdraw"}}),
    # G11 plan due across the October holidays
    Story("SQ-YQ", SECOND, 72, (0, 5, 7)),
    # second inspection of the same unit, plan being drafted
    Story("QL-LC", SECOND, 22, (1, 6, 9), special={"n0": {"recurrence_count": 1}}, days={"draft_plan": NEVER}),
)  # fmt: skip
