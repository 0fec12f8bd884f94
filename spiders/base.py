"""What all our spiders share: a site, its archive, pages asked for from the ledger, and what becomes of each.

The session (crawler.fetch.session) sets ``archive`` before the first request. A page goes one way only: asked for, archived by the
handler before its answer comes here, ``captured`` in the ledger, then handed to the stages as an item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawler.collection import CapturedPage
from crawler.config import SiteConfig, load_site
from crawler.errors import NOT_ASKED, Reason
from crawler.ledger import NAMED_AS_NEWS, NAMED_BY_SOURCES, Validators
from crawler.warc.exchange import Pointer, Provenance
from spiders.options import scrapy_settings

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from crawler.collection import SiteArchive
    from crawler.ledger import Entry, Look

_PRIORITY = 10
"""Scrapy's priority of pages that feeds and news sitemaps name: before further sources are read; those of all others come after that."""
_AHEAD = 8
"""Pages taken from the ledger ahead of their turn: enough to keep a connection busy, few enough to lose nothing by a crash."""


def _validators(response: Response) -> Validators:
    """What the server gave to ask for an article again; nothing, if no whole answer is behind it."""

    def header(name: str) -> str | None:
        value = response.headers.get(name)
        return value.decode("latin-1") if value else None

    pointer: Pointer = response.meta["capture"]
    if pointer.origin is None:
        return Validators()
    return Validators(header("ETag"), header("Last-Modified"), pointer.origin)


