"""The stage that finds when an article was published and last changed.

Owns ``published_at``, ``published_raw`` and ``modified_at``: the order of the sources, and what becomes of a date without a time or a
time without a zone. Never uses the present: a page without a date has none.

A bare date is midnight UTC with the flag ``date-only``; a time without a zone is taken in the site's ``timezone``, or else in UTC with
the flag ``date-zone-unknown``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from crawler.record import utc
from pipelines.moment import Moment, read_stamp, read_words
from pipelines.page import Draft, Page, Source
from pipelines.plain import plain
from pipelines.schemaorg import PAGES, items, types

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published:time", "article:published",
    "datepublished", "date.published", "og:published_time",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued",
    "dc.date.created", "dcterms.created", "publishdate", "publish-date", "publish_date", "pubdate", "published", "publication_date",
    "published_time", "citation_publication_date", "citation_online_date", "citation_date", "originalpublicationdate",
    "article.published", "vr:published_time", "rnews:datepublished", "bt:pubdate", "dc.date", "dcterms.date", "date", "created",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified:time",
    "og:updated_time", "datemodified", "date.modified", "dc.date.modified",
    "dcterms.modified", "modified", "lastmod", "last-modified", "article.updated", "article:updated_time", "revision_date",
)  # fmt: skip
_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|_|$)")
_DATED: Any = etree.XPath(
    "//*[self::div or self::span or self::p or self::li or self::small or self::time or self::address or self::td]"
    "[contains(@class,'date') or contains(@class,'Date') or contains(@class,'publish') or contains(@class,'time')"
    " or contains(@class,'byline') or contains(@class,'posted') or contains(@class,'meta') or contains(@id,'date')]"
)
_MOST_DATED = 40
_LONGEST_DATED = 160
_MOST_LINES = 40
_LONGEST_LINE = 100


@dataclass(frozen=True, slots=True)
class _Found:
    moment: Moment
    raw: str
    source: Source


def dates(page: Page, draft: Draft) -> Draft:
    """Fill the dates; flag ``date-only``, ``date-zone-unknown`` and ``modified-before-published``."""
    if draft.tree is None:
        return draft
    zone = _zone(page)
    flags: list[str] = []
    published = _best(_published(page, draft))
    if published is None or published.source == "guess":
        # such a line may give the time of a change: it fills a gap, and corrects nothing
        published = next(_below_headline(draft.tree), published)
    sources = draft.sources
    at = None
    if published is not None:
        at = published.moment.utc(zone or UTC)
        if not published.moment.timed:
            flags.append("date-only")
        elif not published.moment.zoned and zone is None:
            flags.append("date-zone-unknown")
        sources = replace(sources, published_at=published.source)
    modified_at = None
    modified = _best(_stated(draft, ("dateModified",), _MODIFIED))
    if modified is not None:
        changed = modified.moment.utc(zone or UTC)
        if at is not None and changed < at - (timedelta() if modified.moment.timed else timedelta(days=1)):
            flags.append("modified-before-published")
        else:
            modified_at = utc(changed)
            sources = replace(sources, modified_at=modified.source)
    return replace(
        draft,
        published_at=utc(at) if at else None,
        published_raw=published.raw if published else None,
        modified_at=modified_at,
        sources=sources,
        flags=draft.flagged(*flags),
    )


def _zone(page: Page) -> tzinfo | None:
    """The zone that the site's rules name; None if they name none."""
    name = page.rules.timezone if page.rules is not None else None
    return ZoneInfo(name) if name is not None else None


def _best(candidates: Iterator[_Found]) -> _Found | None:
    """The first candidate, or a later one that says the same day with more of the time: a zone, or an hour."""
    best: _Found | None = None
    for candidate in candidates:
        if best is None or (
            abs(candidate.moment.utc() - best.moment.utc()) <= timedelta(days=1)
            and _detail(candidate.moment) > _detail(best.moment)
        ):
            best = candidate
        if best.moment.zoned:
            break
    return best


def _detail(moment: Moment) -> int:
    return moment.timed + moment.zoned


def _published(page: Page, draft: Draft) -> Iterator[_Found]:
    yield from _stated(draft, ("datePublished", "dateCreated", "uploadDate"), _PUBLISHED)
    yield from _printed(draft)
    if page.feed_published and (moment := read_stamp(page.feed_published)):
        yield _Found(moment, page.feed_published, "feed" if page.discovered_via == "feed" else "sitemap")
    try:
        path = urlsplit(page.url).path
    except ValueError:
        return
    if (match := _URL_DATE.search(path)) and (moment := read_stamp("-".join(match.groups()))):
        yield _Found(moment, match[0].strip("/"), "guess")


def _stated(draft: Draft, properties: tuple[str, ...], names: tuple[str, ...]) -> Iterator[_Found]:
    for name in properties:
        for source, node in draft.works:
            for value in items(node.get(name)):
                if isinstance(value, dict):
                    value = value.get("@value")
                if moment := read_stamp(value):
                    yield _Found(moment, str(value).strip(), source)
    seen = dict(reversed(draft.meta))
    for name in names:
        if (value := seen.get(name)) and (moment := read_stamp(value)):
            yield _Found(moment, value, "meta")
    for node in draft.jsonld:
        if types(node) & PAGES and (moment := read_stamp(node.get(properties[0]))):
            yield _Found(moment, str(node[properties[0]]).strip(), "jsonld")


def _printed(draft: Draft) -> Iterator[_Found]:
    """Dates that the page shows: marked as the article's, then the one that is next to the headline, then in a byline's words."""
    assert draft.tree is not None
    times: list[tuple[int, int, _Found]] = []
    heading = False
    for element in draft.tree.iter("h1", "time"):
        if element.tag == "h1":
            heading = True
            continue
        value = element.get("datetime") or plain(element.text, 100)
        if value and (moment := read_stamp(value)):
            marked = element.get("pubdate") is not None or "datePublished" in (element.get("itemprop") or "")
            times.append((0 if marked else 1 if heading else 2, len(times), _Found(moment, value, "html")))
        if len(times) == 20:
            break
    if times:
        yield min(times, key=lambda entry: entry[:2])[2]
    for element in _DATED(draft.tree)[:_MOST_DATED]:
        text = " ".join("".join(element.itertext()).split())
        if 6 <= len(text) <= _LONGEST_DATED and (moment := read_words(text)):
            yield _Found(moment, text, "html")
            return


def _below_headline(tree: HtmlElement) -> Iterator[_Found]:
    """The date in the first lines below the headline, whatever they are called; a sentence is no such line."""
    count = -1
    for element in tree.iter("h1", "p", "div", "span", "li", "small", "address"):
        if element.tag == "h1":
            count = max(count, 0)
            continue
        if count < 0:
            continue
        count += 1
        if count > _MOST_LINES:
            return
        text = " ".join((element.text or "").split())
        if (
            6 <= len(text) <= _LONGEST_LINE
            and not text.endswith((".", "!", "?", "…", "。"))
            and (moment := read_words(text))
        ):
            yield _Found(moment, text, "html")
            return
