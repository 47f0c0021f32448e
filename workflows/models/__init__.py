"""The tables, a file a noun.  They hold facts and know no rule."""

from workflows.models.accountability import Appeal, Referral
from workflows.models.deadline import (
    CalendarDay,
    CalendarVersion,
    Deadline,
    DeadlineChange,
    TimeLimitRule,
)
from workflows.models.feedback import Circular, CircularReceipt, Feedback
from workflows.models.file import Attachment, Comment, StoredFile
from workflows.models.finding import (
    Acknowledgement,
    ClosureRecord,
    ExtensionRequest,
    Finding,
    FindingPerson,
    Measure,
    ProgressReport,
    RectificationPlan,
    Verification,
)
from workflows.models.history import Chain, DailyRoot, HistoryEntry
from workflows.models.inspection import InspectionCase, InspectionRound, Watch
from workflows.models.organisation import Grant, LoginFailure, LoginSession, Recusal, Unit, User
from workflows.models.outbox import ClockBeat, Notification, NumberSeries, OutboxItem
from workflows.models.process import (
    Decision,
    Draft,
    Incident,
    Message,
    MessageWait,
    ModelFile,
    ModelVersion,
    Participation,
    ProcessInstance,
    Task,
    Timer,
)
from workflows.models.revisit import Revisit, RevisitItem
from workflows.models.supervision import AdmonitionTalk, Letter, Override, SupervisionNotice

__all__ = [
    "Acknowledgement",
    "AdmonitionTalk",
    "Appeal",
    "Attachment",
    "CalendarDay",
    "CalendarVersion",
    "Chain",
    "Circular",
    "CircularReceipt",
    "ClockBeat",
    "ClosureRecord",
    "Comment",
    "DailyRoot",
    "Deadline",
    "DeadlineChange",
    "Decision",
    "Draft",
    "ExtensionRequest",
    "Feedback",
    "Finding",
    "FindingPerson",
    "Grant",
    "HistoryEntry",
    "Incident",
    "InspectionCase",
    "InspectionRound",
    "Letter",
    "LoginFailure",
    "LoginSession",
    "Measure",
    "Message",
    "MessageWait",
    "ModelFile",
    "ModelVersion",
    "Notification",
    "NumberSeries",
    "OutboxItem",
    "Override",
    "Participation",
    "ProcessInstance",
    "ProgressReport",
    "RectificationPlan",
    "Recusal",
    "Referral",
    "Revisit",
    "RevisitItem",
    "StoredFile",
    "SupervisionNotice",
    "Task",
    "TimeLimitRule",
    "Timer",
    "Unit",
    "User",
    "Verification",
    "Watch",
]
