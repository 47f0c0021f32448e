"""Sealed text of answers and records: sealing what is typed, and opening it for whoever is cleared (S13)."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from workflows.commands.desk import Work
from workflows.forms import Form, InvalidForm
from workflows.models import InspectionCase, IntelItem, Interview, Task
from workflows.policy import Actor, NotAllowed, Place
from workflows.policy.clearance import require_cleared, require_insight
from workflows.records import history
from workflows.refusal import Refusal
from workflows.sealing import WORDS, BrokenSeal, Sealer, is_sealed, tokens_in

COLUMNS: Mapping[str, tuple[Any, str, str]] = {
    "intel_item": (IntelItem, "body", "情况条目"),
    "interview": (Interview, "summary", "谈话摘要"),
}
"""Kind of record → its table, the column that is sealed, and what people call it.  A lead is opened in `leads`."""


class NothingSealed(Refusal):
    """There is no sealed text at this place, or it cannot be opened any more."""

    rule = "sealed"


def unsealed(form: Form, answer: Mapping[str, Any], known: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """The answer as it is checked: a sealed field left as it was holds the clear text of what is `known` there."""
    clear = deepcopy(dict(answer))
    for name in form.sealed:
        table, _, column = name.rpartition(".")
        if not table:
            _keep(clear, known, column, sealer)
        elif form.fixed_columns(table):
            for row, given in zip(_rows(clear.get(table)), _rows(known.get(table)), strict=False):
                _keep(row, given, column, sealer)
    return clear


def sealed(form: Form, answer: Mapping[str, Any], given: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """The answer as it is stored: each sealed field a token.  Only a token the server gave itself is one already."""
    stored, vouched = deepcopy(dict(answer)), set(tokens_in(dict(given)))
    for holder, column, path in form.sealed_places(stored):
        text = holder.get(column)
        if text == WORDS:
            raise InvalidForm({path: f"“{path}”的原密文不能沿用，请重新填写"})
        if isinstance(text, str) and text and text not in vouched:
            holder[column] = sealer.seal(text)
    return stored


def sealed_draft(form: Form, answer: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """A draft as it is stored; what was left untouched stays so."""
    stored = deepcopy(dict(answer))
    for holder, column, _ in form.sealed_places(stored):
        text = holder.get(column)
        if isinstance(text, str) and text not in ("", WORDS):
            holder[column] = sealer.seal(text)
    return stored


def open_sealed(
    work: Work, *, case_no: str, kind: str, row_id: int, path: str = "", actor: Actor, now: datetime
) -> str:
    """查阅密文: the clear text of a record's sealed column, or of a task's answer at `path` ("rows.0.body").

    Raises NotAllowed unless the person is cleared for the case; that, and every opening, stands in its history.
    A case that does not exist is refused in the same words.
    """
    case = work.session.scalar(select(InspectionCase).where(InspectionCase.case_no == case_no))
    if case is None:
        raise NotAllowed("您没有查阅该密文的权限，本次查阅申请已记录。", rule="S13")
    place = Place(case.unit_id, case.unit.city_id, case.id, case.round_id)
    require_cleared(actor, place)
    if kind == "task" and (task := work.session.get(Task, row_id)) is not None and task.case_id == case.id:
        require_insight(actor, place, role=task.role, done_by_id=task.done_by_id)
    token, label = _token(work, case, kind, row_id, path)
    try:
        text = work.sealer.open(token)
    except BrokenSeal as error:
        raise NothingSealed("密文无法解开：系统密钥已更换，请联系安全保密员。") from error
    history.record(
        work.session, action="open_sealed", summary=f"查阅密文：{label}", now=now, actor=actor, case_id=case.id,
        object_kind=kind, object_id=row_id, details={"path": path},
    )  # fmt: skip
    return text


def _token(work: Work, case: InspectionCase, kind: str, row_id: int, path: str) -> tuple[str, str]:
    if kind == "task":
        task = work.session.get(Task, row_id, options=[undefer(Task.answer)])
        held = task if task is not None and task.case_id == case.id else None
        token, label = _at(held.answer if held else None, path), held.title if held else ""
    else:
        table, column, label = COLUMNS.get(kind, (None, "", ""))
        row = work.session.get(table, row_id) if table is not None else None
        token = getattr(row, column) if row is not None and row.case_id == case.id else None
    if not isinstance(token, str) or not is_sealed(token):
        raise NothingSealed("此处没有密文。")
    return token, label


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if part.isdecimal() and len(part) < 6 and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _keep(clear: dict[str, Any], known: Mapping[str, Any], column: str, sealer: Sealer) -> None:
    token = known.get(column)
    if clear.get(column) in (None, "", WORDS) and isinstance(token, str) and is_sealed(token):
        clear[column] = sealer.open(token)


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
