"""Serves every site of the configuration: reads its sources, offers what they name to the ledger, and asks for what is new.

Sources are feeds, sitemaps (news sitemaps, indexes), section pages and the home page. What a source names is judged by the site's scope;
feeds and news sitemaps come first. Never extracts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.http import Response

from crawler.errors import Reason
from crawler.ledger import SourceState
from crawler.record import utc
from crawler.warc.exchange import Pointer, Provenance
from spiders.base import SiteSpider
from spiders.dates import read_date
from spiders.discovery.likeness import is_probably_article, looks_like_trap
from spiders.discovery.link import Found, Link
from spiders.discovery.reading import SourceKind, read_source

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_MAX_SITEMAP_DEPTH = 3
_MAX_SITEMAPS = 500
_OFFERED = 200
"""Links offered to the ledger in one transaction: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, sitemap or section page to be read."""

    kind: SourceKind
    url: str
    depth: int = 0
    """How many sitemap indexes led to it."""
    pages: int = 1
    """How many pages of a section are still to be read, this one included."""
    next_css: str | None = None
    """Selector of the link to a section's next page."""
    follow: str | None = None
    """Pattern that child sitemaps must match."""


def _children_of(found: Found, source: Source) -> tuple[str, ...]:
    """What else must be read to know all that a source names."""
    if source.kind == "section":
        return (found.next_page,) if found.next_page else ()
    return found.sources if source.kind == "sitemap" else ()


def _followed(url: str, source: Source) -> bool:
    return source.follow is None or re.search(source.follow, url) is not None