class SiteSpider(Spider):
    """A spider that serves one site.

    ``site`` is a SiteConfig, or the key of a site in the configuration; ``collection`` is the folder of the collection.
    """

    site: SiteConfig
    collection: Path
    archive: SiteArchive
    """Set by the session before the first request, unless the caller has opened it."""
    reason_of: Callable[[BaseException], tuple[Reason, str]]
    """Set by the session: what an exception of a fetch means, and one line of detail."""
    reason_of_status: Callable[[int], Reason | None]
    """Set by the session: why an answer with a status gives no page; None if it may."""
    command = "crawl"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        """Make the spider and give its site's settings to the crawler.

        Raises:
            UsageError: no such site. ConfigError: its YAML is wrong.
        """
        site = kwargs.pop("site", None)
        collection = Path(kwargs.pop("collection", "archive"))
        archive = kwargs.pop("archive", None)
        spider: SiteSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.site = site if isinstance(site, SiteConfig) else load_site(site)
        spider.collection = collection
        spider.archive = archive
        for name, value in scrapy_settings(spider.site).items():
            crawler.settings.set(name, value, priority="spider")
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked: set[str] = set()
        self._waiting: set[str] = set()

    # --- pages

    def next_pages(self) -> Iterator[Request]:
        """Requests for the next pages of the ledger, so that at most a few wait for their turn. Each page is asked for once a run."""
        most = self.site.limits.max_articles
        room = 0 if self.archive.ledger.broken else _AHEAD - len(self._waiting)
        if most is not None:
            room = min(room, most - len(self._asked))
        if room <= 0:
            return
        entries = self.next_entries(room)
        looks = self.archive.watch.due(room - len(entries), after=self._asked)
        for entry, look in [*((entry, None) for entry in entries), *looks]:
            self._asked.add(entry.key)
            self._waiting.add(entry.key)
            yield self._page_request(entry) if look is None else self._look_request(entry, look)

    def next_entries(self, room: int) -> list[Entry]:
        """The next pages to ask for, at most ``room``, without those that are on their way."""
        return self.archive.ledger.pending(room, after=self._waiting)

    def _page_request(self, entry: Entry) -> Request:
        return Request(
            entry.url,
            callback=self.parse_page,
            errback=self.page_failed,
            dont_filter=True,
            priority=_PRIORITY if entry.rank <= NAMED_AS_NEWS else NAMED_BY_SOURCES - entry.rank,
            cb_kwargs={"key": entry.key},
            meta={"provenance": self._provenance(entry)},
        )

    def _provenance(self, entry: Entry) -> Provenance:
        return Provenance(
            site=self.site.site,
            run_id=self.archive.run_id,
            role="page",
            requested_url=entry.url,
            discovered_via=entry.via,
            discovered_url=entry.via_url,
            discovered_at=datetime.fromisoformat(entry.discovered_at),
            title=entry.title,
            published_raw=entry.published_raw,
        )

    def on_idle(self) -> None:
        """Nothing is under way: go on with what the ledger still holds."""
        requests = list(self.next_pages())
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    # --- known articles that are looked at again

    def _look_request(self, entry: Entry, look: Look) -> Request:
        """Ask for a known article only if it has changed; the last of its looks asks for it whole, because validators can lie."""
        known = (
            look.validators
            if self.site.politeness.conditional and not self.archive.watch.is_last(look)
            else Validators()
        )
        validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known.origin else {}
        return Request(
            entry.url,
            callback=self.parse_look,
            errback=self.look_failed,
            dont_filter=True,
            priority=-10,  # what is new comes first
            headers={name: value for name, value in validators.items() if value},
            cb_kwargs={"look": look},
            meta={"provenance": replace(self._provenance(entry), article_id=look.article_id)},
        )

    def parse_look(self, response: Response, look: Look) -> Iterator[Any]:
        """The answer to a look: unchanged, or a capture that the stages judge (that it is not there any more is one too)."""
        self._waiting.discard(look.key)
        reason = self.reason_of_status(response.status)
        if reason is Reason.NOT_MODIFIED:
            self.archive.watch.unmodified(look)
        elif reason is None or reason is Reason.NOT_FOUND:
            self.archive.watch.looked(look, response.meta["capture"], _validators(response))
        else:
            self.archive.watch.failed(look, reason)
        yield from self.next_pages()

    def look_failed(self, failure: Failure) -> Iterator[Any]:
        """An article that could not be looked at."""
        look: Look = failure.request.cb_kwargs["look"]  # type: ignore[attr-defined]
        self._waiting.discard(look.key)
        reason, _ = self.reason_of(failure.value)
        if reason is Reason.INTERRUPTED:
            return  # it stays due
        self.archive.watch.failed(look, reason)
        yield from self.next_pages()

    # --- what came of a page

    def parse_page(self, response: Response, key: str) -> Iterator[Any]:
        """A page's last answer, already archived."""
        self._waiting.discard(key)
        reason = self.reason_of_status(response.status)
        if reason is not None:
            self._no_page(response, key, reason, f"status {response.status}")
        else:
            yield from self._captured(response, key)
        yield from self.next_pages()

    def _captured(self, response: Response, key: str) -> Iterator[CapturedPage]:
        pointer: Pointer = response.meta["capture"]
        at: datetime = response.meta["fetched_at"]
        final = self.archive.key(response.url)
        with self.archive.ledger.transaction():
            if final != key:
                key_of_row = self._moved(key, final, response)
                if key_of_row is None:
                    return
                key = key_of_row
            self.archive.captured(key, pointer, status=response.status, at=at, validators=_validators(response))
        yield CapturedPage(pointer.record_id)

    def _no_page(self, response: Response, key: str, reason: Reason, detail: str) -> None:
        """An answer is archived, and is not the page that was asked for."""
        self.archive.failed(key, reason, status=response.status, detail=detail, pointer=response.meta["capture"])

    def _moved(self, key: str, final: str, response: Response) -> str | None:
        """A redirect led elsewhere: which of the two addresses gets the row, None if neither does."""
        reason = self.judge(response.url)
        if reason:
            self._no_page(response, key, reason, f"redirects to {response.url}")
            return None
        known = self.archive.ledger.get(final)
        if known is None or known.key in self._waiting:
            return key
        if known.state in ("captured", "done"):
            self.archive.skipped(key, Reason.DUPLICATE, detail=f"redirects to {response.url}, which is archived")
            return None
        self.archive.skipped(key, Reason.DUPLICATE, detail=f"redirects to {response.url}")
        return final

    def judge(self, url: str) -> Reason | None:
        """Whether a page that a redirect led to is taken; a reason if not."""
        return None

    def page_failed(self, failure: Failure) -> Iterator[Any]:
        """A page that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        key = request.cb_kwargs["key"]
        self._waiting.discard(key)
        reason, detail = self.reason_of(failure.value)
        if reason is Reason.INTERRUPTED:
            return  # it stays pending: the next run asks
        if reason in NOT_ASKED:
            self.archive.skipped(key, reason, detail=detail)
        else:
            self.archive.failed(key, reason, detail=detail, pointer=request.meta.get("capture"))
        yield from self.next_pages()
