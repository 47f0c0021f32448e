"""What happens in the demo region: its rounds, the cases in them, what is special about each, and the years' other work.

Small: the scenarios G02–G11 of the domain and cases in every early stage.  Full: three years of the whole region, drawn
with fixed dice.  Days count back from the moment the demo ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from huitou.demo.findings import LIBRARY
from huitou.demo.places import FULL, KEY_COUNTIES

SEED = 20240219
NEVER = 10_000  # days: longer than any demo

# How many days after it opened a task is usually done; the others on the next day.
USUAL_DAYS = {
    "settle_targets": 3, "approve_round": 3, "supply_intel": 5, "supply_confidential_intel": 6, "fill_baseline": 4,
    "analyse": 2, "draft_work_plan": 2, "check_items": 4, "hold_talks": 3, "verify_lead": 2, "draft_papers": 2,
    "leave": 3, "consult": 2, "check_facts": 2, "draft_report": 2, "hold_council": 3,
    "confirm_determination": 4, "feed_back_unified": 1, "self_check": 9, "acknowledge_findings": 3, "draft_plan": 10,
    "review_plan": 3, "hold_democratic_meeting": 12, "verify": 5, "approve_closure": 3, "choose_occasion": 6,
    "review_on_site": 4, "investigate": 30, "hold_session": 20, "plan_year": 4, "collect_opinions": 8, "compare": 20,
    "campaign_check": 8, "report_upwards": 5, "check_execution": 10,
}  # fmt: skip
DEPENDS_ON_LIMIT = frozenset({"implement_measures"})
REWORK_DAYS = 7  # what was returned is done again


@dataclass(frozen=True, eq=False)
class Story:
    """One case.  `facts` and `days` are keyed by element, or "F02:element" for one finding, "element#2" the second time.

    `numbers` are the findings of the library; `special` changes one, keyed "n0".  `delay` holds the case back.
    """

    unit: str
    numbers: tuple[int, ...] = ()
    delay: int = 0
    special: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)
    lateness: dict[str, int] = field(default_factory=dict)  # finding → days after its limit, negative before it

    def facts_for(self, element: str, finding: str, times: int) -> dict[str, Any]:
        """What the story wants to be different in this task, the most particular last."""
        found: dict[str, Any] = {"numbers": self.numbers, "special": self.special}
        for key in _keys(element, finding, times):
            found |= self.facts.get(key, {})
        return found

    def days_for(self, element: str, finding: str, times: int) -> int | None:
        """How long this task waits until somebody does it; None: it depends on the finding's own limit."""
        waits = [self.days[key] for key in _keys(element, finding, times) if key in self.days]
        if waits:
            return waits[-1]
        if element in DEPENDS_ON_LIMIT:
            return REWORK_DAYS if finding in self.lateness and times > 1 else None
        return USUAL_DAYS.get(element, 1) + (self.delay if element == "approve_analysis" else 0)


def _keys(element: str, finding: str, times: int) -> list[str]:
    named = [element, f"{element}#{times}"]
    return [*named, f"{finding}:{element}", f"{finding}:{element}#{times}"] if finding else named


@dataclass(frozen=True, eq=False)
class Start:
    """Something begun by hand: a round of inspection, a year of training, a new institution.

    `facts` by element or for every task ("*"); `days` as in a story.
    """

    process_id: str
    role: str
    days_ago: int
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()
    code: str = ""
    feedback_after: int | None = None  # days from the proposal to the common feedback of the round

    def facts_for(self, element: str) -> dict[str, Any]:
        """What this task shall say."""
        return self.facts.get("*", {}) | self.facts.get(element, {})

    def days_for(self, element: str) -> int:
        """How long the task waits."""
        return self.days.get(element, USUAL_DAYS.get(element, 1))


