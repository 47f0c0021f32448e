"""Addresses that change one thing of the present one: a filter, an order, a page.  Knows no list."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for

TRUE = ("1", "true", "on")


def here(**changes: Any) -> str:
    """The present address with some arguments changed; empty ones fall away, and paging begins anew."""
    arguments: dict[str, Any] = {**request.args.to_dict(), "after": None, "page": None, **changes}
    kept = {name: value for name, value in arguments.items() if value not in (None, "")}
    path = url_for(request.endpoint or "", **(request.view_args or {}))
    return f"{path}?{urlencode(kept)}" if kept else path  # what was asked is never an argument of url_for itself


def sorting(name: str, default: str = "", descending: bool = False) -> dict[str, str]:
    """Address and present direction of a column's heading; a second click turns the order round."""
    current = request.args.get("sort", default)
    if current != name:
        return {"url": here(sort=name, desc=None), "direction": ""}
    down = request.args.get("desc", "1" if descending else "") in TRUE
    return {"url": here(sort=name, desc="0" if down else "1"), "direction": "descending" if down else "ascending"}


def number(name: str) -> int | None:
    """A whole number in the address; anything else counts as not given."""
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def flag(name: str) -> bool:
    """A yes in the address."""
    return request.args.get(name, "") in TRUE


def downwards() -> bool | None:
    """The direction asked for, or None for the column's own."""
    text = request.args.get("desc")
    return None if text is None else text in TRUE


def register(app: Flask) -> None:
    app.jinja_env.globals.update(here=here, sorting=sorting)
