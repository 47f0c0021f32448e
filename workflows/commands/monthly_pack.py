"""月度调度通报 in one click: the bulletin and its tables as of a month's end, the same bytes whenever it is asked for.

A background job, for those who read the whole region.  The file says nothing of who asked for it, or when.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflows.commands.errands import Errand, JobKind, Outcome, Progress, Run
from workflows.documents import fixed_packages, rendering
from workflows.documents.kinds import KINDS
from workflows.documents.monthly_xlsx import Sheet, workbook
from workflows.policy import SUPERVISORS, Actor, NotAllowed
from workflows.policy import vocabulary as words
from workflows.queries import monthly, months
from workflows.queries.document_data import day as day_words
from workflows.queries.document_data.regional import bulletin_of
from workflows.queries.ledger import LIGHT_WORDS
from workflows.queries.scope import sees_region, visible_cases
from workflows.refusal import Refusal
from workflows.workdays import closing_day, local_date

TITLE = "选人用人专项检查整改月度调度"
KIND = KINDS["monthly_bulletin"]
UNNUMBERED = "（印发时编号）"


def monthly_pack(errand: Errand) -> Run:
    """Three steps: what stood, the papers, the package."""
    month = months.month_of(str(errand.arguments["month"]))
    with errand.desk.sessions() as session:
        require_over(month, errand.now)
        yield Progress(0, 3, "正在汇总")
        found = standing_of(session, errand.actor, month)
    yield Progress(1, 3, "正在生成通报和明细")
    content = pack(found)
    yield Progress(2, 3, "正在打包")
    errand.target.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    note = f"{month.words}：{len(found.items)}个问题，已销号{found.closed}个；校验码 {digest[:16]}"
    return Outcome(f"月度调度通报-{month.name}.zip", note, {"sha256": digest})


def standing_of(session: Session, actor: Actor, month: months.Month) -> months.Standing:
    """How it stood in what the person may read; raises NotAllowed unless that is the region."""
    if not sees_region(actor):
        raise NotAllowed("月度调度通报只对全区监督人员开放。", rule="monthly_pack")
    return monthly.standing(session, month, visible_cases(actor))


def pack(found: months.Standing) -> bytes:
    """The zip: bulletin, tables, and a list of both with their check sums."""
    month, last = found.month, found.month.last_day
    requirements = next(field.default for field in KIND.fields if field.name == "requirements")
    data = {
        **bulletin_of(found), "issuer": "自治区党委组织部", "number": UNNUMBERED, "date": day_words(last),
        "requirements": requirements, "copies": "",
    }  # fmt: skip
    bulletin = rendering.render(rendering.shipped(KIND.code), KIND, data)
    parts = [
        (f"{month.words}调度通报.docx", fixed_packages.repacked(bulletin, last)),
        (f"{month.words}调度明细.xlsx", workbook(f"{TITLE}（{month.words}）", sheets(found), last)),
    ]
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts)
    listed = f"{TITLE}（{month.words}）\n数据截至：{last.isoformat()} 24:00（北京时间）\n\n{sums}"
    return fixed_packages.packed([*parts, ("清单.txt", listed.encode())], last)


def sheets(found: months.Standing) -> list[Sheet]:
    """The workbook's sheets."""
    note = f"数据截至 {found.month.last_day.isoformat()} 24:00（北京时间）；按当时的记录计算，事后变化不影响本表"
    return [
        Sheet("总览", note, (("项目", 30), ("数值", 14)), _totals(found)),
        Sheet("各案进展", note, _heads("案件编号:18 单位:24 问题:8 已销号:8 本月销号:10 逾期:8 延过期:8 销号率:10"), _cases(found)),
        Sheet("问题明细", note, _heads(
            "编号:20 单位:22 问题:44 类别:24 严重程度:10 亮灯:8 逾期天数:10 原定期限:12 现行期限:12 延期次数:10 督办级别:10"
            " 销号编号:20 销号日期:12"
        ), _items(found)),
        Sheet("本月督办", note, _heads("文号:18 单位:24 编号:20 级别:12 文书:18 下发日期:12 签收日期:12"), _notices(found)),
        Sheet("本月延期", note, _heads("编号:20 单位:24 第几次:8 原期限:12 申请期限:12 结果:10 决定日期:12"), _extensions(found)),
    ]  # fmt: skip


def require_over(month: months.Month, now: datetime) -> None:
    """A month that goes on has not stood anywhere yet."""
    if month.ends > now:
        raise Refusal(f"{month.words}尚未结束，月底后方可生成。", rule="monthly_pack")


def accept_month(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """{"month": "2026-08"}."""
    try:
        return {"month": months.month_of(str(arguments.get("month", ""))).name}
    except ValueError as error:
        raise Refusal("请选择月份。", rule="job_arguments") from error


MONTHLY_PACK = JobKind("monthly_pack", "月度调度通报", monthly_pack, SUPERVISORS, accept_month)


def _heads(text: str) -> list[tuple[str, int]]:
    return [(name, int(width)) for name, _, width in (each.partition(":") for each in text.split())]


def _totals(found: months.Standing) -> list[tuple[str, int | str]]:
    received = sum(notice.received_at is not None for notice in found.notices)
    granted = sum(each.granted for each in found.extensions)
    lights = [
        (f"亮灯：{name}", sum(item.light == code for item in found.items)) for code, name in LIGHT_WORDS.items()
    ]
    return [
        ("已反馈案件", len(found.cases)), ("问题总数", len(found.items)), ("已销号", found.closed),
        ("未销号", len(found.items) - found.closed), ("销号率", f"{found.percent}%"), ("本月销号", found.closed_now),
        ("逾期未销号", found.overdue), *lights, ("本月下发督办文书", len(found.notices)), ("其中已签收", received),
        ("本月审结延期申请", len(found.extensions)), ("其中同意", granted), ("本月移送问责", found.referrals),
    ]  # fmt: skip


def _cases(found: months.Standing) -> Iterator[tuple[Any, ...]]:
    for row in found.cases:
        share = f"{round(100 * row.closed / row.found)}%" if row.found else "—"
        yield row.case_no, row.unit, row.found, row.closed, row.closed_now, row.overdue, row.extended, share


def _items(found: months.Standing) -> Iterator[tuple[Any, ...]]:
    for item in found.items:
        limit = item.limit
        yield (
            item.finding_no, item.unit, item.title, item.category, words.word(words.SEVERITY, item.severity),
            LIGHT_WORDS[item.light], item.days_late or "", _closing(limit.original_due_at if limit else None),
            _closing(limit.due_at if limit else None), limit.extensions if limit else 0,
            words.SUPERVISION_LEVEL[item.level] if item.level else "", item.closed_no,
            local_date(item.closed_at).isoformat() if item.closed_at else "",
        )  # fmt: skip


def _notices(found: months.Standing) -> Iterator[tuple[Any, ...]]:
    for row in found.notices:
        received = local_date(row.received_at).isoformat() if row.received_at else "未签收"
        level = words.SUPERVISION_LEVEL[row.level]
        yield (
            row.notice_no,
            row.unit,
            row.subject_no,
            level,
            row.form,
            local_date(row.issued_at).isoformat(),
            received,
        )


def _extensions(found: months.Standing) -> Iterator[tuple[Any, ...]]:
    for row in found.extensions:
        yield (
            row.subject_no, row.unit, row.nth, _closing(row.old_due_at), _closing(row.new_due_at),
            "同意" if row.granted else "未同意", local_date(row.decided_at).isoformat(),
        )  # fmt: skip


def _closing(at: datetime | None) -> str:
    return closing_day(at).isoformat() if at else ""
