"""The sources of a site: which there are, what they lead to, and what a run has learnt of each.

Owns what a source is while a run reads it; the ledger remembers it between runs, spiders.discovery says what its bytes mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from crawler.config import SiteConfig
from crawler.ledger import SourceHealth
from spiders.discovery.link import Found
from spiders.discovery.reading import SourceKind

MAX_SITEMAP_DEPTH = 3
"""Sitemap indexes that may lead to one another."""
MAX_SITEMAPS = 500
"""Sitemaps read in a run."""


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, sitemap or section page to be read."""

    kind: SourceKind
    url: str
    root: str
    """The source that led to it: itself, if the configuration or robots.txt names it."""
    configured: bool = True
    """Whether the site's YAML names its root."""
    depth: int = 0
    """How many sitemap indexes led to it."""
    pages: int = 1
    """How many pages of a section are still to be read, this one included."""
    next_css: str | None = None
    """Selector of the link to a section's next page."""
    follow: str | None = None
    """Pattern that child sitemaps must match."""
    listed: str | None = None
    """Its ``lastmod`` in the index that named it."""

    def new_health(self) -> SourceHealth:
        """Its health before it was ever asked for."""
        return SourceHealth(url=self.url, kind=self.kind, root=self.root, configured=self.configured)

    def children(self, urls: tuple[str, ...], dates: dict[str, str]) -> Iterator[Source]:
        """What else must be read to know all that it names."""
        for url in urls if self.kind != "section" else urls[:1]:
            if self.kind == "section" and self.pages > 1 and url:
                yield replace(self, url=url, pages=self.pages - 1, listed=None)
            elif self.kind == "sitemap" and self.depth < MAX_SITEMAP_DEPTH and self._follows(url):
                yield replace(self, url=url, depth=self.depth + 1, listed=dates.get(url))

    def _follows(self, url: str) -> bool:
        return self.follow is None or re.search(self.follow, url) is not None


def configured_sources(site: SiteConfig) -> Iterator[Source]:
    """The sources that a site's YAML names, in order of how fresh they are."""
    for feed in site.discover.feeds:
        url = site.absolute(feed.url)
        yield Source("feed", url, url)
    for sitemap in site.discover.sitemaps:
        url = site.absolute(sitemap.url)
        yield Source("sitemap", url, url, follow=sitemap.follow)
    for section in site.discover.sections:
        url = site.absolute(section.url)
        yield Source("section", url, url, pages=section.pages, next_css=section.next)
    if site.discover.home:
        yield Source("section", site.home, site.home)


def still_named(healths: Iterable[SourceHealth], site: SiteConfig) -> list[SourceHealth]:
    """What the ledger knows of sources, without those that the site's YAML named once and names no more, and what they led to."""
    roots = {source.root for source in configured_sources(site)}
    return [health for health in healths if not health.configured or health.root in roots]


def named_sources(found: Found, source: Source) -> tuple[str, ...]:
    """Addresses that the ledger remembers with a source: the sitemaps of an index; of a list its next page, empty on the last, and the
    feeds that it advertises."""
    if source.kind == "section":
        return (found.next_page or "", *found.sources) if found.next_page or found.sources else ()
    return found.sources if source.kind == "sitemap" else ()


def kind_of_links(found: Found, source: Source) -> str:
    """What a source turned out to be: feed, news_sitemap, sitemap or section."""
    return found.links[0].via if found.links else source.kind


def fingerprint(found: Found) -> str:
    """Digest of what a source named, in whatever order: another one means that it has changed."""
    dates = dict(found.source_dates)
    named = sorted([link.url for link in found.links] + [f"{url} {dates.get(url)}" for url in found.sources])
    return sha256("\n".join(named).encode("utf-8", "surrogatepass")).hexdigest()[:32]


_HARMLESS = ("bad-url", "meta-nofollow", "names-itself", "bad-encoding", "leading-text", "is-a-feed")
"""Problems that cost nothing where links were found all the same."""


def problem_of(found: Found) -> str | None:
    """What was wrong with a source that was read, if it matters."""
    problems = [p for p in found.problems if not ((found.links or found.sources) and p.partition(":")[0] in _HARMLESS)]
    return "; ".join(problems[:5]) or None
