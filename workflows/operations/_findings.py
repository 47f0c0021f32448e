"""The one place in which a finding comes into being: with clause, category, named persons and its recurrence.

Knows no process: registration of approved cases and determination both end here.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Category, Finding, FindingPerson
from workflows.operations._states import move
from workflows.operations.campaigns import propose_campaigns
from workflows.operations.context import Context
from workflows.policy.vocabulary import CHAIN, category_name
from workflows.queries import taxonomy
from workflows.records.findings import recount
from workflows.refusal import Refusal


class FindingRefused(Refusal):
    """A finding that lacks what the rules ask of it."""

    rule = "finding"


def approve_all(
    context: Context,
    rows: Sequence[Mapping[str, Any]],
    assessed: Sequence[Mapping[str, Any]],
    *,
    council_date: str,
    minutes: str,
    zero_declaration: str | None,
) -> list[Finding]:
    """审定立账: the council's findings become rows and the case waits for feedback.  None must be declared (S69)."""
    if not rows and not (zero_declaration or "").strip():
        raise FindingRefused("没有登记问题，须作零问题声明。", rule="S69")
    held_on = date.fromisoformat(council_date)
    if held_on > context.today:
        raise FindingRefused("部务会日期不能晚于今天。", rule="S50")
    case = context.case
    pairs = enumerate(zip(rows, assessed, strict=True), start=1)
    found = [add_finding(context, number, row, verdict) for number, (row, verdict) in pairs]
    case.council_date = held_on
    case.facts = {**case.facts, "minutes": minutes, "zero_declaration": zero_declaration or ""}
    move(case, "feedback_pending")
    context.session.flush()
    recount(context.session, case)
    propose_campaigns(context, [(row, verdict["common_scope"]) for row, verdict in zip(found, assessed, strict=True)])
    context.record("approve_findings", f"部务会审定{len(found)}个问题", council_date=council_date, minutes=minutes)
    return found


def add_finding(context: Context, number: int, row: Mapping[str, Any], verdict: Mapping[str, Any]) -> Finding:
    """The case's finding no. `number`, approved.  `verdict`: severity (D3) and nature (D8).

    Refused without a clause (S3), without a chain stage (S37), or without a named person for 违规用人 (S58).
    """
    clauses, people = listed(row.get("clauses")), listed(row.get("persons"))
    require_complete(number, row, clauses, people)
    conduct_on = row.get("conduct_on")
    finding = Finding(
        finding_no=f"{context.case.case_no}-F{number:02d}",
        case=context.case,
        wp_id=row.get("wp_id"),
        seq=number,
        title=row["title"],
        text=row["text"],
        category=row["category"],
        category_label=_label(context, row["category"]),
        chain=row["chain"],
        severity=verdict["severity"],
        nature=verdict["nature"],
        rectify_type=row["rectify_type"],
        violation_appointment=bool(row.get("violation_appointment")),
        recurrence_of_id=row.get("recurrence_of"),
        recurrence_count=row["recurrence_count"],
        watch=row["recurrence_count"] > 0,
        clauses=clauses,
        clause_reason=row.get("clause_reason") or "",
        conduct_on=date.fromisoformat(conduct_on) if conduct_on else None,
        opinion=row["opinion"],
        root_cause=row.get("root_cause") or "",
        status="determined",
    )
    context.session.add(move(finding, "approved"))
    context.session.flush()
    context.session.add_all(
        FindingPerson(finding_id=finding.id, name=person, responsibility="direct") for person in people
    )
    return finding


def require_complete(number: int, row: Mapping[str, Any], clauses: list[str], people: list[str]) -> None:
    """Raises FindingRefused for what a determined finding may never lack."""
    if not clauses:
        raise FindingRefused(f"第{number}项没有定性依据，至少列明一条条款。", rule="S3")
    if row.get("chain") not in CHAIN:
        raise FindingRefused(f"第{number}项须标明属于选、育、管、用哪个环节。", rule="S37")
    if row.get("violation_appointment") and not people:
        raise FindingRefused(f"第{number}项属违规用人，须写明责任人。", rule="S58")


def listed(text: str | list[str] | None) -> list[str]:
    """The parts of a text separated by semicolons; a list as it is."""
    parts = text if isinstance(text, list) else (text or "").replace("；", ";").split(";")
    return [part.strip() for part in parts if part.strip()]


def _label(context: Context, code: str) -> str:
    """What the category is called today; the finding keeps it whatever the taxonomy becomes (S42)."""
    known = taxonomy.leaf(context.session, code, context.today)
    if known is not None:
        return taxonomy.label(known)
    ever = context.session.scalar(select(Category).where(Category.code == code).order_by(Category.version.desc()))
    return taxonomy.label(ever) if ever else category_name(code)
