"""Keyset paging: a page begins after the last row of the one before, so it costs the same wherever it is."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import Session

Row = TypeVar("Row")
Value = Any
PAGE_SIZE = 50
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
    row_id: Callable[[Any], int] = lambda row: int(row.id),
) -> Page[Any]:
    """One page of a query of entities in this order; an `after` that is no cursor of ours counts as the start."""
    down = order.descending if descending is None else descending
    if place := _decode(after):
        query = query.where(_beyond(order.column, id_, place, down))
    ends = (order.column.desc(), id_.desc()) if down else (order.column, id_)
    rows: Sequence[Any] = session.scalars(query.order_by(*ends).limit(size + 1)).unique().all()
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    return Page(rows[:size], _encode(order.value(last), row_id(last)))


def _beyond(column: Any, id_: Any, place: tuple[Value, int], down: bool) -> Any:
    value, number = place
    later = column < value if down else column > value
    return or_(later, and_(column == value, id_ < number if down else id_ > number))


def _encode(value: Value, number: int) -> str:
    kind = "t" if isinstance(value, datetime) else "d" if isinstance(value, date) else "v"
    plain = value.isoformat() if kind in "td" else value
    return base64.urlsafe_b64encode(json.dumps([kind, plain, number]).encode()).decode()


def _decode(text: str) -> tuple[Value, int] | None:
    if not text:
        return None
    try:
        kind, plain, number = json.loads(base64.urlsafe_b64decode(text.encode()))
        if kind == "t":
            return datetime.fromisoformat(plain), int(number)
        return (date.fromisoformat(plain) if kind == "d" else plain), int(number)
    except (ValueError, TypeError, binascii.Error):
        return None
