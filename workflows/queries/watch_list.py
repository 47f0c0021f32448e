"""重点关注: what keeps coming back, and why it is on the list; patterns over several units (S71, S79)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import CommonPattern, Finding, InspectionCase, InspectionRound, PriorLink
from workflows.policy import Actor
from workflows.policy.recurrence import KINDS
from workflows.queries.paging import PAGE_SIZE, Order, fetch
from workflows.queries.scope import visible_cases

BY_COUNT = Order(Finding.recurrence_count, lambda finding: finding.recurrence_count, "反复次数", descending=True)


@dataclass(frozen=True)
class Watched:
    """A finding on the list, with the reasons in words."""

    finding: Finding
    why: Sequence[str]


@dataclass(frozen=True)
class WatchList:
    """One page of findings, and the patterns suggested (for those who see the region)."""

    rows: Sequence[Watched]
    next: str
    patterns: Sequence[tuple[CommonPattern, InspectionRound]]


def watch_list(session: Session, actor: Actor, *, after: str = "", size: int = PAGE_SIZE) -> WatchList:
    """Every watched finding of the cases the person sees, the most frequent first."""
    query = (
        select(Finding)
        .join(Finding.case)
        .where(Finding.watch, visible_cases(actor))
        .options(
            joinedload(Finding.case).joinedload(InspectionCase.unit),
            joinedload(Finding.case).joinedload(InspectionCase.round),
        )
    )
    page = fetch(session, query, order=BY_COUNT, id_=Finding.id, after=after, size=size)
    reasons = _reasons(session, [finding.id for finding in page.rows])
    rows = [Watched(finding, _why(finding, reasons[finding.id])) for finding in page.rows]
    return WatchList(rows, page.next, _patterns(session))


def _reasons(session: Session, ids: list[int]) -> Mapping[int, list[str]]:
    """Finding id → what its accepted links say."""
    query = (
        select(PriorLink, Finding.finding_no, InspectionRound.name)
        .join(Finding, PriorLink.prior_finding_id == Finding.id)
        .join(InspectionCase, Finding.case_id == InspectionCase.id)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .where(PriorLink.finding_id.in_(ids), PriorLink.accepted)
        .order_by(PriorLink.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for link, number, round_name in session.execute(query):
        if link.finding_id is not None:
            found[link.finding_id].append(f"{KINDS[link.kind]}：{round_name}已反馈（{number}）")
    return found


def _why(finding: Finding, links: Sequence[str]) -> list[str]:
    words = list(links)
    if finding.round_no > 1:
        words.append(f"回头看发现未巩固，已进入第{finding.round_no}轮整改")
    return words or [f"同类问题第{finding.recurrence_count}次反复"]


def _patterns(session: Session) -> list[tuple[CommonPattern, InspectionRound]]:
    query = (
        select(CommonPattern, InspectionRound)
        .join(InspectionRound, CommonPattern.round_id == InspectionRound.id)
        .order_by(CommonPattern.raised_at.desc(), CommonPattern.id.desc())
        .limit(PAGE_SIZE)
    )
    return [(pattern, round_) for pattern, round_ in session.execute(query)]
