"""The head of an article's page: title, canonical address, OpenGraph, JSON-LD.

JSON-LD comes in four manners, one for each article: within a ``@graph``, alone, in a list, or not at all.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any, Literal

from .markup import Figure, lines
from .model import Article, moment
from .paper import NAME, PERSON, local_iso
from .sheet import Sheet, text

Manner = Literal["graph", "alone", "list", "none"]

_CLEAN: tuple[Manner, ...] = ("graph", "alone", "list")
_SOUP: tuple[Manner, ...] = ("none", "graph", "alone")


def manner(sheet: Sheet, article: Article) -> Manner:
    """In which manner an article's page carries JSON-LD."""
    if article.seed:
        return "none" if sheet.skin.soup else "graph"
    if article.access == "paywalled":
        return "alone"
    return (_SOUP if sheet.skin.soup else _CLEAN)[sheet.edition.number(article) % 3]


def declares_access(sheet: Sheet, article: Article) -> bool:
    """Whether the page says outright if the article is free."""
    return article.access == "paywalled" or manner(sheet, article) == "graph"


def images(sheet: Sheet, article: Article) -> list[str]:
    """Addresses of an article's pictures."""
    pictures = [article.picture] if article.picture else []
    pictures += [block.picture for block in sheet.edition.blocks(article) if isinstance(block, Figure)]
    return [f"{sheet.edition.base}/images/{picture.name}.svg" for picture in pictures]


def _article_type(article: Article) -> str:
    """Type of the article in schema.org's words."""
    return {"opinion": "OpinionNewsArticle", "liveblog": "LiveBlogPosting"}.get(article.page_type, "NewsArticle")


def _article_node(sheet: Sheet, article: Article) -> dict[str, Any]:
    """The article as a JSON-LD node."""
    edition = sheet.edition
    published, modified = moment(article.published), edition.modified(article)
    node: dict[str, Any] = {
        "@type": _article_type(article),
        "@id": edition.url(article) + "#article",
        "mainEntityOfPage": {"@type": "WebPage", "@id": edition.url(article)},
        "headline": article.title,
        "description": article.description,
        "datePublished": local_iso(published),
        "dateModified": local_iso(modified or published),
        "articleSection": edition.section_name(article),
        "keywords": list(article.tags),
        "inLanguage": article.language,
        "image": images(sheet, article),
        "publisher": {"@type": "NewsMediaOrganization", "name": NAME, "url": edition.base + "/"},
    }
    if article.authors:
        authors = [
            {"@type": "Person", "name": n, "url": f"{edition.base}/author/{PERSON[n].key}/"} for n in article.authors
        ]
        node["author"] = authors if len(authors) > 1 else authors[0]
    if article.page_type == "liveblog":
        node |= {"coverageStartTime": local_iso(published), "coverageEndTime": local_iso(modified or published)}
    if article.page_type == "video":
        node["video"] = {
            "@type": "VideoObject",
            "name": article.title,
            "description": article.description,
            "duration": "PT4M6S",
            "uploadDate": local_iso(published),
            "thumbnailUrl": f"{edition.base}/images/gate-film.svg",
        }
    if declares_access(sheet, article):
        node["isAccessibleForFree"] = article.access == "free"
    if article.access == "paywalled":
        part = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": "." + sheet.skin.name("paywall"),
        }
        node["hasPart"] = part
    return node


def jsonld(sheet: Sheet, article: Article) -> Any:
    """The page's JSON-LD, or None."""
    edition = sheet.edition
    node = _article_node(sheet, article)
    steps = [
        (edition.section_name(article), f"{edition.base}/{article.section}/"),
        (article.title, edition.url(article)),
    ]
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": address}
            for n, (name, address) in enumerate(steps, 1)
        ],
    }
    match manner(sheet, article):
        case "graph":
            site = {"@type": "WebSite", "@id": edition.base + "/#site", "name": NAME, "url": edition.base + "/"}
            gallery = [{"@type": "ImageGallery", "name": article.title}] if article.page_type == "gallery" else []
            return {"@context": "https://schema.org", "@graph": [site, crumbs, *gallery, node]}
        case "alone":
            return {"@context": "https://schema.org", **node}
        case "list":
            teaser = {"articleBody": lines(edition.blocks(article))[0] + " …"}
            return [{"@context": "https://schema.org", **crumbs}, {"@context": "https://schema.org", **node, **teaser}]
    return None


def _metas(sheet: Sheet, article: Article) -> list[tuple[str, str, str]]:
    """``<meta>`` elements: attribute, name, content."""
    edition = sheet.edition
    found = [
        ("name", "description", article.description),
        ("property", "og:site_name", NAME),
        ("property", "og:type", "video.other" if article.page_type == "video" else "article"),
        ("property", "og:title", article.title),
        ("property", "og:description", article.description),
        ("property", "og:url", edition.url(article)),
        ("property", "article:published_time", local_iso(moment(article.published))),
        ("property", "article:section", edition.section_name(article)),
    ]
    found += [("property", "og:image", address) for address in images(sheet, article)[:1]]
    found += [("property", "article:tag", tag) for tag in article.tags]
    modified = edition.modified(article)
    if modified:
        found.append(("property", "article:modified_time", local_iso(modified)))
    if manner(sheet, article) == "none":
        found += [("name", "author", name) for name in article.authors]
    if article.reach == "private":
        found.append(("name", "robots", "noindex"))
    return found


def head(sheet: Sheet, article: Article) -> str:
    """Inner HTML of the page's ``<head>``."""
    edition = sheet.edition
    mark = " - Lantern" if sheet.skin.soup else f" | {NAME}"
    parts = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{text(article.title)}{mark}</title>",
        f'<link rel="canonical" href="{edition.url(article)}">',
        f'<link rel="stylesheet" href="/{sheet.skin.template}.css">',
        f'<link rel="alternate" type="application/rss+xml" title="{NAME}" href="/feed.xml">',
    ]
    parts += [f'<meta {kind}="{name}" content="{escape(value)}">' for kind, name, value in _metas(sheet, article)]
    data = jsonld(sheet, article)
    if data is not None:
        written = json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")
        parts.append(f'<script type="application/ld+json">\n{written}\n</script>')
    return "\n".join(parts)
