"""清零见底: the end of a case — everything consolidated, told to the region, and put into the archive (P08, S104, S109)."""

from typing import Any

from sqlalchemy import select

from workflows.models import ClosureRecord
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.circulars import send_to_region
from workflows.operations.context import Context
from workflows.operations.referrals import referrals_decided
from workflows.operations.revisits import current_revisit
from workflows.queries.chain_hashes import closure_hash
from workflows.records.findings import findings_of, recount
from workflows.records.teams import end_rights
from workflows.refusal import Refusal


class CannotZero(Refusal):
    """Something in the case is still open."""

    rule = "S109"


class CannotArchive(Refusal):
    """The case's closure records do not fit together."""

    rule = "archive"


@operation
def zero_case(context: Context) -> dict[str, Any]:
    """清零见底：未销号问题数必须为零，且全部问题已巩固；案件转为“清零见底”。"""
    case = context.case
    if open_count := recount(context.session, case):
        raise CannotZero(f"还有{open_count}个问题未销号，不能清零。")
    loose = [finding for finding in findings_of(context.session, case) if finding.status == "closed"]
    if loose:
        raise CannotZero(f"以下问题尚未经回头看认定巩固：{'、'.join(finding.finding_no for finding in loose)}。")
    move(case, "zeroed")
    case.zeroed_at = context.now
    revisit = current_revisit(context)
    revisit.status, revisit.ended_at = "zeroed", context.now
    context.record("zero_case", f"第{revisit.cycle}轮回头看：清零见底")
    return {}


@operation
def issue_revisit_circular(context: Context, *, title: str, body: str) -> dict[str, Any]:
    """印发回头看通报（类型为 revisit）：编号、登记，下发全区各单位对照自查。返回 circular_no。"""
    return {"circular_no": send_to_region(context, title=title, body=body, kind="revisit").circular_no}


@operation
def issue_zero_circular(context: Context, *, title: str, body: str) -> dict[str, Any]:
    """印发清零通报（类型为 zeroed）：编号、登记，发全区各单位知悉，不要求对照自查。返回 circular_no。"""
    circular = send_to_region(context, title=title, body=body, kind="zeroed", to_check=False)
    return {"circular_no": circular.circular_no}


@operation
def archive_when_settled(context: Context) -> dict[str, Any]:
    """核对并归档：未销号数为零、问责事项均已决定、销号记录链完整时归档；问责未办结的等待。返回 archived。"""
    if not referrals_decided(context):
        return {"archived": False}
    case = context.case
    if recount(context.session, case):
        raise CannotArchive("还有问题未销号，不能归档。")
    _require_closures(context)
    for finding in findings_of(context.session, case):
        if finding.status == "consolidated":
            move(finding, "archived")
    move(case, "archived")
    case.archived_at = context.now
    end_rights(context.session, case.id, context.now)
    context.record("archive_case", "案件归档：问题清零、问责办结、销号记录完整")
    return {"archived": True}


def _require_closures(context: Context) -> None:
    """Every finding carries the closure record it names, for the round it was closed in, and nobody has changed it."""
    found = findings_of(context.session, context.case)
    rows = select(ClosureRecord).where(ClosureRecord.finding_id.in_([finding.id for finding in found]))
    records = {(row.finding_id, row.round_no): row for row in context.session.scalars(rows)}
    for finding in found:
        record = records.get((finding.id, finding.round_no))
        if record is None or record.closure_no != finding.closed_no:
            raise CannotArchive(f"{finding.finding_no}的销号记录缺失或与台账不符，不能归档。")
        if closure_hash(record) != record.hash:
            raise CannotArchive(f"{finding.finding_no}的销号记录校验不符，可能被改动，不能归档。")
