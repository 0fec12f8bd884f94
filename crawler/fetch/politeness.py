"""Politeness: what a server's answers say about how it wants to be treated.

A Scrapy extension. Owns two reactions to an answer, in the moment in which it has come and before Scrapy takes the next request of
the host: Retry-After pauses the host, and refusals in a row end the crawl with the reason ``blocked``. Never retries anything.

Settings: PRESSMARK_RETRY_AFTER_MAX, longest pause in seconds (300); PRESSMARK_STOP_AFTER_BLOCKS, refusals in a row (5, 0 for never).
"""

from __future__ import annotations

import asyncio
import logging

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import load_object

from crawler.clock import Clock, utc_now
from crawler.fetch import slots
from crawler.fetch.handler import PROVENANCE
from crawler.fetch.outcome import BLOCKING
from crawler.fetch.retryafter import retry_after
from crawler.warc.exchange import Provenance

RETRY_AFTER_MAX = 300.0
"""Default of PRESSMARK_RETRY_AFTER_MAX: who asks for more is left alone until the next run."""

logger = logging.getLogger(__name__)


class Politeness:
    """One crawler's watch over the answers."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._longest = crawler.settings.getfloat("PRESSMARK_RETRY_AFTER_MAX", RETRY_AFTER_MAX)
        self._stop_after = crawler.settings.getint("PRESSMARK_STOP_AFTER_BLOCKS", 5)
        self._clock: Clock = load_object(crawler.settings.get("PRESSMARK_CLOCK") or utc_now)
        self._refusals = 0
        self._closing: asyncio.Future[None] | None = None
        crawler.signals.connect(self._downloaded, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        """Begin to watch a crawler."""
        return cls(crawler)

    def _downloaded(self, response: Response, request: Request) -> None:
        seconds = retry_after(response.headers.get("Retry-After"), self._clock()) if response.status >= 400 else None
        if seconds:
            key = slots.slot_key(self._crawler, request)
            logger.info("%s asks to be left alone for %g s", key, seconds, extra={"spider": self._crawler.spider})
            slots.pause(self._crawler, key, min(seconds, self._longest))
        provenance = request.meta.get(PROVENANCE) or Provenance()
        if provenance.role != "robots":
            self._count(response.status)

    def _count(self, status: int) -> None:
        self._refusals = self._refusals + 1 if status in BLOCKING else 0
        if 0 < self._stop_after == self._refusals and self._closing is None:
            logger.warning(
                "the server refused %d requests in a row, the last with status %d", self._refusals, status,
                extra={"spider": self._crawler.spider},
            )  # fmt: skip
            assert self._crawler.engine is not None
            slots.drain(self._crawler)
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="blocked"))
