"""What the API takes and gives, as pydantic models: the source of the OpenAPI document."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from webapp.row_ids import LARGEST


class Shape(BaseModel):
    """Base: unknown fields of a request are refused."""

    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    """Why something could not be done."""

    rule: str = Field(description="规则编号或守卫名称")
    message: str = Field(description="给办理人看的一句话")
    problems: dict[str, str] = Field(default_factory=dict, description="字段 → 问题（422）")
    number: str = Field(default="", description="故障编号（500）")


class Error(Shape):
    """Every error of the API."""

    error: Problem


class Token(Shape):
    """A bearer token, shown once."""

    token: str
    token_type: str = "Bearer"
    expires_at: datetime


class RoleHeld(Shape):
    """A role within a scope."""

    role: str
    name: str
    scope: str
    scope_id: int


class Me(Shape):
    """Who the token speaks for."""

    id: int
    name: str
    unit_id: int
    unit: str
    roles: list[RoleHeld]
    recused_units: list[int]
    waiting: int
    unread: int


class TasksAsked(Shape):
    """Which tasks: the tabs and filters of the inbox."""

    scope: str = Field(default="todo", pattern="^(todo|claimable|started|watched|done)$")
    text: str = ""
    case_no: str = ""
    unit_id: int | None = Field(default=None, ge=1, le=LARGEST)
    process: str = ""
    when: str = Field(default="", pattern="^(|overdue|today|week|marked)$")
    sort: str = "due"
    after: str = ""
    limit: int = Field(default=50, ge=1, le=200)


class TaskShape(Shape):
    """A task in a list."""

    id: int
    title: str
    process: str
    element: str
    status: str
    kind: str = Field(description="step 流程环节、countersign 会签、circulation 传阅、ad_hoc 交办")
    role: str
    case_no: str | None
    finding_no: str | None
    unit: str | None
    due_at: datetime | None
    light: str
    assignee: str | None
    opened_at: datetime
    done_at: datetime | None
    version: int


class TaskPage(Shape):
    """One page of tasks; `next` is the `after` of the following one."""

    tasks: list[TaskShape]
    next: str


class TaskFull(TaskShape):
    """A task with its form and what the person may do."""

    form: dict[str, Any] = Field(description="JSON Schema 2020-12，含界面提示 ui")
    given: dict[str, Any] = Field(description="表单用到的给定数据与预填值")
    shown: list[dict[str, Any]] = Field(description="列在表单上方的内容：名称与值")
    options: dict[str, list[tuple[str, str]]] = Field(description="从登记表中选择的字段：可选值与名称")
    answer: dict[str, Any] = Field(description="已填内容：答复、草稿或预填值")
    obstacle: str = Field(description="不能办理的原因；空为可以办理")
    may_claim: bool


class Completion(Shape):
    """An answer to a task's form; the same `request_id` again gives the same result."""

    answer: dict[str, Any]
    request_id: str | None = Field(default=None, min_length=8, max_length=100)
    version: int | None = Field(default=None, description="页面打开时的版本；不符时返回 409")


class Completed(Shape):
    """A finished task."""

    id: int
    status: str
    done_at: datetime | None
    version: int


class PageAsked(Shape):
    """Paging and text."""

    text: str = ""
    after: str = ""
    limit: int = Field(default=50, ge=1, le=200)


class CasesAsked(PageAsked):
    """Which cases."""

    round_id: int | None = Field(default=None, ge=1, le=LARGEST)
    unit_id: int | None = Field(default=None, ge=1, le=LARGEST)
    status: str = ""


class CaseShape(Shape):
    """A case with its counts."""

    case_no: str
    unit: str
    round: str
    status: str
    status_name: str
    feedback_date: date | None
    concentrated_end: date | None
    revisit_cycle: int
    findings: int
    closed: int
    open: int
    overdue: int


class CasePage(Shape):
    """One page of cases."""

    cases: list[CaseShape]
    next: str


class FindingsAsked(PageAsked):
    """Which findings."""

    case_no: str = ""
    status: str = ""


