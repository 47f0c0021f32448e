"""线索: registered one by one, screened by the leader, then handed over or verified to a conclusion (P03a, S48, S70).

Knows one lead at a time; sharing with the tour group is in `lead_shares`.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from workflows.models import Lead, LeadShare, Team
from workflows.operations._leads import LeadRefused, is_on_site, lead_named, new_lead, receipt_due
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.lead_shares import share_with_tour
from workflows.operations.site_work import two_people
from workflows.operations.working_papers import open_lead_paper, pieces
from workflows.policy.vocabulary import LEAD_CHANNEL, LEAD_CONCLUSION, LEAD_RECEIVER

DUTIES = {"leader": "组长", "deputy": "副组长", "liaison": "联络员", "member": "组员"}
PROVED = ("substantiated", "partly")


@operation
def register_leads(context: Context, *, leads: list[dict[str, Any]] | None) -> dict[str, Any]:
    """登记线索：逐件编号，各自进入线索办理（lead.registered）。返回 lead_nos。"""
    found = [new_lead(context, **row) for row in leads or []]
    for lead in found:
        context.send("lead.registered", key=lead.lead_no, payload={"registered": {"lead_no": lead.lead_no}})
    if found:
        context.record("register_leads", f"登记线索{len(found)}件", leads=[lead.lead_no for lead in found])
    return {"lead_nos": [lead.lead_no for lead in found]}


@operation
def register_lead(context: Context, *, channel: str, title: str, body: str) -> dict[str, Any]:
    """登记一件线索（在个案上单独发起时）。返回 lead_no。"""
    lead = new_lead(context, channel=channel, title=title, body=body)
    context.record("register_leads", "登记线索1件", leads=[lead.lead_no])
    return {"lead_no": lead.lead_no}


@operation(repeatable=True)
def open_lead(context: Context, *, lead_no: str) -> dict[str, Any]:
    """调取线索：供组长研判；检查组不在现场的，转干部监督处。返回 lead_no、title、channel、on_site 与 people（组员）。"""
    lead = lead_named(context, lead_no)
    team = context.session.scalar(select(Team).where(Team.case_id == context.case.id))
    people = [member for member in team.members if member.duty != "leader"] if team else []
    return {
        "lead_no": lead.lead_no,
        "title": lead.title,
        "channel": LEAD_CHANNEL[lead.channel],
        "on_site": is_on_site(context),
        "people": [
            {"name": member.user.name, "duty": DUTIES.get(member.duty, member.duty), "part": "none"}
            for member in people
        ],
        "user_ids": [member.user_id for member in people],
    }


@operation
def dispose_lead(
    context: Context,
    *,
    lead_no: str,
    in_scope: str,
    people: list[dict[str, Any]] | None = None,
    user_ids: list[int] | None = None,
    due_days: int | None = None,
    share: str | None = None,
    share_reason: str | None = None,
    receiver: str | None = None,
    transfer_reason: str | None = None,
) -> dict[str, Any]:
    """分办或移交：属于选人用人范围的确定承办人、知悉范围和时限，可与巡视组共享；不属于的只能移交（S48）。

    返回 in_scope、assignee_id（主办人）、receiver、due_at（核查或签收时限）。
    """
    lead = lead_named(context, lead_no)
    lead.in_scope = in_scope == "yes"
    if not lead.in_scope:
        return _transfer(context, lead, str(receiver), transfer_reason or "")
    assignee_id = _assign(context, lead, zip(user_ids or [], people or [], strict=False), int(due_days or 0))
    if share == "yes":
        share_with_tour(context, lead, share_reason or "")
    due_at = lead.due_at.isoformat() if lead.due_at else ""
    return {"in_scope": True, "assignee_id": assignee_id, "receiver": "", "due_at": due_at}


@operation
def record_lead_verification(
    context: Context, *, lead_no: str, account: str, inspectors: list[str], evidence: str
) -> dict[str, Any]:
    """登记核查：两名以上检查人员核查谈话，佐证逐件列明；核查情况以密文保存。"""
    lead = lead_named(context, lead_no)
    row = dict(zip(("inspector_1", "inspector_2"), inspectors, strict=True))
    lead.inspectors = two_people(row, f"线索{lead_no}", "核查人")
    lead.account, lead.evidence = account, pieces(evidence)
    if not lead.evidence:
        raise LeadRefused(f"线索{lead_no}的核查没有佐证材料。")
    context.record("record_lead_verification", f"核查线索{lead_no}", inspectors=lead.inspectors)
    return {}


@operation
def conclude_lead(context: Context, *, lead_no: str, conclusion: str, note: str) -> dict[str, Any]:
    """办结线索：五种结论之一；属实、部分属实的开立问题底稿。返回 proved 与 wp_no。"""
    lead = move(lead_named(context, lead_no), "concluded")
    lead.conclusion, lead.concluded_at = conclusion, context.now
    context.record("conclude_lead", f"线索{lead_no}办结：{LEAD_CONCLUSION[conclusion]}", note=note)
    proved = conclusion in PROVED
    return {"proved": proved, "wp_no": open_lead_paper(context, lead).wp_no if proved else ""}


@operation
def receive_transferred_lead(context: Context, *, lead_no: str, note: str) -> dict[str, Any]:
    """登记接收方签收移交线索。"""
    lead = move(lead_named(context, lead_no), "transferred")
    transfer = context.session.scalars(
        select(LeadShare).where(LeadShare.lead_id == lead.id, LeadShare.kind == "transfer")
    ).one()
    transfer.receiver_id, transfer.receipted_at = context.actor_id, context.now
    context.record(
        "receive_transferred_lead", f"{LEAD_RECEIVER[lead.transferred_to]}签收移交线索{lead_no}", note=note
    )
    return {}


def _assign(context: Context, lead: Lead, people: Iterable[tuple[int, dict[str, Any]]], due_days: int) -> int:
    parts = {user_id: row.get("part") for user_id, row in people}
    handlers = [user_id for user_id, part in parts.items() if part == "handler"]
    if not handlers:
        raise LeadRefused("属于选人用人范围的线索至少确定一名承办人。")
    move(lead, "assigned")
    lead.assigned_to_id, lead.due_at = handlers[0], context.workdays_after(context.now, due_days)
    let_in = [user_id for user_id, part in parts.items() if part in ("handler", "informed")]
    context.session.add_all(
        LeadShare(
            lead_id=lead.id, kind="need_to_know", receiver_role="team_member", receiver_id=user_id,
            shared_by_id=context.actor_id, shared_at=context.now, receipted_at=context.now,
        )
        for user_id in let_in
    )  # fmt: skip
    context.notify(None, f"请核查线索{lead.lead_no}", user_ids=handlers)
    context.record("assign_lead", f"分办线索{lead.lead_no}", handlers=handlers, need_to_know=let_in)
    return handlers[0]


def _transfer(context: Context, lead: Lead, receiver: str, reason: str) -> dict[str, Any]:
    move(lead, "transferring").transferred_to = receiver
    due_at = receipt_due(context)
    context.session.add(
        LeadShare(
            lead_id=lead.id,
            kind="transfer",
            receiver_role=receiver,
            reason=reason,
            shared_by_id=context.actor_id,
            shared_at=context.now,
        )
    )
    context.record("transfer_lead", f"线索{lead.lead_no}移交{LEAD_RECEIVER[receiver]}", reason=reason)
    return {"in_scope": False, "assignee_id": 0, "receiver": receiver, "due_at": due_at.isoformat()}
