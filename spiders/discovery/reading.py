"""Reads what a source answered, as what it is: a feed, a sitemap, a page. Pure, and never raises: it runs in a thread beside the crawl."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from spiders.discovery.feeds import parse_feed
from spiders.discovery.link import Found
from spiders.discovery.pages import parse_section
from spiders.discovery.sitemaps import parse_sitemap
from spiders.discovery.sniff import kind_of

SourceKind = Literal["feed", "sitemap", "section"]
WRONG_KIND = "wrong-kind"
"""Slug of the problem that something else came than was asked for."""


def read_source(
    body: bytes, content_type: str | None, url: str, *, kind: SourceKind, next_css: str | None = None
) -> Found:
    """Read the answer of ``url``, which was asked for as a ``kind``.

    A feed where a sitemap was expected, and the other way round, is read all the same. Of a page that came where a feed or a sitemap was
    expected nothing is taken, and the problem WRONG_KIND says so: it is an error page, or the way to one.
    """
    came = kind_of(body, content_type)
    if came == "feed":
        return parse_feed(body, content_type, url)
    if came == "sitemap" or (kind == "sitemap" and came == "other"):
        return parse_sitemap(body, url)
    if kind == "section":
        return parse_section(body, content_type, url, next_css)
    what = "an HTML page" if came == "html" else "something unknown"
    found = parse_feed(body, content_type, url) if kind == "feed" and came == "other" else Found()
    return replace(
        found,
        links=(),
        sources=(),
        next_page=None,
        problems=(f"{WRONG_KIND}: a {kind} was expected, {what} came", *found.problems),
    )
