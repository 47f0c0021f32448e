"""What the verbs of a task take and give."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from webapp.api.shapes import Shape
from webapp.row_ids import LARGEST

PERSON = Field(ge=1, le=LARGEST, description="人员编号")
PEOPLE = Field(min_length=1, max_length=50, description="人员编号")


class Reason(Shape):
    """A reason, where the rules ask for one."""

    reason: str = Field(max_length=500)


class Remark(Shape):
    """A word on what was done or read."""

    remark: str = Field(default="", max_length=2000)


class GoingBack(Reason):
    """退回到哪个环节"""

    element: str = Field(max_length=200, description="环节标识，见 ways-back")
    version: int | None = Field(default=None, description="打开事项时的版本，不一致则拒绝")


class WayBack(Shape):
    """An earlier step; `refusal` says why one cannot go back to it."""

    element: str
    title: str
    done_by: str
    refusal: str


class WaysBack(Shape):
    """Every earlier step, the latest first."""

    ways: list[WayBack]


class Handing(Reason):
    """转办、委托给谁"""

    user_id: int = PERSON


class DelegateAnswer(Shape):
    """What the delegate has worked out."""

    answer: dict[str, Any]


class CountersigningAsked(Shape):
    """N of M must agree; with `veto` one disagreement is enough to stop it."""

    user_ids: list[int] = PEOPLE
    needed: int = Field(ge=1, le=30)
    veto: bool = False
    question: str = Field(default="", max_length=500)


class People(Shape):
    """Whom to ask besides."""

    user_ids: list[int] = PEOPLE


class Countersigner(Shape):
    """One who was asked, and what he has said."""

    task_id: int
    name: str
    opinion: str = Field(description="agree 同意、disagree 不同意、abstain 弃权；空为未表态")
    remark: str
    at: datetime | None


class CountersigningShape(Shape):
    """How a countersigning stands."""

    needed: int
    veto: bool
    question: str
    due: int = Field(description="还须几人同意")
    words: str
    people: list[Countersigner]


class Opinion(Remark):
    """会签意见"""

    opinion: str = Field(pattern="^(agree|disagree|abstain)$")


class Nudging(Shape):
    """催办内容"""

    text: str = Field(default="", max_length=500)


class Circulating(People):
    """传阅给谁，附言"""

    text: str = Field(default="", max_length=500)


class Asked(Shape):
    """The numbers of the tasks that came of it."""

    task_ids: list[int]


class Snoozing(Shape):
    """暂缓提醒到哪一天（不得晚于期限）"""

    until: date


class GivenTask(Shape):
    """交办事项"""

    user_id: int = PERSON
    title: str = Field(max_length=60)
    text: str = Field(max_length=2000)
    due_on: date


class AbsenceAsked(Shape):
    """外出委托：roles 为空即全部角色"""

    substitute_id: int = PERSON
    first_day: date
    last_day: date
    roles: list[str] = Field(default_factory=list, max_length=30)
    reason: str = Field(default="", max_length=500)


class AbsenceShape(Shape):
    """An absence, one's own or one for which one stands in."""

    id: int
    user: str
    substitute: str
    first_day: date
    last_day: date
    roles: list[str]
    reason: str
    ended_at: datetime | None


class Absences(Shape):
    """One's own absences, and those for which one stands in."""

    own: list[AbsenceShape]
    others: list[AbsenceShape]


class Taken(Shape):
    """The task that was taken, None when there was nothing to take."""

    task_id: int | None
