import os
import signal
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.config import ExtractLimits, ExtractRules
from crawler.errors import Reason
from crawler.warc.exchange import Capture, Pointer, Provenance
from pipelines import workers
from pipelines.basis import Basis
from pipelines.workers import WorkerPool, failure_of

BASIS = Basis(ExtractRules(), None)
LIMITS = replace(ExtractLimits(), workers=1, timeout=10.0)


def capture(
    body=b"<html><body><h1>Tide</h1><p>The tide came in at nine and went out again at three.</p></body></html>",
):
    return Capture(
        pointer=Pointer(record_id="urn:uuid:1", filename=None, offset=None, length=None, payload_digest="sha256:0"),
        url="https://a.example/tide", date=datetime(2026, 11, 20, tzinfo=UTC), status=200, headers=(("Content-Type", "text/html"),),
        body=body, damaged=None, fidelity="wire", provenance=Provenance(role="page"),
    )  # fmt: skip


def die_once(where, basis):
    marker = os.environ["PRESSMARK_TEST_MARKER"]
    if not os.path.exists(marker):
        open(marker, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return "second try"


def die(where, basis):
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(where, basis):
    time.sleep(60)


def devour(where, basis):
    return len(bytearray(1 << 34))


def submit(pool, work):
    return pool._submit(workers._Task(work, capture(), BASIS.json))


def test_a_page_gives_its_rows_in_another_process():
    with WorkerPool(LIMITS) as pool:
        derived = pool.derive(capture(), BASIS).result(60)
    assert derived.capture_id == "urn:uuid:1"


@pytest.mark.fault("2 child crash (segfault in lxml), deadlock", "a worker that dies once")
def test_a_page_whose_worker_dies_is_tried_once_more(tmp_path, monkeypatch):
    monkeypatch.setenv("PRESSMARK_TEST_MARKER", str(tmp_path / "died"))
    with WorkerPool(LIMITS) as pool:
        assert submit(pool, die_once).result(60) == "second try"


@pytest.mark.fault("2 child crash (segfault in lxml), deadlock", "a page that kills two workers")
@pytest.mark.fault("2 memory pressure", "a page that needs too much memory")
@pytest.mark.fault("2 memory pressure", "a page that takes too long")
@pytest.mark.parametrize(
    ("work", "reason", "said"),
    [
        (die, Reason.EXTRACT_FAILED, "died"),
        (sleep, Reason.EXTRACT_TIMEOUT, "stopped after 4 s"),
        (devour, Reason.EXTRACT_FAILED, "more memory"),
    ],
)
def test_a_page_that_breaks_a_limit_costs_that_page_only(work, reason, said):
    with WorkerPool(replace(LIMITS, timeout=4.0)) as pool:
        broken, sound = submit(pool, work), pool.derive(capture(), BASIS)
        error = broken.exception(60)
        assert sound.result(60).capture_id == "urn:uuid:1"
    found, detail = failure_of(error, timeout=pool.timeout)
    assert found is reason
    assert said in detail


class Stuck:
    """A pool whose workers never answer."""

    def schedule(self, *_, **__):
        return Future()

    def stop(self):
        pass


@pytest.mark.fault("2 child crash (segfault in lxml), deadlock", "workers that stand still")
def test_a_pool_that_stands_still_is_replaced():
    with WorkerPool(LIMITS, patience=-4.0) as pool:
        pool._pool.stop()
        pool._pool.join()
        pool._pool = Stuck()
        assert pool.derive(capture(), BASIS).result(60).capture_id == "urn:uuid:1"
