"""The gaps between requests to one host, to the millisecond, on a clock that the test turns: Scrapy's own downloader and our politeness."""

import heapq
from collections import deque
from itertools import count
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.core import downloader as scrapys
from scrapy.core.downloader import Downloader, Slot
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.signals import response_downloaded

from crawler.config import load_site
from crawler.fetch import slots
from crawler.fetch.politeness import Politeness
from spiders.options import scrapy_settings

URL = "http://a.example/"


class Simulation:
    """One host whose answers are given: (latency in seconds, status, Retry-After)."""

    def __init__(self, monkeypatch, answers, settings, crawl_delay=None):
        self.now = 1000.0
        self.sent: list[float] = []
        self.open = self.most_open = 0
        self._answers = deque(answers)
        self._events: list = []
        self._number = count()
        self._crawler = SimpleNamespace(settings=Settings(settings), signals=SignalManager(), spider=None)
        self._downloader = Downloader.__new__(Downloader)
        slot = Slot(
            settings["CONCURRENT_REQUESTS_PER_DOMAIN"], settings["DOWNLOAD_DELAY"], settings["DOWNLOAD_DELAY_JITTER"]
        )
        self._downloader.slots = {"a.example": slot}
        self._downloader.per_slot_settings = {}
        self._downloader.get_slot_key = lambda request: "a.example"
        self._crawler.engine = SimpleNamespace(downloader=self._downloader)
        self.politeness = Politeness.from_crawler(self._crawler)
        for module in (scrapys, slots):
            monkeypatch.setattr(module, "monotonic", lambda: self.now)
        monkeypatch.setattr(
            scrapys, "call_later", lambda seconds, what, *args: self._later(seconds, what, *args) or object()
        )
        monkeypatch.setattr(scrapys, "_schedule_coro", lambda coro: None)
        self._downloader._wait_for_download = self._send
        if crawl_delay is not None:
            self.politeness.keep_apart(Request(URL), crawl_delay)
        slot.queue.extend((Request(f"{URL}{n}"), None) for n in range(len(answers)))
        self._slot = slot

    def run(self):
        self._downloader._process_queue(self._slot)
        while self._events:
            self.now, _, what, args = heapq.heappop(self._events)
            what(*args)
        assert not self._slot.queue
        return [round(after - before, 3) for before, after in zip(self.sent, self.sent[1:], strict=False)]

    def _later(self, seconds, what, *args):
        heapq.heappush(self._events, (self.now + seconds, next(self._number), what, args))

    def _send(self, slot, request, _):
        self.sent.append(self.now)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        slot.transferring.add(request)
        latency, status, after = self._answers.popleft()
        self._later(latency, self._answer, slot, request, latency, status, after)

    def _answer(self, slot, request, latency, status, after):
        self.open -= 1
        request.meta["download_latency"] = latency
        response = Response(request.url, status=status, headers={"Retry-After": after} if after else {})
        self._crawler.signals.send_catch_log(response_downloaded, response=response, request=request, spider=None)
        slot.transferring.remove(request)
        self._downloader._process_queue(slot)


@pytest.fixture
def simulate(monkeypatch, tmp_path):
    def run(answers, crawl_delay=None, **politeness):
        overrides = [f"politeness.{name}={value}" for name, value in politeness.items()]
        (tmp_path / "sites").mkdir(exist_ok=True)
        (tmp_path / "sites" / "a.yaml").write_text("version: 1\nsite: a\nhome: http://a.example/\n")
        settings = scrapy_settings(load_site("a", tmp_path, env={}, overrides=overrides))
        simulation = Simulation(monkeypatch, answers, settings, crawl_delay)
        return simulation.run(), simulation

    return run


GOOD = (0.2, 200, None)


def test_by_default_one_connection_and_exactly_three_seconds(simulate):
    gaps, simulation = simulate([GOOD] * 6)
    assert gaps == [3.0] * 5
    assert simulation.most_open == 1


def test_an_answer_that_takes_longer_than_the_delay_is_waited_for(simulate):
    gaps, simulation = simulate([GOOD, (8.0, 200, None), GOOD, GOOD, GOOD])
    assert simulation.most_open == 1
    assert gaps[:3] == [3.0, 8.0, 8.0]
    assert 8 > gaps[3] > 3  # a step back towards 3 s


@pytest.mark.parametrize(("asked", "given"), [(10, 10.0), (1, 3.0), (100_000, 60.0)])
def test_a_crawl_delay_is_heeded_within_reason(simulate, asked, given):
    gaps, simulation = simulate([GOOD] * 4, crawl_delay=asked)
    assert gaps == [given] * 3
    [host] = simulation.politeness.account()
    assert (host.crawl_delay_asked, host.delay, host.requests) == (asked, given, 4)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_half_as_often_each_time_and_then_as_before(simulate, status):
    gaps, simulation = simulate([GOOD, *[(0.2, status, None)] * 3, *[GOOD] * 30])
    assert gaps[:4] == [3.0, 6.0, 12.0, 24.0]
    assert gaps[4:] == sorted(gaps[4:], reverse=True)
    assert gaps[-1] == 3.0
    [host] = simulation.politeness.account()
    assert (host.busy, host.slowed, host.slowest) == (3, 3, 24.0)


@pytest.mark.parametrize(
    ("value", "gap"), [("100", 100.2), ("999999999", 300.2), ("-5", 6.0), ("soon", 6.0), ("0", 6.0), ("1e9", 6.0)]
)
def test_retry_after_pauses_the_host_within_reason(simulate, value, gap):
    gaps, simulation = simulate([(0.2, 503, value), GOOD, GOOD])
    # a pause counts from the answer, and the longer delay comes after it
    assert gaps[0] == pytest.approx(gap if gap == 6.0 else gap + 6.0, abs=0.01)
    [host] = simulation.politeness.account()
    assert host.retry_after_given == (None if gap == 6.0 else gap - 0.2)


def test_a_server_of_ones_own_is_not_spared(simulate):
    gaps, _ = simulate([GOOD, (0.2, 503, None), (5.0, 200, None), GOOD], delay="0s")
    assert gaps == [0.2, 0.2, 5.0]