def inspection(
    code: str,
    name: str,
    days_ago: int,
    stories: tuple[Story, ...],
    *,
    days: dict[str, int] | None = None,
    feedback_after: int | None = None,
    **facts: Any,
) -> Start:
    """A round: the units of its stories, proposed `days_ago`."""
    known = {"code": code, "name": name, "units": [story.unit for story in stories], "kind": "regular", **facts}
    kind, role = "round_planning", "supervision_officer"
    return Start(kind, role, days_ago, {"*": known}, days or {}, stories, code, feedback_after)


def _others(years: int) -> tuple[Start, ...]:
    """The work beside the inspections, every year again."""
    found = []
    for year in range(years):
        found += [
            Start("policy_training", "training_officer", 300 + 365 * year),
            Start("policy_question", "unit_liaison", 200 + 365 * year),
            Start("institution", "policy_officer", 260 + 365 * year, {"propose": _new_institution(year)}),
        ]
    return tuple(found)


def _new_institution(year: int) -> dict[str, Any]:
    titles = ("干部选拔任用全程监督办法", "选人用人专项检查工作规程", "检查整改销号管理办法")
    return {
        "cause": "根据专项检查发现的普遍性问题，需要从制度层面加以规范。",
        "new_title": titles[year % len(titles)],
        "new_level": "region",
    }


# -- 小 -------------------------------------------------------------------------------------------------

_FALSE = {"outcome": "return", "false_rectify": True, "verify_reason": "佐证材料经核实为事后补造"}

SMALL_PLAN: tuple[Start, ...] = (
    inspection(
        "12-05", "第十二届自治区党委第五轮", 425,
        (
            # G02 the whole way to zero
            Story("QL-LC", (0, 1, 2, 3, 8)),
            # G03 plan late: level 1, level 2, then met
            Story("QL-WH", (5, 6, 7), days={"draft_plan": 32}),
            # G04 false rectification: level 4 and both tracks
            Story(
                "LY-PL", (1, 2, 9), delay=4,
                facts={"F01:verify#1": _FALSE, "investigate": {"inquiry_conduct": "false_rectify"}},
            ),
            # G09 three cycles of revisits until zero
            Story(
                "CZT", (5, 7, 8), delay=8,
                facts={
                    "review_on_site#1": {"results": {"F02": "not_in_place"}},
                    "review_on_site#2": {"results": {"F02": "not_in_place"}},
                },
            ),
            # returned once, extended once, closed
            Story(
                "NYTZ", (2, 3, 4, 6), delay=12,
                facts={"F02:verify#1": {"outcome": "return"}, "F03:verify#1": {"outcome": "continue"}},
                days={"F01:implement_measures": 80}, extensions={"F01": "approve"},
            ),
        ),
        tour="第五轮巡视",
    ),
    inspection(
        "12-06", "第十二届自治区党委第六轮", 245,
        (
            # G10 extension refused; now overdue and climbing
            Story("SLT", (1, 4, 6, 8), days={"F01:implement_measures": NEVER}, extensions={"F01": "refuse"}),
            # G05 objection upheld, the rest under way
            Story(
                "YSDX", (2, 3, 9, 5), delay=25,
                facts={"review_objections": {"ruling": "withdraw"}, "acknowledge_findings": {"disputes": True}},
            ),
            # G11 plan due across the October holidays
            Story("SQ-YQ", (0, 5, 7), delay=75),
            # second inspection of the same unit, plan being drafted
            Story("QL-LC", (1, 6, 9), delay=125, days={"draft_plan": NEVER}),
        ),
        tour="第六轮巡视",
    ),
    inspection(
        "12-07", "第十二届自治区党委第七轮", 80,
        (
            Story("JYT", (0, 2, 6), days={"draft_papers": NEVER}),
            Story("MZT", (3,), days={"approve_work_plan": NEVER}),
            Story("WJW", (1, 4), days={"fill_baseline": NEVER}),
            Story("QL-HY", (7, 8, 10), days={"hold_council": NEVER}),
        ),
        tour="第七轮巡视",
    ),
    inspection("12-08", "第十二届自治区党委第八轮", 9, (Story("JTT"), Story("SWT")),
        days={"settle_targets": NEVER}, tour="第八轮巡视",),
    *_others(1),
)  # fmt: skip


