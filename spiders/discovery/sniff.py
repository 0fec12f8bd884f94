"""What a body is, whatever it was asked for as: a feed, a sitemap, a page. Looks at the first bytes only, and never raises."""

from __future__ import annotations

import re
from typing import Literal

from spiders.discovery.text import decode, gunzip
from spiders.discovery.xmltext import root

Kind = Literal["feed", "sitemap", "html", "other"]

HEAD_BYTES = 65_536
"""How much is looked at. Some documents begin with a long comment or DTD."""

_ROOTS: dict[str, Kind] = {
    "rss": "feed", "feed": "feed", "rdf": "feed", "channel": "feed", "urlset": "sitemap", "sitemapindex": "sitemap", "html": "html",
}  # fmt: skip
_KNOWN_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(rss|feed|rdf|urlset|sitemapindex|html)(?=[\s>])", re.I)
_DOCTYPE_HTML = re.compile(r"\s*<!doctype\s+html", re.I)
_JSON_FEED = re.compile(r"\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org", re.I)
_ADDRESS = re.compile(r"https?://\S+", re.I)


def kind_of(body: bytes, content_type: str | None = None) -> Kind:
    """Return the kind of ``body``, which may be gzip: its root element decides, then ``content_type``.

    ``sitemap`` is also a list of addresses, one a line (sitemaps.org, "text file").
    """
    head = gunzip(body[:HEAD_BYTES], HEAD_BYTES)[0][:HEAD_BYTES]
    media = (content_type or "").partition(";")[0].strip().lower()
    text = decode(head, content_type)[0].lstrip()
    if _DOCTYPE_HTML.match(text):
        return "html"
    if text.startswith("{"):
        return "feed" if media == "application/feed+json" or _JSON_FEED.search(text) else "other"
    lines = text.split(maxsplit=1)
    if lines and _ADDRESS.fullmatch(lines[0]):
        return "sitemap"
    first = root(text)
    kind = _ROOTS.get(first[0].rpartition(":")[2].lower()) if first else None
    if kind is None and (known := _KNOWN_ROOT.search(text)):
        kind = _ROOTS[known[1].lower()]  # something was printed before the document
    if kind is None and first is not None and media in ("text/html", "application/xhtml+xml"):
        return "html"
    return kind or "other"
