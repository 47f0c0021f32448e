"""What every page has around it: navigation, the bundles' state, theme and language.  Knows no case.

`dress(app)` puts all of it on an application; the navigation list comes from
`app.extensions["navigation"]`, a function that returns the entries of the person asking.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask_babel import gettext
from flask_wtf import CSRFProtect

from webapp import errors, formats, headers, language, preferences


@dataclass(frozen=True)
class NavEntry:
    """One line of the left navigation: what the person does, where it is, how many wait there."""

    title: str
    url: str
    icon: str = "list"
    count: int | None = None
    group: str = ""
    key: str = ""  # the letter after "g" that leads here


NOT_MODIFIED = 304
Navigation = Callable[[], Sequence[NavEntry]]


def navigation() -> Sequence[NavEntry]:
    """The entries for the person of this request; none when nobody is signed in."""
    entries: Navigation | None = current_app.extensions.get("navigation")
    return [_translated(entry) for entry in entries()] if entries else ()


def current_entry(entries: Sequence[NavEntry]) -> NavEntry | None:
    """The entry whose address is the longest beginning of the page's own address."""
    fitting = [entry for entry in entries if _is_under(request.path, entry.url.split("?")[0])]
    return max(fitting, key=lambda entry: len(entry.url), default=None)


def asset(name: str) -> str | None:
    """The address of a built bundle with its fingerprint, or None where it was not built."""
    file = Path(str(current_app.static_folder)) / "dist" / name
    if not file.is_file():
        return None
    return url_for("static", filename=f"dist/{name}", v=f"{file.stat().st_mtime_ns:x}")


def stylesheet() -> str:
    """The address of our own stylesheet; it changes when the sheet does."""
    file = Path(str(current_app.static_folder)) / "huitou.css"
    return url_for("static", filename=file.name, v=f"{file.stat().st_mtime_ns:x}")


def dress(app: Flask) -> None:
    """Registers CSRF, headers, errors, formats, languages, preferences and the layout's names."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a token lives as long as its session: nothing typed is lost
    CSRFProtect(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (headers, errors, formats, language):
        part.register(app)
    app.after_request(_let_go)
    app.register_blueprint(preferences.bp)
    # Macros see globals only, so what they need is one.
    app.add_template_global(asset)
    app.add_template_global(stylesheet)
    app.add_template_global(headers.diagram_nonce)
    app.context_processor(_names)


def _let_go(response: Response) -> Response:
    """A "not modified" has no body, so nobody would ever close the file that was opened for it."""
    if response.status_code == NOT_MODIFIED:
        response.close()
    return response


def _names() -> dict[str, Any]:
    entries = navigation()
    return {
        "navigation": entries,
        "nav_current": current_entry(entries),
        "preferences": preferences.current_preferences(),
    }


def _translated(entry: NavEntry) -> NavEntry:
    return replace(entry, title=gettext(entry.title), group=gettext(entry.group) if entry.group else "")


def _is_under(path: str, start: str) -> bool:
    return path == start or (start != "/" and path.startswith(start.rstrip("/") + "/"))
