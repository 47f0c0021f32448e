"""全局搜索: hits of every kind on one page, more of one kind by pages, and suggestions while typing."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.navigation import READERS
from workflows.policy import Actor
from workflows.queries.inspectors import POOL_READERS
from workflows.queries.scope import sees_region
from workflows.queries.search import LEAST, Asked, spelling
from workflows.queries.search_kinds import ALL, Hit
from workflows.queries.search_results import results, suggestions

bp = Blueprint("search", __name__, url_prefix="/search")
AROUND = 40  # characters of an excerpt before the first word found
EXCERPT = 160
Spans = list[tuple[int, int]]


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    text, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    asked = Asked.of(text)
    found = results(current.session(), current.actor(), asked, kind=kind, after=request.args.get("after", ""))
    return render_template(
        "search/index.html", text=text, asked=asked, kind=kind, kinds=ALL, found=found, least=LEAST,
        address_of=address_of, marked=marked, excerpt=excerpt,
    )  # fmt: skip


@bp.get("/suggestions")
@open_to(SIGNED_IN)
def suggested() -> ResponseReturnValue:
    """[{kind, title, note, url}] for what has been typed so far; where there is no page of its own, its hits."""
    asked, words = Asked.of(request.args.get("q", "")), {kind.code: _(kind.words) for kind in ALL}
    found = suggestions(current.session(), current.actor(), asked)
    answer = jsonify([
        {"kind": words[hit.kind], "title": hit.title, "note": hit.note,
         "url": address_of(hit) or url_for("search.page", q=hit.title, kind=hit.kind)}
        for hit in found
    ])  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def address_of(hit: Hit) -> str:
    """The page of a hit, as far as this person has one."""
    actor = current.actor()
    match hit.kind:
        case "unit":
            return _unit_address(hit, actor)
        case "person":
            reaches = hit.is_inspector and actor.has_role(*POOL_READERS)
            return url_for("teams.inspector", staff_no=hit.key) if reaches else ""
        case "case":
            return url_for("cases.page", case_no=hit.key)
        case "finding":
            return url_for("findings.page", finding_no=hit.key)
        case "document":
            return url_for("documents.page", document_id=hit.id)
    return url_for("institutions.page", doc_no=hit.key) if actor.has_role(*READERS) else ""


def _unit_address(hit: Hit, actor: Actor) -> str:
    if sees_region(actor):
        return url_for("units.page", code=hit.key)
    return url_for("cases.index", unit=hit.id) if actor.has_role(*READERS) else ""


def marked(text: str, asked: Asked, initials: str = "") -> Markup:
    """The text with every word found in it in <mark>; a name found by its initials with the characters they stand for."""
    out, at = Markup(), 0
    for start, end in _spans(text, asked.words, initials):
        out += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
        at = end
    return out + escape(text[at:])


def excerpt(text: str, asked: Asked) -> str:
    """What stands around the first word found; from the beginning where none is."""
    spans = _spans(text, asked.words, "")
    start = max(spans[0][0] - AROUND, 0) if spans else 0
    cut = text[start : start + EXCERPT]
    return f"{'…' if start else ''}{cut}{'…' if start + EXCERPT < len(text) else ''}"


def _spans(text: str, words: Sequence[str], initials: str) -> Spans:
    """Places to be marked, in order, without overlaps."""
    found: Spans = []
    folded = text.lower()
    for word in words:
        places = _occurrences(folded, word.lower()) or _spelt(folded, spelling(word), initials)
        found += places
    joined: Spans = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _occurrences(text: str, word: str) -> Spans:
    found, at = [], text.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = text.find(word, at + len(word))
    return found


def _spelt(text: str, letters: str, initials: str) -> Spans:
    """The characters that the letters stand for; only where each character has its letter."""
    if not letters or len(initials) != len(text):
        return []
    if (at := initials.find(letters)) >= 0:
        return [(at, at + len(letters))]
    found, start = [], 0
    for letter in letters:
        at = initials.find(letter, start)
        if at < 0:
            return []
        found.append((at, at + 1))
        start = at + 1
    return found


def register(app: Flask) -> None:
    app.context_processor(_names)


def _names() -> dict[str, Any]:
    return (
        {"search_url": url_for("search.page"), "suggestions_url": url_for("search.suggested")}
        if g.get("actor")
        else {}
    )