# -- 全 -------------------------------------------------------------------------------------------------

_WEIGHTS = {"A": 8, "B": 13, "C": 46, "D": 20, "E": 7, "F": 6}
# Months ago, cases, of them waiting for the revisit campaign, share of findings nobody gets done.
_REGULAR = (
    (36, 17, 0, 0.0),
    (30, 16, 0, 0.0),
    (24, 15, 0, 0.0),
    (18, 14, 7, 0.03),
    (8.2, 14, 2, 0.05),
    (5.6, 14, 0, 0.0),
)
_MONTH = 30
_FEEDBACK = 120
_INBOUND, _RESPONSIBLE = 24, 15  # findings of the superiors, units they are divided among


def full_plan() -> tuple[Start, ...]:
    """Three years of the whole region, the same every time."""
    dice = Random(SEED)
    pool = [place.code for place in FULL if place.code not in KEY_COUNTIES]
    dice.shuffle(pool)
    starts, taken = [], 0
    for number, (months, cases, kept_open, stuck) in enumerate(_REGULAR, 1):
        units = [pool[(taken + place) % len(pool)] for place in range(cases)]
        taken += cases
        stories = _cases(units, dice, kept_open=kept_open, stuck=stuck)
        name = f"第十二届自治区党委第{'一二三四五六'[number - 1]}轮"
        starts.append(
            inspection(
                f"12-{number:02d}",
                name,
                int(months * _MONTH),
                stories,
                feedback_after=_FEEDBACK,
                tour=f"第{'一二三四五六'[number - 1]}轮巡视",
            )
        )
    key, low = _cases(KEY_COUNTIES, dice), _cases(LOWEST, dice)
    starts += [
        inspection(
            "12-KT1", "重点任务专项检查", 30 * _MONTH, key, kind="key_task", key_task="脱贫攻坚成果巩固", tour="",
            feedback_after=_FEEDBACK,
        ),
        inspection(
            "12-TG1", "一报告两评议靠后单位靶向检查", 14 * _MONTH, low, kind="targeted", tour="", feedback_after=_FEEDBACK,
        ),
        inspection(
            "12-RV1", "第四至六轮回头看专项", 2 * _MONTH, (), kind="revisit_campaign", tour="",
            past_codes=("12-04", "12-05", "12-06"),
        ),
        Start(
            "inbound_rectification", "supervision_officer", 26 * _MONTH,
            {"register_inbound": {"findings_n": _INBOUND}, "assign_units": {"units": _responsible(pool)}},
        ),
    ]  # fmt: skip
    return (*starts, *_others(3), *_institutions(3 * 365))


_MATTERS = (
    "干部选拔任用", "干部考察", "任前公示", "试用期管理", "任职回避", "干部档案审核", "个人有关事项核查", "因私出国（境）管理",
    "领导干部兼职", "干部交流轮岗", "年轻干部培养", "干部教育培训", "日常监督谈话", "选人用人检查",
)  # fmt: skip
_FORMS_OF_RULE = ("实施办法", "工作规程", "管理细则", "责任追究办法")
_AMENDED, _REPEALED = 30, 6


