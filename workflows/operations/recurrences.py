"""研判 (P03b): earlier findings of the unit are put beside the papers, and each gets a person's answer (S66, S67, S71)."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflows.models import Finding, FindingPerson, InspectionCase, InspectionRound, PriorLink, Unit, WorkingPaper
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy import recurrence
from workflows.policy.transitions import SETTLED_FINDINGS, state_name
from workflows.refusal import Refusal

MOST_HINTS = 20


class LinkRefused(Refusal):
    """A prior finding without an answer, or with one that leads nowhere."""

    rule = "S66"


@operation(repeatable=True)
def propose_links(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """调取以往问题：上轮检查反馈的全部问题，更早轮次未销号或与底稿相近的问题，逐项提出关联提示并说明理由。

    返回 links（以往问题与提示）、hints（同市其他单位的同类问题）。
    """
    case = context.case
    drafts = [_draft(case, row) for row in rows]
    earlier = _earlier(context, case)
    refused = _refused(context, [each.id for each in earlier])
    last = _last_case(context, case)
    found = [(each, recurrence.best_match(each, drafts, refused=refused)) for each in earlier]
    wanted = [like for each, like in found if each.number.startswith(f"{last}-") or like.kind != "new"]
    around = _neighbours(context, case)
    hints = [words for draft in drafts for words in recurrence.siblings(draft, around)]
    return {"links": [_proposal(like) for like in wanted], "hints": hints[:MOST_HINTS]}


@operation
def record_links(
    context: Context,
    *,
    rows: list[dict[str, Any]],
    proposed: list[dict[str, Any]],
    links: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """登记研判结果：每个以往问题都须答复是否关联，不采纳提示的须说明理由；采纳的计入反复次数，结转的列入底稿。

    返回 upheld（空）、pending（待会商的底稿）、meetings（0）。
    """
    given = {row["prior_no"]: row for row in links or []}
    by_paper = {row["wp_no"]: dict(row) for row in rows}
    carried: list[dict[str, Any]] = []
    for proposal in proposed:
        answer = given.get(proposal["prior_no"])
        if answer is None:
            raise LinkRefused(f"{proposal['prior_no']}还没有答复是否关联。")
        prior = context.session.scalars(select(Finding).where(Finding.finding_no == proposal["prior_no"])).one()
        link = _answered(context, prior, proposal, answer, by_paper)
        context.session.add(link)
        if link.accepted and link.wp_no:
            _count(by_paper[link.wp_no], prior)
        elif link.accepted and link.kind == "old_uncorrected":
            carried.append(_carry_over(context, prior, link, len(carried) + 1))
    context.session.flush()
    context.record(
        "record_links", f"研判以往问题{len(proposed)}项，结转{len(carried)}项",
        answers={number: row["answer"] for number, row in given.items()},
    )  # fmt: skip
    return {"upheld": [], "pending": [*by_paper.values(), *carried], "meetings": 0}


def _draft(case: InspectionCase, row: dict[str, Any]) -> recurrence.Draft:
    return recurrence.Draft(
        row["wp_no"], row["title"], row["text"], row["category"], case.unit.name, _city(case.unit)
    )


def _city(unit: Unit) -> str:
    return str(unit.city_id or unit.id)


def _of_unit(case: InspectionCase) -> Any:
    return (
        select(Finding)
        .join(Finding.case)
        .join(InspectionCase.round)
        .where(InspectionCase.unit_id == case.unit_id, InspectionCase.id != case.id, Finding.status != "not_upheld")
        .where(InspectionRound.starts_on <= case.round.starts_on)
        .options(
            joinedload(Finding.case).joinedload(InspectionCase.round),
            joinedload(Finding.case).joinedload(InspectionCase.unit),
        )
        .order_by(InspectionRound.starts_on.desc(), InspectionCase.id.desc(), Finding.seq)
    )


def _earlier(context: Context, case: InspectionCase) -> list[recurrence.Earlier]:
    return [_as_earlier(finding) for finding in context.session.scalars(_of_unit(case))]


def _last_case(context: Context, case: InspectionCase) -> str:
    """The number of the unit's case before this one, "" when there was none."""
    query = (
        select(InspectionCase.case_no)
        .join(InspectionCase.round)
        .where(InspectionCase.unit_id == case.unit_id, InspectionCase.id != case.id)
        .where(
            InspectionCase.status.not_in(("proposed", "cancelled")), InspectionRound.starts_on <= case.round.starts_on
        )
        .order_by(InspectionRound.starts_on.desc(), InspectionCase.id.desc())
    )
    return context.session.scalar(query.limit(1)) or ""


def _neighbours(context: Context, case: InspectionCase) -> list[recurrence.Earlier]:
    """Findings of the same round in the other units of the city."""
    city = case.unit.city_id or case.unit_id
    query = (
        select(Finding)
        .join(Finding.case)
        .join(InspectionCase.unit)
        .where(InspectionCase.round_id == case.round_id, InspectionCase.unit_id != case.unit_id)
        .where((Unit.city_id == city) | (Unit.id == city), Finding.status != "not_upheld")
        .options(
            joinedload(Finding.case).joinedload(InspectionCase.round),
            joinedload(Finding.case).joinedload(InspectionCase.unit),
        )
        .order_by(Finding.finding_no)
    )
    return [_as_earlier(finding) for finding in context.session.scalars(query)]


