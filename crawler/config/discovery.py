"""The settings of discovery: where a site's articles are found, and how often each place is asked.

One class a section of the YAML, as in ``site.py``, which owns the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from crawler.config.kinds import Address, Css, Duration, Range, Regex, Text

_DAY = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """An RSS, Atom or JSON feed."""

    url: Address
    """Address of the feed. Required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapSource:
    """A sitemap, a news sitemap or a sitemap index: which of them it is, its content says."""

    url: Address
    """Address of the sitemap. Required."""
    follow: Regex | None = None
    """Which sitemaps of an index are read: pattern searched in their addresses; null for all. Default: `null`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSource:
    """A page that lists articles."""

    name: Text
    """Name of the section, as a reader knows it. Required."""
    url: Address
    """Address of its first page. Required."""
    pages: Annotated[int, Range(1, 10_000)] = 1
    """How many of its pages are read on each run. Default: `1`."""
    next: Css | None = None
    """Selector of the link to the next page; null for `rel=next`. Default: `null`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How often a source is asked, where only what is due is asked (`crawl --due`); a crawl that a person starts asks all of them.

    Between these bounds the time follows what each source shows: it is shortened when something new came, and made longer when not.
    """

    least: Annotated[Duration, Range(0, 365 * _DAY)] = 600.0
    """Shortest time between two readings of a source. Default: `10m`."""
    feeds: Annotated[Duration, Range(60, 365 * _DAY)] = 12 * 3600.0
    """Longest time between two readings of a feed. Default: `12h`."""
    news_sitemaps: Annotated[Duration, Range(60, 365 * _DAY)] = _DAY
    """Longest time between two readings of a news sitemap. Default: `1d`."""
    sitemaps: Annotated[Duration, Range(60, 365 * _DAY)] = 7 * _DAY
    """Longest time between two readings of any other sitemap, also of one whose index says that it did not change. Default: `1w`."""
    sections: Annotated[Duration, Range(60, 365 * _DAY)] = _DAY
    """Longest time between two readings of a section page or of the home page. Default: `1d`."""
    give_up: Annotated[int, Range(1, 1000)] = 4
    """Weight of errors in a row at which a source is given up for a while: a hard one (404, not a feed) weighs 1, a soft one (403, broken
    XML) 0.5, a temporary one (503, time-out) 0.25; of one source at most one in six hours counts. Default: `4`."""
    pause: Annotated[Duration, Range(3600, 365 * _DAY)] = _DAY
    """How long a source that was given up is left alone before it is tried once more. Default: `1d`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discover:
    """Where articles are found. Several sources check each other."""

    feeds: tuple[FeedSource, ...] = ()
    """Feeds, most important first. Default: `[]`."""
    sitemaps: tuple[SitemapSource, ...] = ()
    """Sitemaps and news sitemaps. Default: `[]`."""
    sections: tuple[SectionSource, ...] = ()
    """Pages that list articles. Default: `[]`."""
    robots_sitemaps: bool = True
    """Whether the sitemaps that robots.txt names are read too. Default: `true`."""
    home: bool = True
    """Whether the home page is read as a section. Default: `true`."""
    links: bool = True
    """Whether the links of section pages and of the home page are taken, where `scope` takes them. Default: `true`."""
    depth: Annotated[int, Range(0, 50)] = 0
    """How many links deep pages are followed: 0 takes what lists name; 1 also the links inside the pages so found, where `scope` takes
    them; 2 the links in those. For sites whose feeds, sitemaps and sections do not name everything. Default: `0`."""
    polling: Polling = field(default_factory=Polling)
    """How often each source is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traps:
    """Bounds for what links alone name, so that a calendar or a maze never crowds out articles; feeds and sitemaps are not bounded by them.

    The form of an address is its first folder, whether more follows, and the names of its parameters.
    """

    max_links: Annotated[int, Range(1, 10_000_000)] = 1000
    """Most pages taken in a run that links alone name; a fiftieth of it where hardly any of them turn out to be articles.
    Default: `1000`."""
    max_alike: Annotated[int, Range(1, 10_000_000)] = 100
    """Most of them that share one form of address, unless pages of that form gave articles before. Default: `100`."""
    max_facets: Annotated[int, Range(1, 10_000_000)] = 20
    """Most variants of one path with two or more parameters in a run. Default: `20`."""
    max_fruitless: Annotated[int, Range(1, 10_000_000)] = 30
    """Pages of one form, over all runs, after which the form is left out for 30 days if fewer than one in ten was an article.
    Default: `30`."""
    max_repeats: Annotated[int, Range(1, 10_000)] = 5
    """Pages of one form with the content of another page, after which the run takes no more of that form. Default: `5`."""
