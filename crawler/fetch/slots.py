"""The downloader's slots, one a host: how a host is slowed down, and how a crawl comes to its end.

Owns the one place that touches Scrapy's ``downloader.slots``, as its AutoThrottle does. Never decides how long.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.errors import Reason
from crawler.fetch.outcome import FetchError

ABANDON = object()
"""Signal of Scrapy's kind: the run must end, and what is in flight is to be cut now."""
LEAST = 0.001
"""Delay in seconds where none is set: Scrapy looks at a slot's time of last use only if there is one."""


def slot_key(crawler: Crawler, request: Request) -> str:
    """Name of the slot that a request goes through: its host, unless its meta names another."""
    key: str = _downloader(crawler).get_slot_key(request)
    return key


def pause(crawler: Crawler, key: str, seconds: float) -> None:
    """Send nothing through a slot for so many seconds from now; what is under way goes on."""
    slot = _downloader(crawler).slots.get(key)
    if slot is not None:
        slot.delay = slot.delay or LEAST
        slot.lastseen = max(slot.lastseen, monotonic() + seconds)


def set_delay(crawler: Crawler, key: str, seconds: float) -> None:
    """Leave so many seconds, without jitter, between two requests through a slot, now and when it is made anew."""
    downloader = _downloader(crawler)
    seconds = max(seconds, LEAST)
    downloader.per_slot_settings[key] = {**downloader.per_slot_settings.get(key, {}), "delay": seconds, "jitter": 0}
    slot = downloader.slots.get(key)
    if slot is not None:
        slot.delay, slot.jitter = seconds, 0


def drain(crawler: Crawler) -> None:
    """Give up all that waits for its turn, each with INTERRUPTED: else a crawl that is told to end would first fetch it, slowly."""
    for slot in _downloader(crawler).slots.values():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(FetchError(Reason.INTERRUPTED, "the run ended before its turn"))


def _downloader(crawler: Crawler) -> Any:
    assert crawler.engine is not None
    return crawler.engine.downloader
