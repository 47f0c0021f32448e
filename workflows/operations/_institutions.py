"""What the operations of P11 share: opening a change of an institution, and asking its dependants to look at it."""

from datetime import date, datetime

from sqlalchemy import select

from workflows.deadlines.derivation import derive
from workflows.models import (
    Finding,
    InstitutionCause,
    InstitutionDoc,
    InstitutionImpact,
    InstitutionVersion,
    Measure,
    Message,
    ProcessInstance,
    Unit,
)
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.transitions import state_name
from workflows.records import institutions, messages, time_limits
from workflows.records.institutions import InstitutionRefused

CHANGE = "institution_change"
REVIEW = "T24"
UNDER_WAY = {"amend": "amending", "interpret": "interpreting"}
MOST_TEXT = 4000


def open_change(
    context: Context, doc: InstitutionDoc, action: str, cause: str, findings: list[str] | None = None
) -> None:
    """Starts the process that makes, amends, repeals or interprets an institution.  Refused while one is under way."""
    if action != "new" and (doc.status != "in_force" or is_changing(context, doc)):
        state = state_name("institution", doc.status)
        raise InstitutionRefused(f"《{doc.title}》当前为“{state}”，已有办理，不能再立项；请选“不变”。", rule="S123")
    if action in UNDER_WAY:
        move(doc, UNDER_WAY[action])
    _link_causes(context, doc, findings or [])
    messages.send(
        context.session,
        name="institution.change",
        key=_next_key(doc),
        now=context.now,
        payload={"doc_no": doc.doc_no, "action": action, "cause": cause},
        sender_id=context.instance.id,
    )


def is_changing(context: Context, doc: InstitutionDoc) -> bool:
    """Whether the next version is being prepared, or about to be."""
    running = select(ProcessInstance.id).where(
        ProcessInstance.process_id == CHANGE,
        ProcessInstance.status.in_(("running", "incident")),
        ProcessInstance.key == _next_key(doc),
    )
    sent = select(Message.id).where(
        Message.name == "institution.change", Message.status == "pending", Message.key == _next_key(doc)
    )
    return context.session.scalar(running) is not None or context.session.scalar(sent) is not None


def causes_of(context: Context, doc: InstitutionDoc) -> list[Finding]:
    """The findings whose root causes the institution answers."""
    linked = select(Finding).join(InstitutionCause, InstitutionCause.finding_id == Finding.id)
    return list(context.session.scalars(linked.where(InstitutionCause.doc_id == doc.id).order_by(Finding.id)))


def spread(context: Context, version: InstitutionVersion) -> int:
    """Asks every dependant of the new version to be held against it within T24 (S124); how many were asked."""
    doc = version.doc
    children = institutions.dependants(context.session, doc)
    due_at = _review_due(context, version.issued_on)
    for child in children:
        impact = InstitutionImpact(version_id=version.id, child_id=child.id, due_at=due_at)
        context.session.add(impact)
        context.session.flush()
        messages.send(
            context.session,
            name="institution.review_due",
            key=f"{child.doc_no}/{doc.doc_no}/V{version.version_no}",
            now=context.now,
            payload={
                "doc_no": child.doc_no,
                "title": child.title,
                "impact_id": impact.id,
                "parent_title": doc.title,
                "parent_issue": version.issue_no,
                "parent_text": version.text[:MOST_TEXT],
                "review_due": due_at.isoformat(),
            },
            unit_id=child.unit_id,
            sender_id=context.instance.id,
        )
    return len(children)


def _review_due(context: Context, issued_on: date) -> datetime:
    """T24 from the day the superior version was issued, or from today when it was registered late."""
    limit, _ = time_limits.limit_in_force(context.session, REVIEW, context.today)
    return derive(limit, max(issued_on, context.today), context.calendar).due_at


def lacks_institution(context: Context, measure: Measure) -> bool:
    """Whether the measure establishes an institution and names none in force of the unit or the region (S118)."""
    if "establish_system" not in measure.kinds:
        return False
    return institutions.of_reference(context.session, context.case.unit_id, measure.document_ref) is None


def register_own(
    context: Context,
    *,
    unit: Unit,
    title: str,
    issue_no: str,
    text: str,
    finding: Finding | None = None,
    parents: list[int] | None = None,
) -> InstitutionDoc:
    """A unit registers what it has issued itself: in force from today, or a new version of what carries this title."""
    mine = select(InstitutionDoc).where(InstitutionDoc.title == title, InstitutionDoc.unit_id == unit.id)
    doc = context.session.scalar(mine.where(InstitutionDoc.status == "in_force"))
    action = "new" if doc is None else "amend"
    if doc is None:
        doc = _own(context, title, unit)
    move(doc, *(("drafting", "reviewed", "in_force") if action == "new" else ("amending", "in_force")))
    if parents is not None:
        doc.parent_ids = parents
    version = institutions.add_version(
        context.session, doc, action=action, issue_no=issue_no, issuing_body=unit.name, issued_on=context.today,
        effective_on=context.today, text=text, now=context.now,
    )  # fmt: skip
    if finding:
        _link_causes(context, doc, [finding.finding_no])
    spread(context, version)
    context.record("register_institution", f"登记制度《{title}》{version.issue_no}", doc_no=doc.doc_no)
    return doc


def unit_named(context: Context, code: str) -> Unit:
    """The active unit of this code."""
    unit = context.session.scalar(select(Unit).where(Unit.code == code.strip(), Unit.is_active))
    if unit is None:
        raise InstitutionRefused(f"没有单位“{code}”。")
    return unit


def _own(context: Context, title: str, unit: Unit) -> InstitutionDoc:
    doc = InstitutionDoc(
        doc_no=context.number("ZD-{year}-{n:04d}"),
        title=title,
        level="unit",
        unit_id=unit.id,
        issuing_body=unit.name,
        status="proposed",
        parent_ids=[],
        root_cause="",
        created_at=context.now,
    )
    context.session.add(doc)
    context.session.flush()
    return doc


def _next_key(doc: InstitutionDoc) -> str:
    return f"{doc.doc_no}/V{len(doc.versions) + 1}"


def _link_causes(context: Context, doc: InstitutionDoc, findings: list[str]) -> None:
    held = {finding.finding_no for finding in causes_of(context, doc)}
    wanted = select(Finding).where(Finding.finding_no.in_([number for number in findings if number not in held]))
    for finding in context.session.scalars(wanted):
        context.session.add(InstitutionCause(doc_id=doc.id, finding_id=finding.id))
        doc.root_cause = "；".join(filter(None, [doc.root_cause, finding.root_cause]))
