"""Calendar days between two date columns, in either database."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class days_from(GenericFunction[int]):  # noqa: N801 - it is written like an SQL function
    """days_from(first, last): whole days from the first date to the last."""

    type = Integer()
    inherit_cache = True


@compiles(days_from, "sqlite")
def _sqlite(element: Any, compiler: Any, **given: Any) -> str:
    first, last = (compiler.process(column, **given) for column in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_from, "postgresql")
def _postgresql(element: Any, compiler: Any, **given: Any) -> str:
    first, last = (compiler.process(column, **given) for column in element.clauses)
    return f"({last} - {first})"
