"""The downloader's slots: paused, and slowed down, with Scrapy's own slot class."""

from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.settings import Settings
from twisted.internet.defer import Deferred

from crawler.errors import Reason
from crawler.fetch.slots import drain, pause, set_delay


@pytest.fixture
def crawler() -> Any:
    slots = {"a.test": Slot(1, 3.0, 0.5), "b.test": Slot(1, 0.0, 0.5)}
    downloader = SimpleNamespace(slots=slots, per_slot_settings={"a.test": {"concurrency": 2}})
    return SimpleNamespace(engine=SimpleNamespace(downloader=downloader), settings=Settings({"DOWNLOAD_DELAY": 3}))


@pytest.mark.parametrize("key", ["a.test", "b.test"])
def test_a_pause_lasts_at_least_as_long_as_asked_for(crawler: Any, key: str) -> None:
    slot = crawler.engine.downloader.slots[key]
    pause(crawler, key, 1000)
    assert slot.lastseen >= monotonic() + 990
    assert slot.delay > 0  # else Scrapy would not look at lastseen
    until = slot.lastseen
    pause(crawler, key, 1)
    assert slot.lastseen == until


def test_a_slot_that_does_not_exist_needs_no_pause(crawler: Any) -> None:
    pause(crawler, "c.test", 1000)
    assert "c.test" not in crawler.engine.downloader.slots


@pytest.mark.parametrize(("asked", "given"), [(10, 10), (0, 0.001)])
def test_a_delay_holds_for_the_slot_and_for_those_made_later(crawler: Any, asked: float, given: float) -> None:
    downloader = crawler.engine.downloader
    set_delay(crawler, "a.test", asked)
    set_delay(crawler, "c.test", asked)
    assert (downloader.slots["a.test"].delay, downloader.slots["a.test"].jitter) == (given, 0)
    assert downloader.per_slot_settings == {
        "a.test": {"concurrency": 2, "delay": given, "jitter": 0},
        "c.test": {"delay": given, "jitter": 0},
    }


def test_what_waits_is_given_up_and_what_is_under_way_goes_on(crawler: Any) -> None:
    slot = crawler.engine.downloader.slots["a.test"]
    waiting: list[Deferred[Any]] = [Deferred(), Deferred()]
    failures: list[Any] = []
    for each in waiting:
        each.addErrback(failures.append)
        slot.queue.append((Request("http://a.test/"), each))
    under_way = Request("http://a.test/now")
    slot.transferring.add(under_way)
    drain(crawler)
    assert [each.value.reason for each in failures] == [Reason.INTERRUPTED] * 2
    assert slot.transferring == {under_way}
