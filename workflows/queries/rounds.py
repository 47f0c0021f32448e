"""轮次: the rounds a person sees, one round analysed as a whole (S19), and what all rounds have found so far (S43, S4).

Counts only cases and findings within the person's scope; knows no process.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, joinedload

from workflows.models import (
    Analysis,
    Finding,
    FocusSet,
    InspectionCase,
    InspectionRound,
    TargetProposal,
    TourUnit,
    Unit,
)
from workflows.policy import Actor
from workflows.policy.clearance import may_read_dossier
from workflows.policy.vocabulary import UNIT_GROUP
from workflows.queries.cases import SETTLED
from workflows.queries.scope import not_recused, sees_region, visible_cases
from workflows.queries.task_facts import place_of_case

NOT_FOUND = ("draft", "not_upheld")
NOT_CHECKED = ("proposed", "cancelled")
ROUNDS_IN_TREND = 6


@dataclass(frozen=True)
class Tally:
    """What a set of cases has brought: findings, those closed, rectification opinions, severities, categories."""

    cases: int = 0
    findings: int = 0
    closed: int = 0
    opinions: int = 0
    recurring: int = 0
    severities: Mapping[str, int] | None = None
    categories: Mapping[str, int] | None = None

    @property
    def open(self) -> int:
        """Findings not yet closed."""
        return self.findings - self.closed

    def of_category(self, letter: str) -> int:
        """Findings of a category A–F."""
        return sum(count for code, count in (self.categories or {}).items() if code.startswith(letter))


@dataclass(frozen=True)
class RoundRow:
    """A round with what it has brought."""

    round: InspectionRound
    tally: Tally


@dataclass(frozen=True)
class CaseRow:
    """A case of a round with what it has brought."""

    case: InspectionCase
    tally: Tally


@dataclass(frozen=True)
class GroupRow:
    """S43: 地方, 单位 or 企业 over all rounds."""

    group: str
    units: int
    rounds: int
    tally: Tally


@dataclass(frozen=True)
class Risk:
    """S19: a category that signed analyses of the round's dossiers name as a focus, and the units concerned."""

    category: str
    units: list[str]


@dataclass(frozen=True)
class RoundView:
    """One round on one page."""

    round: InspectionRound
    tally: Tally
    cases: list[CaseRow]
    groups: list[GroupRow]
    analyses: list[Analysis]
    risks: list[Risk]
    focus_sets: list[FocusSet]
    proposals: list[TargetProposal]
    missing: list[Unit]
    beyond: list[InspectionCase]
    pending: list[InspectionCase]


def rounds(session: Session, actor: Actor) -> list[RoundRow]:
    """The rounds the person sees, newest first."""
    brought = _findings_by(session, actor)
    cases: Counter[int] = Counter()
    ids: dict[int, list[int]] = defaultdict(list)
    checked = visible_cases(actor) & InspectionCase.status.not_in(NOT_CHECKED)
    for case_id, round_id in session.execute(select(InspectionCase.id, InspectionCase.round_id).where(checked)):
        cases[round_id] += 1
        ids[round_id].append(case_id)
    query = (
        select(InspectionRound).where(_seen(actor)).order_by(InspectionRound.starts_on.desc(), InspectionRound.code)
    )
    return [
        RoundRow(each, tally([row for case_id in ids[each.id] for row in brought[case_id]], cases[each.id]))
        for each in session.scalars(query)
    ]


def round_named(session: Session, actor: Actor, code: str) -> InspectionRound:
    """The round, if the person sees it; else NoResultFound."""
    return session.scalars(select(InspectionRound).where(InspectionRound.code == code, _seen(actor))).one()


def round_view(session: Session, actor: Actor, code: str) -> RoundView:
    """One round on one page, the parts cut to what the person may see; raises NoResultFound."""
    round_ = round_named(session, actor, code)
    cases = _cases(session, actor, InspectionCase.round_id == round_.id)
    brought = _findings_by(session, actor, InspectionCase.round_id == round_.id)
    checked = [case for case in cases if case.status not in NOT_CHECKED]
    region = sees_region(actor)
    analyses = _analyses(session, actor, round_, cases)
    return RoundView(
        round=round_,
        tally=tally([row for case in checked for row in brought[case.id]], len(checked)),
        cases=[CaseRow(case, tally(brought[case.id], 1)) for case in cases],
        groups=_groups(checked, brought),
        analyses=analyses,
        risks=_risks(analyses, cases),
        focus_sets=_focus_sets(session, round_),
        proposals=_proposals(session, actor, round_) if region else [],
        missing=_missing(session, actor, round_, cases) if region else [],
        beyond=_beyond(session, round_, cases) if region else [],
        pending=[case for case in cases if case.status == "proposed"],
    )


