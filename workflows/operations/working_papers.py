"""问题底稿: what the team found, each with evidence and two authors, or a declaration that it found nothing (S68–S70)."""

from typing import Any

from sqlalchemy import select

from workflows.models import ChecklistItem, Lead, WorkingPaper, ZeroDeclaration
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.site_work import two_people
from workflows.policy.vocabulary import LEAD_CONCLUSION
from workflows.queries import onsite
from workflows.refusal import Refusal

AUTHORS = ("author_1", "author_2")


class PaperRefused(Refusal):
    """A working paper is incomplete, or comes too early."""

    rule = "S69"


@operation
def prepare_papers(context: Context) -> dict[str, Any]:
    """汇总待形成底稿的问题：清单中“有问题”的事项带入底稿，另列线索查实的底稿和尚未办结的线索。

    返回 papers（待完善的行）、lead_papers、open_leads。
    """
    session, case_id = context.session, context.case.id
    return {
        "papers": [_row(item) for item in onsite.checklist(session, case_id) if item.answer == "issue"],
        "lead_papers": [f"{paper.wp_no} {paper.title}" for paper in onsite.papers(session, case_id)],
        "open_leads": [lead.lead_no for lead in onsite.open_leads(session, case_id)],
    }


@operation
def record_papers(context: Context, *, papers: list[dict[str, Any]] | None) -> dict[str, Any]:
    """登记问题底稿：收到的线索须全部办结；每份底稿须有佐证和两名以上检查人。返回 paper_count（含线索形成的底稿）。"""
    _require_leads_settled(context, "形成底稿结论")
    for number, row in enumerate(papers or [], start=1):
        _complete(_new_paper(context, row["title"]), row, f"第{number}份底稿")
    context.session.flush()
    count = len(onsite.papers(context.session, context.case.id))
    context.record("record_papers", f"形成问题底稿{len(papers or [])}份，全案共{count}份")
    return {"paper_count": count}


@operation
def complete_lead_paper(context: Context, *, wp_no: str, paper: dict[str, Any]) -> dict[str, Any]:
    """完善线索查实后形成的底稿：表现、定性、责任、类别、链条、佐证和两名检查人缺一不可。"""
    found = context.session.scalars(select(WorkingPaper).where(WorkingPaper.wp_no == wp_no)).one()
    _complete(found, paper, f"底稿{wp_no}")
    context.record("complete_lead_paper", f"完善问题底稿{wp_no}：{found.title}")
    return {}


@operation
def declare_zero_findings(context: Context, *, declaration: str) -> dict[str, Any]:
    """零问题声明：由组长作出并对其负责；此后如有线索查实，声明自动撤回。"""
    _require_leads_settled(context, "声明未发现问题")
    is_moot = bool(onsite.papers(context.session, context.case.id))  # a lead proved true while this was being written
    context.session.add(
        ZeroDeclaration(
            case_id=context.case.id,
            declaration=declaration,
            declared_by_id=context.actor_id,
            declared_at=context.now,
            withdrawn_at=context.now if is_moot else None,
        )
    )
    context.record("declare_zero_findings", "组长作出零问题声明", declaration=declaration)
    return {}


def open_lead_paper(context: Context, lead: Lead) -> WorkingPaper:
    """A draft for a lead that proved true; a zero declaration made before no longer stands."""
    paper = _new_paper(context, lead.title)
    paper.lead_id = lead.id
    context.session.flush()
    if (zero := onsite.zero_declaration(context.session, context.case.id)) is not None:
        zero.withdrawn_at = context.now
    words = f"线索{lead.lead_no}{LEAD_CONCLUSION[lead.conclusion]}，形成问题底稿{paper.wp_no}"
    context.record("open_lead_paper", words)
    return paper


def pieces(text: str) -> list[str]:
    """The parts of a list that people write with semicolons."""
    return [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]


def _require_leads_settled(context: Context, act: str) -> None:
    if waiting := onsite.open_leads(context.session, context.case.id):
        numbers = "、".join(lead.lead_no for lead in waiting)
        raise PaperRefused(f"以下线索尚未办结，不能{act}：{numbers}。", rule="S68")


def _row(item: ChecklistItem) -> dict[str, Any]:
    """What the checklist already says of a problem; what it does not say is left to be written."""
    said = {"title": item.text[:120], "phenomenon": item.na_reason, "category": item.category, "chain": item.chain}
    return {name: value for name, value in said.items() if value}


def _new_paper(context: Context, title: str) -> WorkingPaper:
    paper = WorkingPaper(
        wp_no=context.number("{case_no}-DG{n:03d}", case_no=context.case.case_no),
        case_id=context.case.id,
        title=title,
        evidence=[],
        authors=[],
        status="draft",
        drafted_at=context.now,
    )
    context.session.add(paper)
    return paper


def _complete(paper: WorkingPaper, row: dict[str, Any], what: str) -> None:
    evidence = pieces(row["evidence"])
    if not evidence:
        raise PaperRefused(f"{what}没有佐证材料，不得提交会商。")
    paper.title, paper.phenomenon = row["title"], row["phenomenon"]
    paper.qualification, paper.responsibility = row["qualification"], row["responsibility"]
    paper.category, paper.chain = row["category"], row["chain"]
    paper.evidence, paper.authors = evidence, two_people(row, what, "检查人", keys=AUTHORS)
