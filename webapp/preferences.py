"""How this browser wants to see pages: theme and language.  Knows no person: two cookies hold it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug import Response

THEMES = ("auto", "light", "dark")
LANGUAGES = ("zh", "en")
A_YEAR = 365 * 24 * 3600

bp = Blueprint("preferences", __name__)


@dataclass(frozen=True)
class Preferences:
    """What a page is dressed in; unknown values fall back to the first of each list."""

    theme: str = "auto"
    language: str = "zh"


def current_preferences() -> Preferences:
    """The preferences of this request's browser."""
    theme, language = request.cookies.get("theme", ""), request.cookies.get("language", "")
    return Preferences(theme if theme in THEMES else THEMES[0], language if language in LANGUAGES else LANGUAGES[0])


def own_path(target: str | None, otherwise: str = "/") -> str:
    """The target if it is a path on this server, else `otherwise` (ASVS 3.7.2: no open redirect)."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


@bp.post("/preferences")
def choose() -> ResponseReturnValue:
    """Remembers theme or language in this browser and goes back to where the person was."""
    return remember(redirect(own_path(request.form.get("next"))), request.form)


def remember(answer: Response, wanted: Mapping[str, str]) -> Response:
    """Puts what is wanted, as far as it is known, into this browser's cookies."""
    for name, allowed in (("theme", THEMES), ("language", LANGUAGES)):
        if (value := wanted.get(name)) in allowed:
            answer.set_cookie(
                name, str(value), max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
            )
    return answer
