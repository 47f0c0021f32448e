"""The security headers of every answer, errors and static files included.  Knows no page.

Two content policies: the ordinary one, and one for pages that draw a diagram, whose library writes
style elements and style attributes (without them the licence's watermark moves).
"""

import secrets

from flask import Flask, Response, current_app, g, request

ORDINARY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def diagram_nonce() -> str:
    """Marks this answer as a page with a diagram and returns the nonce its style elements carry."""
    if "diagram_nonce" not in g:
        g.diagram_nonce = secrets.token_urlsafe(16)
    return str(g.diagram_nonce)


def content_policy(nonce: str | None) -> str:
    """The Content-Security-Policy of an ordinary page, or of a diagram page with this nonce."""
    if nonce is None:
        return ORDINARY
    return ORDINARY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'")


def register(app: Flask) -> None:
    app.after_request(_set)


def _set(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", content_policy(g.get("diagram_nonce")))
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
