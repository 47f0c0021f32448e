"""问题底稿 (P03b): what the team brought from the site is sorted, and supplemented where the meeting asks for it."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import InspectionCase, TeamMember, Unit, User, WorkingPaper, ZeroDeclaration
from workflows.models.team import Team
from workflows.operations._findings import listed, require_complete
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.queries import regulations, taxonomy
from workflows.records import notices
from workflows.refusal import Refusal
from workflows.workdays import start_of_day

TEAM_ROLES = ("team_leader", "team_member")


class PaperRefused(Refusal):
    """A paper that was not sorted as it must be."""

    rule = "P03b"


@operation
def load_papers(context: Context) -> dict[str, Any]:
    """梳理准备：案件转入问题认定，自离点起算T07；底稿提交组内审议，列出检查组成员。

    返回 papers（底稿）、members（应到人员）、zero_declaration（零问题声明）、key_task。
    """
    case = context.case
    move(case, "determining")
    if case.exit_date is not None:
        context.open_deadline("T07", anchor_at=start_of_day(case.exit_date), anchor_label="离点")
    papers = [_reviewed(paper) for paper in papers_of(context, case) if paper.status != "not_upheld"]
    declared = context.session.scalar(select(ZeroDeclaration).where(ZeroDeclaration.case_id == case.id))
    context.record("load_papers", f"转入问题认定，底稿{len(papers)}份")
    return {
        "papers": [_row(context, paper) for paper in papers],
        "members": [{"person": name} for name in _members(context)],
        "zero_declaration": declared.declaration if declared else "",
        "key_task": case.round.kind == "key_task",
    }


@operation
def record_sorting(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """登记梳理结果：每份底稿标明类别、链条、行为发生日和定性依据；违规用人须写明责任人。

    条款在行为发生日不施行或规则库没有收录的，须说明援引理由。返回 rows。
    """
    known = {paper.wp_no: paper for paper in papers_of(context, context.case)}
    sorted_rows = []
    for number, row in enumerate(rows, start=1):
        if row["wp_no"] not in known:
            raise PaperRefused(f"没有底稿“{row['wp_no']}”。")
        sorted_rows.append(_sorted(context, number, row, known[row["wp_no"]]))
    context.record("record_sorting", f"梳理底稿{len(rows)}份", papers=[row["wp_no"] for row in rows])
    return {"rows": sorted_rows}


@operation
def supplement_papers(
    context: Context, *, at_hand: dict[str, Any], supplements: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记补充核实情况：底稿写入核实结果，重新提交会商。返回 upheld、pending、meetings。"""
    given = {row["wp_no"]: row for row in supplements}
    papers = {paper.wp_no: paper for paper in papers_of(context, context.case)}
    pending = []
    for row in at_hand["pending"]:
        paper, found = papers[row["wp_no"]], given[row["wp_no"]]
        paper.phenomenon = f"{paper.phenomenon}\n补充核实：{found['supplement']}"
        move(paper, "team_review")
        pending.append({**row, "text": found["text"], "supplement": found["supplement"]})
    context.record("supplement_papers", f"补充核实{len(pending)}份底稿", papers=[row["wp_no"] for row in pending])
    return {**at_hand, "pending": pending}


def papers_of(context: Context, case: InspectionCase) -> list[WorkingPaper]:
    """The case's papers by number."""
    rows = select(WorkingPaper).where(WorkingPaper.case_id == case.id).order_by(WorkingPaper.wp_no)
    return list(context.session.scalars(rows))


def statement(paper: WorkingPaper) -> str:
    """三段式: what happened, what it amounts to, who answers for it."""
    return "\n".join(part for part in (paper.phenomenon, paper.qualification, paper.responsibility) if part)


def _reviewed(paper: WorkingPaper) -> WorkingPaper:
    return move(paper, "team_review") if paper.status in ("draft", "supplement") else paper


def _row(context: Context, paper: WorkingPaper) -> dict[str, Any]:
    """A paper as the sorting form starts with it: its category's defaults stand where the paper says nothing."""
    leaf = taxonomy.leaf(context.session, paper.category, context.today)
    usual = {
        "category": leaf.code if leaf else "",
        "chain": paper.chain,
        "rectify_type": leaf.default_rectify_type if leaf else "",
        "violation_appointment": bool(leaf and leaf.violation_appointment),
    }
    known = {"wp_no": paper.wp_no, "title": paper.title, "text": statement(paper)}
    return known | {name: value for name, value in usual.items() if value != ""}


def _sorted(context: Context, number: int, row: dict[str, Any], paper: WorkingPaper) -> dict[str, Any]:
    leaf = taxonomy.leaf(context.session, row.get("category") or "", context.today)
    if leaf is None:
        raise PaperRefused(
            f"第{number}项：没有问题类别“{row.get('category') or ''}”，请从现行类别中选择。", rule="S42"
        )
    clauses = [*listed(row.get("clause")), *listed(row.get("more_clauses"))]
    require_complete(number, row, clauses, listed(row.get("persons")))
    _require_in_force(context, number, clauses, row)
    paper.category, paper.chain = leaf.code, row["chain"]
    return {**row, "wp_id": paper.id, "clauses": clauses, "recurrence_count": 0, "recurrence_of": None}


def _require_in_force(context: Context, number: int, clauses: list[str], row: dict[str, Any]) -> None:
    conduct_on = date.fromisoformat(row["conduct_on"])
    if conduct_on > context.today:
        raise PaperRefused(f"第{number}项：行为发生日不能晚于今天。", rule="S3")
    if (row.get("clause_reason") or "").strip():
        return
    for cited in regulations.cite(context.session, clauses, conduct_on):
        if cited.doubt:
            raise PaperRefused(f"第{number}项：{cited.text}{cited.doubt}，继续援引须写明理由。", rule="S3")


def _members(context: Context) -> list[str]:
    """Who is expected at the team's meeting: the team of the case, else everybody who holds a team role over it."""
    case = context.case
    team = select(TeamMember.user_id).join(Team).where(Team.case_id == case.id)
    ids = list(context.session.scalars(team)) or [
        user_id
        for role in TEAM_ROLES
        for user_id in notices.holders(
            context.session, role=role, now=context.now, unit_id=case.unit_id, case_id=case.id
        )
    ]
    names = select(User.name).where(User.id.in_(ids)).order_by(User.id)
    return list(context.session.scalars(names)) or [context.session.get_one(Unit, case.unit_id).name + "检查组"]
