"""The settings of a site: one class a section of its YAML, one field a line, each docstring ending with the default.

Owns every setting's name, type, limits and default; docs/settings.md and the JSON Schema are generated from it. Never reads a file.
Values are kept as they were written: an address may be relative to ``home``, which a command can replace at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal
from urllib.parse import urljoin, urlsplit

from crawler import __version__
from crawler.config.discovery import Discover, Traps
from crawler.config.kinds import (
    Contact,
    Css,
    Duration,
    Glob,
    Host,
    Language,
    Network,
    Range,
    Regex,
    Resolve,
    SiteKey,
    Size,
    Text,
    TimeZone,
    Url,
)
from crawler.config.rules import ChromeRule, ExtractRules
from crawler.config.watching import Expect, Notify, Schedule
from crawler.urls import DEFAULT_STRIP_PARAMS, check


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which addresses are this site's articles. A pattern that begins with `^/` is searched in path and query, any other in the URL."""

    hosts: tuple[Host, ...] = ()
    """Hosts of the site; empty for the home's own, with and without `www.`. Default: `[]`."""
    allow: tuple[Regex, ...] = ()
    """Patterns of which an article's address matches one; empty for any. Default: `[]`."""
    deny: tuple[Regex, ...] = ()
    """Patterns of which it matches none. Default: `[]`."""
    strip_params: tuple[Glob, ...] = DEFAULT_STRIP_PARAMS
    """Query parameters that say how a reader came, not which page it is: left out when addresses are compared, kept when they are
    asked for. Default:
    `[utm_*, mtm_*, pk_*, hsa_*, at_*, _hs*, __hs*, vero_*, oly_*, fbclid, gclid, gclsrc, gbraid, wbraid, dclid,
    msclkid, yclid, ysclid, twclid, ttclid, li_fat_id, igsh, igshid, mc_cid, mc_eid, mkt_tok, srsltid, xtor, ito,
    cmpid, _ga, _gl, _openstat, wt_mc, wt.mc_*]`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one run does. What a limit leaves over, the next run takes up."""

    max_articles: Annotated[int, Range(1, 10_000_000)] | None = None
    """Most pages fetched as articles in a run; null for no limit. Default: `null`."""
    max_age: Annotated[Duration, Range(60, 3650 * 86400)] | None = None
    """Oldest item taken, by the date that its feed or sitemap gives; null for any. Default: `null`."""
    max_time: Annotated[Duration, Range(1, 365 * 86400)] | None = None
    """Longest run; null for no limit. Default: `null`."""
    disk_reserve: Annotated[Size, Range(0, 1024**5)] = 500 * 1024**2
    """What must stay free on the collection's disk; with less, a run does not begin, or ends, with exit code 6. Default: `500MiB`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How the site's server is treated."""

    contact: Contact | None = None
    """E-mail address or page of whoever runs the crawl; part of the User-Agent. Default: `null`."""
    delay: Annotated[Duration, Range(0, 3600)] = 3.0
    """Time between two requests to a host; robots.txt may ask for a longer one, and a busy server gets one. `0s` is for a server of your
    own, which is not spared. Default: `3s`."""
    max_delay: Annotated[Duration, Range(0, 3600)] = 60.0
    """Longest time between two requests that a Crawl-delay of robots.txt, or a slow or busy server, leads to. Default: `1m`."""
    concurrency: Annotated[int, Range(1, 16)] = 1
    """Requests to a host at the same time. Default: `1`."""
    robots: Literal["obey", "ignore"] = "obey"
    """What robots.txt's verdict means: `obey` it, or `ignore` it, and then every record says so. Default: `obey`."""
    tries: Annotated[int, Range(1, 10)] = 3
    """How often a request is tried in all when it fails for a passing reason. Default: `3`."""
    timeout: Annotated[Duration, Range(1, 3600)] = 60.0
    """Longest time for one whole answer. Default: `1m`."""
    idle_timeout: Annotated[Duration, Range(1, 3600)] = 20.0
    """Longest time without a byte within an answer. Default: `20s`."""
    max_body: Annotated[Size, Range(1024, 4 * 1024**3)] = 32 * 1024**2
    """Largest answer, as it crosses the wire. Default: `32MiB`."""
    stop_after_blocks: Annotated[int, Range(1, 1000)] = 5
    """How many refusals in a row (401, 403, 429 …) end the run with exit code 5. Default: `5`."""
    conditional: bool = True
    """Whether feeds, sitemaps and sections are asked for only if they changed (ETag, Last-Modified). Default: `true`."""

    @property
    def user_agent(self) -> str:
        """Value of the User-Agent header: product, version, contact."""
        return f"pressmark/{__version__}" + (f" (+{self.contact})" if self.contact else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """How connections are made."""

    verify_tls: bool = True
    """Whether a certificate that is not valid ends the request. Default: `true`."""
    allow_private: bool | tuple[Network, ...] = False
    """Loopback and private addresses that may be connected to: a list of networks, or true for all. Default: `false`."""
    resolve: tuple[Resolve, ...] = ()
    """Addresses of hosts, given by hand as for curl: `example.org:443:192.0.2.1`. Default: `[]`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractLimits:
    """What the extraction of one page may cost."""

    timeout: Annotated[Duration, Range(1, 600)] = 20.0
    """Longest time; then the page's URL ends as `extract-timeout`. Default: `20s`."""
    memory: Annotated[Size, Range(256 * 1024**2, 64 * 1024**3)] = 1024**3
    """Most memory of a worker process. Default: `1GiB`."""
    workers: Annotated[int, Range(1, 64)] = 2
    """Worker processes. Default: `2`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """How an article is told from its page. Nothing here is needed: rules mend what the extractor gets wrong on a site."""

    include: tuple[Css, ...] = ()
    """Elements that hold the article; empty to find them. Default: `[]`."""
    exclude: tuple[Css, ...] = ()
    """Elements within them that are not part of it. Default: `[]`."""
    chrome: tuple[ChromeRule, ...] = ()
    """Blocks that are never text, each with its kind. Default: `[]`."""
    memory: bool = True
    """Whether what other pages of the site have in common helps to tell its chrome. Default: `true`."""
    limits: ExtractLimits = field(default_factory=ExtractLimits)
    """What one page may cost."""

    def check(self) -> Iterator[tuple[str, str]]:
        """Yield (key, what is wrong) for values that do not fit together."""
        ids = [rule.id for rule in self.chrome]
        if twice := next((i for i in ids if ids.count(i) > 1), None):
            yield "chrome", f"two rules are called '{twice}'; the id is how a removed block names its rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcOptions:
    """The WARC files."""

    max_bytes: Annotated[Size, Range(1_000_000, 1_000_000_000_000)] = 1_000_000_000
    """Size at which a file is closed and the next begun. Default: `1GB`."""
    max_age: Annotated[Duration, Range(60, 3650 * 86400)] = 86400.0
    """Age at which a file is closed. Default: `1d`."""
    operator: Text | None = None
    """Who archives: `operator` of each warcinfo record, with the contact of `politeness.contact`. Default: `null`."""
    conversions: bool = False
    """Whether articles' text is kept in the WARC too, as conversion records; pywb's own indexer takes these for pages. Default: `false`."""


Ages = tuple[Annotated[Duration, Range(60, 3650 * 86400)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """One site: all that its YAML says, over the defaults."""

    version: Literal[1]
    """Version of this file's form. Required."""
    site: SiteKey
    """Key of the site: its file's name, its folder in a collection, and in every row. Required."""
    name: Text | None = None
    """Name of the paper, for people. Default: `null`."""
    home: Url
    """Address of its home page. Required."""
    language: Language | None = None
    """Language of pages that do not say their own. Default: `null`."""
    timezone: TimeZone | None = None
    """Zone of dates that are printed without one; null for UTC, and the row then says that the zone is unknown. Default: `null`."""
    discover: Discover = field(default_factory=Discover)
    """Where articles are found."""
    scope: Scope = field(default_factory=Scope)
    """Which addresses are articles."""
    limits: Limits = field(default_factory=Limits)
    """How much one run does."""
    traps: Traps = field(default_factory=Traps)
    """Bounds for what links alone name."""
    politeness: Politeness = field(default_factory=Politeness)
    """How the server is treated."""
    fetch: Fetch = field(default_factory=Fetch)
    """How connections are made."""
    extract: Extract = field(default_factory=Extract)
    """How an article is told from its page."""
    recheck: Ages = ()
    """Ages at which known articles are looked at again for edits, counted from their first capture, as `[1h, 6h, 24h, 7d, 30d]`. Asked
    with conditional requests; only what has changed is archived in full and gives a row. Default: `[]`."""
    expect: Expect = field(default_factory=Expect)
    """What the site should give; less is an alarm."""
    notify: Notify = field(default_factory=Notify)
    """Who is told how a run went."""
    schedule: Schedule = field(default_factory=Schedule)
    """When the site is crawled."""
    warc: WarcOptions = field(default_factory=WarcOptions)
    """The WARC files."""

    @property
    def rules(self) -> ExtractRules:
        """What the stages may know of the site."""
        own = self.extract
        return ExtractRules(
            include=own.include, exclude=own.exclude, chrome=own.chrome, timezone=self.timezone, language=self.language
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts of the site, as ``scope`` gives them or the home's with and without ``www.``."""
        if self.scope.hosts:
            return self.scope.hosts
        bare = urlsplit(check(self.home)).netloc.removeprefix("www.")
        return (bare, f"www.{bare}")

    def absolute(self, address: str) -> str:
        """Resolve an address of ``discover`` against ``home``."""
        return urljoin(self.home, address)
