"""Deadlines: each stands where its changes put it, somebody looks at it next, and no finding is without one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from sqlalchemy import and_, exists, func, or_, select

from workflows.deadlines import history
from workflows.deadlines.history import DeadlineRefused, Standing
from workflows.models import Deadline, DeadlineChange, ExtensionRequest, Finding, InspectionCase
from workflows.queries.deadline_changes import change_of
from workflows.queries.doctor._rules import Examination, Finds, rule

OPEN = and_(Deadline.met_at.is_(None), Deadline.voided_at.is_(None))
OWN_RULES = ("D4", "T17", "T20")
LATE_CLOCK = timedelta(days=1)


@rule("deadline_unreconciled", "期限必须与其变更记录对得上")
def deadline_unreconciled(seen: Examination) -> Finds:
    """original + extended + paused + rolled + recalculated = where it stands (design §4)."""
    rows = seen.session.scalars(select(DeadlineChange).order_by(DeadlineChange.deadline_id, DeadlineChange.id))
    changes = {key: list(group) for key, group in groupby(rows, key=lambda row: row.deadline_id)}
    for deadline in seen.session.scalars(select(Deadline).order_by(Deadline.id)):
        if found := _differences(deadline, changes.get(deadline.id, [])):
            yield f"{deadline.subject_no} {deadline.rule}", f"期限与变更记录不符：{'、'.join(found)}"


def _differences(deadline: Deadline, rows: Sequence[DeadlineChange]) -> list[str]:
    if not rows:
        return ["没有变更记录"]
    try:
        standing = history.current([change_of(row) for row in rows])
    except (DeadlineRefused, KeyError, ValueError):
        return ["变更记录前后矛盾"]
    return list(_compared(deadline, standing))


def _compared(deadline: Deadline, standing: Standing) -> Iterator[str]:
    pairs = {
        "原定到期": (deadline.original_due_at, standing.original_due),
        "现到期": (deadline.due_at, standing.due_at),
        "延期次数": (deadline.extension_count, standing.extension_count),
        "中止天数": (deadline.paused_days, standing.paused_days),
        "办结": (deadline.met_at, standing.met_at),
        "作废": (deadline.voided_at, standing.voided_at),
        "中止状态": (deadline.paused_since is not None, standing.is_paused),
    }
    yield from (name for name, (stored, told) in pairs.items() if stored != told)
    if not standing.reconciles:
        yield "天数不平"


@rule("deadline_unwatched", "未办结的期限必须有下一次检查时刻")
def deadline_unwatched(seen: Examination) -> Finds:
    """Before its due moment a deadline has a letter to come; an escalating one that is late has its first level."""
    asked = or_(Deadline.due_at > seen.now, and_(Deadline.escalates, Deadline.level == 0))
    query = select(Deadline.subject_no, Deadline.rule).where(
        OPEN, Deadline.paused_since.is_(None), Deadline.next_at.is_(None), asked
    )
    for subject_no, code in seen.session.execute(query):
        yield f"{subject_no} {code}", "期限未办结，却没有下一次检查时刻，不会再有预警"


@rule("clock_behind", "期限的检查不得落后一天以上")
def clock_behind(seen: Examination) -> Finds:
    """The clock has not come by for more than a day."""
    query = select(Deadline.subject_no, Deadline.rule).where(OPEN, Deadline.next_at < seen.now - LATE_CLOCK)
    for subject_no, code in seen.session.execute(query):
        yield f"{subject_no} {code}", "到了检查时刻一天以上仍未检查，系统时钟可能没有运行"


@rule("extension_count", "延期次数必须等于同意的延期申请数")
def extension_count(seen: Examination) -> Finds:
    """P06a, T26: an extension exists only by an approved request."""
    approved = func.count(ExtensionRequest.id)
    query = (
        select(Deadline.subject_no, Deadline.rule, Deadline.extension_count, approved)
        .outerjoin(
            ExtensionRequest,
            and_(ExtensionRequest.deadline_id == Deadline.id, ExtensionRequest.status == "approved"),
        )
        .group_by(Deadline.id, Deadline.subject_no, Deadline.rule, Deadline.extension_count)
        .having(approved != Deadline.extension_count)
    )
    for subject_no, code, counted, requests in seen.session.execute(query):
        yield f"{subject_no} {code}", f"登记延期 {counted} 次，同意的延期申请有 {requests} 件"


@rule("extension_without_deadline", "待批的延期申请必须对应未办结的期限")
def extension_without_deadline(seen: Examination) -> Finds:
    """P06a: what has been done needs no more time; its request lapses, and `extension_asked` says whether one is open."""
    pending = exists().where(ExtensionRequest.deadline_id == Deadline.id, ExtensionRequest.status == "pending")
    query = select(Deadline.subject_no, Deadline.rule).where(Deadline.extension_asked != pending)
    for subject_no, code in seen.session.execute(query):
        yield f"{subject_no} {code}", "延期申请的状态与期限的状态不一致"


@rule("deadline_open_twice", "同一事项同一时限不得有两个未办结的期限")
def deadline_open_twice(seen: Examination) -> Finds:
    """A new deadline opens only when the last one is met or void."""
    query = (
        select(Deadline.subject_no, Deadline.rule)
        .where(OPEN)
        .group_by(Deadline.subject_no, Deadline.rule)
        .having(func.count() > 1)
    )
    for subject_no, code in seen.session.execute(query):
        yield f"{subject_no} {code}", "同时有两个以上未办结的期限"


@rule("rectifying_without_deadline", "整改中的问题必须有自己的期限")
def rectifying_without_deadline(seen: Examination) -> Finds:
    """D4, later T17 or T20: nothing is rectified without a date."""
    own = exists().where(Deadline.finding_id == Finding.id, OPEN, Deadline.rule.in_(OWN_RULES))
    query = (
        select(Finding.finding_no)
        .join(InspectionCase, InspectionCase.id == Finding.case_id)
        .where(Finding.status == "rectifying", InspectionCase.status != "suspended", ~own)
    )
    for finding_no in seen.session.scalars(query):
        yield finding_no, f"问题 {finding_no} 正在整改，却没有未办结的整改时限"