def cumulative(session: Session, actor: Actor) -> list[GroupRow]:
    """S43: how many units of each kind have been checked in how many rounds, and what was found and demanded."""
    cases = _cases(session, actor, InspectionCase.status.not_in(NOT_CHECKED))
    return _groups(cases, _findings_by(session, actor))


def category_trend(session: Session, actor: Actor) -> list[RoundRow]:
    """S4: the newest rounds that have found something, oldest first, to be read by category."""
    found = [row for row in rounds(session, actor) if row.tally.findings]
    return list(reversed(found[:ROUNDS_IN_TREND]))


def tally(rows: list[Finding], cases: int) -> Tally:
    """Findings counted."""
    return Tally(
        cases=cases,
        findings=len(rows),
        closed=sum(row.status in SETTLED for row in rows),
        opinions=sum(bool(row.opinion.strip()) for row in rows),
        recurring=sum(row.recurrence_count > 0 for row in rows),
        severities=Counter(row.severity for row in rows),
        categories=Counter(row.category for row in rows),
    )


def tour_rounds(session: Session) -> list[str]:
    """The tours that have a list or a round, newest name last."""
    listed = session.scalars(select(TourUnit.tour_round).distinct())
    linked = session.scalars(
        select(InspectionRound.linked_tour_round).where(InspectionRound.linked_tour_round != "").distinct()
    )
    return sorted({*listed, *linked})


def tour_units(session: Session, actor: Actor, tour_round: str) -> list[tuple[TourUnit, InspectionCase | None]]:
    """The units of a tour, each with its case in the round that follows the tour."""
    query = (
        select(TourUnit).join(TourUnit.unit).order_by(Unit.name)
        .where(TourUnit.tour_round == tour_round, not_recused(TourUnit.unit_id, actor))
        .options(joinedload(TourUnit.unit))
    )  # fmt: skip
    followed = (
        select(InspectionCase)
        .join(InspectionCase.round)
        .where(InspectionRound.linked_tour_round == tour_round)
        .options(joinedload(InspectionCase.round))
    )
    cases = {case.unit_id: case for case in session.scalars(followed)}
    return [(row, cases.get(row.unit_id)) for row in session.scalars(query)]


