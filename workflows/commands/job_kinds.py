"""Every kind of background job, on one screen."""

from collections.abc import Mapping

from workflows.commands.batch_job import BATCH
from workflows.commands.document_register_export import DOCUMENT_REGISTER_EXPORT
from workflows.commands.errands import JobKind
from workflows.commands.ledger_export import LEDGER_EXPORT
from workflows.commands.letter_register_export import LETTER_REGISTER_EXPORT
from workflows.commands.monthly_pack import MONTHLY_PACK
from workflows.commands.pressing import PRESS

ALL = (
    BATCH,
    LEDGER_EXPORT,
    LETTER_REGISTER_EXPORT,
    PRESS,
    MONTHLY_PACK,
    DOCUMENT_REGISTER_EXPORT,
)
KINDS: Mapping[str, JobKind] = {kind.code: kind for kind in ALL}