def _institutions(days: int) -> Iterator[Start]:
    """The library grows over the years; what has been learned amends it, what is outlived is repealed."""
    titles = [f"{matter}{form}" for form in _FORMS_OF_RULE for matter in _MATTERS]
    changes = ["amend"] * _AMENDED + ["repeal"] * _REPEALED
    for number, title in enumerate(titles):
        named: dict[str, Any] = {"new_title": title}
        yield Start("institution", "policy_officer", days - number * days // len(titles), {"propose": named})
    for number, action in enumerate(changes):
        fact: dict[str, Any] = {"action": action, "nth": 3 + 7 * number}
        ago = (days - 200) * (len(changes) - number) // len(changes)
        yield Start("institution", "policy_officer", ago, {"propose": fact})


LOWEST = ("TYJ", "LCJ2", "SP-ZP", "YY", "ZYXY")
"""The units whose votes are last in their peer group three years running."""


def _responsible(pool: Sequence[str]) -> list[str]:
    """The unit that answers for each finding of the superiors: some for one, some for two."""
    return [pool[-1 - number % _RESPONSIBLE] for number in range(_INBOUND)]


def _cases(units: Sequence[str], dice: Random, *, kept_open: int = 0, stuck: float = 0) -> tuple[Story, ...]:
    """The cases of a round; the first issues the circular that the others join.

    `kept_open` of them wait, once cleared, for the revisit campaign.
    """
    drawn = [_drawn(unit, dice, joins=place > 0) for place, unit in enumerate(units)]
    for story in drawn[kept_open:]:
        story.days.update({f"{key}:implement_measures": NEVER for key in story.lateness if dice.random() < stuck})
    for story in drawn[:kept_open]:
        story.days["decide_sampling"] = NEVER
    return tuple(drawn)


# Limits count from the feedback, so whoever keeps them has his plan early and his verifiers at hand.
_BRISK = {"acknowledge_findings": 1, "draft_plan": 5, "review_plan": 1, "verify": 3, "approve_closure": 1}


def _drawn(unit: str, dice: Random, *, joins: bool) -> Story:
    """A case of the years gone by: findings by weight of category, and how its people are."""
    count = dice.randint(8, 16)
    by_category: dict[str, list[int]] = {}
    for number, each in enumerate(LIBRARY):
        by_category.setdefault(each.category[0], []).append(number)
    letters = dice.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=3 * count)
    numbers = tuple(dict.fromkeys(dice.choice(by_category[letter]) for letter in letters))[:count]
    facts: dict[str, dict[str, Any]] = {
        "register_leads": {"lead_n": dice.randint(3, 9)},
        "conclude_lead": {"substantiated": 0.2},
    }
    facts["draft_circular"] = {"joins": joins}
    facts["draft_plan"] = {"most_measures": 4}
    days = dict(_BRISK)
    lateness: dict[str, int] = {}
    for place in range(1, len(numbers) + 1):
        _draw_finding(f"F{place:02d}", facts, lateness, dice)
    facts["publish"] = {"publish": "yes" if dice.random() < 0.2 else "no"}
    if dice.random() < 0.06:
        facts["check_facts"] = {"disputed": (1,)}
        facts["review_facts"] = {"fact_ruling": "withdraw" if dice.random() < 0.33 else "maintain"}
    if dice.random() < 0.15:
        days["draft_plan"] = dice.randint(24, 32)
    asking = [key for key in lateness if dice.random() < 0.11]
    lateness.update(dict.fromkeys(asking, -14))  # not before the extension has been decided
    extensions = {key: "approve" if dice.random() < 0.8 else "refuse" for key in asking}
    return Story(unit, numbers, dice.randint(0, 12), {}, facts, days, extensions, lateness)


def _draw_finding(key: str, facts: dict[str, dict[str, Any]], lateness: dict[str, int], dice: Random) -> None:
    if dice.random() < 0.22:
        facts[f"{key}:verify#1"] = {"outcome": "return"}
        if dice.random() < 0.2:
            facts[f"{key}:verify#2"] = {"outcome": "return"}
    late = dice.choices((dice.randint(-9, 0), dice.randint(1, 9), dice.randint(10, 20), 30), (60, 27, 10, 3))[0]
    lateness[key] = late if dice.random() < 0.14 else -dice.randint(16, 60)
    if dice.random() < 0.005:
        facts[f"{key}:verify#1"] = _FALSE


def plan_of(scale: str) -> tuple[Start, ...]:
    """The plan of a scale, earliest first."""
    found = SMALL_PLAN if scale == "small" else full_plan()
    return tuple(sorted(found, key=lambda start: -start.days_ago))
