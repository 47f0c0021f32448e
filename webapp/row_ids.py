"""Numbers of rows in addresses and forms: one larger than any row's is no row, whatever the database makes of it."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1  # of a row's id on PostgreSQL


class RowId(IntegerConverter):
    """`<int:…>` up to LARGEST."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"max": LARGEST, **kwargs})


def row_id(text: str) -> int | None:
    """The number of a row as a form sends it; None for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def register(app: Flask) -> None:
    """Before any view is registered."""
    app.url_map.converters["int"] = RowId
