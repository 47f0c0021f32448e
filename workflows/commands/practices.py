"""收录经验做法 (S85)."""

from datetime import datetime

from workflows.commands.desk import Work
from workflows.models import GoodPractice
from workflows.policy import SUPERVISORS, Actor
from workflows.policy.vocabulary import CATEGORIES, CATEGORY_LEAVES
from workflows.queries import cases
from workflows.records import history
from workflows.refusal import Refusal

COLLECTORS = (*sorted(SUPERVISORS), "policy_officer")
SHORTEST, LONGEST = 10, 4000


class PracticeRefused(Refusal):
    """What was entered cannot be taken over into a plan."""

    rule = "S85"


def add_practice(
    work: Work,
    *,
    title: str,
    text: str,
    category: str,
    actor: Actor,
    now: datetime,
    case_no: str = "",
    source: str = "",
) -> GoodPractice:
    """Adds a practice; `category` is a code of the taxonomy, `case_no` the case it comes from, `source` words instead."""
    actor.require_role(*COLLECTORS, act="收录经验做法")
    if not 2 <= len(title.strip()) <= 120 or not SHORTEST <= len(text.strip()) <= LONGEST:
        raise PracticeRefused(f"请填写名称（不超过120字）和做法（{SHORTEST}至{LONGEST}字）。")
    if category not in CATEGORIES and category not in CATEGORY_LEAVES:
        raise PracticeRefused("请选择问题类别。")
    case = cases.find(work.session, actor, case_no.strip()) if case_no.strip() else None
    practice = GoodPractice(
        title=title.strip(), text=text.strip(), category=category, source=source.strip(),
        source_case_id=case.id if case else None, added_by_id=actor.user_id, added_at=now,
    )  # fmt: skip
    work.session.add(practice)
    work.session.flush()
    history.record(
        work.session, action="add_practice", summary=f"收录经验做法：{practice.title}", now=now, actor=actor,
        case_id=practice.source_case_id, object_kind="good_practice", object_id=practice.id,
    )  # fmt: skip
    return practice
