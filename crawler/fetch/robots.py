"""robots.txt: asked for before the first request to an origin, obeyed or not as a person decides, and its verdict recorded.

A downloader middleware in the place of Scrapy's, which lets everything pass when robots.txt cannot be had. Owns what each outcome of
asking means (RFC 9309, 2.3.1): 2xx is parsed; 4xx is no rules; 429, 5xx and no answer is a complete disallow. Each robots.txt goes
through the download handler like any page, so it is archived. A spider that has ``robots_read`` is given each one that came, for the
sitemaps in it. Never parses (robotstxt.py) and never waits (slots.py).

Settings: PRESSMARK_ROBOTS, ``obey`` or ``ignore`` (the same in ``request.meta["robots"]`` for one request). ``ignore`` is a person's
decision; the file is fetched all the same, and the verdict is part of the record.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object

from crawler.clock import Clock, utc_now
from crawler.errors import Reason
from crawler.fetch import robotstxt, slots
from crawler.fetch.handler import PROVENANCE, ROBOTS_VERDICT
from crawler.fetch.outcome import Refused, reason_of
from crawler.fetch.politeness import Politeness
from crawler.warc.exchange import Provenance

if TYPE_CHECKING:
    from crawler.fetch.archiver import Archiver

TTL = 24 * 3600.0
"""Seconds for which a file holds (RFC 9309, 2.4)."""
TTL_UNAVAILABLE = 600.0
"""Seconds after which a file that could not be had is asked for again."""
HOPS = 5
"""Redirects that are followed (RFC 9309, 2.3.1.2)."""

_LEADS_NOWHERE = frozenset({Reason.TOO_MANY_REDIRECTS, Reason.BAD_REDIRECT})
"""Not to be had, as a 404 is."""
_SAYS_MORE = frozenset({
    Reason.PRIVATE_ADDRESS, Reason.DNS_FAILED, Reason.CONNECT_FAILED, Reason.TLS_FAILED, Reason.INTERRUPTED,
    Reason.BAD_URL,
})  # fmt: skip
"""What would befall the page as well, and is the better name for it."""
_MARK = "robots_received"
"""Key in the meta of a request for robots.txt: bytes of the body that have come."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What asking an origin gave: rules, or why there are none."""

    expires: float
    rules: robotstxt.Rules | None
    reason: Reason = Reason.ROBOTS_UNAVAILABLE
    detail: str = ""


class RobotsMiddleware:
    """In the place of Scrapy's own."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._mode: str = settings.get("PRESSMARK_ROBOTS", "obey")
        self._agent: str = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        self._clock: Clock = load_object(settings.get("PRESSMARK_CLOCK") or utc_now)
        self._answers: dict[tuple[str, str], asyncio.Future[_Answer]] = {}
        crawler.signals.connect(self._received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Make the middleware of a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass or not, and note the verdict in its meta.

        Raises:
            Refused: robots.txt says no, or cannot be had.
        """
        parts = urlparse_cached(request)
        if _MARK in request.meta:
            request.meta[_MARK] = 0  # another try or hop than the one that this meta was copied from
        if _MARK in request.meta or parts.scheme not in ("http", "https"):
            return
        obey = request.meta.get("robots", self._mode) != "ignore"
        answer = await self._ask(request)
        if answer.rules is None:
            if obey:
                await self._refuse(request, answer.reason, answer.detail)
            request.meta[ROBOTS_VERDICT] = "unknown"
        elif answer.rules.allow(request.url):
            request.meta[ROBOTS_VERDICT] = "allowed"
        else:
            if obey:
                request.meta[ROBOTS_VERDICT] = "disallowed"
                await self._refuse(request, Reason.ROBOTS_DISALLOWED, f"by {parts.scheme}://{parts.netloc}/robots.txt")
            request.meta[ROBOTS_VERDICT] = "ignored"

    async def _refuse(self, request: Request, reason: Reason, detail: str) -> None:
        """End a request, and leave a record of it."""
        archiver: Archiver | None = getattr(self._crawler.spider, "archiver", None)
        if archiver is not None:
            provenance = request.meta.get(PROVENANCE) or Provenance()
            provenance = dataclasses.replace(provenance, robots=request.meta.get(ROBOTS_VERDICT, "unknown"))
            await archiver.store_failure(
                request.url, started=self._clock(), provenance=provenance, reason=reason, detail=detail
            )
        raise Refused(reason, detail)

    async def _ask(self, request: Request) -> _Answer:
        """The answer for a request's origin: the one there is while it holds; asked for once, however many wait."""
        parts = urlparse_cached(request)
        origin = (parts.scheme, parts.netloc.rpartition("@")[2].lower())
        known = self._answers.get(origin)
        if known is None or (known.done() and known.result().expires <= monotonic()):
            known = self._answers[origin] = asyncio.get_running_loop().create_future()
            try:
                known.set_result(await self._fetch(origin, request))
            except BaseException:
                known.cancel()
                del self._answers[origin]
                raise
        return await asyncio.shield(known)

    async def _fetch(self, origin: tuple[str, str], request: Request) -> _Answer:
        url = f"{origin[0]}://{origin[1]}/robots.txt"
        page = request.meta.get(PROVENANCE) or Provenance()
        provenance = Provenance(site=page.site, run_id=page.run_id, role="robots", requested_url=url)
        meta = {_MARK: 0, PROVENANCE: provenance, "redirect_ttl": HOPS, "allow_offsite": True}
        asked = Request(url, callback=NO_CALLBACK, dont_filter=True, meta=meta)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(asked)
            answer = self._read(response, monotonic())
        except Exception as error:
            reason, detail = reason_of(error)
            if reason in _LEADS_NOWHERE:
                return _Answer(monotonic() + TTL, robotstxt.ALLOW_ALL)
            if reason in _SAYS_MORE:
                return _Answer(monotonic() + TTL_UNAVAILABLE, None, reason, f"{detail} (asked for robots.txt)")
            return _Answer(monotonic() + TTL_UNAVAILABLE, None, detail=f"{reason}: {detail}")
        if answer.rules is not None and answer.rules.crawl_delay:
            self._keep_apart(request, answer.rules.crawl_delay)
        return answer

    def _read(self, response: Response, now: float) -> _Answer:
        """What an answer means (RFC 9309, 2.3.1)."""
        if response.status == 429 or response.status >= 500:
            return _Answer(now + TTL_UNAVAILABLE, None, detail=f"status {response.status}")
        if 200 <= response.status < 300:
            heard = getattr(self._crawler.spider, "robots_read", None)
            if heard is not None:
                heard(response.url, response.body)
            return _Answer(now + TTL, robotstxt.parse(response.body, self._agent))
        return _Answer(now + TTL, robotstxt.ALLOW_ALL)

    def _keep_apart(self, request: Request, asked: float) -> None:
        """Heed a Crawl-delay, within reason, and report it."""
        assert self._crawler.stats is not None
        key = slots.slot_key(self._crawler, request)
        politeness = self._crawler.get_extension(Politeness)
        given = politeness.keep_apart(request, asked) if politeness is not None else 0.0
        self._crawler.stats.set_value(f"robots/crawl_delay/{key}", asked)
        less = "" if given == asked else f", which is more than it gets: {given:g} s"
        logger.info("%s asks for %g s between requests%s", key, asked, less, extra={"spider": self._crawler.spider})

    def _received(self, data: bytes, request: Request) -> None:
        """Stop reading a robots.txt where nobody looks at it any more."""
        if _MARK in request.meta:
            request.meta[_MARK] += len(data)
            if request.meta[_MARK] > robotstxt.LIMIT:
                raise StopDownload(fail=False)
