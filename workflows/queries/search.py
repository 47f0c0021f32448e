"""Free text as a condition: what was typed must occur in one of the columns.  Knows no table."""

from typing import Any

from sqlalchemy import ColumnElement, or_


def contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """A condition: at least one column contains the text, wildcards taken literally."""
    plain = text.strip()[:100].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(column.ilike(f"%{plain}%", escape="\\") for column in columns))
