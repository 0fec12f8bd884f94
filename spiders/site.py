"""Serves every site of the configuration: reads its sources, offers what they name to the ledger, and asks for what is new.

Sources are feeds, sitemaps (news sitemaps, indexes), section pages and the home page. What a source names is judged by the site's scope;
what feeds and sitemaps name comes first. Never extracts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.http import Response

from crawler.errors import Reason
from crawler.ledger import NAMED_BY_SOURCES, Entry, SourceState
from crawler.record import utc
from crawler.report.discovery import DiscoveryAccount
from crawler.warc.exchange import Pointer, Provenance
from spiders.accounting import Accounting
from spiders.base import SiteSpider
from spiders.dates import read_date
from spiders.discovery.health import is_as_listed, is_due, is_given_up
from spiders.discovery.likeness import is_probably_article, looks_like_trap
from spiders.discovery.link import Found, Link
from spiders.discovery.reading import read_source
from spiders.sources import MAX_SITEMAPS, Source, configured_sources, named_sources, problem_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_OFFERED = 200
"""Links offered to the ledger in one transaction: a few milliseconds."""
_FRESH = 7 * 86400.0
"""Seconds after which what a sitemap dates is backlog: it comes after what lists show today."""
_LONG = 1000
"""Addresses above which a sitemap without dates is taken for a backlog."""


class NewsSiteSpider(SiteSpider):
    """Crawls one site of the configuration: ``scrapy crawl site -a site=KEY [-a collection=DIR]``."""

    name = "site"

    def __init__(self, due: bool | str = False, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._only_due = str(due).lower() in ("1", "true")
        self._known: set[str] = set()
        self._sitemaps = 0
        self._unread: set[str] = set()
        """Feeds and sitemaps that were asked for and have not answered: until they have, what links alone name waits."""

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the sources first, in order of how fresh they are; pages follow as soon as one has named some."""
        self.crawler.signals.connect(self._robots_parsed, signals.robots_parsed)
        self.accounting = Accounting(self.site, self.archive)
        again = self.archive.retry()
        if again:
            self.logger.info("trying %d URLs again that failed before", again)
        # all at once: what waits for them must know that they are on their way
        for request in [each for source in configured_sources(self.site) for each in self._ask(source, priority=5)]:
            yield request

    def account(self) -> DiscoveryAccount:
        """How this run found what it found."""
        return self.accounting.account()

    async def _robots_parsed(self, robotparser: Any) -> None:
        if self.site.discover.robots_sitemaps:
            for url in robotparser.sitemaps():
                for request in self._ask(Source("sitemap", url, url, configured=False), priority=1):
                    self.crawler.engine.crawl(request)

    def next_entries(self, room: int) -> list[Entry]:
        """The next pages to ask for; those that links alone name wait until all feeds and sitemaps have been read."""
        return self.archive.ledger.pending(room, after=self._waiting, most=NAMED_BY_SOURCES if self._unread else None)

    def on_idle(self) -> None:
        """Nothing is under way, so no source can be waited for."""
        self._unread.clear()
        super().on_idle()

    def _ask(self, source: Source, *, priority: int) -> Iterator[Request]:
        """A conditional request for a source, once a run, unless it need not or must not be asked for now."""
        key = self.archive.key(source.url)
        if key in self._known or self._sitemaps >= MAX_SITEMAPS or not self.archive.on_site(source.url):
            return
        self._known.add(key)
        self._sitemaps += source.kind == "sitemap"
        health, now = self.archive.ledger.health(source.url), self.archive.now()
        if is_given_up(health, now):
            self.accounting.left_alone(source, "given-up")
            return
        if is_as_listed(health, source.listed, self.site.discover.polling, now):
            self.accounting.left_alone(source, "unchanged")
            return
        if self._only_due and not is_due(health, now):
            self.accounting.left_alone(source, "not-due")
            return
        known = self.archive.ledger.source(source.url) if self.site.politeness.conditional else None
        validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        headers = {name: value for name, value in validators.items() if value}
        self.accounting.asked(source, conditional=bool(headers))
        if source.kind != "section":
            self._unread.add(source.url)
        yield Request(
            source.url,
            callback=self.parse_source,
            errback=self.source_failed,
            dont_filter=True,
            priority=priority,
            headers=headers,
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
            self._note(source, response, problem=problem_of(found), found=found, new=new)
            for request in self._children(named_sources(found, source), source, dict(found.source_dates)):
                yield request
        self._unread.discard(source.url)
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
        new, long = 0, len(found.links) > _LONG
        for start in range(0, len(found.links), _OFFERED):
            with self.archive.ledger.transaction():
                new += sum(self._offer_link(link, source, long=long) for link in found.links[start : start + _OFFERED])
            await asyncio.sleep(0)
        return new

    def _offer_link(self, link: Link, source: Source, *, long: bool) -> bool:
        if source.kind == "section" and not self.archive.on_site(link.url):
            return False  # a page links to all the world; what a feed or a sitemap names elsewhere is said to be out of scope
        reason = self.judge(link.url) or self._unlikely(link.url, source) or self._too_old(link)
        if reason:
            self.accounting.left_out(self.archive.key(link.url), reason)
        return self.archive.offer(
            link.url,
            via=link.via,
            via_url=source.url,
            title=link.title,
            published_raw=link.published_raw,
            reason=reason,
            backlog=link.via == "sitemap" and self._is_backlog(link, long=long),
        )

    def _is_backlog(self, link: Link, *, long: bool) -> bool:
        date = read_date(link.published_raw or link.modified_raw)
        return long if date is None else (self.archive.now() - date).total_seconds() > _FRESH

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

    def _children(self, urls: Iterable[str], source: Source, dates: dict[str, str] | None = None) -> Iterator[Request]:
        """Requests for what a source leads to. Without ``dates`` its index has not changed, and neither has what it says of them."""
        urls = tuple(urls)
        if dates is None:
            known = ((url, self.archive.ledger.health(url)) for url in urls)
            dates = {url: health.listed for url, health in known if health and health.listed}
        for child in source.children(urls, dates):
            yield from self._ask(child, priority=4 if source.kind == "section" else 1)

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
        with self.archive.ledger.transaction():
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
                    children=named_sources(found, source) if found else None,
                    origin=pointer.origin if good and pointer else None,
                    run_id=self.archive.run_id,
                )
            )
            self.accounting.answered(source, response, problem=problem, found=found)

    def source_failed(self, failure: Failure) -> Iterator[Any]:
        """A source that could not be had."""
        reason, detail = self.reason_of(failure.value)
        source: Source = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        self._unread.discard(source.url)
        if reason is Reason.INTERRUPTED:
            return  # the run was told to end: nothing is wrong with the source
        self._note(source, None, problem=f"{reason}: {detail}")
        yield from self.next_pages()

    def judge(self, url: str) -> Reason | None:
        """Why the site's scope does not take a page; None if it does."""
        return self.archive.judge(url)
