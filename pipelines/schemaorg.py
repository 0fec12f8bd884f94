"""Reading schema.org nodes, from JSON-LD and microdata alike: types, names, addresses, and which node is this page's article.

Owns the vocabulary. Never parses a page, and never decides a field of the record.

Source: https://schema.org/ (Article, CreativeWork); JSON-LD 1.1 sections 4.4 (@id), 4.7 (@graph) and 4.3.4 (lists and sets).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

Node = dict[str, Any]

WORKS = frozenset({
    "AdvertiserContentArticle", "AnalysisNewsArticle", "Article", "AskPublicNewsArticle", "BackgroundNewsArticle",
    "BlogPosting", "ClaimReview", "CriticReview", "DiscussionForumPosting", "ImageGallery", "InteractiveArticle",
    "LiveBlogPosting", "MediaGallery", "MedicalScholarlyArticle", "NewsArticle", "NewsVideo", "OpinionNewsArticle",
    "PodcastEpisode", "Recipe", "Report", "ReportageNewsArticle", "Review", "ReviewNewsArticle", "SatiricalArticle",
    "ScholarlyArticle", "SocialMediaPosting", "TechArticle", "VideoObject", "AudioObject", "HowTo", "Event", "CreativeWork",
})  # fmt: skip
"""Types of a node that may be what a page is about."""
PAGES = frozenset({"WebPage", "ItemPage", "AboutPage", "FAQPage", "MedicalWebPage", "VideoGallery"})
"""Types of a node that is the page itself."""
ORGANISATIONS = frozenset({
    "Organization", "NewsMediaOrganization", "Corporation", "NGO", "GovernmentOrganization", "EducationalOrganization",
    "LocalBusiness", "WebSite", "Brand", "Newspaper", "PerformingGroup", "Periodical", "CollegeOrUniversity",
})  # fmt: skip
"""Types of an author that is no person."""
_WEAK = frozenset(
    {"VideoObject", "AudioObject", "Review", "CreativeWork", "Event", "HowTo", "Recipe", "MediaGallery", "ImageGallery"}
)


def items(value: Any) -> Iterator[Any]:
    """The values of a property: JSON-LD writes one as itself and several as a list, a ``@list`` or a ``@set``."""
    if isinstance(value, dict) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    if isinstance(value, list | tuple):
        yield from value
    elif value is not None:
        yield value


def types(node: Any) -> frozenset[str]:
    """Names of a node's types, without the vocabulary's address."""
    if not isinstance(node, dict):
        return frozenset()
    return frozenset(
        t.rstrip("/").rpartition("/")[2].rpartition(":")[2] for t in items(node.get("@type")) if isinstance(t, str)
    )


def text_of(value: Any) -> str | None:
    """The first string of a value: itself, its ``@value``, its ``name``, or that of the first entry of a list."""
    for item in items(value):
        if isinstance(item, str):
            return item
        if isinstance(item, dict):
            for name in ("@value", "name", "headline"):
                found = item.get(name)
                if isinstance(found, str):
                    return found
    return None


def address_of(value: Any) -> str | None:
    """The address a value gives: itself, its ``url``, ``@id`` or ``contentUrl``."""
    for item in items(value):
        if isinstance(item, str):
            return item
        if isinstance(item, dict):
            for name in ("url", "contentUrl", "@id"):
                found = next(items(item.get(name)), None)
                if isinstance(found, str):
                    return found
    return None


def same_page(one: str | None, other: str | None) -> bool:
    """Whether two addresses name the same page: their paths agree, whatever scheme, host and query are."""
    return one is not None and other is not None and (path := _path(one)) != "" and path == _path(other)


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url.strip()[:2000]).path).rstrip("/").casefold()
    except ValueError:
        return ""


def article_nodes(nodes: Iterable[Node], urls: Iterable[str]) -> tuple[Node, ...]:
    """The nodes that say something of the page's article, best first.

    Args:
        nodes: all nodes of a page, in order.
        urls: addresses of the page (its own and its canonical one).

    A node whose address is the page's leads, then articles before videos and other works. Articles with an address of their own that
    is another page's are teasers, and left out as soon as one node is not.
    """
    urls = tuple(urls)
    ranked: list[tuple[int, int, Node]] = []
    for place, node in enumerate(nodes):
        kinds = types(node)
        if not kinds & WORKS:
            continue
        addresses = [
            a
            for a in (address_of(node.get(k)) for k in ("url", "mainEntityOfPage", "@id"))
            if a and a.startswith(("http", "/"))
        ]
        here = any(same_page(a, u) for a in addresses for u in urls)
        elsewhere = bool(addresses) and not here
        full = any(k in node for k in ("headline", "datePublished", "articleBody"))
        weak = kinds <= _WEAK
        rank = (4 if elsewhere else 0) + (2 if weak else 0) + (0 if full else 1)
        ranked.append((rank, place, node))
    ranked.sort(key=lambda entry: entry[:2])
    if ranked and ranked[0][0] < 4:
        ranked = [entry for entry in ranked if entry[0] < 4]
    return tuple(node for _, _, node in ranked)