class FindingShape(Shape):
    """A finding."""

    finding_no: str
    case_no: str
    unit: str
    title: str
    text: str
    category: str
    chain: str
    severity: str
    nature: str
    rectify_type: str
    status: str
    status_name: str
    round_no: int
    return_count: int
    watch: bool
    closed_no: str
    closed_at: datetime | None


class FindingPage(Shape):
    """One page of findings."""

    findings: list[FindingShape]
    next: str


class MeasureShape(Shape):
    """A measure."""

    round_no: int
    seq: int
    content: str
    goal: str
    leader: str
    department: str
    owner: str
    due_date: date
    completion: str
    status: str
    progress: str


class FindingFull(FindingShape):
    """A finding with what hangs on it."""

    opinion: str
    effect: str
    light: str
    measures: list[MeasureShape]
    deadlines: list["DeadlineShape"]
    verifications: list[dict[str, Any]]
    closures: list[dict[str, Any]]


class CaseFull(CaseShape):
    """A case with its findings and deadlines."""

    stages: list[dict[str, str]]
    finding_list: list[FindingShape]
    deadlines: list["DeadlineShape"]


class LedgerAsked(Shape):
    """Which rows of the ledger."""

    text: str = ""
    round_id: int | None = Field(default=None, ge=1, le=LARGEST)
    unit_id: int | None = Field(default=None, ge=1, le=LARGEST)
    status: str = ""
    light: str = Field(default="", pattern="^(|none|green|yellow|red|closed)$")
    category: str = ""
    severity: str = ""
    watch: bool = False
    page: int = Field(default=1, ge=1, le=LARGEST // 500)
    limit: int = Field(default=50, ge=1, le=500)


class LedgerColumn(Shape):
    """A column of the ledger."""

    id: str
    title: str


class LedgerPage(Shape):
    """One page of the ledger; each row holds its cells by column id."""

    columns: list[LedgerColumn]
    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    lights: dict[str, int]


class DeadlinesAsked(PageAsked):
    """Which deadlines."""

    state: str = Field(default="open", pattern="^(|open|overdue|paused|met|voided)$")
    rule: str = ""
    light: str = Field(default="", pattern="^(|none|green|yellow|red|closed)$")
    case_no: str = ""
    finding_no: str = ""


class DeadlineShape(Shape):
    """A deadline with its derivation in words."""

    id: int
    rule: str
    title: str
    subject_no: str
    case_no: str
    unit: str
    due_at: datetime
    original_due_at: datetime
    derivation: str
    is_provisional: bool
    light: str
    level: int
    extension_count: int
    paused_days: int
    is_paused: bool
    met_at: datetime | None


class DeadlineChangeShape(Shape):
    """One change of a deadline."""

    kind: str
    at: datetime
    due_at: datetime
    words: str
    reason: str


class DeadlineFull(DeadlineShape):
    """A deadline with all its changes."""

    changes: list[DeadlineChangeShape]


class DeadlinePage(Shape):
    """One page of deadlines."""

    deadlines: list[DeadlineShape]
    next: str


class NoticesAsked(PageAsked):
    """Which kind of notices."""

    kind: str = Field(default="notifications", pattern="^(notifications|letters|supervision|circulars)$")
    unread: bool = False


class NoticePage(Shape):
    """One page of notices of one kind."""

    kind: str
    notices: list[dict[str, Any]]
    next: str


class HistoryAsked(Shape):
    """Whose history: a case's or a finding's."""

    case_no: str = ""
    finding_no: str = ""
    limit: int = Field(default=300, ge=1, le=300)


class ActShape(Shape):
    """One act."""

    at: datetime
    who: str
    action: str
    summary: str
    detail: str
    kind: str = Field(description="空：人员办理；automatic：系统时钟；denied：被拒绝")


class HistoryPage(Shape):
    """The acts, newest first."""

    history: list[ActShape]


class ProcessShape(Shape):
    """A process that can be started by hand."""

    process: str
    title: str


class ProcessList(Shape):
    """The processes a person may start."""

    processes: list[ProcessShape]


class Start(Shape):
    """Starting a process by hand."""

    case_no: str | None = Field(default=None, max_length=40, description="以个案为对象的流程必填")


class Started(Shape):
    """A process that has been started."""

    id: int
    process: str
    key: str
