"""Retry-After pauses the host of the answer, and no other, for as long as it asks within the cap."""

from datetime import UTC, datetime
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.signals import response_downloaded
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetch.politeness import Politeness

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def crawler() -> Any:
    slots = {"a.test": Slot(1, 3.0, 0.5), "b.test": Slot(1, 3.0, 0.5)}
    downloader = SimpleNamespace(
        slots=slots, per_slot_settings={}, get_slot_key=lambda request: urlparse_cached(request).hostname
    )
    return SimpleNamespace(
        engine=SimpleNamespace(downloader=downloader),
        settings=Settings({"PRESSMARK_RETRY_AFTER_MAX": 3000, "PRESSMARK_CLOCK": lambda: NOW}),
        signals=SignalManager(),
        spider=None,
    )


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "1000", 1000),
        (503, "1000", 1000),
        (403, "1000", 1000),
        (503, "Mon, 23 Nov 2026 12:30:00 GMT", 1800),
        (503, "1000000000", 3000),
        (503, "soon", 0),
        (503, "0", 0),
        (200, "1000", 0),
    ],
)
def test_retry_after(crawler: Any, status: int, value: str, seconds: float) -> None:
    watch = Politeness.from_crawler(crawler)
    response = Response("http://a.test/x", status=status, headers={"Retry-After": value})
    crawler.signals.send_catch_log(
        response_downloaded, response=response, request=Request("http://a.test/x"), spider=None
    )
    slots = crawler.engine.downloader.slots
    wait = slots["a.test"].lastseen - monotonic()
    assert (seconds - 60 < wait <= seconds) if seconds else slots["a.test"].lastseen == 0
    assert slots["b.test"].lastseen == 0
    assert watch is not None  # signals hold their receivers weakly
