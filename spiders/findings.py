"""What a probe finds out about a site. Plain data; a command makes a draft of the site's YAML from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.record import Via
from spiders.dates import read_date
from spiders.discovery.front import Front
from spiders.discovery.link import Link
from spiders.discovery.shapes import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed or sitemap that was read."""

    url: str
    """Its address, after redirects."""
    asked: str
    kind: Via
    why: str
    """How it was found."""
    parent: str | None
    """The index that names it."""
    number: int
    """Pages that it names."""
    links: tuple[Link, ...]
    """The first of them."""
    children: dict[str, str | None] = field(default_factory=dict)
    """Sitemaps that it names, each with its ``lastmod``."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """All that a probe found."""

    home: str = ""
    """Address of the home page, after redirects; empty if it could not be had."""
    front: Front | None = None
    robots: bytes | None = None
    robots_sitemaps: list[str] = field(default_factory=list)
    feeds: list[Listing] = field(default_factory=list)
    unread_feeds: list[str] = field(default_factory=list)
    """Feeds that the home page advertises and that were not looked at, since there are many."""
    sitemaps: list[Listing] = field(default_factory=list)
    sections: list[tuple[str, str, int, bool]] = field(default_factory=list)
    """(name, address, articles that it lists, whether it has a next page) of pages of the navigation."""
    shapes: list[Shape] = field(default_factory=list)
    """Forms of articles' addresses."""
    failed: dict[str, str] = field(default_factory=dict)
    """What could not be had or read, and why."""

    @property
    def articles(self) -> list[Link]:
        """Pages that feeds and news sitemaps name, else sitemaps, else the home page: the newest first."""
        news = [each for each in self.sitemaps if each.kind == "news_sitemap"]
        for group in ([*self.feeds, *news], [each for each in self.sitemaps if each.kind == "sitemap"]):
            links = {link.url: link for listing in group for link in listing.links}
            if links:
                return sorted(links.values(), key=_newest)
        return list(self.front.articles) if self.front else []

    def source_of(self, url: str) -> str | None:
        """The first feed or sitemap that names a page."""
        return next(
            (each.url for each in [*self.feeds, *self.sitemaps] if any(link.url == url for link in each.links)), None
        )

    @property
    def article_urls(self) -> list[str]:
        """Addresses of articles, from all sources that name nothing else."""
        urls = [link.url for link in self.articles]
        known = set(urls)
        return urls + [
            link.url
            for each in self.sitemaps
            if each.kind == "news_sitemap"
            for link in each.links
            if link.url not in known
        ]


def _newest(link: Link) -> float:
    date = read_date(link.published_raw or link.modified_raw)
    return -date.timestamp() if date else 0.0
