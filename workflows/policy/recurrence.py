"""反复出现: how much a draft finding resembles an earlier one, and what that would mean (S71, S79).

Pure: facts in, a proposal out, every point of the score explained.  It proposes; people accept or refuse.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from workflows.policy.transitions import SETTLED_FINDINGS, state_name

SAME_LEAF, SAME_BRANCH, SAME_LETTER = 40, 20, 10
SAME_UNIT, SAME_CITY = 30, 10
TEXT = 30
PROPOSED_FROM = 60
"""From this score on (of 100) two findings of one unit are proposed as the same matter."""

KINDS = {"old_uncorrected": "老问题未整改到位", "rebound": "整改后反弹", "new": "新问题"}


@dataclass(frozen=True)
class Earlier:
    """A finding of an earlier round; `city` is the code of the city the unit belongs to, or of the unit itself."""

    id: int
    number: str
    title: str
    text: str
    category: str
    unit: str
    city: str
    round_name: str
    status: str


@dataclass(frozen=True)
class Draft:
    """A draft finding of the present round."""

    number: str
    title: str
    text: str
    category: str
    unit: str
    city: str


@dataclass(frozen=True)
class Likeness:
    """What speaks for a draft being the earlier finding again; `draft` is None when none resembles it enough."""

    earlier: Earlier
    draft: Draft | None
    kind: str
    score: int
    explanation: tuple[str, ...]


def compare(draft: Draft, earlier: Earlier) -> Likeness:
    """The likeness of one pair: category up to 40 points, unit up to 30, wording up to 30."""
    parts = (_category(draft, earlier), _unit(draft, earlier), _text(draft, earlier))
    score = sum(points for points, _ in parts)
    is_same = draft.unit == earlier.unit and score >= PROPOSED_FROM
    return Likeness(earlier, draft, _kind(earlier) if is_same else "new", score, tuple(words for _, words in parts))


def best_match(earlier: Earlier, drafts: Sequence[Draft], *, refused: Collection[tuple[int, str]] = ()) -> Likeness:
    """The draft most like the earlier finding; `refused` pairs (finding id, category) are never proposed again."""
    allowed = [draft for draft in drafts if (earlier.id, draft.category) not in refused]
    found = max((compare(draft, earlier) for draft in allowed), key=lambda each: each.score, default=None)
    if found is not None and found.kind != "new":
        return found
    words = ["没有发现与之相同的问题"] if not found else [f"最相近的底稿得{found.score}分，不足{PROPOSED_FROM}分"]
    if len(allowed) < len(drafts):
        words.append("同类关联曾被否定，不再提示")
    kind = "new" if earlier.status in SETTLED_FINDINGS else "old_uncorrected"
    if kind == "old_uncorrected":
        words.append(f"该问题尚未销号（{state_name('finding', earlier.status)}），提示结转")
    return Likeness(earlier, None, kind, found.score if found else 0, tuple(words))


def siblings(draft: Draft, others: Sequence[Earlier]) -> list[str]:
    """面上问题 hints: the same category in other units of the city, a sentence each (S79)."""
    return [
        f"{other.unit}在{other.round_name}存在同类问题：{other.title}（{other.number}）"
        for other in others
        if other.category == draft.category and other.city == draft.city and other.unit != draft.unit
    ]


def _kind(earlier: Earlier) -> str:
    return "rebound" if earlier.status in SETTLED_FINDINGS else "old_uncorrected"


def _category(draft: Draft, earlier: Earlier) -> tuple[int, str]:
    if draft.category == earlier.category:
        return SAME_LEAF, f"问题类别相同（{draft.category}），计{SAME_LEAF}分"
    if draft.category[:3] == earlier.category[:3]:
        return SAME_BRANCH, f"问题类别相近（{earlier.category}与{draft.category}），计{SAME_BRANCH}分"
    if draft.category[:1] == earlier.category[:1]:
        return SAME_LETTER, f"同属{draft.category[:1]}类问题，计{SAME_LETTER}分"
    return 0, "问题类别不同，不计分"


def _unit(draft: Draft, earlier: Earlier) -> tuple[int, str]:
    if draft.unit == earlier.unit:
        return SAME_UNIT, f"同一单位，计{SAME_UNIT}分"
    if draft.city == earlier.city:
        return SAME_CITY, f"同属一个市，计{SAME_CITY}分"
    return 0, "单位不同，不计分"


def _text(draft: Draft, earlier: Earlier) -> tuple[int, str]:
    """Wording: the title weighs as much as the text, whichever of the two is longer."""
    titles = fuzz.ratio(draft.title, earlier.title)
    texts = fuzz.partial_ratio(draft.text, earlier.text) if draft.text and earlier.text else 0.0
    percent = round((titles + texts) / 2)
    points = round(TEXT * percent / 100)
    return points, f"表述相似度{percent}%，计{points}分"
