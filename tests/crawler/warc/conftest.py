"""Exchanges as servers really make them, and a factory of record ids that counts."""

import gzip
import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.warc.exchange import Exchange, Provenance
from crawler.warc.writer import WarcWriter

GET = b"GET /a HTTP/1.1\r\nHost: e.com\r\nAccept-Encoding: gzip\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
HTML = b"<!doctype html><title>t</title><p>hello</p>"
GZ = gzip.compress(HTML, mtime=0)
CHUNKED = b"10;ext=1\r\n%s\r\n1b\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (HTML[:16], HTML[16:])

FAKE = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n"

# name: (sent, received, entity body, body without codings)
ODD: dict[str, tuple[bytes, bytes, bytes, bytes]] = {
    "plain": (GET, OK + b"Content-Length: 43\r\n\r\n" + HTML, HTML, HTML),
    "close-delimited": (GET, OK + b"\r\n" + HTML, HTML, HTML),
    "http-1.0": (GET, b"HTTP/1.0 200 OK\r\n\r\n" + HTML, HTML, HTML),
    "no-reason": (GET, b"HTTP/1.1 200\r\nContent-Length: 43\r\n\r\n" + HTML, HTML, HTML),
    "odd-reason": (GET, b"HTTP/1.1 200 Sehr sch\xf6n  \r\n\r\n" + HTML, HTML, HTML),
    "bare-lf": (GET, b"HTTP/1.1 200 OK\nContent-Length: 43\n\n" + HTML, HTML, HTML),
    "mixed-line-ends": (GET, b"HTTP/1.1 200 OK\nA: b\r\n\r\n" + HTML, HTML, HTML),
    "header-case": (GET, OK + b"cOnTeNt-LeNgTh:43\r\nX-a:  two  spaces \r\n\r\n" + HTML, HTML, HTML),
    "doubled": (GET, OK + b"Set-Cookie: a=1\r\nset-cookie: b=2\r\nSet-Cookie: a=1\r\n\r\n" + HTML, HTML, HTML),
    "latin-1": (GET, OK + b"X: \xe9\xff\x80\r\n\r\n" + HTML, HTML, HTML),
    "folded": (GET, OK + b"X: a\r\n  b\r\n\tc\r\n\r\n" + HTML, HTML, HTML),
    "no-colon": (GET, OK + b"this is no header\r\nX: y\r\n\r\n" + HTML, HTML, HTML),
    "control-characters": (GET, OK + b"X: a\x00b\x01\x7f\r\n\r\n" + HTML, HTML, HTML),
    "long-line": (GET, OK + b"CSP: " + b"x" * 20_000 + b"\r\n\r\n" + HTML, HTML, HTML),
    "gzip": (GET, OK + b"Content-Encoding: gzip\r\n\r\n" + GZ, GZ, HTML),
    "chunked": (GET, OK + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED, HTML, HTML),
    "chunked-gzip": (
        GET,
        OK + b"transfer-encoding: Chunked\r\ncontent-encoding: GZIP\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(GZ), GZ),
        GZ,
        HTML,
    ),
    "head": (b"HEAD /a HTTP/1.1\r\nHost: e.com\r\n\r\n", OK + b"Content-Length: 43\r\n\r\n", b"", b""),
    "post": (b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b", OK + b"Content-Length: 43\r\n\r\n" + HTML, HTML, HTML),
    "no-content": (GET, b"HTTP/1.1 204 No Content\r\n\r\n", b"", b""),
    "not-modified": (GET, b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 43\r\n\r\n', b"", b""),
    "redirect": (GET, b"HTTP/1.1 301 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", b"", b""),
    "no-fields": (GET, OK + b"\r\n", b"", b""),
    "fake-warc": (GET, OK + b"\r\n" + FAKE, FAKE, FAKE),
    "binary": (GET, OK + b"\r\n" + bytes(range(256)), bytes(range(256)), bytes(range(256))),
    "odd-request": (b"GET /a?b=c HTTP/1.1\nhost:e.com\r\nX: \xe9\r\n\r\n", OK + b"\r\n" + HTML, HTML, HTML),
    "error": (GET, b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nerror", b"error", b"error"),
}  # fmt: skip


@pytest.fixture(params=ODD)
def odd(request: pytest.FixtureRequest) -> tuple[bytes, bytes, bytes, bytes]:
    return ODD[request.param]


@pytest.fixture
def all_odd() -> dict[str, tuple[bytes, bytes, bytes, bytes]]:
    return ODD


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    def make(received: bytes = OK + b"Content-Length: 43\r\n\r\n" + HTML, **others: object) -> Exchange:
        fields: dict[str, object] = {
            "url": "https://e.com/a",
            "started": datetime(2026, 11, 23, 10, 0, 0, 123456, UTC),
            "sent": GET,
            "received": received,
            "peer_ip": "192.0.2.1",
            "protocols": ("http/1.1", "tls/1.3"),
            "cipher_suite": "TLS_AES_128_GCM_SHA256",
            "provenance": Provenance(site="demo", role="page", requested_url="https://e.com/a", title="Title"),
        }
        return Exchange(**{**fields, **others})

    return make


@pytest.fixture
def new_id() -> Callable[[], str]:
    counter = itertools.count(1)
    return lambda: f"urn:uuid:00000000-0000-4000-8000-{next(counter):012d}"


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file of four exchanges, the same in every run."""
    folder = tmp_path_factory.mktemp("small")
    ids, at = itertools.count(1), datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    names = ("plain", "gzip", "chunked", "binary")
    with WarcWriter(
        folder, prefix="p", info={}, host="h", now=lambda: at, new_id=lambda: f"urn:uuid:{next(ids):032x}"
    ) as writer:
        for name in names:
            sent, received, *_ = ODD[name]
            provenance = Provenance(site=name)
            writer.write(
                Exchange(url=f"https://e.com/{name}", started=at, sent=sent, received=received, provenance=provenance)
            )
    (path,) = folder.iterdir()
    return path.read_bytes()
