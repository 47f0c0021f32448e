"""Rows of change as the pure rules of `workflows.deadlines` want them."""

from datetime import datetime

from workflows.deadlines import history
from workflows.deadlines.history import Change, PauseKind
from workflows.models import DeadlineChange


def change_of(row: DeadlineChange) -> Change:
    """One row of a deadline's life; an unknown kind reads as voided."""
    match row.kind:
        case "opened":
            anchor_at = datetime.fromisoformat(row.facts["anchor_at"])
            return history.Opened(row.at, anchor_at, row.due_at, row.calendar_version)
        case "extended":
            return history.Extended(row.at, row.due_at, row.reason, row.facts["approver_role"])
        case "paused":
            return history.Paused(row.at, PauseKind(row.facts["kind"]), row.reason)
        case "resumed":
            return history.Resumed(row.at, row.facts["paused_days"], row.due_at)
        case "recalculated":
            return history.Recalculated(row.at, row.due_at, row.calendar_version)
        case "met":
            return history.Met(row.at)
    return history.Voided(row.at, row.reason)
