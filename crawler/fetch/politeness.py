"""Politeness: what a server's answers say about how it wants to be treated.

A Scrapy extension. Owns three reactions to an answer, in the moment in which it has come and before Scrapy takes the next request of
the host: Retry-After pauses the host, a busy or slow server is asked less often (pace.py), and refusals in a row end the crawl with the
reason ``blocked``. Keeps account of it for the run's report. Never retries anything.

Settings: PRESSMARK_RETRY_AFTER_MAX, longest pause in seconds (300); PRESSMARK_MAX_DELAY, longest time between two requests that a busy
server or a Crawl-delay leads to (60); PRESSMARK_STOP_AFTER_BLOCKS, refusals in a row (5, 0 for never).
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
from crawler.fetch.pace import Pace
from crawler.fetch.retryafter import retry_after
from crawler.report.manners import HostManners
from crawler.warc.exchange import Provenance

BUSY = frozenset({429, 503})
"""Statuses with which a server says that it is asked too much."""
MAX_DELAY = 60.0
"""Default of PRESSMARK_MAX_DELAY."""
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
        self._longest_delay = crawler.settings.getfloat("PRESSMARK_MAX_DELAY", MAX_DELAY)
        self._paces: dict[str, Pace] = {}
        self._hosts: dict[str, HostManners] = {}
        self._refusals = 0
        self._closing: asyncio.Future[None] | None = None
        crawler.signals.connect(self._downloaded, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        """Begin to watch a crawler."""
        return cls(crawler)

    def _downloaded(self, response: Response, request: Request) -> None:
        key = slots.slot_key(self._crawler, request)
        host = self._host(key)
        host.requests += 1
        seconds = retry_after(response.headers.get("Retry-After"), self._clock()) if response.status >= 400 else None
        if seconds:
            logger.info("%s asks to be left alone for %g s", key, seconds, extra={"spider": self._crawler.spider})
            given = min(seconds, self._longest)
            host.retry_after_asked = max(host.retry_after_asked or 0, seconds)
            host.retry_after_given = max(host.retry_after_given or 0, given)
            slots.pause(self._crawler, key, given)
        if response.status in BUSY:
            self.busy(request)
        else:
            pace = self._pace(key)
            before = pace.delay
            if pace.answered(request.meta.get("download_latency") or 0.0) != before:
                slots.set_delay(self._crawler, key, pace.delay)
        provenance = request.meta.get(PROVENANCE) or Provenance()
        if provenance.role != "robots":
            self._count(response.status)

    def busy(self, request: Request) -> None:
        """A server has refused for now, or has not answered in time: ask it less often."""
        key = slots.slot_key(self._crawler, request)
        self._host(key).busy += 1
        if request.meta.get("retry_times"):
            return  # the same request once more: it has its own, doubling pause
        slots.set_delay(self._crawler, key, self._pace(key).busy())

    def keep_apart(self, request: Request, asked: float) -> float:
        """Heed a Crawl-delay, within reason; returns what it gets."""
        key = slots.slot_key(self._crawler, request)
        self._host(key).crawl_delay_asked = asked
        pace = self._pace(key)
        pace.raise_floor(min(asked, self._longest_delay))
        slots.set_delay(self._crawler, key, pace.delay)
        return min(asked, self._longest_delay)

    def account(self) -> list[HostManners]:
        """How each host was treated."""
        for key, host in self._hosts.items():
            pace = self._pace(key)
            host.delay, host.slowed, host.slowest = pace.floor, pace.slowed, round(pace.slowest, 3)
        return [self._hosts[key] for key in sorted(self._hosts)]

    def _host(self, key: str) -> HostManners:
        return self._hosts.setdefault(key, HostManners(host=key))

    def _pace(self, key: str) -> Pace:
        if key not in self._paces:
            floor = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
            # whoever sets no delay asks a server of his own, which need not be spared
            longest = max(self._longest_delay, floor) if floor > slots.LEAST else floor
            self._paces[key] = Pace(floor=floor, longest=longest)
        return self._paces[key]

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
