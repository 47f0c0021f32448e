"""Global search by API: the same hits and counts as the page."""

from flask import Blueprint
from pydantic import Field

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Shape
from workflows.queries.search import Asked
from workflows.queries.search_kinds import Hit
from workflows.queries.search_results import results, suggestions

bp = Blueprint("search", __name__)


class SearchAsked(Shape):
    """What is looked for; with `kind` a page of one kind, else the first hits of each."""

    text: str = Field(default="", max_length=100, description="至少两个字；多个词以空格分开；可用拼音首字母和编号")
    kind: str = Field(default="", pattern="^(|unit|person|case|finding|document|institution)$")
    after: str = ""


class SuggestionsAsked(Shape):
    """What has been typed so far."""

    text: str = Field(default="", max_length=100)


class HitShape(Shape):
    """One thing found; `key` is its number or code."""

    kind: str
    key: str
    id: int
    title: str
    note: str
    text: str


class SearchFound(Shape):
    """How many of each kind, and the hits."""

    counts: dict[str, int]
    hits: list[HitShape]
    next: str


class Suggestions(Shape):
    """A few hits of each kind."""

    hits: list[HitShape]


@bp.get("/search")
@open_to(SIGNED_IN)
@document.validate(resp=gives(SearchFound), tags=["搜索"])
def search(query: SearchAsked) -> Answer:
    """全局搜索：单位、人员、案件、问题、文书、制度，限本人查看范围"""
    asked = Asked.of(query.text)
    found = results(current.session(), current.actor(), asked, kind=query.kind, after=query.after)
    hits = [_shape(hit) for page in found.hits.values() for hit in page.rows]
    following = found.hits[query.kind].next if query.kind in found.hits else ""
    return SearchFound(counts=dict(found.counts), hits=hits, next=following).model_dump(mode="json")


@bp.get("/search/suggestions")
@open_to(SIGNED_IN)
@document.validate(resp=gives(Suggestions), tags=["搜索"])
def suggest(query: SuggestionsAsked) -> Answer:
    """输入提示"""
    found = suggestions(current.session(), current.actor(), Asked.of(query.text))
    return Suggestions(hits=[_shape(hit) for hit in found]).model_dump(mode="json")


def _shape(hit: Hit) -> HitShape:
    return HitShape(kind=hit.kind, key=hit.key, id=hit.id, title=hit.title, note=hit.note, text=hit.text)
