"""Counts a spider's requests at both ends: when it makes one, before anything can drop it, and when its callback or errback is called.

A spider middleware on the spider's side of all others. Scrapy drops requests in silence in several places (duplicate filter, URL length,
any middleware); whatever is dropped there stays open in the account. Never changes what a request asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.http import Response
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

from crawler.errors import Reason
from crawler.fetch.outcome import reason_of, reason_of_status
from crawler.report.requests import Account, Fetches, Requests

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

NUMBER = "account_number"
"""Key in ``request.meta``: the request's number in the account; redirects and tries again carry it on."""
ANSWERED = "answered"
"""Outcome of a request whose last answer is a success."""
_BATCH = 200
_FAILED = "fetch/failed/"


class Accounting(BaseSpiderMiddleware):
    """One crawler's account."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._account = Account()
        self._pages: dict[str, str] = {}
        self._unsettled: list[str] = []
        crawler.signals.connect(self._scheduled, signals.request_scheduled)

    def get_processed_request(self, request: Request, response: Response | None) -> Request:
        """Open an account for a request that the spider yields."""
        self._open(request)
        return request

    def _scheduled(self, request: Request) -> None:
        self._open(request)  # one that did not come through a callback

    def _open(self, request: Request) -> None:
        if NUMBER in request.meta:
            return
        number = request.meta[NUMBER] = self._account.ask(request.url)
        key = request.cb_kwargs.get("key")
        callback, errback = request.callback, request.errback

        def answered(response: Response, **more: Any) -> Any:
            self._end(number, reason_of_status(response.status) or ANSWERED, key, request.url)
            assert callback is not None
            return callback(response, **more)

        def failed(failure: Failure) -> Any:
            reason, _ = reason_of(failure.value)
            self._end(number, reason, None if reason is Reason.INTERRUPTED else key, request.url)
            return errback(failure) if errback is not None else failure

        request.callback = answered
        request.errback = failed

    def _end(self, number: int, outcome: str, key: str | None, url: str) -> None:
        self._account.end(number, outcome)
        if len(self._pages) >= _BATCH:
            self._settle(keep=True)
        if key is not None:
            self._pages[key] = url

    def _settle(self, *, keep: bool) -> None:
        """Look up what the ledger says of pages that ended; the callbacks of the last ones may still be at work."""
        ledger = self.crawler.spider.archive.ledger  # type: ignore[union-attr]
        left = {}
        for key, url in self._pages.items():
            entry = ledger.get(key)
            if entry is None or entry.state == "pending":
                left[key] = url
        self._pages = left if keep else {}
        if not keep:
            self._unsettled += left.values()

    def close(self, *, finished: bool) -> Requests:
        """The account of the run, once nothing is under way any more; ``finished`` if it came to its end by itself."""
        assert self.crawler.stats is not None
        stats = self.crawler.stats.get_stats()
        if finished:  # else the ledger may be what has failed
            self._settle(keep=False)
        return self._account.close(
            finished=finished,
            unsettled=tuple(self._unsettled),
            fetches=Fetches(
                begun=stats.get("fetch/begun", 0),
                whole=stats.get("fetch/whole", 0),
                failed={key.removeprefix(_FAILED): n for key, n in stats.items() if key.startswith(_FAILED)},
                exchanges=stats.get("fetch/exchanges", 0),
                archived=stats.get("fetch/archived", 0),
            ),
        )
