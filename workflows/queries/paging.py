"""Keyset paging: a page begins after the last row of the one before, so it costs the same wherever it is."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import Session

from workflows.database import UtcDateTime

Row = TypeVar("Row")
Value = Any
PAGE_SIZE = 50
READ: Mapping[str, Callable[[Any], Value]] = {
    "t": datetime.fromisoformat, "d": date.fromisoformat, "v": lambda value: value,
}  # fmt: skip
LATEST = datetime.fromisoformat("9999-01-01T00:00:00+00:00")  # where rows without a due moment stand


@dataclass(frozen=True)
class Order:
    """An order of a list: the column, the row's value in it, its words, and which way it runs by default."""

    column: Any
    value: Callable[[Any], Value]
    words: str
    descending: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and where the next ones begin ("" at the end)."""

    rows: Sequence[Row]
    next: str = ""


def fetch(
    session: Session,
    query: Select[Any],
    *,
    order: Order,
    id_: Any,
    after: str = "",
    size: int = PAGE_SIZE,
    descending: bool | None = None,
    then: Sequence[tuple[Order, bool]] = (),
    row_id: Callable[[Any], int] = lambda row: int(row.id),
) -> Page[Any]:
    """One page of a query of entities in this order, ties in the orders of `then` (each with whether it runs down).

    An `after` that is no cursor of ours, or one of another order, counts as the start.
    """
    down = order.descending if descending is None else descending
    keys = ((order, down), *then)
    if place := _decode(after, keys):
        query = query.where(_beyond(keys, id_, *place))
    ends = [key.column.desc() if falls else key.column for key, falls in keys]
    rows: Sequence[Any] = (
        session.scalars(query.order_by(*ends, id_.desc() if down else id_).limit(size + 1)).unique().all()
    )
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    return Page(rows[:size], _encode([key.value(last) for key, _ in keys], row_id(last)))


def _beyond(keys: Sequence[tuple[Order, bool]], id_: Any, values: Sequence[Value], number: int) -> Any:
    """Rows after the one with these values: at the first key that differs the row lies further on."""
    is_later = id_ < number if keys[0][1] else id_ > number
    for (key, down), value in zip(reversed(keys), reversed(values), strict=True):
        further = key.column < value if down else key.column > value
        is_later = or_(further, and_(key.column == value, is_later))
    return is_later


def _encode(values: Sequence[Value], number: int) -> str:
    plain = [[_kind(value), value.isoformat() if _kind(value) in "td" else value] for value in values]
    return base64.urlsafe_b64encode(json.dumps([plain, number]).encode()).decode()


def _kind(value: Value) -> str:
    return "t" if isinstance(value, datetime) else "d" if isinstance(value, date) else "v"


def _decode(text: str, keys: Sequence[tuple[Order, bool]]) -> tuple[list[Value], int] | None:
    if not text:
        return None
    try:
        plain, number = json.loads(base64.urlsafe_b64decode(text.encode()))
        values = [READ[kind](value) for kind, value in plain]
        fitting = len(values) == len(keys) and all(
            _fits(key, value) for (key, _), value in zip(keys, values, strict=True)
        )
        return (values, int(number)) if fitting else None
    except (ValueError, TypeError, KeyError, binascii.Error):
        return None


def _fits(key: Order, value: Value) -> bool:
    """Whether the value is one of the column's kind: a cursor kept from another order is none of this one."""
    if isinstance(key.column.type, UtcDateTime):
        return isinstance(value, datetime) and value.tzinfo is not None
    return isinstance(value, key.column.type.python_type)
