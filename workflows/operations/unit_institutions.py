"""单位制度登记 (P11): a unit enters an institution of its own and says what it hangs on, so that a change reaches it (S124)."""

from typing import Any

from workflows.models import Unit
from workflows.operations._institutions import register_own
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.policy.vocabulary import INSTITUTION_LEVEL
from workflows.records import institutions
from workflows.records.institutions import InstitutionRefused


@operation(repeatable=True)
def list_bases(context: Context) -> dict[str, Any]:
    """开列可作上位依据的制度，以及本单位已登记的制度。返回 bases、own。"""
    unit, docs = _unit(context), institutions.living(context.session)
    return {
        "bases": [
            {"doc_no": doc.doc_no, "title": doc.title, "level": INSTITUTION_LEVEL[doc.level], "is_parent": False}
            for doc in docs
            if doc.level != "unit"
        ],
        "own": [{"doc_no": doc.doc_no, "title": doc.title} for doc in docs if doc.unit_id == unit.id],
    }


@operation
def register_unit_institution(
    context: Context, *, title: str, issue_no: str, text: str, bases: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """登记单位制度：名称相同的登记为新版本；勾选的上位制度变动时，本单位会收到对照修订任务。返回 doc_no。"""
    named = [institutions.find(context.session, row["doc_no"]) for row in bases or [] if row.get("is_parent")]
    doc = register_own(
        context, unit=_unit(context), title=title.strip(), issue_no=issue_no, text=text, parents=[b.id for b in named]
    )
    return {"doc_no": doc.doc_no}


def _unit(context: Context) -> Unit:
    if context.unit is None:
        raise InstitutionRefused("该流程没有所属单位。")
    return context.unit
