"""Scrapy's download handler for http and https: every exchange is archived before anybody sees the response.

Owns what is done with a recording: which exchanges are kept, as whole or as truncated, and that a response goes up only after the
archive has it on disk. Redirects, robots.txt, retries, feeds, errors and time-outs all pass here, so all are archived. Never
follows, retries or refuses anything itself.
"""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object

from crawler.clock import Clock, utc_now
from crawler.errors import Reason, StorageError
from crawler.fetch.attempt import Attempt, Recording
from crawler.fetch.guard import Guard
from crawler.fetch.outcome import FetchError, reason_of, refuses_http1
from crawler.fetch.peer import Verifier
from crawler.fetch.slots import ABANDON
from crawler.fetch.tee import Limits, TeePool, recording
from crawler.warc.exchange import Provenance, Truncated

if TYPE_CHECKING:
    from crawler.fetch.archiver import Archiver

CAPTURE = "capture"
"""Key in ``request.meta``: Pointer of the response record; missing if nothing was kept."""
FETCHED_AT = "fetched_at"
"""Key in ``request.meta``: when the exchange began, the WARC-Date of its records."""
PROVENANCE = "provenance"
"""Key in ``request.meta``, to be set by who makes the request: a Provenance."""
ROBOTS_VERDICT = "robots_verdict"
"""Key in ``request.meta``, set by the robots middleware: the verdict that goes into the provenance."""


def forget_fetch(meta: dict[str, Any]) -> None:
    """Take out of a copied ``meta`` what belongs to the fetch that it was copied from."""
    for key in (CAPTURE, FETCHED_AT, ROBOTS_VERDICT):
        meta.pop(key, None)


_HTTP2 = find_spec("h2") is not None
_TRUNCATED: dict[Reason, Truncated] = {
    Reason.TOO_LARGE: "length",
    Reason.TIMEOUT: "time",
    Reason.DISCONNECTED: "disconnect",
}


class WireDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler with the tee in it.

    Finds the archiver in ``crawler.spider.archiver``; without one nothing is kept. The clock is the setting PRESSMARK_CLOCK (a
    callable or its path). Fails with FetchError only, except for a StorageError of the archiver's.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._reactor: Any = reactor
        self._http2_only: set[tuple[str, int]] = set()
        self._clock: Clock = load_object(crawler.settings.get("PRESSMARK_CLOCK") or utc_now)
        self._pool = TeePool(
            reactor,
            Limits.of(crawler.settings),
            Guard.of(crawler.settings),
            self._pool.maxPersistentPerHost,
            None if crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES") else Verifier(),
        )
        # The tee has its own limit for what comes; DOWNLOAD_MAXSIZE is left to the decoded body, which is larger. Scrapy's
        # check here would throw away an answer at its head, for the length that it only claims to have.
        self._default_maxsize = 0
        self._flights: set[asyncio.Task[Response]] = set()
        self._abandoned = False
        crawler.signals.connect(self._abandon, signal=ABANDON)

    def _abandon(self) -> None:
        """Cut what is in flight: it fails with INTERRUPTED, and what came of it is archived as truncated."""
        self._abandoned = True
        for flight in list(self._flights):
            flight.cancel()

    async def download_request(self, request: Request) -> Response:
        """Fetch one URL once; ``request.meta`` gets CAPTURE and FETCHED_AT.

        Raises:
            FetchError: no whole answer came, and what came is archived as truncated; or, by a bug, the answer could not be archived.
            StorageError: the archive could not be written.
        """
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("fetch/begun")
        try:
            response = await self._exchange(request)
        except BaseException as error:
            reason = error.reason if isinstance(error, FetchError) else Reason.INTERRUPTED
            self.crawler.stats.inc_value(f"fetch/failed/{reason}")
            raise
        self.crawler.stats.inc_value("fetch/whole")
        return response

    async def _exchange(self, request: Request) -> Response:
        for key in (CAPTURE, FETCHED_AT):  # of a hop or a try before this one: Scrapy copies meta
            request.meta.pop(key, None)
        host = urlparse_cached(request).hostname or ""
        record = Recording(clock=self._clock, host=host, proxied="proxy" in request.meta)
        started = self._clock()
        token = recording.set(record)
        failure: FetchError | None = None
        response: Response | None = None
        try:
            response = await self._flight(request, record)
        except Exception as error:
            last = record.close()
            failure = _failure(last, error)
            failure.__cause__ = error
        finally:
            recording.reset(token)
        last = record.close()
        if failure is None and last is not None and isinstance(last.problem, FetchError):
            failure = last.problem
        if failure is None and response is not None and response.status == 206 and b"Range" not in request.headers:
            failure = FetchError(Reason.BAD_RESPONSE, "status 206: a part of the page, where the whole was asked for")
        try:
            await self._keep(request, record, started, failure)
        except StorageError:
            raise
        except Exception as error:
            raise FetchError(Reason.UNEXPECTED, f"could not be archived: {error}") from error
        if failure is not None or response is None:
            raise failure or FetchError(Reason.UNEXPECTED, "no response")
        return response

    async def _flight(self, request: Request, record: Recording) -> Response:
        flight = asyncio.ensure_future(self._recorded(request, record))
        self._flights.add(flight)
        try:
            return await flight
        except asyncio.CancelledError:
            if not self._abandoned:
                raise
            raise FetchError(Reason.INTERRUPTED, "cut: the run was told to end") from None
        finally:
            self._flights.discard(flight)

    async def _recorded(self, request: Request, record: Recording) -> Response:
        """Fetch, and record nothing that comes later: the end of a connection that we cut ourselves is no end of the answer."""
        try:
            return await self._fetch(request, record)
        finally:
            record.close()

    async def _fetch(self, request: Request, record: Recording) -> Response:
        """Ask over HTTP/1.1, whose bytes can be kept, and over HTTP/2 where the server will hear of nothing else."""
        origin = record.host, urlparse_cached(request).port or 443
        record.http2 = origin in self._http2_only
        begun = self._reactor.seconds()
        try:
            return await super().download_request(request)
        except Exception as error:
            if record.http2:
                self._http2_only.discard(origin)
            last = record.close()
            refused = refuses_http1(error) or (last is not None and last.answered_in_http2)
            if record.http2 or record.proxied or not refused:
                raise
            if not _HTTP2:
                raise FetchError(
                    Reason.TLS_FAILED, "the server speaks HTTP/2 only, which needs pressmark[http2]"
                ) from error
        self._http2_only.add(origin)
        record.http2 = True
        whole = request.meta["download_timeout"]
        request.meta["download_timeout"] = max(whole - (self._reactor.seconds() - begun), 1.0)
        try:
            return await super().download_request(request)
        finally:
            request.meta["download_timeout"] = whole

    async def _keep(self, request: Request, record: Recording, started: datetime, failure: FetchError | None) -> None:
        """Archive all attempts, and the failure if there is one; returns when they are on disk."""
        assert self.crawler.stats is not None
        url = urldefrag(request.url)[0]
        provenance = request.meta.get(PROVENANCE) or Provenance()
        if ROBOTS_VERDICT in request.meta:
            provenance = dataclasses.replace(provenance, robots=request.meta[ROBOTS_VERDICT])
        kept = [attempt for attempt in record.attempts if attempt.happened]
        exchanges = [
            attempt.exchange(url=url, provenance=provenance, truncated=_truncated(attempt, record, failure))
            for attempt in kept
        ]
        answered = bool(kept) and kept[-1] is record.attempts[-1] and bool(kept[-1].received)
        if answered:
            request.meta[FETCHED_AT] = kept[-1].started
        self.crawler.stats.inc_value("fetch/exchanges", len(exchanges))
        archiver: Archiver | None = getattr(self.crawler.spider, "archiver", None)
        if archiver is None:
            return
        pointers = await archiver.store(exchanges) if exchanges else []
        self.crawler.stats.inc_value("fetch/archived", len(pointers))
        if answered:
            request.meta[CAPTURE] = pointers[-1]
        if failure is not None:
            await archiver.store_failure(
                url, started=started, provenance=provenance, reason=failure.reason, detail=failure.detail
            )


def _failure(last: Attempt | None, error: Exception) -> FetchError:
    """The one error that stands for ``error``: the limit that was broken, or what the exception means."""
    if last is not None and isinstance(last.problem, FetchError):
        return last.problem
    if last is None and isinstance(error, ValueError):  # what Twisted and Scrapy say of a host or port that is none
        return FetchError(Reason.BAD_URL, str(error))
    reason, detail = reason_of(error)
    return FetchError(reason, detail)


def _truncated(attempt: Attempt, record: Recording, failure: FetchError | None) -> Truncated | None:
    """Why an attempt's answer is not whole; None if it is."""
    if attempt is not record.attempts[-1]:  # sent again: by the pool, if nothing came, or over HTTP/2
        return "unspecified" if attempt.received else "disconnect"
    if failure is not None:
        return _TRUNCATED.get(failure.reason, "unspecified")
    # Cut by somebody who asked for no more (scrapy.exceptions.StopDownload).
    return None if attempt.complete else "length"
