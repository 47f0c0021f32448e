"""线索共享: both ways between the tour group and the team, read only after receipt, both ends in the log (S49)."""

from typing import Any

from workflows.models import Lead, LeadShare
from workflows.operations._leads import is_on_site, new_lead, receipt_due
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context


@operation
def share_lead_with_team(context: Context, *, channel: str, title: str, body: str, reason: str) -> dict[str, Any]:
    """巡视组向检查组共享线索：检查组签收前不可查阅；检查组不在现场的，转干部监督处。

    返回 share_id、lead_no、reason、due_at（签收时限）与 on_site。
    """
    on_site = is_on_site(context)
    lead = new_lead(context, channel=channel, title=title, body=body, status="shared" if on_site else "registered")
    if not on_site:
        context.send("lead.registered", key=lead.lead_no, payload={"registered": {"lead_no": lead.lead_no}})
    return _share(context, lead, "team_leader", reason) | {"on_site": on_site}


@operation
def receipt_share(context: Context, *, share_id: int, note: str) -> dict[str, Any]:
    """签收共享线索：此后签收人方可查阅；巡视组转来的线索随即进入线索办理（lead.registered）。"""
    share = context.session.get_one(LeadShare, share_id)
    share.receiver_id, share.receipted_at = context.actor_id, context.now
    lead = share.lead
    context.record("receipt_share", f"签收共享线索{lead.lead_no}", note=note, shared_by=share.shared_by_id)
    if share.shared_by_id is not None:
        context.notify(None, f"共享线索已签收：{lead.lead_no}", note, user_ids=[share.shared_by_id])
    if lead.status == "shared":
        move(lead, "registered")
        context.send("lead.registered", key=lead.lead_no, payload={"registered": {"lead_no": lead.lead_no}})
    return {}


def share_with_tour(context: Context, lead: Lead, reason: str) -> None:
    """Offers a lead of the team to the tour's leader, who reads it after signing."""
    shared = _share(context, lead, "tour_leader", reason)
    context.send("lead.shared", key=lead.lead_no, payload={"shared": shared})


def _share(context: Context, lead: Lead, receiver_role: str, reason: str) -> dict[str, Any]:
    share = LeadShare(
        lead_id=lead.id,
        kind="share",
        receiver_role=receiver_role,
        reason=reason,
        shared_by_id=context.actor_id,
        shared_at=context.now,
    )
    context.session.add(share)
    context.session.flush()
    words = {"tour_leader": "与巡视组共享线索", "team_leader": "向检查组共享线索"}[receiver_role]
    context.record("share_lead", f"{words}{lead.lead_no}", reason=reason, share=share.id)
    due_at = receipt_due(context).isoformat()
    return {"share_id": share.id, "lead_no": lead.lead_no, "reason": reason, "due_at": due_at}
