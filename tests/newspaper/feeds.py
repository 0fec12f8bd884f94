"""What machines read: RSS 2.0, Atom, JSON Feed, sitemaps, news sitemap, robots.txt. Bytes out, no HTTP."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape

from .edition import Edition
from .listing import pages_of
from .markup import lines
from .model import Article, Section, moment, stamp
from .paper import MOTTO, NAME, SECTIONS, ZONE, local_iso

LATEST = 20
"""Articles in the main feed."""
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def newest(edition: Edition) -> tuple[Article, ...]:
    """The articles of the main feeds."""
    return edition.reachable("feed")[:LATEST]


def rss(edition: Edition) -> bytes:
    """The main feed, RSS 2.0; dates in the paper's own time."""
    items = []
    for article in newest(edition):
        url = edition.url(article)
        tags = "".join(f"<category>{escape(tag)}</category>" for tag in article.tags)
        authors = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in article.authors)
        date = format_datetime(moment(article.published).astimezone(ZONE))
        items.append(
            f'<item><title>{escape(article.title)}</title><link>{url}</link><guid isPermaLink="true">{url}</guid>{authors}'
            f"<pubDate>{date}</pubDate>{tags}<description>{escape(article.description)}</description></item>"
        )
    return (
        f'{_XML}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{NAME}</title><link>{edition.base}/</link><description>{MOTTO}</description><language>en</language>\n"
        f'<atom:link href="{edition.base}/feed.xml" rel="self" type="application/rss+xml"/>\n'
        + "\n".join(items)
        + "\n</channel></rss>\n"
    ).encode()


def atom(edition: Edition, section: Section) -> bytes:
    """A section's feed, Atom 1.0."""
    articles = tuple(a for a in edition.reachable() if a.section == section.key)[:10]
    address = f"{edition.base}/{section.key}/atom.xml"
    updated = max((edition.touched(a) for a in articles), default=edition.when)
    entries = []
    for article in articles:
        authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in article.authors)
        entries.append(
            f'<entry><id>{edition.url(article)}</id><title>{escape(article.title)}</title><link href="{edition.url(article)}"/>'
            f"<published>{local_iso(moment(article.published))}</published>"
            f"<updated>{local_iso(edition.touched(article))}</updated>{authors}"
            f'<summary>{escape(article.description)}</summary><category term="{section.key}"/></entry>'
        )
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom">\n<id>{address}</id><title>{NAME}: {section.name}</title>'
        f'<link rel="self" href="{address}"/><updated>{stamp(updated)}</updated><author><name>{NAME}</name></author>\n'
        + "\n".join(entries)
        + "\n</feed>\n"
    ).encode()


def json_feed(edition: Edition) -> bytes:
    """The main feed as JSON Feed 1.1."""
    items = [
        {
            "id": edition.url(article),
            "url": edition.url(article),
            "title": article.title,
            "summary": article.description,
            "content_text": lines(edition.blocks(article))[0],
            "date_published": local_iso(moment(article.published)),
            "authors": [{"name": name} for name in article.authors],
            "tags": list(article.tags),
            "language": article.language,
        }
        for article in newest(edition)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": NAME,
        "home_page_url": edition.base + "/",
        "feed_url": edition.base + "/feed.json",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _urlset(entries: Iterable[str], names: str = "") -> bytes:
    """A sitemap's frame."""
    return (f'{_XML}<urlset xmlns="{_SITEMAPS}"{names}>\n' + "\n".join(entries) + "\n</urlset>\n").encode()


def _entry(url: str, touched: datetime, more: str = "") -> str:
    """One address in a sitemap."""
    return f"<url><loc>{escape(url)}</loc><lastmod>{stamp(touched)}</lastmod>{more}</url>"


def news_sitemap(edition: Edition) -> bytes:
    """The articles of the last two days, with the names that news search reads."""
    entries = []
    for article in edition.recent(days=2):
        news = (
            f"<news:news><news:publication><news:name>{NAME}</news:name><news:language>{article.language}</news:language>"
            f"</news:publication><news:publication_date>{local_iso(moment(article.published))}</news:publication_date>"
            f"<news:title>{escape(article.title)}</news:title></news:news>"
        )
        entries.append(_entry(edition.url(article), edition.touched(article), news))
    return _urlset(entries, f' xmlns:news="{_NEWS}"')


def months(edition: Edition) -> list[str]:
    """The months that have articles, the newest first, as ``YYYY-MM`` (UTC)."""
    return sorted({article.published[:7] for article in edition.reachable("sitemap")}, reverse=True)


def sitemaps(edition: Edition) -> dict[str, bytes]:
    """All sitemaps by path: the index, the news, the newest month, each older month gzipped, and the pages that are no articles."""
    found = {"/sitemap-news.xml": news_sitemap(edition)}
    for number, month in enumerate(months(edition)):
        articles = [a for a in edition.reachable("sitemap") if a.published.startswith(month)]
        content = _urlset(_entry(edition.url(a), edition.touched(a)) for a in articles)
        if number == 0:
            found[f"/sitemap-{month}.xml"] = content
        else:
            found[f"/sitemap-{month}.xml.gz"] = gzip.compress(content, mtime=0)
    fixed = [f"{edition.base}/", f"{edition.base}/about/"]
    for section in SECTIONS:
        fixed += [
            f"{edition.base}/{section.key}/" + (f"?page={n}" if n > 1 else "")
            for n in range(1, pages_of(edition, section) + 1)
        ]
    found["/sitemap-pages.xml"] = _urlset(_entry(url, edition.when) for url in fixed)
    index = "\n".join(
        f"<sitemap><loc>{edition.base}{path}</loc><lastmod>{stamp(edition.when)}</lastmod></sitemap>" for path in found
    )
    found["/sitemap.xml"] = f'{_XML}<sitemapindex xmlns="{_SITEMAPS}">\n{index}\n</sitemapindex>\n'.encode()
    return found


def robots(edition: Edition) -> bytes:
    """robots.txt: members' letters and search results are not for crawlers."""
    return (
        "# Welcome. Take the stairs slowly.\nUser-agent: *\nDisallow: /private/\nDisallow: /search/\n\n"
        f"Sitemap: {edition.base}/sitemap.xml\nSitemap: {edition.base}/sitemap-news.xml\n"
    ).encode()