class NewsSiteSpider(SiteSpider):
    """Crawls one site of the configuration: ``scrapy crawl site -a site=KEY [-a collection=DIR]``."""

    name = "site"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sources: set[str] = set()
        self._sitemaps = 0

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the sources first, in order of how fresh they are; pages follow as soon as one has named some."""
        self.crawler.signals.connect(self._robots_parsed, signals.robots_parsed)
        again = self.archive.retry()
        if again:
            self.logger.info("trying %d URLs again that failed before", again)
        for source in self._configured():
            for request in self._ask(source, priority=5):
                yield request

    def _configured(self) -> Iterator[Source]:
        site = self.site
        for feed in site.discover.feeds:
            yield Source("feed", site.absolute(feed.url))
        for sitemap in site.discover.sitemaps:
            yield Source("sitemap", site.absolute(sitemap.url), follow=sitemap.follow)
        for section in site.discover.sections:
            yield Source("section", site.absolute(section.url), pages=section.pages, next_css=section.next)
        if site.discover.home:
            yield Source("section", site.home)

    async def _robots_parsed(self, robotparser: Any) -> None:
        if self.site.discover.robots_sitemaps:
            for url in robotparser.sitemaps():
                for request in self._ask(Source("sitemap", url), priority=0):
                    self.crawler.engine.crawl(request)

    def _ask(self, source: Source, *, priority: int) -> Iterator[Request]:
        """A conditional request for a source, once a run."""
        key = self.archive.key(source.url)
        if key in self._sources or self._sitemaps >= _MAX_SITEMAPS or not self.archive.on_site(source.url):
            return
        self._sources.add(key)
        self._sitemaps += source.kind == "sitemap"
        known = self.archive.ledger.source(source.url) if self.site.politeness.conditional else None
        validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        yield Request(
            source.url,
            callback=self.parse_source,
            errback=self.source_failed,
            dont_filter=True,
            priority=priority,
            headers={name: value for name, value in validators.items() if value},
            cb_kwargs={"source": source},
            meta={
                "provenance": Provenance(
                    site=self.site.site, run_id=self.archive.run_id, role=source.kind, requested_url=source.url
                )
            },
        )

    async def parse_source(self, response: Response, source: Source) -> AsyncIterator[Any]:
        """A source's answer: offer its links, follow its children, note what it gave."""
        if response.status == 304:
            self._note(source, response, problem=None)
            known = self.archive.ledger.source(source.url)
            for request in self._children(known.children or () if known else (), source):
                yield request
        elif reason := self.reason_of_status(response.status):
            self._note(source, response, problem=f"{reason}: status {response.status}")
        else:
            found = await self._read(response, source)
            new = await self._offer(found, source)
            self._note(source, response, problem="; ".join(found.problems[:5]) or None, found=found, new=new)
            for request in self._children(_children_of(found, source), source):
                yield request
        for request in self.next_pages():
            yield request

    async def _read(self, response: Response, source: Source) -> Found:
        """What a source names, read in a thread: a large one takes seconds, in which other requests must go on."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        found = await asyncio.to_thread(
            read_source, response.body, content_type, response.url, kind=source.kind, next_css=source.next_css
        )
        return found if source.kind != "section" or self.site.discover.links else replace(found, links=())

    async def _offer(self, found: Found, source: Source) -> int:
        """Offer links to the ledger, some at a time: the crawl goes on in between. Returns how many are new."""
        new = 0
        for start in range(0, len(found.links), _OFFERED):
            with self.archive.ledger.transaction():
                new += sum(self._offer_link(link, source) for link in found.links[start : start + _OFFERED])
            await asyncio.sleep(0)
        return new

    def _offer_link(self, link: Link, source: Source) -> bool:
        if source.kind == "section" and not self.archive.on_site(link.url):
            return False  # a page links to all the world; what a feed or a sitemap names elsewhere is said to be out of scope
        return self.archive.offer(
            link.url,
            via=link.via,
            via_url=source.url,
            title=link.title,
            published_raw=link.published_raw,
            reason=self.judge(link.url) or self._unlikely(link.url, source) or self._too_old(link),
        )

    def _unlikely(self, url: str, source: Source) -> Reason | None:
        """On a site whose scope says nothing, a page's links are told by their looks; what feeds and sitemaps name is wanted."""
        if source.kind != "section" or self.site.scope.allow:
            return None
        return None if is_probably_article(url) and not looks_like_trap(url) else Reason.OUT_OF_SCOPE

    def _too_old(self, link: Link) -> Reason | None:
        most = self.site.limits.max_age
        date = read_date(link.published_raw or link.modified_raw) if most is not None else None
        old = date is not None and most is not None and (self.archive.now() - date).total_seconds() > most
        return Reason.BUDGET if old else None

    def _children(self, urls: Iterable[str], source: Source) -> Iterator[Request]:
        for url in urls:
            if source.kind == "section" and source.pages > 1:
                yield from self._ask(replace(source, url=url, pages=source.pages - 1), priority=4)
            elif source.kind == "sitemap" and source.depth < _MAX_SITEMAP_DEPTH and _followed(url, source):
                yield from self._ask(replace(source, url=url, depth=source.depth + 1), priority=1)

    def _note(
        self,
        source: Source,
        response: Response | None,
        *,
        problem: str | None,
        found: Found | None = None,
        new: int = 0,
    ) -> None:
        def header(name: str) -> str | None:
            value = response.headers.get(name) if response is not None else None
            return value.decode("latin-1") if value else None

        good = found is not None and problem is None
        pointer: Pointer | None = response.meta.get("capture") if response is not None else None
        self.archive.ledger.mark_source(
            SourceState(
                url=source.url,
                kind=source.kind,
                # without a whole answer behind them, validators would make the next run miss what this one could not read
                etag=header("ETag") if good else None,
                last_modified=header("Last-Modified") if good else None,
                fetched_at=utc(self.archive.now()),
                http_status=response.status if response is not None else None,
                links=len(found.links) if found else None,
                new_links=new,
                problem=problem,
                children=_children_of(found, source) if found else None,
                origin=pointer.origin if good and pointer else None,
                run_id=self.archive.run_id,
            )
        )

    def source_failed(self, failure: Failure) -> Iterator[Any]:
        """A source that could not be had."""
        reason, detail = self.reason_of(failure.value)
        self._note(failure.request.cb_kwargs["source"], None, problem=f"{reason}: {detail}")  # type: ignore[attr-defined]
        yield from self.next_pages()

    def judge(self, url: str) -> Reason | None:
        """Why the site's scope does not take a page; None if it does."""
        return self.archive.judge(url)
