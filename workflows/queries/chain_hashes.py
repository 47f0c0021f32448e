"""How the history is sealed: the hash of an entry, of a closure record, and the Merkle root over chain heads.

Pure functions of rows.  Whoever writes a chain and whoever verifies it take the same one from here.
"""

import json
from collections.abc import Sequence
from datetime import UTC
from hashlib import sha256
from typing import Any

from workflows.models import ClosureRecord, Finding, HistoryEntry

Leaf = list[Any]  # [name of the chain, its length, its head]


def entry_hash(entry: HistoryEntry) -> str:
    """SHA-256 over the previous hash and the entry's whole content, canonically written."""
    return _digest(
        {
            "prev": entry.prev_hash,
            "chain": entry.chain_id,
            "seq": entry.seq,
            "at": entry.at.astimezone(UTC).isoformat(),
            "action": entry.action,
            "actor": [entry.actor_id, entry.actor_name, entry.on_behalf_of_id],
            "object": [entry.case_id, entry.finding_id, entry.object_kind, entry.object_id],
            "denied": bool(entry.denied),
            "summary": entry.summary,
            "details": entry.details,
        }
    )


def closure_hash(record: ClosureRecord) -> str:
    """SHA-256 over the previous closure's hash and everything the record says (S97)."""
    return _digest(
        {
            "prev": record.prev_hash,
            "closure_no": record.closure_no,
            "finding": record.finding_id,
            "round": record.round_no,
            "snapshot": record.snapshot,
            "approver": record.approver_id,
            "at": record.at.astimezone(UTC).isoformat(),
        }
    )


def text_hash(finding: Finding) -> str:
    """SHA-256 over the wording that is frozen once fed back: the finding's text and the opinion on it (S97)."""
    return sha256(f"{finding.text}\n{finding.opinion}".encode()).hexdigest()


def merkle_root(leaves: Sequence[Leaf]) -> str:
    """The root over the leaves in the order given; leaves and inner nodes are hashed apart (RFC 6962)."""
    level = [sha256(b"\x00" + _canonical(leaf)).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex() if level else sha256(b"").hexdigest()


def _digest(content: dict[str, Any]) -> str:
    return sha256(_canonical(content)).hexdigest()


def _canonical(content: Any) -> bytes:
    text = json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    """Whole floats as integers: a JSONB column may give 100 back for the 1e2 that went in."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
