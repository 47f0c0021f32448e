"""Every kind of background job, on one screen."""

from collections.abc import Mapping

from workflows.commands.errands import JobKind
from workflows.commands.ledger_export import LEDGER_EXPORT

KINDS: Mapping[str, JobKind] = {kind.code: kind for kind in (LEDGER_EXPORT,)}
