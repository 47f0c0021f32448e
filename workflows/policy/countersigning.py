"""会签: N of M must agree, and where a veto was given to them one 反对 is enough to stop.  Pure."""

from collections.abc import Collection
from dataclasses import dataclass

AGREE, DISAGREE, ABSTAIN = "agree", "disagree", "abstain"
OPINIONS = {AGREE: "同意", DISAGREE: "不同意", ABSTAIN: "弃权"}


@dataclass(frozen=True)
class Tally:
    """How a countersigning stands: opinions given, people not yet heard, and what is still missing."""

    needed: int
    agreed: int
    disagreed: int
    abstained: int
    undecided: int
    is_vetoed: bool

    @property
    def due(self) -> int:
        """How many approvals are missing before the task can be completed; a veto can only be lifted by a new round."""
        missing = max(self.needed - self.agreed, 0)
        return max(missing, 1) if self.is_vetoed else missing

    @property
    def can_pass(self) -> bool:
        """Whether those not yet heard could still bring it about."""
        return not self.is_vetoed and self.agreed + self.undecided >= self.needed

    @property
    def words(self) -> str:
        """How it stands, in a sentence."""
        if self.is_vetoed:
            return "会签已被一票否决，须重新会签。"
        if self.due == 0:
            return f"会签已通过：须{self.needed}人同意，已有{self.agreed}人同意。"
        if not self.can_pass:
            return f"会签未通过：须{self.needed}人同意，仅{self.agreed}人同意且已无足够的人未表态，须重新会签。"
        return f"会签进行中：须{self.needed}人同意，已有{self.agreed}人同意，还有{self.undecided}人未表态。"


def tally(opinions: Collection[str], *, asked: int, needed: int, veto: bool) -> Tally:
    """The standing from the opinions given by those `asked`."""
    agreed, disagreed = sum(each == AGREE for each in opinions), sum(each == DISAGREE for each in opinions)
    return Tally(
        needed, agreed, disagreed, sum(each == ABSTAIN for each in opinions), asked - len(opinions),
        veto and disagreed > 0,
    )  # fmt: skip