def _as_earlier(finding: Finding) -> recurrence.Earlier:
    case = finding.case
    return recurrence.Earlier(
        finding.id, finding.finding_no, finding.title, finding.text, finding.category, case.unit.name,
        _city(case.unit), case.round.name, finding.status,
    )  # fmt: skip


def _refused(context: Context, ids: list[int]) -> set[tuple[int, str]]:
    """Pairs that somebody has refused once: they never come back as a proposal (S71)."""
    query = select(PriorLink.prior_finding_id, PriorLink.category).where(
        PriorLink.accepted.is_(False), PriorLink.prior_finding_id.in_(ids)
    )
    return {(prior, category) for prior, category in context.session.execute(query)}


def _proposal(like: recurrence.Likeness) -> dict[str, Any]:
    earlier, draft = like.earlier, like.draft
    advice = "不关联：没有发现同类问题"
    if draft is not None:
        advice = f"关联底稿“{draft.title}”：{recurrence.KINDS[like.kind]}"
    elif like.kind == "old_uncorrected":
        advice = "结转为本轮问题：尚未销号"
    return {
        "prior_no": earlier.number,
        "prior_title": earlier.title,
        "prior_state": f"{earlier.round_name} {state_name('finding', earlier.status)}",
        "advice": advice,
        "score": like.score,
        "explanation": "；".join(like.explanation),
        "wp_no": draft.number if draft else "",
        "category": draft.category if draft else earlier.category,
        "kind": like.kind,
    }


def _answered(
    context: Context,
    prior: Finding,
    proposal: dict[str, Any],
    answer: dict[str, Any],
    papers: dict[str, dict[str, Any]],
) -> PriorLink:
    """The person's word on one prior finding as a row."""
    choice, reason = answer["answer"], (answer.get("reason") or "").strip()
    if choice != "accept" and not reason:
        raise LinkRefused(f"{prior.finding_no}不采纳提示的，须说明理由。")
    wp_no, kind, accepted, category = proposal["wp_no"], proposal["kind"], choice != "deny", proposal["category"]
    if choice == "other":
        wp_no = answer.get("other_paper") or ""
        if wp_no not in papers:
            raise LinkRefused(f"{prior.finding_no}关联到其他底稿的，须选择本案的一份底稿。")
        kind, category = _kind(prior), papers[wp_no]["category"]
    return PriorLink(
        case_id=context.case.id, wp_no=wp_no if accepted else "", category=category, prior_finding_id=prior.id,
        kind=kind, score=proposal["score"], explanation=proposal["explanation"].split("；"), accepted=accepted,
        reason=reason, by_id=context.actor_id, at=context.now,
    )  # fmt: skip


def _kind(prior: Finding) -> str:
    return "rebound" if prior.status in SETTLED_FINDINGS else "old_uncorrected"


def _count(row: dict[str, Any], prior: Finding) -> None:
    """The paper is the prior finding again: one time more than that one was."""
    if prior.recurrence_count + 1 > row["recurrence_count"]:
        row["recurrence_count"], row["recurrence_of"] = prior.recurrence_count + 1, prior.id


def _carry_over(context: Context, prior: Finding, link: PriorLink, number: int) -> dict[str, Any]:
    """结转: an open finding of an earlier round becomes a paper of this one (S67)."""
    case = context.case
    paper = WorkingPaper(
        wp_no=f"{case.case_no}-JZ{number:02d}", case_id=case.id, title=prior.title,
        phenomenon=f"截至本次检查，{prior.finding_no}所列问题仍未整改到位。{prior.text}", category=prior.category,
        chain=prior.chain, evidence=[prior.finding_no], authors=["上轮检查组", "本轮检查组"],
        status="draft", drafted_at=context.now,
    )  # fmt: skip
    context.session.add(move(paper, "team_review"))
    context.session.flush()
    link.wp_no = paper.wp_no
    people = context.session.scalars(select(FindingPerson.name).where(FindingPerson.finding_id == prior.id))
    on = prior.conduct_on or case.exit_date or context.today
    row = {
        "wp_no": paper.wp_no, "wp_id": paper.id, "title": prior.title, "text": paper.phenomenon,
        "category": prior.category, "chain": prior.chain, "rectify_type": prior.rectify_type,
        "conduct_on": date.isoformat(on), "clauses": list(prior.clauses), "clause_reason": "沿用上轮认定依据",
        "violation_appointment": prior.violation_appointment, "persons": "；".join(people),
        "appointment_effect": "none", "falsified": False, "involves_principal": False,
        "root_cause_kind": "execution", "root_cause": prior.root_cause, "recurrence_count": 0, "recurrence_of": None,
    }  # fmt: skip
    _count(row, prior)
    return row


def settle_links(context: Context, findings: dict[str, Finding]) -> None:
    """The papers have become findings (by paper number): their accepted links say which."""
    query = select(PriorLink).where(PriorLink.case_id == context.case.id, PriorLink.accepted, PriorLink.wp_no != "")
    for link in context.session.scalars(query):
        if link.wp_no in findings:
            link.finding_id = findings[link.wp_no].id