def unit_named(session: Session, actor: Actor, code: str) -> Unit:
    """The unit, for those who read the region or one of its cases; else NoResultFound."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).one()
    own = select(InspectionCase.id).where(InspectionCase.unit_id == unit.id, visible_cases(actor)).limit(1)
    if unit.id in actor.recused_units or not (sees_region(actor) or session.scalar(own)):
        raise NoResultFound(code)
    return unit


def rounds_of_unit(session: Session, actor: Actor, unit: Unit) -> list[CaseRow]:
    """S5: every check of a unit, newest first, with what it has brought."""
    cases = _cases(session, actor, InspectionCase.unit_id == unit.id)
    brought = _findings_by(session, actor, InspectionCase.unit_id == unit.id)
    rows = [CaseRow(case, tally(brought[case.id], 1)) for case in cases]
    return sorted(rows, key=lambda row: (row.case.entry_date or row.case.round.starts_on, row.case.id), reverse=True)


def proposals_of_unit(session: Session, actor: Actor, unit: Unit) -> list[TargetProposal]:
    """How the unit has been weighed so far, newest first; for those who read the region."""
    if not sees_region(actor):
        return []
    query = select(TargetProposal).where(TargetProposal.unit_id == unit.id).options(joinedload(TargetProposal.round))
    return list(session.scalars(query.order_by(TargetProposal.id.desc()).limit(10)))


def _seen(actor: Actor) -> ColumnElement[bool]:
    through_cases = InspectionRound.id.in_(select(InspectionCase.round_id).where(visible_cases(actor)))
    return true() if sees_region(actor) else through_cases


def _cases(session: Session, actor: Actor, condition: ColumnElement[bool]) -> list[InspectionCase]:
    query = (
        select(InspectionCase)
        .where(visible_cases(actor), condition)
        .options(
            joinedload(InspectionCase.unit), joinedload(InspectionCase.round), joinedload(InspectionCase.officer)
        )
    )
    return list(session.scalars(query.order_by(InspectionCase.case_no)))


def _findings_by(
    session: Session, actor: Actor, condition: ColumnElement[bool] | None = None
) -> Mapping[int, list[Finding]]:
    """Case id → its findings that stand."""
    query = select(Finding).join(InspectionCase, Finding.case_id == InspectionCase.id).where(visible_cases(actor))
    if condition is not None:
        query = query.where(condition)
    found: dict[int, list[Finding]] = defaultdict(list)
    for row in session.scalars(query.where(Finding.status.not_in(NOT_FOUND)).order_by(Finding.finding_no)):
        found[row.case_id].append(row)
    return found


def _groups(cases: list[InspectionCase], brought: Mapping[int, list[Finding]]) -> list[GroupRow]:
    by_group: dict[str, list[InspectionCase]] = defaultdict(list)
    for case in cases:
        by_group[UNIT_GROUP.get(case.unit.kind, "单位")].append(case)
    return [
        GroupRow(
            group,
            len({case.unit_id for case in by_group[group]}),
            len({case.round_id for case in by_group[group]}),
            tally([row for case in by_group[group] for row in brought.get(case.id, [])], len(by_group[group])),
        )
        for group in ("地方", "单位", "企业")
    ]


def _analyses(session: Session, actor: Actor, round_: InspectionRound, cases: list[InspectionCase]) -> list[Analysis]:
    """The round's own analysis first, then those of its cases that have been signed; the newest version of each.

    An analysis is a part of the dossier: who may not read that of a case sees no focus of it here either.
    """
    ids = [case.id for case in cases if may_read_dossier(actor, place_of_case(case))]
    if not ids:
        return []
    query = select(Analysis).where(
        or_(Analysis.round_id == round_.id, Analysis.case_id.in_(ids)), Analysis.signed_at.is_not(None)
    )
    newest = {(row.round_id, row.case_id): row for row in session.scalars(query.order_by(Analysis.version_no))}
    return sorted(newest.values(), key=lambda row: (row.case_id or 0, row.id))


def _risks(analyses: list[Analysis], cases: list[InspectionCase]) -> list[Risk]:
    """The categories of the cases' focuses, those of the most units first."""
    names = {case.id: case.unit.name for case in cases}
    found: dict[str, set[str]] = defaultdict(set)
    for row in analyses:
        for focus in row.focus:
            if row.case_id and focus.get("category"):
                found[focus["category"]].add(names[row.case_id])
    return [Risk(code, sorted(found[code])) for code in sorted(found, key=lambda code: (-len(found[code]), code))]


def _focus_sets(session: Session, round_: InspectionRound) -> list[FocusSet]:
    query = select(FocusSet).where(FocusSet.code.in_(round_.focus_sets)).order_by(FocusSet.code)
    return list(session.scalars(query))


def _proposals(session: Session, actor: Actor, round_: InspectionRound) -> list[TargetProposal]:
    query = select(TargetProposal).where(
        TargetProposal.round_id == round_.id, not_recused(TargetProposal.unit_id, actor)
    )
    query = query.options(joinedload(TargetProposal.unit))
    return list(session.scalars(query.order_by(TargetProposal.score.desc(), TargetProposal.id)))


def _missing(session: Session, actor: Actor, round_: InspectionRound, cases: list[InspectionCase]) -> list[Unit]:
    """Units of the tour for which the round has no case."""
    if not round_.linked_tour_round:
        return []
    had = {case.unit_id for case in cases if case.status != "cancelled"}
    query = select(Unit).join(TourUnit, TourUnit.unit_id == Unit.id).where(not_recused(Unit.id, actor))
    listed = session.scalars(query.where(TourUnit.tour_round == round_.linked_tour_round).order_by(Unit.name))
    return [unit for unit in listed if unit.id not in had]


def _beyond(session: Session, round_: InspectionRound, cases: list[InspectionCase]) -> list[InspectionCase]:
    """Cases whose unit is not on the tour's list, where there is one."""
    query = select(TourUnit.unit_id).where(TourUnit.tour_round == round_.linked_tour_round)
    listed = set(session.scalars(query)) if round_.linked_tour_round else set()
    return [case for case in cases if listed and case.unit_id not in listed and case.status not in NOT_CHECKED]
