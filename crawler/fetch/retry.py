"""Trying again, within the run, what failed for a reason that passes.

A downloader middleware. Owns which failures are tried again, how often (RETRY_TIMES) and after which pause: one that doubles with
each try, or the longer one that the server names. Each try is an exchange of its own. What a server wants left alone for longer
than PRESSMARK_RETRY_AFTER_MAX is left to the next run.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.misc import load_object

from crawler.clock import Clock, utc_now
from crawler.errors import Reason
from crawler.fetch import slots
from crawler.fetch.handler import forget_fetch
from crawler.fetch.outcome import reason_of
from crawler.fetch.politeness import RETRY_AFTER_MAX, Politeness
from crawler.fetch.retryafter import retry_after

PASSING = frozenset({Reason.DNS_FAILED, Reason.CONNECT_FAILED, Reason.TIMEOUT, Reason.DISCONNECTED})
"""Failures that may be gone in a moment."""
LONGEST_PAUSE = 60.0
"""Seconds that the doubling pause never exceeds."""


class RetryMiddleware:
    """In the place of Scrapy's own. The setting PRESSMARK_BACKOFF is the first pause in seconds (1)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._statuses = {int(each) for each in crawler.settings.getlist("RETRY_HTTP_CODES")}
        self._longest = crawler.settings.getfloat("PRESSMARK_RETRY_AFTER_MAX", RETRY_AFTER_MAX)
        self._backoff = crawler.settings.getfloat("PRESSMARK_BACKOFF", 1.0)
        self._clock: Clock = load_object(crawler.settings.get("PRESSMARK_CLOCK") or utc_now)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryMiddleware:
        """Make the middleware of a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Ask again for an answer that says that the server is at odds with itself, or too busy."""
        if response.status not in self._statuses:
            return response
        asked = retry_after(response.headers.get("Retry-After"), self._clock())
        if asked is not None and asked > self._longest:
            return response
        return self._again(request, f"status {response.status}") or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again where no whole answer came."""
        if isinstance(exception, IgnoreRequest):  # our own refusal, which stays one
            return None
        reason, _ = reason_of(exception)
        politeness = self._crawler.get_extension(Politeness) if reason is Reason.TIMEOUT else None
        if politeness is not None:
            politeness.busy(request)
        return self._again(request, reason) if reason in PASSING else None

    def _again(self, request: Request, reason: str) -> Request | None:
        assert self._crawler.spider is not None
        if request.meta.get("dont_retry"):
            return None
        again = get_retry_request(request, spider=self._crawler.spider, reason=reason, give_up_log_level="INFO")
        if again is not None:
            forget_fetch(again.meta)
            pause = min(self._backoff * 2 ** (again.meta["retry_times"] - 1), LONGEST_PAUSE)
            slots.pause(self._crawler, slots.slot_key(self._crawler, request), pause)
        return again
