"""制度立项与办理 (P11): proposals, drafts, deliberation and issue of institutions, new, amended, repealed, interpreted."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Finding, InstitutionCause, InstitutionDoc
from workflows.operations._institutions import UNDER_WAY, causes_of, is_changing, open_change, spread, unit_named
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.vocabulary import ADOPTION, INSTITUTION_ACTION, INSTITUTION_LEVEL, category_name
from workflows.records import institutions
from workflows.records.institutions import InstitutionRefused
from workflows.workdays import local_date

CHECK_MONTHS = 6
MOST_CAUSES = 100
UNTOLD = ("draft", "team_review", "fact_check", "under_objection", "not_upheld", "determined", "approved")


@operation(repeatable=True)
def list_library(context: Context) -> dict[str, Any]:
    """开列制度库。返回 own（可修订、废止、解释的本级制度）、superior（上级制度）、causes（有待建章立制的问题根源）。"""
    docs = institutions.living(context.session)
    own = [doc for doc in docs if doc.level == "region" and doc.status == "in_force"]
    return {
        "own": [_row(doc) | {"action": "none"} for doc in own if not is_changing(context, doc)],
        "superior": [_row(doc) for doc in docs if doc.level == "superior"],
        "causes": _unanswered_causes(context),
    }


@operation
def open_changes(
    context: Context,
    *,
    cause: str,
    new_title: str | None,
    new_level: str | None,
    changes: list[dict[str, Any]] | None,
    superior: list[dict[str, Any]] | None,
    causes: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """分件立项：本级制度每件发起一个办理流程（institution.change）。返回 superior（须登记新版本的上级制度）。"""
    chosen = [row for row in changes or [] if row["action"] != "none"]
    moved = [row for row in superior or [] if row.get("changed")]
    title = (new_title or "").strip()
    if not (title or chosen or moved):
        raise InstitutionRefused("没有立项内容：请填写新制定的制度，或选择一件现行制度。", rule="S123")
    findings = [row["finding_no"] for row in causes or [] if row.get("linked")]
    rows = [{"doc_no": row["doc_no"], "title": row["title"], "action": "amend"} for row in moved]
    if title:
        doc = _propose(context, title, new_level or "region")
        if doc.level == "superior":
            rows.append({"doc_no": doc.doc_no, "title": title, "action": "new"})
        else:
            open_change(context, doc, "new", cause, findings)
    for row in chosen:
        open_change(context, institutions.find(context.session, row["doc_no"]), row["action"], cause, findings)
    context.record("propose_institution", "制度立项", cause=cause, new=title, changes=chosen, superior=moved)
    return {"superior": rows}


@operation
def record_superior_versions(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """登记上级制度的新版本，并向每件下位制度分发对照修订（S124）。返回 reviews（分发件数）。"""
    sent = 0
    for row in rows:
        doc = institutions.find(context.session, row["doc_no"])
        issued = date.fromisoformat(row["issued_on"])
        if issued > context.today:
            raise InstitutionRefused(f"《{doc.title}》的印发日期不能晚于今天。", rule="S124")
        _become(doc, row["action"])
        version = institutions.add_version(
            context.session, doc, action=row["action"], issue_no=row["issue_no"], issuing_body=row["issuing_body"],
            issued_on=issued, effective_on=date.fromisoformat(row["effective_on"]), text=row["text"], now=context.now,
        )  # fmt: skip
        sent += spread(context, version)
        context.record("register_superior", f"登记上级制度变动：《{doc.title}》{version.issue_no}", doc_no=doc.doc_no)
    return {"reviews": sent}


@operation
def begin_change(context: Context, *, doc_no: str, action: str) -> dict[str, Any]:
    """开始起草。返回 title、action_text、text（现行全文）、parents（可选的上位依据）、issuing_body、root_causes。"""
    doc = institutions.find(context.session, doc_no)
    if doc.status == "proposed":
        move(doc, "drafting")
    current = institutions.latest(doc)
    known = institutions.living(context.session)
    below = institutions.descendants(known, doc)
    return {
        "title": doc.title,
        "action_text": INSTITUTION_ACTION[action],
        "text": current.text if current and action == "amend" else None,
        "parents": [
            {"doc_no": other.doc_no, "title": other.title, "level": INSTITUTION_LEVEL[other.level],
             "is_parent": other.id in doc.parent_ids}
            for other in known if other.id not in below and other.level != "unit"
        ],
        "issuing_body": doc.issuing_body,
        "root_causes": [cause.root_cause for cause in causes_of(context, doc)],
    }  # fmt: skip


@operation(repeatable=True)
def record_institution_draft(
    context: Context, *, doc_no: str, text: str, parents: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """登记草案及其上位依据。"""
    doc = institutions.find(context.session, doc_no)
    if parents is not None:
        named = [institutions.find(context.session, row["doc_no"]) for row in parents if row.get("is_parent")]
        below = institutions.descendants(institutions.living(context.session), doc)
        if circular := [parent.title for parent in named if parent.id in below]:
            raise InstitutionRefused(f"《{circular[0]}》以本制度为上位依据，不能反过来作本制度的依据。", rule="S124")
        doc.parent_ids = [parent.id for parent in named]
    context.record("draft_institution", f"起草《{doc.title}》", doc_no=doc_no, length=len(text))
    return {}


@operation(repeatable=True)
def record_institution_opinions(context: Context, *, doc_no: str, opinions: list[dict[str, Any]]) -> dict[str, Any]:
    """登记征求意见情况：逐个单位的意见和采纳情况。返回 rows（供审核查看）。"""
    doc = institutions.find(context.session, doc_no)
    rows = [
        {
            "unit_name": unit_named(context, row["unit_code"]).name,
            "opinion_text": row["opinion"],
            "adoption": ADOPTION[row["adoption"]],
            "reply": row["reply"],
        }
        for row in opinions
    ]
    context.record("consult_institution", f"《{doc.title}》征求{len(opinions)}个单位意见", opinions=rows)
    return {"rows": rows}


@operation
def record_institution_review(context: Context, *, doc_no: str, decision: str, reason: str) -> dict[str, Any]:
    """登记审核意见：通过的新制度转为“已审核”。"""
    doc = institutions.find(context.session, doc_no)
    if decision == "approve" and doc.status == "drafting":
        move(doc, "reviewed")
    context.record("review_institution", f"审核《{doc.title}》", decision=decision, reason=reason)
    return {}


@operation
def record_institution_deliberation(
    context: Context, *, doc_no: str, decision: str, minutes: str, reason: str
) -> dict[str, Any]:
    """登记会议审定结果：退回的新制度重新起草。"""
    doc = institutions.find(context.session, doc_no)
    if decision == "return" and doc.status == "reviewed":
        move(doc, "drafting")
    context.record(
        "deliberate_institution", f"会议审定《{doc.title}》", decision=decision, minutes=minutes, reason=reason
    )
    return {}


@operation
def issue_institution(
    context: Context,
    *,
    doc_no: str,
    action: str,
    text: str,
    issuing_body: str,
    issue_no: str,
    effective_on: str | None,
) -> dict[str, Any]:
    """印发：登记文号和版本，转入新状态（S120、S123），并向下位制度分发对照修订（S124）。

    返回 version_no、issue_no、check_on（六个月后执行情况检查的日子）、reviews（分发件数）。
    """
    doc = institutions.find(context.session, doc_no)
    _become(doc, action)
    version = institutions.add_version(
        context.session, doc, action=action, issue_no=issue_no, issuing_body=issuing_body, issued_on=context.today,
        effective_on=date.fromisoformat(effective_on) if effective_on else context.today, text=text, now=context.now,
    )  # fmt: skip
    sent = spread(context, version)
    context.record(
        "issue_institution", f"{INSTITUTION_ACTION[action]}《{doc.title}》{version.issue_no}", doc_no=doc_no
    )
    return {
        "version_no": version.version_no,
        "issue_no": version.issue_no,
        "check_on": local_date(context.months_after(context.now, CHECK_MONTHS)).isoformat(),
        "reviews": sent,
    }


def _propose(context: Context, title: str, level: str) -> InstitutionDoc:
    same = select(InstitutionDoc).where(InstitutionDoc.title == title, InstitutionDoc.unit_id.is_(None))
    if context.session.scalar(same.where(InstitutionDoc.status != "repealed")) is not None:
        raise InstitutionRefused(f"制度库中已有《{title}》，请选择修订。", rule="S120")
    doc = InstitutionDoc(
        doc_no=context.number("ZD-{year}-{n:04d}"),
        title=title,
        level=level,
        issuing_body="",
        status="proposed",
        parent_ids=[],
        created_at=context.now,
    )
    context.session.add(doc)
    context.session.flush()
    return doc


def _become(doc: InstitutionDoc, action: str) -> None:
    """Moves the institution to the state in which the issue leaves it."""
    ways = {
        "proposed": ("drafting", "reviewed", "in_force"),
        "reviewed": ("in_force",),
        "amending": ("in_force",),
        "interpreting": ("in_force",),
        "in_force": ("repealed",) if action == "repeal" else (UNDER_WAY.get(action, "amending"), "in_force"),
    }
    move(doc, *ways.get(doc.status, ("in_force",)))


def _row(doc: InstitutionDoc) -> dict[str, Any]:
    version = institutions.latest(doc)
    return {"doc_no": doc.doc_no, "title": doc.title, "issue_no": version.issue_no if version else ""}


def _unanswered_causes(context: Context) -> list[dict[str, Any]]:
    """Root causes no institution answers yet, newest first, once the unit has been told of the finding.

    The unit and the finding's text stay with the case.
    """
    answered = select(InstitutionCause.finding_id)
    open_ones = select(Finding).where(
        Finding.root_cause != "", Finding.status.not_in(UNTOLD), Finding.id.not_in(answered)
    )
    rows = context.session.scalars(open_ones.order_by(Finding.id.desc()).limit(MOST_CAUSES))
    return [
        {"finding_no": row.finding_no, "category": category_name(row.category), "root_cause": row.root_cause}
        for row in rows
    ]
