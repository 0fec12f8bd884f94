"""An odd server on loopback that logs every byte in and out, and a way to crawl it with the real Scrapy in a process of its own."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.certificates import Certificates
from tests.faults.server import OddServer, Route, raw

ROOT = Path(__file__).parents[3]


@dataclass
class Fetched:
    """What a crawl's callback or errback got for one URL."""

    url: str
    """Asked for."""
    final_url: str
    status: int | None
    body: bytes
    flags: list[str]
    reason: str | None
    detail: str
    captured: bool
    robots: str | None
    exchanges: list[Any]
    """All exchanges of the URL asked for and of its redirects, in the order in which they were stored."""
    failures: list[tuple[str, str, str]]
    """(url, reason, detail) of each failure record."""


@dataclass
class Crawled:
    """What a crawl did."""

    pages: dict[str, Fetched]
    exchanges: list[Any]
    failures: list[tuple[str, str, str]]
    stats: dict[str, Any]
    slots: dict[str, list[float]]
    """Delay and jitter of each downloader slot at the end."""
    log: str

    def of(self, url: str) -> list[Any]:
        return [each for each in self.exchanges if each["url"] == url]


@pytest.fixture(scope="session")
def crawl(certificates: Certificates) -> Callable[..., Crawled]:
    """``crawl(*requests, **settings)``: a request is a URL or a dict of scrapy.Request's arguments with ``meta``.

    With ``warc`` the exchanges are written into that folder and not given back.
    """

    def run(*requests: str | dict[str, Any], warc: Path | None = None, **settings: Any) -> Crawled:
        job = {
            "warc": warc and str(warc),
            "settings": settings,
            "requests": [{"url": r} if isinstance(r, str) else r for r in requests],
        }
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("crawl.py"))],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=120,
            check=False,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SSL_CERT_FILE": str(certificates.authority)},
        )
        log = done.stderr.decode(errors="replace")
        assert done.returncode == 0, log
        result = json.loads(done.stdout)
        for each in result["exchanges"]:
            for key in ("sent", "received"):
                each[key] = base64.b64decode(each[key])
        pages = {}
        for page in result["pages"]:
            page["body"] = base64.b64decode(page["body"])
            hops = {page["url"], page["final_url"], *page.pop("hops")}
            page["exchanges"] = [each for each in result["exchanges"] if each["url"] in hops]
            page["failures"] = [tuple(each) for each in result["failures"] if each[0] in hops]
            pages[page["url"]] = Fetched(**page)
        failures = [tuple(each) for each in result["failures"]]
        return Crawled(pages, result["exchanges"], failures, result["stats"], result["slots"], log)

    return run


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def odd() -> Iterator[OddServer]:
    """A server without routes or ports; each test module adds its own."""
    server = OddServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def route() -> Callable[..., Route]:
    """Makes a route that sends bytes as they are."""
    return raw
