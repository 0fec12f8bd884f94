"""Serves every site of the configuration: reads its sources, offers what they name to the ledger, and asks for what is new.

Sources are feeds, sitemaps (news sitemaps, indexes), section pages and the home page. What a source names is judged by the site's scope;
what feeds and sitemaps name comes first. Never extracts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response

from crawler.errors import Reason
from crawler.ledger import NAMED_BY_SOURCES, Entry, SourceState
from crawler.record import utc
from crawler.report.discovery import DiscoveryAccount
from crawler.warc.exchange import Pointer, Provenance
from spiders.accounting import Accounting
from spiders.base import SiteSpider
from spiders.discovery.health import is_as_listed, is_due, is_given_up
from spiders.discovery.link import Found
from spiders.discovery.reading import read_source
from spiders.discovery.sitemaps import robots_sitemaps
from spiders.discovery.traps import form_of
from spiders.offering import BY_LINKS, Offering
from spiders.sources import MAX_SITEMAPS, Source, configured_sources, named_sources, problem_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure


class NewsSiteSpider(SiteSpider):
    """Crawls one site of the configuration: ``scrapy crawl site -a site=KEY [-a collection=DIR]``.

    ``due`` asks only the sources that are due; ``look`` asks all of them, those that were given up too, and takes nothing of what they
    name: it leaves no validator behind that would make the next crawl miss it.
    """

    name = "site"

    def __init__(self, due: bool | str = False, look: bool | str = False, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._only_look = str(look).lower() in ("1", "true")
        self._only_due = str(due).lower() in ("1", "true")
        self._known: set[str] = set()
        self._sitemaps = 0
        self._unread: set[str] = set()
        """Feeds and sitemaps that were asked for and have not answered: until they have, what links alone name waits."""

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the sources first, in order of how fresh they are; pages follow as soon as one has named some."""
        self.accounting = Accounting(self.site, self.archive)
        self._offering = Offering(self.site, self.archive, self.accounting.left_out)
        again = 0 if self._only_look else self.archive.retry()
        if again:
            self.logger.info("trying %d URLs again that failed before", again)
        # all at once: what waits for them must know that they are on their way
        for request in [each for source in configured_sources(self.site) for each in self._ask(source, priority=5)]:
            yield request

    def account(self) -> DiscoveryAccount:
        """How this run found what it found."""
        return self.accounting.account()

    def robots_read(self, url: str, body: bytes) -> None:
        """A robots.txt has come: the sitemaps that it names are sources too."""
        if self.site.discover.robots_sitemaps and self.archive.on_site(url):
            for sitemap in robots_sitemaps(body, url):
                for request in self._ask(Source("sitemap", sitemap, sitemap, configured=False), priority=1):
                    self.crawler.engine.crawl(request)

    def next_pages(self) -> Iterator[Request]:
        """Requests for the next pages of the ledger; none where only the sources are looked at."""
        return iter(()) if self._only_look else super().next_pages()

    def next_entries(self, room: int) -> list[Entry]:
        """The next pages to ask for; those that links alone name wait until all feeds and sitemaps have been read."""
        while True:
            entries = self.archive.ledger.pending(
                room, after=self._waiting, most=NAMED_BY_SOURCES if self._unread else None
            )
            trapped = [e for e in entries if self._offering.is_trapped(e)]
            if not trapped:
                return entries
            for entry in trapped:
                self.accounting.left_out(entry.key, Reason.TRAP_REPEAT)
                self.archive.skipped(
                    entry.key, Reason.TRAP_REPEAT, detail=f"its form {form_of(entry.url)} repeats itself"
                )

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
        if is_given_up(health, now) and not self._only_look:
            self.accounting.left_alone(source, "given-up")
            return
        if not self._only_look and is_as_listed(health, source.listed, self.site.discover.polling, now):
            self.accounting.left_alone(source, "unchanged")
            return
        if self._only_due and not is_due(health, now):
            self.accounting.left_alone(source, "not-due")
            return
        asks_again = self.site.politeness.conditional and not self._only_look
        known = self.archive.ledger.source(source.url) if asks_again else None
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
            children = known.children or () if known else ()
            if source.kind == "section":
                self.accounting.advertised(children[1:])
            for request in self._children(children, source):
                yield request
        elif reason := self.reason_of_status(response.status):
            self._note(source, response, problem=f"{reason}: status {response.status}")
        else:
            found = await self._read(response, source)
            new = 0 if self._only_look else await self._offering.offer(found, source)
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

    async def parse_page(self, response: Response, key: str) -> AsyncIterator[Any]:  # type: ignore[override]
        """A page's last answer; its links are offered too, if the configuration wants them."""
        provenance: Provenance = response.meta["provenance"]
        if provenance.discovered_via in BY_LINKS:
            self._offering.traps.fetched(response.url, response.body)
        for each in super().parse_page(response, key):
            yield each
        entry = self.archive.ledger.get(key)
        if entry and entry.state == "captured" and entry.depth < self.site.discover.depth:
            page = Source("section", response.url, response.url, configured=False)
            found = await self._read(response, page)
            links = tuple(replace(link, via="link") for link in found.links)
            await self._offering.offer(replace(found, links=links), page, depth=entry.depth + 1)
            for request in self.next_pages():
                yield request

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

        good = found is not None and problem is None and not self._only_look
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
            listed = None if self._only_look else source.listed
            self.accounting.answered(replace(source, listed=listed), response, problem=problem, found=found)

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
