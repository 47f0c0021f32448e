"""Walks every number of the application that opens a list, as one person, and compares the two.

A number is `<a href data-count="N">`; a list says how many rows it has in `data-total`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException

ONE_OF_EACH = 1
"""So many pages of one kind are opened: the first that is found."""


@dataclass(frozen=True)
class Number:
    """A number on a page and where it leads."""

    page: str
    url: str
    shown: int
    listed: int | None

    @property
    def is_true(self) -> bool:
        """The list has exactly so many rows."""
        return self.shown == self.listed


def walk(app: Flask, client: FlaskClient) -> list[Number]:
    """Every distinct number on a few pages of each kind that the person reaches."""
    found: dict[tuple[str, int], Number] = {}
    for page, tree in _pages(app, client):
        for link in tree.xpath("//a[@data-count and @href]"):
            url, shown = urljoin(page, link.get("href")), int(link.get("data-count"))
            if (url, shown) not in found:
                found[url, shown] = Number(page, url, shown, _listed(client, url))
    return list(found.values())


def _pages(app: Flask, client: FlaskClient) -> Iterator[tuple[str, html.HtmlElement]]:
    """From page to page by the links on them, ONE_OF_EACH of a kind."""
    waiting, seen = ["/", "/cockpit/", "/cockpit/indicators"], set()
    opened: dict[str, int] = {}
    while waiting:
        page = waiting.pop(0)
        kind = _kind(app, page)
        if page in seen or not kind or opened.get(kind, 0) >= ONE_OF_EACH:
            continue
        seen.add(page)
        answer = client.get(page, follow_redirects=True)
        if answer.status_code != 200 or not answer.mimetype.startswith("text/html"):
            continue
        opened[kind] = opened.get(kind, 0) + 1
        tree = html.fromstring(answer.text)
        waiting += [urljoin(page, href) for href in tree.xpath("//a/@href") if _is_ours(href)]
        yield page, tree


def _kind(app: Flask, page: str) -> str:
    """The view behind an address; "" for none that may be read."""
    path = urlsplit(page).path
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return ""
    return "" if endpoint == "static" or path.startswith("/api/") else str(endpoint)


def _is_ours(href: str) -> bool:
    return href.startswith(("/", "?")) and not href.startswith("//")


def _listed(client: FlaskClient, url: str) -> int | None:
    answer = client.get(url, follow_redirects=True)
    if answer.status_code != 200:
        return None
    totals = html.fromstring(answer.text).xpath("//*[@data-total]/@data-total")
    return int(totals[0]) if totals else None
