"""立项立案 (P01): an approved list becomes a round and its cases, a rejected one leaves none behind."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import InspectionCase, InspectionRound, TargetProposal
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.planning import PlanningRefused, round_named
from workflows.operations.targets import proposals_of

LETTERS = {"regular": "", "key_task": "KT", "targeted": "TG", "revisit_campaign": "RV"}


@operation
def create_round(
    context: Context,
    *,
    proposal: dict[str, Any],
    key: dict[str, Any],
    settled: dict[str, Any],
    council_date: str,
    minutes: str,
) -> dict[str, Any]:
    """立项立案：按部务会审定结果建立轮次（已有的沿用），逐个对象立案并发出 case.created。返回 round_code、case_nos。"""
    require_held(context, council_date)
    round_ = round_of(context, proposal, key)
    cases = []
    for row in proposals_of(context):
        row.round_id = round_.id
        if row.included:
            cases.append(_case_of(context, round_, row, int(settled["officer_id"])))
        else:
            _withdraw(context, round_, row)
    context.session.flush()
    for case in cases:
        payload = {"round_code": round_.code, "focus_sets": list(round_.focus_sets)}
        context.send("case.created", key=case.case_no, payload=payload, case=case, unit=case.unit)
    numbers = [case.case_no for case in cases]
    context.record("create_round", f"{round_.name}立案{len(numbers)}个", minutes=minutes, cases=numbers)
    return {"round_code": round_.code, "case_nos": numbers}


@operation
def reject_round(context: Context, *, proposal: dict[str, Any], reason: str) -> dict[str, Any]:
    """否决轮次建议：记录理由；巡视增补提出的案件随之取消。"""
    round_ = round_named(context, proposal["round_code"])
    for row in proposals_of(context) if round_ else ():
        assert round_ is not None
        _withdraw(context, round_, row)
    context.record("reject_round", f"部务会未同意轮次建议：{proposal['name']}", reason=reason)
    return {}


def require_held(context: Context, council_date: str) -> None:
    """Refused when the council's day lies ahead."""
    if date.fromisoformat(council_date) > context.today:
        raise PlanningRefused("部务会日期不能晚于今天。")


def round_of(context: Context, proposal: dict[str, Any], key: dict[str, Any]) -> InspectionRound:
    """The round of a proposal: the known one of its code, else a new one under the next code of its term and kind."""
    known = round_named(context, proposal["round_code"]) if proposal["round_code"] else None
    if known is not None:
        known.focus_sets = sorted({*known.focus_sets, *key["focus_sets"]})
        return known
    round_ = InspectionRound(
        code=proposal["round_code"] or _next_code(context, proposal["term_no"], proposal["kind"]),
        name=proposal["name"],
        kind=proposal["kind"],
        linked_tour_round=proposal["tour"],
        key_task_name=proposal["key_task_name"],
        focus_sets=list(key["focus_sets"]),
        starts_on=date.fromisoformat(proposal["starts_on"]),
        ends_on=date.fromisoformat(proposal["ends_on"]) if proposal["ends_on"] else None,
        concentrated_rule="T13.tour" if proposal["tour"] else "T13.targeted",
    )
    context.session.add(round_)
    context.session.flush()
    return round_


def _next_code(context: Context, term_no: int, kind: str) -> str:
    """12-05, 12-KT2, 12-TG1, 12-RV1 (domain/5 §6)."""
    prefix = f"{term_no}-{LETTERS[kind]}"
    codes = context.session.scalars(select(InspectionRound.code).where(InspectionRound.code.startswith(prefix)))
    tails = [code[len(prefix) :] for code in codes]
    following = max((int(tail) for tail in tails if tail.isdecimal()), default=0) + 1
    return f"{prefix}{following}" if LETTERS[kind] else f"{prefix}{following:02d}"


def _case_of(context: Context, round_: InspectionRound, row: TargetProposal, officer_id: int) -> InspectionCase:
    case = _known_case(context, round_, row)
    if case is not None and case.status != "proposed":
        raise PlanningRefused(f"{row.unit.name}在{round_.name}已立案（{case.case_no}），不能重复立案。")
    if case is None:
        case = InspectionCase(
            case_no=context.number("XR-{code}-{n:03d}", code=round_.code),
            round=round_,
            unit=row.unit,
            status="proposed",
            opened_at=context.now,
            facts={},
        )
        context.session.add(case)
    case.officer_id = officer_id or None
    case.facts = {**case.facts, "score": row.score, "verdict": row.verdict, "proposal": context.instance.key}
    context.session.flush()
    return move(case, "approved")


def _withdraw(context: Context, round_: InspectionRound, row: TargetProposal) -> None:
    """A case the tour's addition has proposed is cancelled when its unit is left out."""
    case = _known_case(context, round_, row)
    if case is not None and case.status == "proposed":
        move(case, "cancelled")


def _known_case(context: Context, round_: InspectionRound, row: TargetProposal) -> InspectionCase | None:
    query = select(InspectionCase).where(InspectionCase.round_id == round_.id, InspectionCase.unit_id == row.unit_id)
    return context.session.scalar(query)
