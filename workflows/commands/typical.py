"""典型问题 (S62): keeping a finding as typical of 不担当不作为 and the like, or no longer."""

from datetime import datetime

from workflows.commands.desk import Work
from workflows.policy import Actor
from workflows.queries import findings
from workflows.records import history
from workflows.refusal import Refusal

KEEPER = "supervision_chief"


class TypicalRefused(Refusal):
    """No reason was given, or the finding was not upheld."""

    rule = "S62"


def mark_typical(work: Work, *, finding_no: str, is_typical: bool, reason: str, actor: Actor, now: datetime) -> None:
    """列为（取消）典型问题: by the division's head, with a reason; kept in the case's history."""
    actor.require_role(KEEPER, act="列为典型问题")
    finding = findings.find(work.session, actor, finding_no.strip())
    if not reason.strip():
        raise TypicalRefused("请写明理由。")
    if finding.status == "not_upheld":
        raise TypicalRefused(f"{finding.finding_no}未予认定，不能列为典型问题。")
    finding.is_typical = is_typical
    history.record(
        work.session, action="mark_typical",
        summary=f"{finding.finding_no}{'列为' if is_typical else '不再列为'}典型问题：{reason.strip()}", now=now,
        actor=actor, case_id=finding.case_id, finding_id=finding.id, object_kind="finding", object_id=finding.id,
    )  # fmt: skip
